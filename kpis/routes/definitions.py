"""What the KPIs mean: the catalogue, own KPIs, the one metric that matters."""

from __future__ import annotations

from django.urls import URLPattern, path

from kpis.api import definitions as definitions_api
from kpis.views import catalogue, definition

pages: list[URLPattern] = [
    path("kpi/definitions/", catalogue.catalogue, name="catalogue"),
    path("kpi/definitions/switch/save/", catalogue.switch, name="definition-switch"),
    path("kpi/definitions/set/save/", catalogue.recommended_set, name="definition-set"),
    path("kpi/definitions/omtm/save/", catalogue.omtm, name="omtm"),
    path("kpi/definitions/own/new/", definition.own_new, name="own-new"),
    path("kpi/formula/check/", definition.formula_check, name="formula-check"),
    path("kpi/formula/preview/", definition.formula_preview, name="formula-preview"),
    path("kpi/definitions/<slug:key>/", definition.definition, name="definition"),
    path("kpi/definitions/<slug:key>/local/", definition.local, name="definition-local"),
    path("kpi/definitions/<slug:key>/edit/", definition.own_change, name="own-change"),
    path("kpi/definitions/<slug:key>/active/", definition.own_active, name="own-active"),
    path("kpi/definitions/<slug:key>/override/", definition.override_propose, name="override-propose"),
    path("kpi/definitions/<slug:key>/override/<int:number>/", definition.override_decide, name="override-decide"),
]
api: list[URLPattern] = [
    path("kpis/", definitions_api.Definitions.as_view(), name="api-kpis"),
    path("kpis/formula/check/", definitions_api.FormulaCheck.as_view(), name="api-formula-check"),
    path("kpis/formula/preview/", definitions_api.FormulaPreview.as_view(), name="api-formula-preview"),
    path("kpis/switches/", definitions_api.Switches.as_view(), name="api-kpi-switches"),
    path("kpis/omtm/", definitions_api.OneMetric.as_view(), name="api-omtm"),
    path("kpis/overrides/", definitions_api.Overrides.as_view(), name="api-overrides"),
    path("kpis/overrides/<int:number>/", definitions_api.OverrideDecision.as_view(), name="api-override"),
    path("kpis/<slug:key>/", definitions_api.OneDefinition.as_view(), name="api-kpi"),
]
