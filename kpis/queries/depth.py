"""One KPI in one market: its course by day, week or month against target, and what it is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from kpis.catalogue import Kpi, Rollup
from kpis.catalogue.formula import Additive, Needed, Periodic, PeriodRatio, PeriodValue, combine, weight_of
from kpis.catalogue.measures import measure as measure_of
from kpis.queries import measured as lake
from kpis.queries.amounts import NOTHING, Amounts, Reporting, fold
from kpis.queries.cells import BoardAsk, Cell
from kpis.queries.channels import NOT_BY_CHANNEL
from kpis.queries.goals import Goals, Held, month_goal
from kpis.queries.known import plans_known
from kpis.queries.money import Rates
from kpis.spans import Span, days_in, month_start
from kpis.values import Value
from ui.periods import add_months
from warehouse.scope import Scope

Grain = Literal["day", "week", "month"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month")
PARTS = ("channel", "source", "campaign")
WEEKS = 26


@dataclass(frozen=True, slots=True)
class Course:
    """Values by bucket (the first day of each), with the target that each should reach; None is a gap."""

    grain: Grain
    buckets: tuple[dt.date, ...]
    values: tuple[Value, ...]
    targets: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """What one channel, source or campaign gives; `share` is its part of the whole where parts may be added."""

    name: str
    actual: Value
    previous: Value
    share: float | None
    weight: float
    amounts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Depth:
    """The answer: the course, and the slices of each part, the heaviest first; no slices for distinct people."""

    course: Course
    slices: Mapping[str, tuple[Slice, ...]]


def depth_of(scope: Scope, ask: BoardAsk, cell: Cell, grain: Grain) -> Depth:
    """The course of the ask's one KPI in its one market, and its slices over the span and the span before.

    *Units*: as the board's. A running span's slices are compared with the same days of the span before.
    """
    kpi, market = ask.kpis[0], ask.codes[0]
    buckets = buckets_of(ask.span, grain)
    goals, rates = _plans(kpi, market, buckets, ask)
    reporting = Reporting(ask.currency, ask.own, rates)
    if isinstance(kpi.formula, PeriodValue | PeriodRatio | Needed):
        values = [NOT_BY_CHANNEL] * len(buckets)
        if not ask.channels:
            values = _periodic(scope, kpi.formula, market, buckets, grain)
        return Depth(_course(kpi, market, grain, buckets, values, (goals, reporting)), {})
    values = _summed(scope, kpi.formula, market, buckets, grain, (ask, reporting))
    slices = _slices(scope, kpi, ask, cell, reporting)
    return Depth(_course(kpi, market, grain, buckets, values, (goals, reporting)), slices)


def grains_of(kpi: Kpi) -> tuple[Grain, ...]:
    """The grains that a KPI has a course by: distinct people beyond plain counts are kept by month only."""
    if isinstance(kpi.formula, PeriodRatio | Needed) or (
        kpi.formula.periods and kpi.formula.periods != ("active_users",)
    ):
        return ("month",)
    return GRAINS


def buckets_of(span: Span, grain: Grain) -> tuple[dt.date, ...]:
    """First days: of every day of the span, of the weeks (Mondays) that end with it, of thirteen months."""
    if grain == "day":
        return tuple(span.start + dt.timedelta(days=index) for index in range(span.days))
    if grain == "month":
        return span.trend
    last = _monday(span.end - dt.timedelta(days=1))
    return tuple(last - dt.timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1))


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _bucket(day: dt.date, grain: Grain) -> dt.date:
    return day if grain == "day" else _monday(day) if grain == "week" else month_start(day)


def _summed(
    scope: Scope,
    formula: Additive,
    market: str,
    buckets: Sequence[dt.date],
    grain: Grain,
    money: tuple[BoardAsk, Reporting],
) -> list[Value]:
    ask, reporting = money
    rows = lake.sums_between(scope, buckets[0], ask.span.end, formula.sums)
    for row in rows:
        row["month"], row["bucket"] = month_start(row["day"]), _bucket(row["day"], grain)
    amounts = fold(rows, formula.sums, reporting, "bucket")
    _fill_quiet_days(amounts, formula, market, buckets)
    return [_value(formula, amounts.get((market, bucket))) for bucket in buckets]


def _fill_quiet_days(
    amounts: dict[tuple[str, Any], Amounts], formula: Additive, market: str, buckets: Sequence[dt.date]
) -> None:
    """Between the first and the last bucket with orders, one without is a bucket of no orders, not a missing one."""
    for measure in _counted_from_orders(formula):
        there = [bucket for bucket in buckets if measure in amounts.get((market, bucket), NOTHING).sums]
        for bucket in buckets:
            if there and there[0] < bucket < there[-1]:
                amounts.setdefault((market, bucket), Amounts()).sums.setdefault(measure, 0.0)


def _fill_quiet_slices(found: dict[tuple[str, Any], Amounts], formula: Additive) -> None:
    """Where some slice has every part of a KPI, a slice without orders is one that sold nothing."""
    if any(amounts.parts(formula) is not None for amounts in found.values()):
        for amounts in found.values():
            for measure in _counted_from_orders(formula):
                amounts.sums.setdefault(measure, 0.0)


def _counted_from_orders(formula: Additive) -> list[str]:
    return [measure for measure in formula.sums if measure_of(measure).origin == "orders"]


def _value(formula: Additive, amounts: Amounts | None) -> Value:
    return combine(formula, (amounts.parts(formula) if amounts is not None else None,))


def _periodic(scope: Scope, formula: Periodic, market: str, buckets: Sequence[dt.date], grain: Grain) -> list[Value]:
    found: dict[dt.date, dict[str, float]] = {}
    if not formula.periods:
        return [formula.of_period({}) for _bucket in buckets]
    for row in lake.values_of_periods(scope, (grain,), buckets[0], formula.periods):
        if row["market"] == market and row["value"] is not None:
            found.setdefault(row["start"], {})[row["measure"]] = float(row["value"])
    return [formula.of_period(found.get(bucket, {})) for bucket in buckets]


def _plans(kpi: Kpi, market: str, buckets: Sequence[dt.date], ask: BoardAsk) -> tuple[Goals, Rates]:
    months = {month_start(bucket) for bucket in buckets} | set(ask.span.months)
    since = month_start(min(buckets[0], ask.span.previous.start))
    held = Held(ask.home_currency, since, ask.conversion, ask.version)
    keys = () if ask.channels else (kpi.key,)  # targets are of all channels
    return plans_known(keys, (market,), sorted(months), held, ask.known_on)


def _course(
    kpi: Kpi,
    market: str,
    grain: Grain,
    buckets: Sequence[dt.date],
    values: Sequence[Value],
    aims: tuple[Goals, Reporting],
) -> Course:
    goals, reporting = aims
    monthly = {
        month: month_goal(kpi, market, month, goals, reporting).number
        for month in dict.fromkeys(month_start(bucket) for bucket in buckets)
    }
    targets = tuple(_target_of(kpi, bucket, grain, monthly) for bucket in buckets)
    return Course(grain, tuple(buckets), tuple(values), targets)


def _target_of(kpi: Kpi, bucket: dt.date, grain: Grain, monthly: Mapping[dt.date, float | None]) -> float | None:
    """A month's target spread over its days where the KPI adds up; the same on every day where it is a ratio."""
    month = month_start(bucket)
    target = monthly.get(month)
    if target is None or grain == "month":
        return target
    if kpi.rollup in (Rollup.NON_ADDITIVE, Rollup.COHORT):
        return None
    if kpi.rollup is not Rollup.ADDITIVE:
        return target
    return target / days_in(month) * (1 if grain == "day" else 7)


