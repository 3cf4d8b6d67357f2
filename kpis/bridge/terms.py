"""What each term of a formula gives to a change: (revenue − ad spend) ÷ sessions by revenue, ad spend and sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from kpis.bridge.shapley import EXACT
from kpis.catalogue.formula import Expression, Linear
from kpis.catalogue.kinds import Words
from kpis.catalogue.measures import measure as measure_of

Segment = Mapping[str, Decimal]  # measure → sum
ZERO = Decimal(0)
MOST_TERMS = 8


@dataclass(frozen=True, slots=True)
class Effect:
    """What one reason gives to a change, in the KPI's unit.

    `kind`: volume, mix, rate, price, currency; `part` where a KPI is known by its parts only; `rest` for what
    targets leave open.
    """

    kind: str
    name: Words
    amount: Decimal


def sum_of(line: Linear, sums: Segment) -> Decimal | None:
    """A linear part over sums; None where one of its terms was not measured."""
    found = ZERO
    for factor, key in line.terms:
        number = sums.get(key)
        if number is None:
            return None
        found += Decimal(factor) * number
    return found


def value_of_sums(form: Expression, sums: Segment) -> Decimal | None:
    """A formula over sums; None where it can't be divided or was not measured. To be called within `EXACT`."""
    above = sum_of(form.above, sums)
    if form.below is None or above is None:
        return above
    below = sum_of(form.below, sums)
    return above / below * Decimal(form.scale) + Decimal(form.offset) if below else None


def size_of(form: Expression, sums: Segment) -> Decimal:
    """How large a value would be if no term were taken from another one: floats are right to a share of that."""
    above, below = (
        sum((abs(Decimal(factor) * sums.get(key, ZERO)) for factor, key in line.terms), start=ZERO) if line else ZERO
        for line in (form.above, form.below)
    )
    left = abs(sum_of(form.below, sums) or ZERO) if form.below is not None else ZERO
    if not left:
        return above
    return above / left * (below / left) * abs(Decimal(form.scale)) + abs(Decimal(form.offset))


def term_effects(form: Expression, base: Segment, now: Segment) -> list[Effect] | None:
    """The effects of a formula's measures on its change; None where one side can't be computed.

    A sum A changes by what its terms do. A ratio A ÷ B changes by ΔA × (1/B₀ + 1/B₁) ÷ 2 through what is above and by
    −ΔB × (A₀ + A₁) ÷ 2B₀B₁ through what is below: Shapley's shares of the two. Both are linear in their terms, so each
    term takes its own part; no mixture of the two sides is ever divided by, and a formula may have any number of terms.
    A measure that stands above and below has both parts in one.

    *Units*: the KPI's own. The effects add up to the change. *Source*: Owen (1977), Values of games with a priori
    unions, for the shares of groups; see `shapley`.
    """
    with localcontext(EXACT):
        if value_of_sums(form, base) is None or value_of_sums(form, now) is None:
            return None
        weights = _weights(form, base, now)
        found = [Effect("part", _name_of(key), weight * (now[key] - base[key])) for key, weight in weights.items()]
        return _few(found)


def _weights(form: Expression, base: Segment, now: Segment) -> dict[str, Decimal]:
    """By how much the formula changes for one more of each measure, between the two sides."""
    found: dict[str, Decimal] = {}
    up, down = Decimal(1), ZERO
    if form.below is not None:
        above = [sum_of(form.above, side) or ZERO for side in (base, now)]
        below = [sum_of(form.below, side) or ZERO for side in (base, now)]
        up = (1 / below[0] + 1 / below[1]) / 2 * Decimal(form.scale)
        down = -(above[0] + above[1]) / 2 / (below[0] * below[1]) * Decimal(form.scale)
    for line, slope in ((form.above, up), (form.below, down)):
        for factor, key in line.terms if line is not None else ():
            found[key] = found.get(key, ZERO) + Decimal(factor) * slope
    return found


def _name_of(key: str) -> Words:
    found = measure_of(key)
    return Words(found.ko, found.en)


def _few(found: list[Effect]) -> list[Effect]:
    """The largest effects in the order of the formula; of a long formula the smallest are taken together."""
    if len(found) <= MOST_TERMS:
        return found
    smallest = sorted(found, key=lambda one: abs(one.amount))[: len(found) - MOST_TERMS + 1]
    rest = {id(one) for one in smallest}
    number = len(smallest)
    together = Effect(
        "part",
        Words(f"나머지 항목 {number}개", f"{number} smaller terms"),
        sum((one.amount for one in smallest), start=ZERO),
    )
    return [*(one for one in found if id(one) not in rest), together]
