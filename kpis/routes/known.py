"""What was known when: a cell's history and restatements."""

from __future__ import annotations

from django.urls import URLPattern, path

from kpis.api import known as known_api
from kpis.views import known

pages: list[URLPattern] = [
    path("kpi/board/cell/history/", known.cell_history, name="cell-history"),
    path("kpi/restatements/", known.restatements, name="restatements"),
    path("kpi/restatements/threshold/", known.restatements_threshold, name="restatements-threshold"),
    path("kpi/restatements/<int:number>/", known.restatement, name="restatement"),
]
api: list[URLPattern] = [
    path("restatements/", known_api.Restatements.as_view(), name="api-restatements"),
    path("board/cell/history/", known_api.CellHistory.as_view(), name="api-cell-history"),
]
