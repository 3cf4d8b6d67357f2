"""Targets as their grid shows them, and who changed what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import QuerySet

from kpis.models import Target, TargetChange
from tenants.access import Access

HISTORY = 100


def targets_seen_by(access: Access) -> QuerySet[Target]:
    """Targets of the markets that this person may see."""
    return Target.objects.filter(market__in=access.market_codes)


def target_grid(
    access: Access, kpis: Sequence[str], markets: Sequence[str], months: Sequence[dt.date]
) -> dict[tuple[str, str, dt.date], Decimal]:
    """Targets by KPI, market and month; one query."""
    found = targets_seen_by(access).filter(kpi__in=kpis, market__in=markets, month__in=months)
    return {(kpi, m, month): value for kpi, m, month, value in found.values_list("kpi", "market", "month", "value")}


def target_history(access: Access, *, kpi: str = "", market: str = "") -> QuerySet[TargetChange]:
    """The latest changes first, of markets that this person may see."""
    found = TargetChange.objects.filter(market__in=access.market_codes)
    if kpi:
        found = found.filter(kpi=kpi)
    if market:
        found = found.filter(market=market)
    return found[:HISTORY]
