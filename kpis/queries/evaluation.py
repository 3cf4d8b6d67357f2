"""From amounts to cells: every value of a board, without touching a database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from kpis.catalogue import BY_KEY, Kpi
from kpis.catalogue.formula import Formula, Needed, Pacing, Periodic, PeriodRatio, PeriodValue
from kpis.catalogue.measures import measure as measure_of
from kpis.queries.amounts import NOTHING, Amounts, Key, Reporting
from kpis.queries.cells import BoardAsk, Cell, Row
from kpis.queries.channels import NOT_BY_CHANNEL, refusal
from kpis.queries.coverage import Coverage, Gap
from kpis.queries.goals import NO_TARGET, Goals, achievement, month_goal, span_goal, state_of
from kpis.queries.grid import NO_BASE, Grid
from kpis.queries.settling import Moving
from kpis.queries.totals import NOT_ADDITIVE, no_total, total_cell
from kpis.spans import Span, days_in, month_start
from kpis.values import NO_DATA, Hole, Value

PeriodKey = tuple[str, str, dt.date]  # market, grain, start
RUNNING = Value(None, Hole("running"))
NO_PLAN = Value(None, Hole("no_plan"))


@dataclass(slots=True)
class Measured:
    """Everything that a board's cells are made of.

    `months`: amounts by market and month. `cut_months`: the same, of compared months, up to the day that the running
    month has reached. `periods`: values that can't be added, by market, grain and start.
    """

    months: dict[Key, Amounts]
    periods: Mapping[PeriodKey, Mapping[str, float]]
    goals: Goals
    reporting: Reporting
    coverage: Coverage
    cut_months: dict[Key, Amounts] = field(default_factory=dict)


def evaluate(ask: BoardAsk, measured: Measured) -> tuple[Row, ...]:
    """One row a KPI, in the order of the ask."""
    plan_spend(ask, measured)
    return tuple(_row(kpi, ask, measured) for kpi in ask.kpis)


def plan_spend(ask: BoardAsk, measured: Measured) -> None:
    """Adds to every month what was planned to be spent by the day that the data have reached."""
    pacing = next((kpi.formula for kpi in ask.kpis if isinstance(kpi.formula, Pacing)), None)
    if pacing is None or ask.channels:
        return
    plan = BY_KEY[pacing.target_of]
    for (market, month), amounts in measured.months.items():
        goal = month_goal(plan, market, month, measured.goals, measured.reporting)
        if goal.number is not None:
            through = measured.coverage.through.get((market, measure_of(pacing.measure).origin))
            days = through.day if through is not None and month_start(through) == month else days_in(month)
            amounts.sums["planned"] = goal.number * days / days_in(month)


def _row(kpi: Kpi, ask: BoardAsk, measured: Measured) -> Row:
    formula = kpi.formula
    if isinstance(formula, PeriodValue | PeriodRatio | Needed):
        why = formula.of_period({}) if isinstance(formula, Needed) else NOT_ADDITIVE
        return Row(
            kpi, no_total(kpi, why), tuple(_period_cell(kpi, formula, code, ask, measured) for code in ask.codes)
        )
    grid = Grid(formula, measured.months, measured.cut_months)
    cells = tuple(_sum_cell(kpi, grid, code, ask, measured) for code in ask.codes)
    return Row(kpi, total_cell(kpi, grid, ask, cells), cells)


def _sum_cell(kpi: Kpi, grid: Grid, market: str, ask: BoardAsk, measured: Measured) -> Cell:
    span, one = ask.span, (market,)
    refused = refusal(grid.formula, market, ask.channels, ask.channel_names)
    actual = refused or _explained(grid.value(one, span.months), grid, market, span)
    through, elapsed = _reach(grid.formula, market, span, measured.coverage)
    target, reached = _judged(kpi, actual, market, ask, measured)
    return Cell(
        kpi=kpi.key,
        market=market,
        currency=measured.reporting.of(market) if kpi.is_money else "",
        actual=actual,
        target=target,
        reached=reached,
        state=state_of(kpi, reached, elapsed) if actual.number is not None else "missing",
        previous=grid.base(one, span.previous.months),
        last_year=grid.base(one, span.last_year.months),
        trend=tuple(grid.value(one, (month,)).number for month in span.trend),
        through=through,
        elapsed=elapsed,
        gaps=_gaps(grid.formula, market, measured.coverage),
        left_out=_months_left_out(grid, market, span, actual),
        amounts=grid.amounts(one, span.months),
        moving=_moving(grid.formula, market, ask, measured) if actual.number is not None else None,
    )


def _judged(kpi: Kpi, actual: Value, market: str, ask: BoardAsk, measured: Measured) -> tuple[Value, Value]:
    """Target and achievement; targets are of all channels, so a board of one channel has none."""
    target = NO_TARGET if ask.channels else span_goal(kpi, market, ask.span, measured.goals, measured.reporting)
    return target, achievement(kpi, actual, target)


def _explained(actual: Value, grid: Grid, market: str, span: Span) -> Value:
    """A pacing without a plan says so, in place of "nothing was measured"."""
    if actual != NO_DATA or not isinstance(grid.formula, Pacing):
        return actual
    measure = grid.formula.measure
    spent = any(measure in grid.months.get((market, month), NOTHING).sums for month in span.months)
    return NO_PLAN if spent else actual


def _reach(formula: Formula, market: str, span: Span, coverage: Coverage) -> tuple[dt.date | None, float]:
    """The earliest last day of the formula's origins where one lies within the span, and the share of days covered."""
    reached = [coverage.through.get((market, origin)) for origin in _origins(formula)]
    days = [day for day in reached if day is not None]
    if not days:
        return None, 1.0
    through = min(days)
    return through, ((through - span.start).days + 1) / span.days


