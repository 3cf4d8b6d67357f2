"""Why a KPI changed: from a person's question to a bridge between two values of the board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext

from kpis.bridge import (
    Contribution,
    Effect,
    Side,
    chains_of,
    contributions,
    effects_between,
    measure_effects,
    shares_names,
    size_of,
    target_effects,
    value_of,
)
from kpis.bridge.effects import total
from kpis.bridge.shapley import EXACT
from kpis.catalogue import Kpi, Rollup
from kpis.catalogue.formula import Expression, Linear, Sum, as_expression
from kpis.catalogue.measures import measure as measure_of
from kpis.queries.amounts import Reporting
from kpis.queries.asked import BoardQuestion, DataState, board_key, board_of, remembered, scope_of
from kpis.queries.cells import Board, Cell
from kpis.queries.goals import Held, goals_and_rates
from kpis.queries.money import OWN
from kpis.queries.why_rows import PARTS, Half, cut_of, half_of, sums_of_span, within_reach
from kpis.spans import Span
from kpis.values import Hole, Value
from tenants.access import Access
from ui.periods import ReportingPeriod

NEAR_ENOUGH = 1e-9
ABOVE, BELOW = "above", "below"


@dataclass(frozen=True, slots=True)
class WhyQuestion:
    """What is compared: `question` has the one KPI `kpi` and the markets of the side that is explained.

    `compare` is previous, year, target or market; `other` are then the markets of the other side.
    """

    kpi: Kpi
    question: BoardQuestion
    compare: str
    other: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bridge:
    """From `base` to `now`: effects that add up to the change, and what each value of a dimension gives to it.

    A hole on either side leaves no effects. `parts` has only the dimensions that can split this KPI; `notes` are
    codes: no_mix (one segment only), no_base_rates (currency can't be told apart), due (a target for the days so far),
    terms (told by the terms of its formula), whole (the parts of one side are not known).
    """

    kpi: Kpi
    base: Value
    now: Value
    currency: str
    hole: Hole | None = None
    effects: tuple[Effect, ...] = ()
    parts: Mapping[str, tuple[Contribution, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    split_by: str = ""

    @property
    def change(self) -> float | None:
        return None if self.base.number is None or self.now.number is None else self.now.number - self.base.number


def bridge_of(access: Access, asked: WhyQuestion, state: DataState) -> Bridge:
    """The bridge of a question, computed once for every state of data, targets and rates.

    *Units*: as the board's. *Errors*: NoSuchMarket for a market on either side that isn't this person's.
    """
    other = replace(asked.question, markets=asked.other or asked.question.markets)
    key = ("bridge", board_key(access, asked.question, state), board_key(access, other, state), asked.compare)
    found: Bridge = remembered(key, lambda: _computed(access, asked, state))
    return found


def cell_of(board: Board) -> Cell:
    """The one cell that a board of one KPI is about: its market's, or the total of several."""
    row = board.rows[0]
    return row.cells[0] if len(row.cells) == 1 else row.total


def compared_period(period: ReportingPeriod, compare: str) -> ReportingPeriod:
    return period.year_before() if compare == "year" else period.previous()


def _computed(access: Access, asked: WhyQuestion, state: DataState) -> Bridge:
    board = board_of(access, asked.question, state)
    cell = cell_of(board)
    if asked.compare == "target":
        return _to_target(access, asked, board, state)
    if asked.compare == "market":
        return _to_market(access, asked, board, state)
    base = cell.base(asked.compare)
    found = Bridge(asked.kpi, base, cell.actual, cell.currency, _hole(cell.actual, base))
    if found.hole is not None:
        return found
    span = board.ask.span
    compared = span.last_year if asked.compare == "year" else span.previous
    if as_expression(asked.kpi.formula) is None:
        before = replace(asked.question, period=compared.reporting)
        return _by_parts(found, cell_of(board_of(access, before, state)), cell)
    return _summed(found, _period_halves(access, asked, board, compared), len(board.ask.codes) > 1)


def _hole(*values: Value) -> Hole | None:
    return next((value.hole for value in values if value.hole is not None), None)


@dataclass(frozen=True, slots=True)
class _Halves:
    base: Half
    now: Half
    at_base_rates: Half | None = None


def _reporting(board: Board, since: Span) -> Reporting:
    ask = board.ask
    _goals, rates = goals_and_rates((), ask.codes, (), Held(ask.home_currency, since.start, ask.conversion))
    return Reporting(ask.currency, ask.own, rates)


def _measures(kpi: Kpi) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*kpi.formula.sums, *(m for chain in chains_of(kpi) for m in chain.measures))))


