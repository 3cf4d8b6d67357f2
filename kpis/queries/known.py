"""What was known at the end of a day: the moment, and targets and rates as they stood then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from kpis.models import Policy, RateChange, RateKind, TargetChange
from kpis.queries.goals import Goals, Held, active_version, goals_and_rates
from kpis.queries.money import CLOSE_HOLDS_DAYS, Rates

KIND = {Policy.DAILY.value: RateKind.DAILY, Policy.BUDGET.value: RateKind.BUDGET}


def end_of_day(day: dt.date, time_zone: str) -> dt.datetime:
    """The last moment (UTC) of a day in a time zone."""
    following = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(time_zone))
    return following.astimezone(dt.UTC) - dt.timedelta(microseconds=1)


def plans_known(
    keys: Iterable[str],
    markets: Sequence[str],
    months: Iterable[dt.date],
    held: Held,
    moment: dt.datetime | None,
) -> tuple[Goals, Rates]:
    """Targets and rates as they are, or as they were at a moment, rebuilt from the logs of their changes."""
    if moment is None:
        return goals_and_rates(keys, markets, months, held)
    months = list(months)
    return targets_then(keys, markets, months, held, moment), rates_then(held, months, moment)


def targets_then(
    keys: Iterable[str], markets: Sequence[str], months: Sequence[dt.date], held: Held, moment: dt.datetime
) -> Goals:
    """The last change of each target by then; one that had been removed isn't there."""
    changes = (
        TargetChange.objects.filter(kpi__in=list(keys), market__in=markets, month__in=months, at__lte=moment)
        .filter(version=held.version or active_version())
        .order_by("at", "id")
        .values_list("kpi", "market", "month", "new", "currency")
    )
    last: dict[tuple[str, str, dt.date], tuple[Decimal | None, str]] = {}
    for kpi, market, month, new, currency in changes:
        last[kpi, market, month] = (new, currency)
    return {place: (value, currency) for place, (value, currency) in last.items() if value is not None}


def rates_then(held: Held, months: Sequence[dt.date], moment: dt.datetime) -> Rates:
    """The last change of each rate of the policy by then."""
    conversion = held.conversion
    kind = KIND.get(conversion.policy, RateKind.MONTHLY)
    changes = RateChange.objects.filter(kind=kind, at__lte=moment)
    if kind is RateKind.DAILY:
        changes = changes.filter(month__gte=min(held.since, *months) - dt.timedelta(days=CLOSE_HOLDS_DAYS))
    elif conversion.base is not None:
        changes = changes.filter(month=conversion.base)
    elif kind is RateKind.MONTHLY:
        changes = changes.filter(month__gte=held.since)
    last: dict[tuple[str, dt.date], tuple[Decimal | None, str]] = {}
    for currency, when, new, source in changes.order_by("at", "id").values_list("currency", "month", "new", "source"):
        last[currency, when] = (new, source)
    known = {place: float(rate) for place, (rate, _source) in last.items() if rate is not None}
    sources = {place: source for place, (_rate, source) in last.items()}
    return Rates(home=held.home, known=known, conversion=conversion, sources=sources)
