"""Formulas over measures, as values: evaluated in one place, and able to say themselves with names or with numbers.

Every additive formula is two sums, a numerator and a denominator, so that any roll-up (months, markets, channels)
adds the sums first and divides last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from kpis.catalogue.measures import MEASURES, measure
from kpis.values import NO_DATA, Hole, Value


class Parts(NamedTuple):
    """What one market's month gives to a formula, in reporting currency.

    `hole` says which exchange rate is missing; the sums are then as booked, or 0 where currencies were mixed.
    """

    above: float
    below: float
    hole: Hole | None = None
    single: bool = True  # all money in one currency: without a rate, money ÷ money is still right


Show = Callable[[str, float], str]  # (measure key, number) → the number as people read it


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of one measure over days, markets and channels."""

    measure: str

    @property
    def sums(self) -> tuple[str, ...]:
        return (self.measure,)

    @property
    def parts_named(self) -> tuple[str, ...]:
        return self.sums

    @property
    def periods(self) -> tuple[str, ...]:
        return ()

    @property
    def cancels(self) -> bool:
        return False

    def parts(self, amounts: Mapping[str, float]) -> tuple[float, float] | None:
        number = amounts.get(self.measure)
        return None if number is None else (number, 0.0)

    def value(self, above: float, below: float) -> Value:
        return Value(above)

    def as_text(self, language: str) -> str:
        return f"Σ {MEASURES[self.measure].name(language)}"

    def with_numbers(self, amounts: Mapping[str, float], show: Show) -> str:
        return show(self.measure, amounts[self.measure]) if self.measure in amounts else ""


@dataclass(frozen=True, slots=True)
class Ratio:
    """Sum of one measure ÷ sum of another, times `scale`; `complement`: 1 minus that."""

    above: str
    below: str
    scale: float = 1.0
    complement: bool = False

    @property
    def sums(self) -> tuple[str, ...]:
        return (self.above, self.below)

    @property
    def parts_named(self) -> tuple[str, ...]:
        return self.sums

    @property
    def periods(self) -> tuple[str, ...]:
        return ()

    @property
    def cancels(self) -> bool:
        """Money over money: within one currency and month the exchange rate falls out."""
        return MEASURES[self.above].money and MEASURES[self.below].money

    def parts(self, amounts: Mapping[str, float]) -> tuple[float, float] | None:
        above, below = amounts.get(self.above), amounts.get(self.below)
        return None if above is None or below is None else (above, below)

    def value(self, above: float, below: float) -> Value:
        if below == 0:
            return Value(None, Hole("zero_denominator", (self.below,)))
        number = above / below * self.scale
        return Value(1 - number if self.complement else number)

    def as_text(self, language: str) -> str:
        return _ratio_text(self, lambda key: MEASURES[key].name(language))

    def with_numbers(self, amounts: Mapping[str, float], show: Show) -> str:
        if self.above not in amounts or self.below not in amounts:
            return ""
        return _ratio_text(self, lambda key: show(key, amounts[key]))


@dataclass(frozen=True, slots=True)
class PeriodValue:
    """A measure that can't be added over time or markets: read for exactly the period asked for."""

    measure: str

    @property
    def sums(self) -> tuple[str, ...]:
        return ()

    @property
    def periods(self) -> tuple[str, ...]:
        return (self.measure,)

    def of_period(self, amounts: Mapping[str, float]) -> Value:
        number = amounts.get(self.measure)
        return NO_DATA if number is None else Value(number)

    def as_text(self, language: str) -> str:
        return MEASURES[self.measure].name(language)

    def with_numbers(self, amounts: Mapping[str, float], show: Show) -> str:
        return show(self.measure, amounts[self.measure]) if self.measure in amounts else ""


@dataclass(frozen=True, slots=True)
class PeriodRatio:
    """One measure of exactly the period ÷ another of it."""

    above: str
    below: str

    @property
    def sums(self) -> tuple[str, ...]:
        return ()

    @property
    def periods(self) -> tuple[str, ...]:
        return (self.above, self.below)

    def of_period(self, amounts: Mapping[str, float]) -> Value:
        above, below = amounts.get(self.above), amounts.get(self.below)
        if above is None or below is None:
            return NO_DATA
        if below == 0:
            return Value(None, Hole("zero_denominator", (self.below,)))
        return Value(above / below)

    def as_text(self, language: str) -> str:
        return f"{MEASURES[self.above].name(language)} ÷ {MEASURES[self.below].name(language)}"

    def with_numbers(self, amounts: Mapping[str, float], show: Show) -> str:
        if self.above not in amounts or self.below not in amounts:
            return ""
        return f"{show(self.above, amounts[self.above])} ÷ {show(self.below, amounts[self.below])}"


