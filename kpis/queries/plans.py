"""Targets and rates as their grids show them, and who changed what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import Count, QuerySet

from kpis.models import ExchangeRate, MonthApproval, RateChange, Target, TargetChange, Version
from tenants.access import Access
from warehouse.scope import Scope

HISTORY = 100


def targets_seen_by(access: Access) -> QuerySet[Target]:
    """Targets of the markets that this person may see."""
    return Target.objects.filter(market__in=access.market_codes)


def target_grid(
    access: Access,
    kpis: Sequence[str],
    markets: Sequence[str],
    months: Sequence[dt.date],
    *,
    version: str = Version.BUDGET.value,
) -> dict[tuple[str, str, dt.date], Decimal]:
    """Targets of a version by KPI, market and month; one query."""
    found = targets_seen_by(access).filter(kpi__in=kpis, market__in=markets, month__in=months, version=version)
    return {(kpi, m, month): value for kpi, m, month, value in found.values_list("kpi", "market", "month", "value")}


def approvals_of(access: Access, version: str, months: Sequence[dt.date]) -> dict[tuple[str, dt.date], MonthApproval]:
    """How far each market's months are agreed, of markets that this person may see; one query."""
    found = MonthApproval.objects.filter(version=version, market__in=access.market_codes, month__in=months)
    return {(one.market, one.month): one for one in found}


def months_with_targets(access: Access, version: str, months: Sequence[dt.date]) -> dict[tuple[str, dt.date], int]:
    """How many KPIs have a target, by market and month; one query."""
    found = targets_seen_by(access).filter(version=version, month__in=months).values("market", "month")
    return {(row["market"], row["month"]): row["n"] for row in found.annotate(n=Count("pk"))}


def target_history(access: Access, *, kpi: str = "", market: str = "") -> QuerySet[TargetChange]:
    """The latest changes first, of markets that this person may see."""
    found = TargetChange.objects.filter(market__in=access.market_codes)
    if kpi:
        found = found.filter(kpi=kpi)
    if market:
        found = found.filter(market=market)
    return found[:HISTORY]


def rate_grid(months: Sequence[dt.date]) -> dict[tuple[str, dt.date], ExchangeRate]:
    """Rates by currency and month; one query."""
    return {(rate.currency, rate.month): rate for rate in ExchangeRate.objects.filter(month__in=months)}


def rate_history(currency: str = "") -> QuerySet[RateChange]:
    """The latest changes first."""
    found = RateChange.objects.all()
    return (found.filter(currency=currency) if currency else found)[:HISTORY]


def currencies_known() -> list[str]:
    """Currencies that have a rate in some month."""
    return list(ExchangeRate.objects.order_by("currency").values_list("currency", flat=True).distinct())


def months_with_money(scope: Scope) -> Mapping[str, set[dt.date]]:
    """In which months each currency was booked: where a rate is needed. One read of the lake."""
    import ibis

    from warehouse.engine import rows, table

    daily = table("measure_daily")
    daily = daily.filter(daily.currency.notnull()).mutate(month=ibis.date(daily.day.year(), daily.day.month(), 1))
    found: dict[str, set[dt.date]] = {}
    for row in rows(daily.select("currency", "month").distinct(), scope):
        found.setdefault(row["currency"], set()).add(row["month"])
    return found
