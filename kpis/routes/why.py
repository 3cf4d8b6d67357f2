"""Why a KPI changed, which market does best, and what closing the gap is worth."""

from __future__ import annotations

from django.urls import URLPattern, path

from kpis.api import best_market as best_market_api
from kpis.api import why as why_api
from kpis.views import best_market, why

pages: list[URLPattern] = [
    path("kpi/why/", why.why, name="why"),
    path("kpi/why/bridge.csv", why.why_csv, name="why-csv"),
    path("kpi/best-market/", best_market.best_market, name="best-market"),
    path("kpi/best-market/values.csv", best_market.best_market_csv, name="best-market-csv"),
    path("kpi/best-market/ranks/", best_market.ranks_shared, name="best-market-ranks"),
]
api: list[URLPattern] = [
    path("why/", why_api.Why.as_view(), name="api-why"),
    path("best-market/", best_market_api.BestMarketOrder.as_view(), name="api-best-market"),
]