def _period_halves(access: Access, asked: WhyQuestion, board: Board, compared: Span) -> _Halves:
    kpi, span, scope = asked.kpi, board.ask.span, scope_of(access, asked.question)
    measures, sums = _measures(kpi), kpi.formula.sums
    reporting = _reporting(board, compared)
    daily = board.ask.conversion.is_daily
    rows = sums_of_span(scope, span, measures, span.months if daily else ())
    cut = compared.months if daily else cut_of(board.through, span, compared)
    earlier = within_reach(sums_of_span(scope, compared, measures, cut), board.through, span)
    now = half_of(rows, sums, measures, reporting)
    months = dict(zip(span.months, compared.months, strict=True))
    # Under daily closes there is no one rate of the base to see this span at.
    foreign = (
        not daily
        and any(measure_of(measure).money for measure in measures)
        and any((row["currency"] or reporting.own[row["market"]]) != reporting.of(row["market"]) for row in rows)
    )
    at_base = half_of(rows, sums, measures, reporting, months) if foreign else None
    return _Halves(half_of(earlier, sums, measures, reporting), now, at_base)


def _summed(found: Bridge, halves: _Halves, several: bool, parts: Sequence[str] = PARTS) -> Bridge:
    """Effects and contributions of a KPI over sums."""
    kpi, measures = found.kpi, _measures(found.kpi)
    split = "market" if several else "channel"
    notes = []
    at_base = halves.at_base_rates
    if at_base is not None and (at_base.has_holes or halves.now.has_holes or halves.base.has_holes):
        notes.append("no_base_rates")
        at_base = None
    effects = _effects(kpi, halves, split, at_base)
    if not effects or not _fits(found, halves, measures):
        return replace(found, effects=(_whole(found),), notes=("whole",))
    if any(one.kind == "part" for one in effects):
        notes.append("terms")
    elif not any(one.kind in ("mix", "volume") for one in effects):
        notes.append("no_mix")
    dimensions = (*(("market",) if several else ()), *parts)
    named = {part: _contributions(kpi, halves, part) for part in dimensions}
    return replace(
        found,
        effects=tuple(effects),
        parts={part: some for part, some in named.items() if some},
        notes=tuple(notes),
        split_by=split,
    )


def _effects(kpi: Kpi, halves: _Halves, split: str, at_base: Half | None) -> list[Effect] | None:
    for chain in chains_of(kpi) or (None,):
        measures = chain.measures if chain else kpi.formula.sums
        if not (halves.base.has(measures) and halves.now.has(measures)):
            continue
        names = tuple(dict.fromkeys((*kpi.formula.sums, *measures)))
        sides = [half.split(split, names) for half in (halves.base, halves.now)]
        revalued = at_base.split(split, names) if at_base is not None else None
        found = effects_between(kpi.formula, chain, sides[0], sides[1], at_base_rates=revalued)
        if found is not None:
            return found
    return None


def _fits(found: Bridge, halves: _Halves, measures: Sequence[str]) -> bool:
    """Whether the parts that were read again make the values that the board shows."""
    for half, shown in ((halves.base, found.base), (halves.now, found.now)):
        sums = total(half.split("market", measures))
        value = value_of(found.kpi.formula, sums)
        number = shown.number or 0.0
        slack = NEAR_ENOUGH * max(abs(number), _size(found.kpi, sums), 1e-300)
        if value is None or abs(float(value) - number) > slack:
            return False
    return True


def _size(kpi: Kpi, sums: Mapping[str, Decimal]) -> float:
    """What rounding is a share of: the terms, which may be far larger than what their difference leaves."""
    form = as_expression(kpi.formula)
    return float(size_of(form, sums)) if form is not None else 0.0


def _contributions(kpi: Kpi, halves: _Halves, part: str) -> tuple[Contribution, ...]:
    formula = kpi.formula
    sides = [half.split(part, formula.sums) for half in (halves.base, halves.now)]
    names = set(sides[0]) | set(sides[1])
    if not any(names) or len(names) < 2 or not shares_names(formula, *sides):
        return ()
    return tuple(contributions(formula, sides[0], sides[1]))


def _whole(found: Bridge) -> Effect:
    with localcontext(EXACT):
        change = Decimal(found.now.number or 0.0) - Decimal(found.base.number or 0.0)
    return Effect("rest", found.kpi.name, change)


def _by_parts(found: Bridge, base: Cell, now: Cell) -> Bridge:
    """A KPI of distinct people or of plans: what its own measures did, where the base is whole."""
    same = base.actual.number is not None and base.actual.number == found.base.number
    sums = [{name: Decimal(number) for name, number in cell.amounts.items()} for cell in (base, now)]
    effects = measure_effects(found.kpi.formula, sums[0], sums[1]) if same else None
    if effects is None:
        return replace(found, effects=(_whole(found),), notes=("whole",))
    return replace(found, effects=tuple(effects))


