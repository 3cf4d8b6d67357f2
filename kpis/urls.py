"""Pages of KPIs inside a client."""

from django.urls import path

from kpis.views import board, catalogue, depth, plans

app_name = "kpis"
urlpatterns = [
    path("kpi/board/", board.board, name="board"),
    path("kpi/board/cell/", board.board_cell, name="board-cell"),
    path("kpi/board/export.csv", board.board_export, name="board-export"),
    path("kpi/board/choice/", board.board_choice, name="board-choice"),
    path("kpi/in-depth/", depth.in_depth, name="in-depth"),
    path("kpi/in-depth/values.csv", depth.in_depth_csv, name="in-depth-csv"),
    path("kpi/targets/", plans.targets, name="targets"),
    path("kpi/targets/save/", plans.targets_save, name="targets-save"),
    path("kpi/targets/undo/", plans.targets_undo, name="targets-undo"),
    path("kpi/targets/import/", plans.targets_import, name="targets-import"),
    path("kpi/targets/history/", plans.targets_history, name="targets-history"),
    path("kpi/targets/targets.csv", plans.targets_export, name="targets-export"),
    path("kpi/rates/", plans.rates, name="rates"),
    path("kpi/rates/save/", plans.rates_save, name="rates-save"),
    path("kpi/rates/import/", plans.rates_import, name="rates-import"),
    path("kpi/rates/history/", plans.rates_history, name="rates-history"),
    path("kpi/definitions/", catalogue.catalogue, name="catalogue"),
]
