"""Exchange rates and the policies by which money is converted."""

from __future__ import annotations

from django.urls import URLPattern, path

from kpis.api import money as money_api
from kpis.views import plans

pages: list[URLPattern] = [
    path("kpi/rates/", plans.rates, name="rates"),
    path("kpi/rates/save/", plans.rates_save, name="rates-save"),
    path("kpi/rates/import/", plans.rates_import, name="rates-import"),
    path("kpi/rates/history/", plans.rates_history, name="rates-history"),
]
api: list[URLPattern] = [
    path("rates/", money_api.Rates.as_view(), name="api-rates"),
]