@dataclass(frozen=True, slots=True)
class Pacing:
    """A measure to date ÷ its target for the days elapsed: the one formula that reads targets.

    The plan of a month is spread evenly over its days; `target_of` is the KPI whose targets are the plan.
    """

    measure: str
    target_of: str

    @property
    def sums(self) -> tuple[str, ...]:
        return (self.measure,)

    @property
    def parts_named(self) -> tuple[str, ...]:
        return (self.measure, "planned")

    @property
    def periods(self) -> tuple[str, ...]:
        return ()

    @property
    def cancels(self) -> bool:
        return False

    def parts(self, amounts: Mapping[str, float]) -> tuple[float, float] | None:
        spent, planned = amounts.get(self.measure), amounts.get("planned")
        return None if spent is None or planned is None else (spent, planned)

    def value(self, above: float, below: float) -> Value:
        if below == 0:
            return Value(None, Hole("no_plan"))
        return Value(above / below)

    def as_text(self, language: str) -> str:
        plan = "지난 날짜만큼의 계획 광고비" if language.startswith("ko") else "planned spend for the days elapsed"
        return f"{MEASURES[self.measure].name(language)} ÷ {plan}"

    def with_numbers(self, amounts: Mapping[str, float], show: Show) -> str:
        if self.measure not in amounts or "planned" not in amounts:
            return ""
        return f"{show(self.measure, amounts[self.measure])} ÷ {show(self.measure, amounts['planned'])}"


