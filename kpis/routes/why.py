"""Why a KPI changed, which market does best, and what closing the gap is worth."""

from __future__ import annotations

from django.urls import URLPattern, path

from kpis.api import why as why_api
from kpis.views import why

pages: list[URLPattern] = [
    path("kpi/why/", why.why, name="why"),
    path("kpi/why/bridge.csv", why.why_csv, name="why-csv"),
]
api: list[URLPattern] = [
    path("why/", why_api.Why.as_view(), name="api-why"),
]
