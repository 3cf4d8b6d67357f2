"""Exchange rates and the policies by which money is converted."""

from __future__ import annotations

from django.urls import URLPattern, path

from kpis.api import money as money_api
from kpis.views import rates

pages: list[URLPattern] = [
    path("kpi/rates/", rates.rates, name="rates"),
    path("kpi/rates/save/", rates.rates_save, name="rates-save"),
    path("kpi/rates/import/", rates.rates_import, name="rates-import"),
    path("kpi/rates/ecb/", rates.rates_ecb, name="rates-ecb"),
    path("kpi/rates/policy/", rates.rates_policy, name="rates-policy"),
    path("kpi/rates/history/", rates.rates_history, name="rates-history"),
]
api: list[URLPattern] = [
    path("rates/", money_api.Rates.as_view(), name="api-rates"),
    path("rates/daily/", money_api.DailyRates.as_view(), name="api-rates-daily"),
    path("rates/budget/", money_api.BudgetRates.as_view(), name="api-rates-budget"),
    path("rates/policy/", money_api.DefaultPolicy.as_view(), name="api-rates-policy"),
]
