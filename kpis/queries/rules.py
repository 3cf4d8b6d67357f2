"""What an alert finds: one function for the check after a load, for the hourly round and for the test run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from kpis.catalogue import Better, Kpi, Rollup
from kpis.models.alerts import AlertGrain, AlertKind, Base, Side
from kpis.queries.anomalies import HISTORY_DAYS, score_of_last
from kpis.queries.windows import ONE_DAY, Readings
from kpis.spans import days_in, month_start
from kpis.values import Hole, Value
from ui.periods import add_months

LEAST_DAYS_OF_PACE = 3
YEAR_OF_WEEKDAYS = 364


@dataclass(frozen=True, slots=True)
class Rule:
    """What an alert watches, without who is told. `limit` as of `kpis.models.alerts.Alert`."""

    kpi: Kpi
    kind: str
    grain: str
    side: str
    base: str
    limit: float
    currency: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one period of a market, as of a day; both days of the period are included.

    `expected` is what the value was held against; `about` is what the sentence names beside it. A period that can't be
    judged has a hole as its value and hasn't fired.
    """

    market: str
    as_of: dt.date
    starts_on: dt.date
    ends_on: dt.date
    value: Value
    expected: float | None = None
    fired: bool = False
    about: Mapping[str, Any] = field(default_factory=dict)


def findings(rule: Rule, readings: Readings, market: str, first: dt.date, last: dt.date) -> Iterator[Finding]:
    """What the rule finds as of every day from `first` to `last`, both included: one finding a period that is whole.

    Nothing later than the day itself is looked at. A day that the data haven't reached finds nothing yet.
    """
    judge = JUDGES[rule.kind]
    by_clock = rule.kind in (AlertKind.MISSING, AlertKind.RESTATED)
    reached = last if by_clock else min(last, readings.through(market) or dt.date.min)
    as_of = first
    while as_of <= reached:
        found = judge(rule, readings, market, as_of)
        if found is not None:
            yield found
        as_of += ONE_DAY


def firings(found: Iterable[Finding]) -> list[Finding]:
    """The first firing of every period that fired: what tells somebody."""
    first: dict[dt.date, Finding] = {}
    for one in found:
        if one.fired:
            first.setdefault(one.starts_on, one)
    return list(first.values())


def lookback(rule: Rule) -> int:
    """How many days before a day are read to judge it."""
    if rule.kind == AlertKind.ANOMALY:
        return HISTORY_DAYS
    if rule.kind == AlertKind.MISSING:
        return max(60, int(rule.limit) + 31)
    if rule.kind == AlertKind.CHANGE:
        return 31 + (400 if rule.base == Base.YEAR else 62)
    return 62


def whole_period(grain: str, as_of: dt.date) -> tuple[dt.date, dt.date] | None:
    """The day, the week from a Monday or the month that ends with a day, as [start, end); None where none ends."""
    end = as_of + ONE_DAY
    if grain == AlertGrain.DAY:
        return as_of, end
    if grain == AlertGrain.WEEK:
        return (end - 7 * ONE_DAY, end) if as_of.weekday() == 6 else None
    return (month_start(as_of), end) if end.day == 1 else None


def base_period(rule: Rule, start: dt.date, end: dt.date) -> tuple[dt.date, dt.date]:
    """What a period is compared with; a day and a week of last year are those of the same weekday, 364 days before."""
    if rule.grain == AlertGrain.MONTH:
        back = 12 if rule.base == Base.YEAR else 1
        return add_months(start, -back), add_months(end, -back)
    days = {Base.PREVIOUS: (end - start).days, Base.WEEKDAY: 7, Base.YEAR: YEAR_OF_WEEKDAYS}[Base(rule.base)]
    return start - days * ONE_DAY, end - days * ONE_DAY


def due_value(kpi: Kpi, goal: float, as_of: dt.date) -> float:
    """What should be reached by a day of a month: of what adds up the share of days gone, of a ratio all of it.

    The one place that knows what "on pace" is for alerts: an expectation by seasonality takes its place here.
    """
    if kpi.rollup is not Rollup.ADDITIVE:
        return goal
    return goal * as_of.day / days_in(as_of)


def _threshold(rule: Rule, readings: Readings, market: str, as_of: dt.date) -> Finding | None:
    period = whole_period(rule.grain, as_of)
    if period is None:
        return None
    value = readings.value(market, *period)
    number = value.number
    fired = number is not None and (number > rule.limit if rule.side == Side.ABOVE else number < rule.limit)
    return Finding(market, as_of, period[0], as_of, value, rule.limit, fired)


