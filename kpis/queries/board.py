"""Board values: the whole question in three reads of the lake, six at most, whatever the number of markets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kpis.catalogue import Kpi
from kpis.catalogue.formula import Pacing
from kpis.catalogue.measures import measure as measure_of
from kpis.queries import measured as lake
from kpis.queries.amounts import Amounts, Key, Reporting, fold
from kpis.queries.cells import Board, BoardAsk
from kpis.queries.channels import fill_quiet_months, of_channels
from kpis.queries.coverage import Coverage, coverage_of, with_days
from kpis.queries.cut import cut_months, months_to_cut
from kpis.queries.evaluation import Measured, PeriodKey, evaluate
from kpis.queries.goals import Goals, Held
from kpis.queries.known import plans_known
from kpis.queries.money import Rates, in_ranges
from kpis.queries.rates_used import rates_used
from kpis.spans import month_start
from warehouse.scope import Scope


def board_values(scope: Scope, ask: BoardAsk) -> Board:
    """Every value of a board: actual, target, achievement, what it is compared with, trend and completeness.

    *Shape*: one row a KPI in the order asked for, one cell a market in the order asked for, and the total.
    *Units*: a percent is a rate from 0 to 1; money is in the reporting currency by the ask's policy.
    """
    span = ask.span
    measures = _sums_needed(ask.kpis)
    rows = lake.sums_by_month(scope, span.first_needed, measures)
    goals, rates = _plans(ask)
    reporting = Reporting(ask.currency, ask.own, rates)
    every = lake.sums_by_month(replace(scope, channels=()), span.first_needed, ()) if ask.channels else rows
    coverage = coverage_of(every, span)
    if ask.channels:
        coverage = of_channels(coverage, coverage_of(rows, span))
    if coverage.gaps:
        coverage = with_days(coverage, lake.days_with_data(scope))
    shown = [row for row in rows if row["month"] < span.end]
    months = _months(scope, ask, shown, measures, reporting)
    if ask.channels:
        shown_of_all = (row for row in every if row["month"] < span.end)
        fill_quiet_months(months, shown_of_all, measures, ask.channels, ask.channel_names)
    measured = Measured(
        months=months,
        periods={} if ask.channels else _periods(scope, ask),
        goals=goals,
        reporting=reporting,
        coverage=coverage,
    )
    to_cut = months_to_cut(coverage, span)
    if to_cut and measures:
        days = lake.sums_by_day(scope, to_cut, measures)
        measured.cut_months = cut_months(
            months, days, coverage=coverage, span=span, measures=measures, reporting=reporting
        )
    cells = evaluate(ask, measured)
    return Board(
        ask=ask,
        rows=cells,
        missing_rates=_missing_rates(cells),
        has_data=bool(rows),
        sources=coverage.sources,
        through=_through(coverage),
        rates=rates_used(shown, measures, reporting, span),
    )


def _months(
    scope: Scope, ask: BoardAsk, rows: Sequence[Mapping[str, Any]], measures: Sequence[str], reporting: Reporting
) -> dict[Key, Amounts]:
    """Amounts by market and month; by daily closes the money among them is read by day, each at its own rate."""
    money = tuple(measure for measure in measures if measure_of(measure).money)
    if not (ask.conversion.is_daily and money):
        return fold(rows, measures, reporting)
    months = fold(rows, [measure for measure in measures if not measure_of(measure).money], reporting)
    days = lake.sums_between(scope, ask.span.first_needed, ask.span.end, money)
    for row in days:
        row["month"] = month_start(row["day"])
    return fold(days, money, reporting, into=months)


def _sums_needed(kpis: Iterable[Kpi]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(measure for kpi in kpis for measure in kpi.formula.sums))


def _periods(scope: Scope, ask: BoardAsk) -> dict[PeriodKey, Mapping[str, float]]:
    measures = tuple(dict.fromkeys(measure for kpi in ask.kpis for measure in kpi.formula.periods))
    if not measures:
        return {}
    grains = dict.fromkeys(("month", ask.span.grain))
    found: dict[PeriodKey, dict[str, float]] = {}
    for row in lake.values_of_periods(scope, grains, ask.span.first_needed, measures):
        if row["value"] is not None:
            found.setdefault((row["market"], row["grain"], row["start"]), {})[row["measure"]] = float(row["value"])
    return found  # type: ignore[return-value]


def _plans(ask: BoardAsk) -> tuple[Goals, Rates]:
    """Targets of the span's months, and rates; pacing also needs the plan of every month that it shows."""
    months: Sequence[Any] = ask.span.months
    keys = set() if ask.channels else {kpi.key for kpi in ask.kpis}
    pacing = [kpi.formula.target_of for kpi in ask.kpis if isinstance(kpi.formula, Pacing)]
    if pacing and keys:
        keys.update(pacing)
        span = ask.span
        months = sorted({*span.trend, *span.months, *span.previous.months, *span.last_year.months})
    held = Held(ask.home_currency, ask.span.first_needed, ask.conversion, ask.version)
    return plans_known(keys, ask.codes, months, held, ask.known_on)


def _missing_rates(rows: Iterable[Any]) -> tuple[str, ...]:
    found: set[str] = set()
    for row in rows:
        for cell in (*row.cells, row.total):
            for value in (cell.actual, cell.target):
                if value.hole is not None and value.hole.code == "missing_rate":
                    found.update(value.hole.facts)
    return in_ranges(sorted(found))


def _through(coverage: Coverage) -> dict[tuple[str, str], Any]:
    return dict(coverage.through)
