"""Targets as their grid shows them, and who changed what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Count, QuerySet

from kpis.models import MonthApproval, Target, TargetChange, Version
from tenants.access import Access

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
