"""The board and the market in depth."""

from __future__ import annotations

from django.urls import URLPattern, path

from kpis.api import board as board_api
from kpis.views import board, depth

pages: list[URLPattern] = [
    path("kpi/board/", board.board, name="board"),
    path("kpi/board/cell/", board.board_cell, name="board-cell"),
    path("kpi/board/export.csv", board.board_export, name="board-export"),
    path("kpi/board/choice/", board.board_choice, name="board-choice"),
    path("kpi/in-depth/", depth.in_depth, name="in-depth"),
    path("kpi/in-depth/values.csv", depth.in_depth_csv, name="in-depth-csv"),
]
api: list[URLPattern] = [
    path("board/", board_api.BoardValues.as_view(), name="api-board"),
    path("in-depth/", board_api.InDepth.as_view(), name="api-in-depth"),
]
