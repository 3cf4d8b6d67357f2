"""Tables, documents and pictures to take away."""

from __future__ import annotations

from django.urls import URLPattern, path

from kpis.api import exports as exports_api
from kpis.views import exports

pages: list[URLPattern] = [
    path("kpi/board/file.<slug:kind>", exports.board_file, name="board-file"),
    path("kpi/in-depth/file.<slug:kind>", exports.depth_file, name="in-depth-file"),
    path("kpi/why/file.<slug:kind>", exports.why_bridge_file, name="why-file"),
    path("kpi/definitions/<slug:key>/file.<slug:kind>", exports.kpi_file, name="definition-file"),
]
api: list[URLPattern] = [
    path("board.<slug:kind>", exports_api.BoardFile.as_view(), name="api-board-file"),
    path("in-depth.<slug:kind>", exports_api.DepthFile.as_view(), name="api-in-depth-file"),
    path("why.<slug:kind>", exports_api.WhyFile.as_view(), name="api-why-file"),
    path("kpis/<slug:key>.<slug:kind>", exports_api.KpiFile.as_view(), name="api-kpi-file"),
]