def _change(rule: Rule, readings: Readings, market: str, as_of: dt.date) -> Finding | None:
    period = whole_period(rule.grain, as_of)
    if period is None:
        return None
    value, base = readings.value(market, *period), readings.value(market, *base_period(rule, *period))
    if value.number is None or not base.number:
        hole = value if value.number is None else Value(None, base.hole or Hole("no_base"))
        return Finding(market, as_of, period[0], as_of, hole)
    share = (value.number - base.number) / abs(base.number)
    fell, rose = share <= -rule.limit, share >= rule.limit
    fired = {Side.BELOW: fell, Side.ABOVE: rose, Side.EITHER: fell or rose}[Side(rule.side)]
    return Finding(market, as_of, period[0], as_of, value, base.number, fired, {"share": share})


def _pacing(rule: Rule, readings: Readings, market: str, as_of: dt.date) -> Finding | None:
    """From the third day of a month on; a month fires once, on the first day that it is behind."""
    start = month_start(as_of)
    if as_of.day < LEAST_DAYS_OF_PACE:
        return None
    value, goal = readings.value(market, start, as_of + ONE_DAY), readings.month_goal(market, start)
    if value.number is None or not goal.number:
        hole = value if value.number is None else Value(None, goal.hole or Hole("zero_target"))
        return Finding(market, as_of, start, as_of, hole)
    due = due_value(rule.kpi, goal.number, as_of)
    behind = (due - value.number) / abs(due) * (-1 if rule.kpi.better is Better.LOWER else 1)
    return Finding(market, as_of, start, as_of, value, due, behind >= rule.limit, {"share": behind})


def _anomaly(rule: Rule, readings: Readings, market: str, as_of: dt.date) -> Finding | None:
    first = as_of - (HISTORY_DAYS - 1) * ONE_DAY
    days = [first + n * ONE_DAY for n in range(HISTORY_DAYS)]
    values = [readings.value(market, day, day + ONE_DAY) for day in days]
    score = score_of_last([value.number for value in values])
    if isinstance(score, Hole):
        hole = values[-1] if values[-1].hole is not None else Value(None, score)
        return Finding(market, as_of, as_of, as_of, hole)
    low, high = score.z <= -rule.limit, score.z >= rule.limit
    fired = {Side.BELOW: low, Side.ABOVE: high, Side.EITHER: low or high}[Side(rule.side)]
    return Finding(market, as_of, as_of, as_of, values[-1], score.expected, fired, {"score": score.z})


def _missing(rule: Rule, readings: Readings, market: str, as_of: dt.date) -> Finding | None:
    """The kind of data that has been silent longest; one silence fires once. `limit` is a number of days."""
    silent: list[dt.date] = []
    for origin in readings.origins:
        there = [day for day in readings.days_with_data(market, origin) if day <= as_of]
        if not there:
            return None
        silent.append(there[-1])
    since = min(silent) + ONE_DAY
    days = (as_of - since).days + 1
    return Finding(market, as_of, since, as_of, Value(float(days)), None, days >= rule.limit, {"days": days})


def _restated(rule: Rule, readings: Readings, market: str, as_of: dt.date) -> Finding | None:
    """What became known on a day: of several restated months the one that moved most; a day fires once."""
    found = []
    for one in readings.restated:
        known_on = one.known_from.astimezone(ZoneInfo(readings.zone)).date()
        if one.market == market and known_on == as_of and one.old and one.new is not None:
            found.append(((one.new - one.old) / abs(one.old), one))
    if not found:
        return None
    share, most = max(found, key=lambda pair: abs(pair[0]))
    about = {"share": share, "month": most.month.isoformat()}
    value = Value(most.new)
    return Finding(market, as_of, as_of, as_of, value, most.old, abs(share) >= rule.limit, about)


Judge = Callable[[Rule, Readings, str, dt.date], Finding | None]
JUDGES: dict[str, Judge] = {
    AlertKind.THRESHOLD: _threshold,
    AlertKind.CHANGE: _change,
    AlertKind.PACING: _pacing,
    AlertKind.ANOMALY: _anomaly,
    AlertKind.MISSING: _missing,
    AlertKind.RESTATED: _restated,
}
