"""What the KPIs mean: the catalogue, own KPIs, the one metric that matters."""

from __future__ import annotations

from django.urls import URLPattern, path

from kpis.api import board as board_api
from kpis.views import catalogue

pages: list[URLPattern] = [
    path("kpi/definitions/", catalogue.catalogue, name="catalogue"),
]
api: list[URLPattern] = [
    path("kpis/", board_api.Definitions.as_view(), name="api-kpis"),
]
