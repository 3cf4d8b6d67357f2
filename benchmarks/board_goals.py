"""Targets, exchange rates and twenty chosen KPIs for the board that is measured."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone

from kpis.catalogue import BY_KEY
from kpis.models import How
from kpis.services.choices import choose_kpis
from kpis.services.rate_tables import RateCell
from kpis.services.rates import set_rates
from kpis.services.target_tables import TargetCell
from kpis.services.targets import set_targets, takes_targets
from tenants.access import Access

CHOSEN = (
    "impressions",
    "ad_spend",
    "cpm",
    "video_views",
    "clicks",
    "ctr",
    "cpc",
    "sessions",
    "active_users",
    "cost_per_session",
    "engagement_rate",
    "product_view_rate",
    "add_to_cart_rate",
    "cart_abandonment",
    "orders",
    "cvr",
    "revenue",
    "aov",
    "roas",
    "repeat_rate",
)
RATES = {"JPY": "9.3", "USD": "1380", "EUR": "1500", "VND": "0.054"}


def set_goals(access: Access, months: Sequence[str]) -> None:
    """A target for every KPI, market and month that takes one."""
    firsts = [dt.date.fromisoformat(f"{month}-01") for month in months]
    now = timezone.now()
    set_rates(
        access,
        [RateCell(code, month, Decimal(rate)) for code, rate in RATES.items() for month in firsts],
        how=How.API,
        now=now,
    )
    cells = [
        TargetCell(key, market, month, Decimal("0.05") if BY_KEY[key].unit == "percent" else Decimal(1000))
        for key in CHOSEN
        if takes_targets(BY_KEY[key])
        for market in access.market_codes
        for month in firsts
    ]
    set_targets(access, cells, how=How.API, now=now)
    choose_kpis(access, CHOSEN)