def _to_market(access: Access, asked: WhyQuestion, board: Board, state: DataState) -> Bridge:
    """From another market, or all of this person's, to the market asked for; in the same period, at the same rates."""
    other_question = replace(asked.question, markets=asked.other)
    other = board_of(access, other_question, state)
    cell, base = cell_of(board), cell_of(other)
    hole = _hole(cell.actual, base.actual)
    currencies = {board.ask.own[code] for code in board.ask.codes} | {other.ask.own[code] for code in other.ask.codes}
    if hole is None and asked.question.currency == OWN and len(currencies) > 1 and _has_money(asked.kpi):
        hole = Hole("mixed_currency")
    other_side = base.actual if hole is None or base.actual.hole else Value(None, hole)
    found = Bridge(asked.kpi, other_side, cell.actual, cell.currency, hole)
    if hole is not None:
        return found
    if as_expression(asked.kpi.formula) is None:
        return _by_parts(found, base, cell)
    measures, sums = _measures(asked.kpi), asked.kpi.formula.sums
    halves = []
    for question, one in ((other_question, other), (asked.question, board)):
        rows = sums_of_span(scope_of(access, question), one.ask.span, measures)
        halves.append(half_of(rows, sums, measures, _reporting(one, one.ask.span)))
    return _summed(found, _Halves(halves[0], halves[1]), several=False)


def _has_money(kpi: Kpi) -> bool:
    return any(measure_of(name).money for name in kpi.formula.sums)


def _to_target(access: Access, asked: WhyQuestion, board: Board, state: DataState) -> Bridge:
    """From the target, of a running period the part of it that is due, to what was reached."""
    kpi, cell = asked.kpi, cell_of(board)
    due = kpi.rollup is Rollup.ADDITIVE and cell.elapsed < 1
    sides = _target_sides(kpi, board, cell) if len(board.ask.codes) > 1 else None
    goal = cell.target.number
    if sides is not None and goal is not None:
        number = value_of(_plain(kpi), total(sides[0]))
        goal = None if number is None else float(number)
    elif due and goal is not None:
        goal *= cell.elapsed
    base = cell.target if goal is None else Value(goal)
    found = Bridge(kpi, base, cell.actual, cell.currency, _hole(cell.actual, base), notes=("due",) if due else ())
    if found.hole is not None:
        return found
    effects = _factors(access, asked, board, found, state)
    parts = {"market": tuple(contributions(_plain(kpi), *sides))} if sides is not None else {}
    return replace(found, effects=tuple(effects or (_whole(found),)), parts=parts)


def _target_sides(kpi: Kpi, board: Board, cell: Cell) -> tuple[Side, Side] | None:
    """Targets and actuals by market as the sums of `_plain`; of a ratio at each market's own volume."""
    form = as_expression(kpi.formula)
    counted = [one for one in board.rows[0].cells if one.actual.number is not None]
    if form is None or any(one.target.number is None for one in counted) or not counted:
        return None
    aims: dict[str, dict[str, Decimal]] = {}
    now: dict[str, dict[str, Decimal]] = {}
    with localcontext(EXACT):
        for one in counted:
            goal, above = Decimal(one.target.number or 0.0), Decimal(form.above.of(one.amounts) or 0.0)
            if form.below is None:
                aims[one.market], now[one.market] = {ABOVE: goal * Decimal(one.elapsed)}, {ABOVE: above}
                continue
            below = Decimal(form.below.of(one.amounts) or 0.0)
            aimed = (goal - Decimal(form.offset)) / Decimal(form.scale) * abs(below)
            aims[one.market] = {ABOVE: aimed, BELOW: abs(below)}
            now[one.market] = {ABOVE: above, BELOW: below}
    return aims, now


def _plain(kpi: Kpi) -> Expression:
    """A formula whose numerator and denominator are worked out already, under two names of their own."""
    form = as_expression(kpi.formula)
    if form is None or form.below is None:
        return Expression(Linear(((1.0, ABOVE),)))
    return replace(form, above=Linear(((1.0, ABOVE),)), below=Linear(((1.0, BELOW),)))


def _factors(access: Access, asked: WhyQuestion, board: Board, found: Bridge, state: DataState) -> list[Effect] | None:
    """By the targets of what the KPI is the product of, where there are any."""
    kpi = asked.kpi
    chains = [chain for chain in chains_of(kpi) if chain.steps]
    if not isinstance(kpi.formula, Sum) or not chains or not found.base.number or not found.now.number:
        return None
    factors = {key for chain in chains for key in (chain.kpi, *(step.kpi for step in chain.steps)) if key}
    beside = board_of(access, replace(asked.question, kpis=tuple(sorted(factors))), state)
    aims: dict[str, Decimal] = {}
    for row in beside.rows:
        one = row.cells[0] if len(row.cells) == 1 else row.total
        if one.target.number:
            share = one.elapsed if row.kpi.rollup is Rollup.ADDITIVE else 1.0
            aims[row.kpi.key] = Decimal(one.target.number) * Decimal(share)
    measures = _measures(kpi)
    rows = sums_of_span(scope_of(access, asked.question), board.ask.span, measures)
    half = half_of(rows, kpi.formula.sums, measures, _reporting(board, board.ask.span))
    now = total(half.split("market", measures))
    for chain in chains:
        if half.has(chain.measures) and any(aims.get(key) for key in (chain.kpi, *(s.kpi for s in chain.steps))):
            value, goal = Decimal(found.now.number), Decimal(found.base.number)
            return target_effects(chain, now, value=value, target=goal, aims=aims)
    return None
