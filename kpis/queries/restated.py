"""What a load did to months that had been settled: every KPI's value before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kpis.catalogue import Kpi
from kpis.catalogue.formula import Pacing, Periodic, combine
from kpis.catalogue.measures import measure as measure_of
from kpis.queries import measured as lake
from kpis.queries.amounts import Amounts, Key, Reporting, fold
from kpis.queries.coverage import Coverage, coverage_of
from kpis.queries.definitions import definitions_here
from kpis.queries.goals import Held
from kpis.queries.known import rates_then
from kpis.queries.money import OWN
from kpis.queries.settling import Settling
from kpis.spans import span_of
from kpis.values import NO_DATA, Value
from sources.models import Restatement
from tenants.models import Client
from ui.periods import add_months, month_of
from warehouse.scope import Period, Scope

FIRST, LAST = dt.date(1990, 1, 1), dt.date(2100, 1, 1)
Place = tuple[str, dt.date]  # market, month


@dataclass(frozen=True, slots=True)
class Changed:
    """A settled month's KPI of one market that a change of the lake gave another value; `days` were restated."""

    market: str
    source: str
    kpi: Kpi
    month: dt.date
    old: Value
    new: Value
    currency: str
    days: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Touched:
    """Which days of which months a change replaced, of which source, and when."""

    at: dt.datetime
    source: str
    days: Mapping[Place, int]


@dataclass(frozen=True, slots=True)
class Then:
    """What was known at a moment: amounts and period values by month, and how far data reached."""

    months: Mapping[Key, Amounts]
    periods: Mapping[tuple[str, dt.date], Mapping[str, float]]
    rows: Sequence[Mapping[str, Any]]

    def value(self, kpi: Kpi, market: str, month: dt.date) -> Value:
        formula = kpi.formula
        if isinstance(formula, Periodic):
            return formula.of_period(self.periods.get((market, month), {}))
        amounts = self.months.get((market, month))
        return combine(formula, (amounts.parts(formula) if amounts is not None else None,))


def restated_values(client: Client, mark: str, chosen: Mapping[str, Mapping[str, Any]]) -> list[Changed]:
    """Every KPI of every settled month that the change `mark` (a load's id, or "undo:" and it) gave another value.

    Of the KPIs that the open client has now, its own among them: both values are by the formula as it is today. Of
    all markets: who asks cuts it to what a person may see. Months count as settled by what was known just before.
    Seven reads of the lake at most, none but one when nothing that had been reported was replaced.
    """
    zones = {market.code: market.time_zone for market in client.markets.all()}
    own = {market.code: market.currency for market in client.markets.all()}
    if not own:
        return []
    scope = Scope(client.schema_name, tuple(own), Period(FIRST, LAST))
    touched = touched_by(scope, mark)
    if touched is None:
        return []
    before = touched.at - dt.timedelta(microseconds=1)
    kpis = tuple(kpi for kpi in definitions_here().kpis if not isinstance(kpi.formula, Pacing))
    old, new = (_then(scope, moment, touched, own, client, kpis) for moment in (before, touched.at))
    settling = Settling(before, chosen, zones)
    return [
        Changed(market, touched.source, kpi, month, was, is_now, own[market] if kpi.is_money else "", days, touched.at)
        for (market, month), days in sorted(touched.days.items())
        for kpi, was, is_now in _differing(kpis, market, month, old, new, settling)
    ]


def _differing(
    kpis: Sequence[Kpi], market: str, month: dt.date, old: Then, new: Then, settling: Settling
) -> Iterable[tuple[Kpi, Value, Value]]:
    coverage = coverage_of(old.rows, span_of(month_of(month)))
    last_day = add_months(month, 1) - dt.timedelta(days=1)
    for kpi in kpis:
        if not _was_settled(kpi, market, coverage, settling, last_day):
            continue
        was, is_now = old.value(kpi, market, month), new.value(kpi, market, month)
        if was.number is not None and was.number != is_now.number:
            yield kpi, was, is_now


def _was_settled(kpi: Kpi, market: str, coverage: Coverage, settling: Settling, last_day: dt.date) -> bool:
    measures = (*kpi.formula.sums, *kpi.formula.periods)
    reached = all((market, measure_of(measure).origin) not in coverage.through for measure in measures)
    return reached and settling.moving(market, kpi.formula, coverage.sources, last_day) is None


def touched_by(scope: Scope, mark: str) -> Touched | None:
    """What a change replaced; None where it only added what had never been reported."""
    import ibis

    from warehouse.engine import rows, table

    daily = table("measure_daily_versions")
    daily = daily.filter(daily.closed_by == mark)
    daily = daily.mutate(month=ibis.date(daily.day.year(), daily.day.month(), 1))
    grouped = daily.group_by("market", "month").aggregate(
        days=daily.day.nunique(), source=daily.source.max(), at=daily.known_to.max()
    )
    found = rows(grouped, scope)
    if not found:
        return None
    at = max(row["at"] for row in found).replace(tzinfo=dt.UTC)
    return Touched(at, found[0]["source"], {(row["market"], row["month"]): int(row["days"]) for row in found})


def _then(
    scope: Scope, moment: dt.datetime, touched: Touched, own: Mapping[str, str], client: Client, kpis: Sequence[Kpi]
) -> Then:
    markets = tuple(sorted({market for market, _month in touched.days}))
    months = sorted({month for _market, month in touched.days})
    then = replace(scope, markets=markets, known_on=moment)
    measures = tuple(dict.fromkeys(m for kpi in kpis for m in kpi.formula.sums))
    rows = lake.sums_by_month(then, months[0], measures)
    reporting = Reporting(OWN, own, rates_then(Held(client.home_currency, months[0]), months, moment))
    periods: dict[tuple[str, dt.date], dict[str, float]] = {}
    wanted = tuple(dict.fromkeys(m for kpi in kpis for m in kpi.formula.periods))
    for row in lake.values_of_periods(then, ("month",), months[0], wanted):
        if row["value"] is not None:
            periods.setdefault((row["market"], row["start"]), {})[row["measure"]] = float(row["value"])
    return Then(fold(rows, measures, reporting), periods, rows)


@dataclass(frozen=True, slots=True)
class RestatedDay:
    """One day of a restated month: what the KPI was and is."""

    day: dt.date
    old: Value
    new: Value


def restated_days(scope: Scope, kpi: Kpi, one: Restatement, own: Mapping[str, str], home: str) -> list[RestatedDay]:
    """The days of a restatement's month whose value changed, in order; none for people who can't be added up.

    `scope` is the reader's, cut to the restatement's market.
    """
    formula = kpi.formula
    if isinstance(formula, Periodic | Pacing):
        return []
    end = add_months(one.month, 1)
    moments = (one.known_from - dt.timedelta(microseconds=1), one.known_from)
    found: list[dict[dt.date, Value]] = []
    for moment in moments:
        rows = lake.sums_between(replace(scope, known_on=moment), one.month, end, formula.sums)
        for row in rows:
            row["month"] = one.month
        amounts = fold(
            rows, formula.sums, Reporting(OWN, own, rates_then(Held(home, one.month), (one.month,), moment)), "day"
        )
        found.append({day: combine(formula, (sums.parts(formula),)) for (_market, day), sums in amounts.items()})
    days = sorted(found[0].keys() | found[1].keys())
    pairs = ((day, found[0].get(day, NO_DATA), found[1].get(day, NO_DATA)) for day in days)
    return [RestatedDay(day, old, new) for day, old, new in pairs if old != new]