def _moving(formula: Formula, market: str, ask: BoardAsk, measured: Measured) -> Moving | None:
    """Which days of the span still change by the rules of the sources that gave data."""
    if ask.settling is None:
        return None
    return ask.settling.moving(market, formula, measured.coverage.sources, ask.span.end - dt.timedelta(days=1))


def _origins(formula: Formula) -> tuple[str, ...]:
    return tuple(dict.fromkeys(measure_of(measure).origin for measure in (*formula.sums, *formula.periods)))


def _gaps(formula: Formula, market: str, coverage: Coverage) -> tuple[Gap, ...]:
    if not coverage.gaps:
        return ()
    return tuple(gap for origin in _origins(formula) for gap in coverage.gaps.get((market, origin), ()))


def _months_left_out(grid: Grid, market: str, span: Span, actual: Value) -> tuple[str, ...]:
    if actual.number is None or len(span.months) == 1:
        return ()
    return tuple(f"{month:%Y-%m}" for month in span.months if grid.piece(market, month) is None)


def _period_cell(kpi: Kpi, formula: Periodic, market: str, ask: BoardAsk, measured: Measured) -> Cell:
    span, periods = ask.span, measured.periods
    amounts = periods.get((market, span.grain, period_start(span)), {})
    by_channel = bool(ask.channels) and not isinstance(formula, Needed)
    actual = NOT_BY_CHANNEL if by_channel else formula.of_period(amounts)
    through, _elapsed = _reach(formula, market, span, measured.coverage)
    target, reached = _judged(kpi, actual, market, ask, measured)
    return Cell(
        kpi=kpi.key,
        market=market,
        currency="",
        actual=actual,
        target=target,
        reached=reached,
        state=state_of(kpi, reached) if actual.number is not None else "missing",
        previous=_period_base(formula, market, span.previous, measured, running=through is not None),
        last_year=_period_base(formula, market, span.last_year, measured, running=through is not None),
        trend=tuple(formula.of_period(periods.get((market, "month", month), {})).number for month in span.trend),
        through=through,
        gaps=_gaps(formula, market, measured.coverage),
        amounts={name: amounts[name] for name in formula.periods if name in amounts},
        moving=_moving(formula, market, ask, measured) if actual.number is not None else None,
    )


def period_start(span: Span) -> dt.date:
    """Under which day `measure_period` keeps this span: each year to date under its last month."""
    return span.months[-1] if span.grain == "ytd" else span.start


def _period_base(formula: Periodic, market: str, span: Span, measured: Measured, *, running: bool) -> Value:
    """Distinct people of part of a month can't be cut out of the whole, so a running month has nothing to compare."""
    if running:
        return RUNNING
    found = formula.of_period(measured.periods.get((market, span.grain, period_start(span)), {}))
    return NO_BASE if found == NO_DATA else found
