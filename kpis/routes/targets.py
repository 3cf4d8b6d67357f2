"""Targets and pacing."""

from __future__ import annotations

from django.urls import URLPattern, path

from kpis.api import targets as targets_api
from kpis.views import plans

pages: list[URLPattern] = [
    path("kpi/targets/", plans.targets, name="targets"),
    path("kpi/targets/save/", plans.targets_save, name="targets-save"),
    path("kpi/targets/undo/", plans.targets_undo, name="targets-undo"),
    path("kpi/targets/import/", plans.targets_import, name="targets-import"),
    path("kpi/targets/history/", plans.targets_history, name="targets-history"),
    path("kpi/targets/targets.csv", plans.targets_export, name="targets-export"),
]
api: list[URLPattern] = [
    path("targets/", targets_api.Targets.as_view(), name="api-targets"),
]
