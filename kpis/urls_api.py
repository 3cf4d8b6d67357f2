"""The API of KPIs, under api/v1/."""

from django.urls import path

from kpis import api

urlpatterns = [
    path("kpis/", api.Definitions.as_view(), name="api-kpis"),
    path("board/", api.BoardValues.as_view(), name="api-board"),
    path("in-depth/", api.InDepth.as_view(), name="api-in-depth"),
    path("targets/", api.Targets.as_view(), name="api-targets"),
    path("rates/", api.Rates.as_view(), name="api-rates"),
]
