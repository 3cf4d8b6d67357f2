"""The total column: sums first, division last; and where there can be no total, the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kpis.catalogue.formula import Additive, Pacing, merge_holes, weight_of
from kpis.catalogue.kinds import Kpi, Rollup
from kpis.catalogue.measures import measure as measure_of
from kpis.queries.cells import BoardAsk, Cell
from kpis.queries.channels import NO_CHANNEL
from kpis.queries.goals import NO_TARGET, achievement, state_of
from kpis.queries.grid import Grid
from kpis.queries.money import OWN
from kpis.queries.settling import widest
from kpis.spans import Span
from kpis.values import Hole, Value

NOT_ADDITIVE = Value(None, Hole("not_additive"))
MIXED_CURRENCY = Value(None, Hole("mixed_currency"))


def no_total(kpi: Kpi, why: Value = NOT_ADDITIVE) -> Cell:
    """The total cell of a KPI that has none."""
    return Cell(kpi.key, "", "", actual=why, target=NO_TARGET, reached=why, state="none")


def total_cell(kpi: Kpi, grid: Grid, ask: BoardAsk, cells: Sequence[Cell]) -> Cell:
    """The value over all markets, its target and what it is compared with."""
    if not kpi.rollup.has_total:
        return no_total(kpi)
    if _mixes_money(grid.formula, ask):
        return no_total(kpi, MIXED_CURRENCY)
    if cells and all(cell.actual == NO_CHANNEL for cell in cells):
        return no_total(kpi, NO_CHANNEL)
    span, codes = ask.span, ask.codes
    actual = grid.value(codes, span.months)
    target = NO_TARGET if ask.channels else _total_goal(kpi, grid.formula, cells)
    reached = achievement(kpi, actual, target)
    through, elapsed = _widest_reach(cells, span)
    return Cell(
        kpi=kpi.key,
        market="",
        currency=_total_currency(ask) if kpi.is_money else "",
        actual=actual,
        target=target,
        reached=reached,
        state=state_of(kpi, reached, elapsed) if actual.number is not None else "missing",
        previous=grid.base(codes, span.previous.months),
        last_year=grid.base(codes, span.last_year.months),
        trend=tuple(grid.value(codes, (month,)).number for month in span.trend),
        through=through,
        elapsed=elapsed,
        gaps=tuple(gap for cell in cells for gap in cell.gaps),
        left_out=tuple(cell.market for cell in cells if cell.actual.number is None)
        if actual.number is not None
        else (),
        amounts=grid.amounts(codes, span.months),
        moving=widest(cell.moving for cell in cells),
    )


def _mixes_money(formula: Additive, ask: BoardAsk) -> bool:
    if ask.currency != OWN or len(set(ask.own.values())) == 1:
        return False
    return any(measure_of(measure).money for measure in formula.sums)


def _total_currency(ask: BoardAsk) -> str:
    return next(iter(ask.own.values())) if ask.currency == OWN else ask.currency


def _total_goal(kpi: Kpi, formula: Additive, cells: Sequence[Cell]) -> Value:
    """The sum of the markets' targets; of a ratio, what it would be if each market met its own at its own volume.

    Markets without a value are left out; one with a value and without a target leaves no target for the total.
    """
    if isinstance(formula, Pacing):
        return Value(1.0)
    counted = [cell for cell in cells if cell.actual.number is not None]
    rates = [cell.target.hole for cell in counted if cell.target.hole and cell.target.hole.code == "missing_rate"]
    if rates:
        return Value(None, merge_holes(rates))
    without = tuple(cell.market for cell in counted if cell.target.number is None)
    if len(without) == len(counted):
        return NO_TARGET
    if without:
        return Value(None, Hole("no_target_in", without))
    targets = [cell.target.number or 0.0 for cell in counted]
    if kpi.rollup is Rollup.ADDITIVE:
        return Value(sum(targets))
    weights = [weight_of(formula, cell.amounts) for cell in counted]
    if sum(weights) == 0:
        return NO_TARGET
    return Value(sum(target * weight for target, weight in zip(targets, weights, strict=True)) / sum(weights))


def _widest_reach(cells: Sequence[Cell], span: Span) -> tuple[dt.date | None, float]:
    """A total moves as long as one of its markets does; the share of days covered is the mean of theirs."""
    counted = [cell for cell in cells if cell.actual.number is not None]
    moving = [cell.through for cell in counted if cell.through is not None]
    if not moving:
        return None, 1.0
    shares = [1.0 if cell.through is None else ((cell.through - span.start).days + 1) / span.days for cell in counted]
    return min(moving), sum(shares) / len(shares)