def _slices(scope: Scope, kpi: Kpi, ask: BoardAsk, cell: Cell, reporting: Reporting) -> dict[str, tuple[Slice, ...]]:
    formula: Additive = kpi.formula  # type: ignore[assignment]
    span = ask.span
    windows = [(span.start, span.end), (span.previous.start, _same_days(span, cell))]
    rows = lake.sums_by_part(scope, windows, PARTS, formula.sums, by_day=ask.conversion.is_daily)
    now = [row for row in rows if row["month"] >= span.start]
    before = [row for row in rows if row["month"] < span.start]
    return {
        part: _slices_of(part, kpi, now, before, (ask.codes[0], reporting)) if _splits(formula, part) else ()
        for part in PARTS
    }


def _splits(formula: Additive, part: str) -> bool:
    """Whether a part splits a formula: no source gives both the revenue and the spend of a ratio of the two."""
    return part != "source" or len({measure_of(measure).origin for measure in formula.sums}) == 1


def _same_days(span: Span, cell: Cell) -> dt.date:
    """Where the span before ends: whole, or after the day that a running span has reached."""
    if cell.through is None or cell.through.day == days_in(cell.through):
        reached = len(span.months) if cell.through is None else span.months.index(month_start(cell.through)) + 1
        return add_months(span.previous.months[reached - 1], 1)
    month = span.previous.months[span.months.index(month_start(cell.through))]
    return month + dt.timedelta(days=min(cell.through.day, days_in(month)))


def _slices_of(
    part: str, kpi: Kpi, now: list[dict[str, Any]], before: list[dict[str, Any]], where: tuple[str, Reporting]
) -> tuple[Slice, ...]:
    market, reporting = where
    formula: Additive = kpi.formula  # type: ignore[assignment]
    current = fold(now, formula.sums, reporting, part)
    earlier = fold(before, formula.sums, reporting, part)
    _fill_quiet_slices(current, formula)
    _fill_quiet_slices(earlier, formula)
    names = dict.fromkeys((*(key[1] for key in current), *(key[1] for key in earlier)))
    found = []
    for name in names:
        amounts, old = current.get((market, name)), earlier.get((market, name))
        actual = _value(formula, amounts)
        sums = dict(amounts.sums) if amounts is not None else {}
        previous = _value(formula, old)
        if _says_something(kpi, actual, previous):
            weight = weight_of(formula, sums)
            found.append(Slice(name or "", actual, previous, None, weight, sums))
    return _with_shares(kpi, found)


def _says_something(kpi: Kpi, actual: Value, previous: Value) -> bool:
    """A slice that sums to nothing in both spans is left out: it never gives this KPI."""
    if kpi.rollup is Rollup.ADDITIVE and not actual.number and not previous.number and actual.hole is previous.hole:
        return False
    return actual.number is not None or previous.number is not None or actual.hole != previous.hole


def _with_shares(kpi: Kpi, slices: list[Slice]) -> tuple[Slice, ...]:
    whole = sum(one.actual.number or 0.0 for one in slices)
    slices.sort(
        key=lambda one: (-(one.actual.number or 0.0) if kpi.rollup is Rollup.ADDITIVE else -one.weight, one.name)
    )
    if kpi.rollup is not Rollup.ADDITIVE or whole <= 0:
        return tuple(slices)
    return tuple(
        Slice(
            s.name,
            s.actual,
            s.previous,
            None if s.actual.number is None else s.actual.number / whole,
            s.weight,
            s.amounts,
        )
        for s in slices
    )
