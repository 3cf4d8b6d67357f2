"""Whether what a sync brought can be believed: checks of each day against itself and against the source's own past.

A sync that "succeeded with 0 rows" is the fault that people find last. What a check doubts is marked on its day, never
deleted; a later sync that brings better numbers clears it.

| code | what is doubted |
|---|---|
| missing_day | a day without rows of a source that has had rows on nearly every day before |
| few_rows | far fewer rows than on the same weekdays before |
| spend_without_impressions | money was spent and nothing was shown |
| clicks_above_impressions | more clicks than impressions |
| tag_lost | sessions from paid channels collapsed against the clicks of that day |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from django.utils import timezone

from sources.models import DayFault
from warehouse.engine import rows, table
from warehouse.scope import Period, Scope

BEFORE_DAYS = 28  # what a day is compared with
NEARLY_EVERY = 0.8  # of the days before had rows
FEW = 0.2  # of the median of the same weekdays
LEAST_ROWS = 20  # below it a small day is no sign of anything
LOST = 0.3  # of the median ratio of sessions to clicks
LEAST_CLICKS = 100


@dataclass(frozen=True, slots=True)
class DayNumbers:
    """One day of a source in a market."""

    rows: int = 0
    impressions: float = 0
    clicks: float = 0
    cost: float = 0


Days = Mapping[dt.date, DayNumbers]
Found = dict[str, float]
Check = Callable[[dt.date, Days], Found | None]


def before(day: dt.date, days: Days) -> list[DayNumbers]:
    """The days before, as far as the source reaches back; one without rows counts as such."""
    first = min(days, default=day)
    found = (day - dt.timedelta(days=offset) for offset in range(1, BEFORE_DAYS + 1))
    return [days.get(one, DayNumbers()) for one in found if one >= first]


def missing_day(day: dt.date, days: Days) -> Found | None:
    """Errors of absence: no row on a day, and rows on at least 80 % of the four weeks before."""
    past = before(day, days)
    if day in days or len(past) < 7:
        return None
    had = sum(1 for one in past if one.rows)
    return {"days": len(past), "had": had} if had >= NEARLY_EVERY * len(past) else None


def few_rows(day: dt.date, days: Days) -> Found | None:
    """Less than a fifth of the median of the same weekday in the four weeks before."""
    found = days.get(day)
    past = [days[one] for weeks in range(1, 5) if (one := day - dt.timedelta(weeks=weeks)) in days]
    if found is None or len(past) < 3:
        return None
    usual = median(one.rows for one in past)
    return {"rows": found.rows, "usual": usual} if usual >= LEAST_ROWS and found.rows < FEW * usual else None


def spend_without_impressions(day: dt.date, days: Days) -> Found | None:
    """Cost above 0 and no impression."""
    found = days.get(day)
    return {"cost": found.cost} if found is not None and found.cost > 0 and not found.impressions else None


def clicks_above_impressions(day: dt.date, days: Days) -> Found | None:
    """More clicks than impressions over the whole day."""
    found = days.get(day)
    if found is None or not found.impressions or found.clicks <= found.impressions:
        return None
    return {"clicks": found.clicks, "impressions": found.impressions}


CHECKS: dict[str, Check] = {
    "missing_day": missing_day,
    "few_rows": few_rows,
    "spend_without_impressions": spend_without_impressions,
    "clicks_above_impressions": clicks_above_impressions,
}
CODES = (*CHECKS, "tag_lost")


def check_days(client: str, source: str, markets: Sequence[str], first: dt.date, last: dt.date) -> int:
    """Judge the days of a source anew, mark what is doubted and clear what isn't any more; answers how many are new."""
    if not markets:
        return 0
    scope = Scope(client, tuple(markets), Period(first - dt.timedelta(days=BEFORE_DAYS), last + dt.timedelta(days=1)))
    numbers = _numbers(scope, source)
    lost = _lost_tags(scope, numbers)
    found: dict[tuple[str, dt.date, str], Found] = {}
    for market in markets:
        days = numbers.get(market, {})
        for day in _days(first, last):
            for code, check in CHECKS.items():
                if (told := check(day, days)) is not None:
                    found[market, day, code] = told
            if (market, day) in lost:
                found[market, day, "tag_lost"] = lost[market, day]
    return _mark(source, markets, (first, last), found)


def _mark(
    source: str,
    markets: Sequence[str],
    span: tuple[dt.date, dt.date],
    found: Mapping[tuple[str, dt.date, str], Found],
) -> int:
    opened = DayFault.objects.filter(source=source, market__in=markets, day__range=span, cleared_at=None)
    known = {(one.market, one.day, one.code): one.pk for one in opened}
    gone = [pk for place, pk in known.items() if place not in found]
    DayFault.objects.filter(pk__in=gone).update(cleared_at=timezone.now())
    new = [
        DayFault(source=source, market=market, day=day, code=code, details=told)
        for (market, day, code), told in found.items()
        if (market, day, code) not in known
    ]
    DayFault.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _days(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    return (first + dt.timedelta(days=offset) for offset in range((last - first).days + 1))


def _numbers(scope: Scope, source: str) -> dict[str, dict[dt.date, DayNumbers]]:
    import ibis

    daily = table("channel_daily")
    daily = daily.filter(
        daily.source == source,
        daily.day >= ibis.date(scope.period.start.isoformat()),
        daily.day < ibis.date(scope.period.end.isoformat()),
    )
    grouped = daily.group_by("market", "day").aggregate(
        rows=daily.count(), impressions=daily.impressions.sum(), clicks=daily.clicks.sum(), cost=daily.cost.sum()
    )
    found: dict[str, dict[dt.date, DayNumbers]] = {}
    for row in rows(grouped, scope):
        sums = (float(row[name] or 0) for name in ("impressions", "clicks", "cost"))
        found.setdefault(row["market"], {})[row["day"]] = DayNumbers(int(row["rows"]), *sums)
    return found


def _lost_tags(scope: Scope, numbers: Mapping[str, Days]) -> dict[tuple[str, dt.date], Found]:
    """Days on which paid sessions fell below 30 % of their usual share of this source's clicks."""
    import ibis

    daily = table("measure_daily")
    daily = daily.filter(
        daily.origin == "events",
        daily.day >= ibis.date(scope.period.start.isoformat()),
        daily.day < ibis.date(scope.period.end.isoformat()),
    )
    paid: dict[tuple[str, dt.date], float] = {}
    for row in rows(daily.group_by("market", "day").aggregate(paid=daily.paid_sessions.sum()), scope):
        if row["paid"] is not None:
            paid[row["market"], row["day"]] = float(row["paid"])
    found: dict[tuple[str, dt.date], Found] = {}
    for market, days in numbers.items():
        shares = {
            day: paid[market, day] / one.clicks
            for day, one in days.items()
            if one.clicks >= LEAST_CLICKS and (market, day) in paid
        }
        for day, share in shares.items():
            past = [shares[one] for one in shares if dt.timedelta() < day - one <= dt.timedelta(days=BEFORE_DAYS)]
            if len(past) >= 7 and median(past) > 0 and share < LOST * median(past):
                found[market, day] = {"share": share, "usual": median(past)}
    return found
