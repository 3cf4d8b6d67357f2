"""What was known at the end of a day: the moment, and targets and rates as they stood then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from kpis.models import RateChange, TargetChange
from kpis.queries.goals import Goals
from kpis.queries.money import Rates


def end_of_day(day: dt.date, time_zone: str) -> dt.datetime:
    """The last moment (UTC) of a day in a time zone."""
    following = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(time_zone))
    return following.astimezone(dt.UTC) - dt.timedelta(microseconds=1)


def plans_then(
    keys: Iterable[str],
    markets: Sequence[str],
    months: Iterable[dt.date],
    *,
    home: str,
    since: dt.date,
    moment: dt.datetime,
) -> tuple[Goals, Rates]:
    """Targets and rates as they were at a moment, rebuilt from the logs of their changes; two queries."""
    return targets_then(keys, markets, months, moment), rates_then(home, since, moment)


def targets_then(keys: Iterable[str], markets: Sequence[str], months: Iterable[dt.date], moment: dt.datetime) -> Goals:
    """The last change of each target by then; one that had been removed isn't there."""
    changes = (
        TargetChange.objects.filter(kpi__in=list(keys), market__in=markets, month__in=list(months), at__lte=moment)
        .order_by("at", "id")
        .values_list("kpi", "market", "month", "new", "currency")
    )
    last: dict[tuple[str, str, dt.date], tuple[Decimal | None, str]] = {}
    for kpi, market, month, new, currency in changes:
        last[kpi, market, month] = (new, currency)
    return {place: (value, currency) for place, (value, currency) in last.items() if value is not None}


def rates_then(home: str, since: dt.date, moment: dt.datetime) -> Rates:
    """The last change of each rate by then."""
    changes = (
        RateChange.objects.filter(month__gte=since, at__lte=moment)
        .order_by("at", "id")
        .values_list("currency", "month", "new")
    )
    last: dict[tuple[str, dt.date], Decimal | None] = {(currency, month): new for currency, month, new in changes}
    return Rates(home=home, known={place: float(rate) for place, rate in last.items() if rate is not None})