@dataclass(frozen=True, slots=True)
class Linear:
    """A number times a term, several added up: `2 × revenue − refunds`. Coefficients are as people wrote them."""

    terms: tuple[tuple[float, str], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for _factor, key in self.terms)

    def of(self, amounts: Mapping[str, float]) -> float | None:
        """The sum over amounts; None where one of the terms wasn't measured."""
        total = 0.0
        for factor, key in self.terms:
            if key not in amounts:
                return None
            total += factor * amounts[key]
        return total

    def text(self, name: Callable[[str], str]) -> str:
        found = ""
        for index, (factor, key) in enumerate(self.terms):
            sign = ("−" if factor < 0 else "") if index == 0 else (" − " if factor < 0 else " + ")
            times = "" if abs(factor) == 1 else f"{_plain(abs(factor))} × "
            found += f"{sign}{times}{name(key)}"
        return found

    @property
    def is_single(self) -> bool:
        return len(self.terms) == 1 and self.terms[0][0] == 1


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked formula: sums ÷ sums × scale + offset; without `below` the sums alone.

    Sums of months, markets and channels are added up first; scale and offset come last.
    """

    above: Linear
    below: Linear | None = None
    scale: float = 1.0
    offset: float = 0.0

    @property
    def sums(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.above.keys, *(self.below.keys if self.below else ()))))

    @property
    def parts_named(self) -> tuple[str, ...]:
        return self.sums

    @property
    def periods(self) -> tuple[str, ...]:
        return ()

    @property
    def cancels(self) -> bool:
        """Money over money: within one currency and month the exchange rate falls out."""
        return self.below is not None and all(measure(key).money for key in self.sums)

    def parts(self, amounts: Mapping[str, float]) -> tuple[float, float] | None:
        above = self.above.of(amounts)
        below = self.below.of(amounts) if self.below else 0.0
        return None if above is None or below is None else (above, below)

    def value(self, above: float, below: float) -> Value:
        if self.below is None:
            return Value(above)
        if below == 0:
            return Value(None, Hole("zero_denominator", self.below.keys))
        return Value(above / below * self.scale + self.offset)

    def as_text(self, language: str) -> str:
        text = self._text(lambda key: measure(key).name(language))
        return f"Σ {text}" if self.below is None and self.above.is_single else text

    def with_numbers(self, amounts: Mapping[str, float], show: Show) -> str:
        if any(key not in amounts for key in self.sums):
            return ""
        return self._text(lambda key: show(key, amounts[key]))

    def _text(self, name: Callable[[str], str]) -> str:
        if self.below is None:
            return self.above.text(name)
        above, below = self.above.text(name), self.below.text(name)
        above = above if len(self.above.terms) == 1 else f"({above})"
        below = below if self.below.is_single else f"({below})"
        text = f"{above} ÷ {below}"
        if self.scale == -1 and self.offset:
            return f"{_plain(self.offset)} − {text}"
        if self.scale != 1:
            text += f" × {_plain(self.scale)}"
        if self.offset:
            text += f" {'−' if self.offset < 0 else '+'} {_plain(abs(self.offset))}"
        return text


@dataclass(frozen=True, slots=True)
class Needed:
    """A KPI whose measures no table gives yet: its cells say what is needed, and never show a number."""

    needs: tuple[str, ...]
    ko: str
    en: str

    @property
    def sums(self) -> tuple[str, ...]:
        return ()

    @property
    def periods(self) -> tuple[str, ...]:
        return ()

    def of_period(self, amounts: Mapping[str, float]) -> Value:
        return Value(None, Hole("needs", self.needs))

    def as_text(self, language: str) -> str:
        return self.ko if language.startswith("ko") else self.en

    def with_numbers(self, amounts: Mapping[str, float], show: Show) -> str:
        return ""


Additive = Sum | Ratio | Pacing | Expression
Periodic = PeriodValue | PeriodRatio | Needed
Formula = Additive | Periodic


@lru_cache(maxsize=1024)
def as_expression(formula: Formula) -> Expression | None:
    """A formula over sums in the one form that all of them have; None where it is none (distinct people, plans)."""
    if isinstance(formula, Sum):
        return Expression(Linear(((1.0, formula.measure),)))
    if isinstance(formula, Ratio):
        scale, offset = (-formula.scale, 1.0) if formula.complement else (formula.scale, 0.0)
        return Expression(Linear(((1.0, formula.above),)), Linear(((1.0, formula.below),)), scale, offset)
    return formula if isinstance(formula, Expression) else None


def measures_of(formula: Formula) -> tuple[str, ...]:
    """All measures that a formula is made of, those that no table gives yet too."""
    if isinstance(formula, Needed):
        return formula.needs
    return (*formula.sums, *formula.periods)


def weight_of(formula: Additive, amounts: Mapping[str, float]) -> float:
    """What a value weighs beside others: its denominator; of a sum, itself."""
    if isinstance(formula, Expression):
        return abs((formula.below or formula.above).of(amounts) or 0.0)
    return abs(amounts.get(formula.parts_named[-1], 0.0))


def _plain(number: float) -> str:
    return f"{number:,.12g}".replace("-", "−")


def _ratio_text(ratio: Ratio, name: Callable[[str], str]) -> str:
    text = f"{name(ratio.above)} ÷ {name(ratio.below)}"
    if ratio.scale != 1:
        text += f" × {ratio.scale:,.0f}"
    return f"1 − {text}" if ratio.complement else text


def combine(formula: Additive, pieces: Iterable[Parts | None]) -> Value:
    """The value over many market-months: sums first, division last.

    A piece in which a part was not measured is left out whole, above and below, so that the ratio stays one of
    like with like. A missing exchange rate is never left out: the whole value is then a hole that names it,
    unless the rate cancels.
    """
    found = [piece for piece in pieces if piece is not None]
    if not found:
        return NO_DATA
    if len(found) == 1 and found[0].hole is None:
        return formula.value(found[0].above, found[0].below)
    hole = next((piece.hole for piece in found if piece.hole is not None), None)
    if hole is not None and not (len(found) == 1 and formula.cancels and found[0].single):
        return Value(None, merge_holes(piece.hole for piece in found))
    return formula.value(sum(p.above for p in found), sum(p.below for p in found))


def merge_holes(holes: Iterable[Hole | None]) -> Hole:
    """One hole that names every missing rate of several, in order."""
    facts: dict[str, None] = {}
    for hole in holes:
        if hole is not None:
            facts.update(dict.fromkeys(hole.facts))
    return Hole("missing_rate", tuple(sorted(facts)))
