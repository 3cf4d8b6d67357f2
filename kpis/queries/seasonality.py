"""The shape of a year: what each month of a past year gave, from which a yearly target is spread over months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kpis.catalogue import Kpi, Rollup
from kpis.catalogue.formula import Additive, combine
from kpis.catalogue.measures import measure as measure_of
from kpis.queries import measured as lake
from kpis.queries.amounts import Reporting, fold
from kpis.queries.cells import MarketColumn
from kpis.queries.goals import Held, goals_and_rates
from kpis.queries.grid import Grid
from kpis.queries.measured import DAILY_ORIGINS
from kpis.queries.money import OWN
from kpis.spans import days_in, month_start
from ui.periods import add_months
from warehouse.scope import Scope

Shape = Literal["last_year", "latest", "even"]
SHAPES: tuple[Shape, ...] = ("last_year", "latest", "even")
# A month that lacks more than a tenth of its days is no measure of its place in the year.
LEAST_DAYS = 0.9


@dataclass(frozen=True, slots=True)
class Season:
    """One market's past months, in the order of the months that are planned.

    `values` are the KPI's values, `weights` what a ratio was measured on (its denominator); both in the market's own
    currency. `incomplete` names the past months that can't be used: without a value, or without a tenth of their days.
    """

    months: tuple[dt.date, ...]
    values: tuple[float, ...]
    weights: tuple[float, ...]
    incomplete: tuple[dt.date, ...]


def can_be_spread(kpi: Kpi) -> bool:
    """Whether a yearly value means something: distinct people and cohorts of months make no year."""
    return kpi.rollup in (Rollup.ADDITIVE, Rollup.RATIO, Rollup.WEIGHTED)


def past_months(months: Sequence[dt.date], shape: Shape, last_day: dt.date) -> tuple[dt.date, ...]:
    """Which past month stands for each planned one.

    "last_year": the same month a year before. "latest": the same month of the latest year in which it is over by
    `last_day`, the last day with data; so the twelve months need not be of one year.
    """
    found = []
    for month in months:
        past = add_months(month, -12)
        while shape == "latest" and add_months(past, 1) - dt.timedelta(days=1) > last_day:
            past = add_months(past, -12)
        found.append(past)
    return tuple(found)


def seasons_of(
    scope: Scope, kpi: Kpi, markets: Sequence[MarketColumn], months: Sequence[dt.date], home: str
) -> dict[str, Season]:
    """Every market's past months. `scope` covers them; one read of the lake and one of the rates.

    The KPI is one that `can_be_spread`.
    """
    formula: Additive = kpi.formula  # type: ignore[assignment]
    since = add_months(min(months), -1)
    rows = lake.sums_by_month(scope, since, formula.sums)
    codes = [market.code for market in markets]
    _goals, rates = goals_and_rates((), codes, (), Held(home, since))
    reporting = Reporting(OWN, {market.code: market.currency for market in markets}, rates)
    grid = Grid(formula, fold((row for row in rows if row["month"] < scope.period.end), formula.sums, reporting), {})
    origins = tuple(dict.fromkeys(measure_of(measure).origin for measure in formula.sums))
    return {code: _season(code, grid, months, _whole_months(code, rows, origins)) for code in codes}


def _season(market: str, grid: Grid, months: Sequence[dt.date], whole: Mapping[dt.date, bool]) -> Season:
    values, weights, incomplete = [], [], []
    for month in months:
        piece = grid.piece(market, month)
        value = combine(grid.formula, (piece,))
        if piece is None or value.number is None or not whole.get(month, False):
            incomplete.append(month)
        values.append(value.number or 0.0)
        weights.append(piece.below if piece is not None else 0.0)
    return Season(tuple(months), tuple(values), tuple(weights), tuple(incomplete))


def _whole_months(market: str, rows: Sequence[Mapping[str, Any]], origins: Sequence[str]) -> dict[dt.date, bool]:
    """Whether each month is covered in every origin.

    Ads and behaviour have a row every day: nine days of ten must be there. Orders may have quiet days: only the first
    and the last month of all can be cut, by where the orders begin and end.
    """
    found: dict[dt.date, bool] = {}
    for origin in origins:
        own = [row for row in rows if row["market"] == market and row["origin"] == origin]
        months = {month_start(row["first_day"]) for row in own} | {month_start(row["last_day"]) for row in own}
        for month in sorted(months):
            inside = [row for row in own if row["month"] == month]
            enough = max((_share_of_days(row, month, months, origin) for row in inside), default=0.0) >= LEAST_DAYS
            found[month] = found.get(month, True) and enough
    return found


def _share_of_days(row: Mapping[str, Any], month: dt.date, months: set[dt.date], origin: str) -> float:
    if origin in DAILY_ORIGINS:
        return float(row["days"]) / days_in(month)
    first = row["first_day"].day if min(months) == month else 1
    last = row["last_day"].day if max(months) == month else days_in(month)
    return float(last - first + 1) / days_in(month)
