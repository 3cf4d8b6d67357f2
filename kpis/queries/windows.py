"""A KPI over any whole days: the same sums, rates and formulas as the board's, cut to windows [start, end).

Alerts, before and after of an action, and the test run of an alert all read their values here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from kpis.catalogue import Kpi, Rollup
from kpis.catalogue.formula import Pacing, Periodic, combine
from kpis.catalogue.measures import measure as measure_of
from kpis.queries import measured as lake
from kpis.queries.amounts import Amounts, Reporting, fold
from kpis.queries.goals import Goals, Held, goals_and_rates, month_goal
from kpis.queries.measured import DAILY_ORIGINS
from kpis.queries.money import OWN
from kpis.spans import days_in, month_start
from kpis.values import NO_DATA, Hole, Value
from sources.models import Restatement
from sources.scope import scope_for
from tenants.access import Access
from ui.periods import add_months
from warehouse.scope import Period, Scope

ONE_DAY = dt.timedelta(days=1)
TOO_EARLY = Value(None, Hole("too_early"))
WHOLE_PERIODS = Value(None, Hole("whole_periods"))


@dataclass(frozen=True, slots=True)
class Extent:
    """From which day to which day a market has data of one kind."""

    first: dt.date
    last: dt.date


@dataclass(slots=True)
class Readings:
    """The days of one KPI in some markets, read once; `value` answers any window within them.

    `extents`: by market and origin. `days`: rows by market and day, one a currency. `periods`: what can't be added,
    by market, grain and start. `there`: the days that have a row, of kinds of data that are expected every day.
    """

    kpi: Kpi
    reporting: Reporting
    goals: Goals
    start: dt.date
    extents: Mapping[tuple[str, str], Extent]
    days: dict[str, dict[dt.date, list[dict[str, Any]]]] = field(default_factory=dict)
    periods: dict[tuple[str, str, dt.date], dict[str, float]] = field(default_factory=dict)
    there: dict[tuple[str, str], set[dt.date]] = field(default_factory=dict)
    restated: tuple[Restatement, ...] = ()
    zone: str = "UTC"

    def value(self, market: str, start: dt.date, end: dt.date) -> Value:
        """The value of [start, end) in a market.

        Errors are values: no_data, too_early (the data end before), missing_days (of what is expected daily and adds
        up), missing_rate, zero_denominator, whole_periods (distinct people over other than a day, week or month).
        """
        formula = self.kpi.formula
        if isinstance(formula, Periodic):
            return self._periodic(formula, market, start, end)
        amounts = self._amounts(market, start, end)
        through = self.through(market)
        if through is not None and through < end - ONE_DAY and amounts.sums:
            return TOO_EARLY
        found = combine(formula, (amounts.parts(formula),))
        lacking = self._days_lacking(market, start, end)
        if found.number is not None and lacking and self.kpi.rollup is Rollup.ADDITIVE:
            length = (end - start).days
            return Value(None, Hole("missing_days", (str(length - lacking), str(length))))
        return found

    def through(self, market: str) -> dt.date | None:
        """The last day that all kinds of data behind this KPI have reached; None where one has none at all."""
        found = [self.extents.get((market, origin)) for origin in self.origins]
        return None if not found or None in found else min(one.last for one in found if one is not None)

    def month_goal(self, market: str, month: dt.date) -> Value:
        """The target of a month in reporting currency."""
        return month_goal(self.kpi, market, month, self.goals, self.reporting)

    def days_with_data(self, market: str, origin: str) -> list[dt.date]:
        """Days on which this kind of data has a row, in order; of orders the days that have one."""
        if origin in DAILY_ORIGINS:
            return sorted(self.there.get((market, origin), ()))
        if self.kpi.formula.periods:
            return sorted(day for code, grain, day in self.periods if code == market and grain == "day")
        measures = [name for name in self.kpi.formula.sums if measure_of(name).origin == origin]
        rows = self.days.get(market, {})
        return sorted(day for day, some in rows.items() if any(row[m] is not None for row in some for m in measures))

    @property
    def origins(self) -> tuple[str, ...]:
        names = (*self.kpi.formula.sums, *self.kpi.formula.periods)
        return tuple(dict.fromkeys(measure_of(name).origin for name in names))

    def _periodic(self, formula: Periodic, market: str, start: dt.date, end: dt.date) -> Value:
        grain = grain_of(start, end)
        if grain is None:
            return WHOLE_PERIODS
        through = self.through(market)
        if through is not None and through < end - ONE_DAY:
            return TOO_EARLY
        return formula.of_period(self.periods.get((market, grain, start), {}))

    def _amounts(self, market: str, start: dt.date, end: dt.date) -> Amounts:
        there = self.days.get(market, {})
        length = (end - start).days
        rows = [row for n in range(length) for row in there.get(start + n * ONE_DAY, ())]
        folded = fold(rows, self.kpi.formula.sums, self.reporting, "window")
        amounts = folded.get((market, None), Amounts())
        self._fill_quiet_days(amounts, market, start, end)
        self._add_plan(amounts, market, start, end)
        return amounts

    def _fill_quiet_days(self, amounts: Amounts, market: str, start: dt.date, end: dt.date) -> None:
        """Days without an order between days that have some are days of no orders."""
        for measure in self.kpi.formula.sums:
            extent = self.extents.get((market, measure_of(measure).origin))
            within = extent is not None and extent.first <= start and end - ONE_DAY <= extent.last
            if within and measure_of(measure).origin not in DAILY_ORIGINS:
                amounts.sums.setdefault(measure, 0.0)

    def _add_plan(self, amounts: Amounts, market: str, start: dt.date, end: dt.date) -> None:
        """What was planned for these days, of the one formula that reads targets."""
        if not isinstance(self.kpi.formula, Pacing):
            return
        from kpis.catalogue import BY_KEY

        plan, planned, day = BY_KEY[self.kpi.formula.target_of], 0.0, start
        while day < end:
            goal = month_goal(plan, market, month_start(day), self.goals, self.reporting)
            if goal.number is None:
                return
            planned += goal.number / days_in(day)
            day += ONE_DAY
        amounts.sums["planned"] = planned

    def _days_lacking(self, market: str, start: dt.date, end: dt.date) -> int:
        """How many days of a window have no row of a kind of data that is expected every day."""
        daily = [self.there.get((market, origin), set()) for origin in self.origins if origin in DAILY_ORIGINS]
        days = [start + n * ONE_DAY for n in range((end - start).days)]
        return max((sum(day not in there for day in days) for there in daily), default=0)


def grain_of(start: dt.date, end: dt.date) -> str | None:
    """day, week (from a Monday) or month, where a window is exactly one."""
    if end == start + ONE_DAY:
        return "day"
    if end == start + 7 * ONE_DAY and start.weekday() == 0:
        return "week"
    return "month" if start.day == 1 and end == add_months(start, 1) else None


def readings_of(
    access: Access, kpi: Kpi, codes: Sequence[str], window: tuple[dt.date, dt.date], *, currency: str, last: dt.date
) -> Readings:
    """Read the days of [start, end) of a KPI in some of a person's markets; three reads of the lake and one query.

    `currency` is an ISO code or "own". No day after `last` counts: today is still running.
    Errors: MarketNotSeen.
    """
    start, end = window
    scope = scope_for(access, period=Period(start, end), markets=codes, currency=None if currency == OWN else currency)
    whole = scope_for(access, period=Period(start, end))
    own = {market.code: market.currency for market in access.markets if market.code in codes}
    months = months_between(start, end)
    keys = [kpi.key, *([kpi.formula.target_of] if isinstance(kpi.formula, Pacing) else [])]
    home = access.client.home_currency
    goals, rates = goals_and_rates(keys, codes, months, Held(home, month_start(start)))
    found = Readings(kpi, Reporting(currency, own, rates), goals, start, extents_of(whole, last))
    found.zone = access.client.time_zone
    for row in lake.days_with_data(scope):
        if row["day"] <= last:
            found.there.setdefault((row["market"], row["origin"]), set()).add(row["day"])
    if kpi.formula.sums:
        for row in lake.sums_between(scope, start, min(end, last + ONE_DAY), kpi.formula.sums):
            row["month"], row["window"] = month_start(row["day"]), None
            found.days.setdefault(row["market"], {}).setdefault(row["day"], []).append(row)
    else:
        _read_periods(found, scope, start, kpi.formula.periods)
    return found


def _read_periods(found: Readings, scope: Scope, start: dt.date, measures: Sequence[str]) -> None:
    for row in lake.values_of_periods(scope, ("day", "week", "month"), start, measures):
        if row["value"] is not None:
            key = (row["market"], row["grain"], row["start"])
            found.periods.setdefault(key, {})[row["measure"]] = float(row["value"])


def today_at(access: Access) -> dt.date:
    """Today where the client is."""
    return timezone.now().astimezone(ZoneInfo(access.client.time_zone)).date()


def months_between(start: dt.date, end: dt.date) -> list[dt.date]:
    """First days of the months that [start, end) touches."""
    found, month = [], month_start(start)
    while month < end:
        found.append(month)
        month = add_months(month, 1)
    return found


def extents_of(scope: Scope, last: dt.date) -> dict[tuple[str, str], Extent]:
    """From when to when each market has data of each kind, up to `last`; one read of the lake.

    Orders come when somebody buys: how far they reach is told by their source over all markets of the scope.
    """
    import ibis

    from warehouse.engine import rows, table

    daily = table("measure_daily")
    daily = daily.filter(daily.day <= ibis.date(last.isoformat()))
    grouped = daily.group_by("market", "source", "origin").aggregate(first=daily.day.min(), last=daily.day.max())
    return _extents(rows(grouped, scope))


def _extents(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Extent]:
    rows = list(rows)
    of_source: dict[tuple[str, str], dt.date] = {}
    for row in rows:
        key = (row["source"], row["origin"])
        of_source[key] = max(of_source.get(key, row["last"]), row["last"])
    found: dict[tuple[str, str], Extent] = {}
    for row in rows:
        place = (row["market"], row["origin"])
        until = row["last"] if row["origin"] in DAILY_ORIGINS else of_source[row["source"], row["origin"]]
        old = found.get(place)
        found[place] = Extent(
            min(row["first"], old.first) if old else row["first"], max(until, old.last) if old else until
        )
    return found


__all__ = ["NO_DATA", "Extent", "Readings", "extents_of", "grain_of", "readings_of"]
