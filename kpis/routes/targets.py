"""Targets and pacing."""

from __future__ import annotations

from django.urls import URLPattern, path

from kpis.api import pacing as pacing_api
from kpis.api import targets as targets_api
from kpis.views import approvals, pacing, phasing, plans

pages: list[URLPattern] = [
    path("kpi/targets/", plans.targets, name="targets"),
    path("kpi/targets/save/", plans.targets_save, name="targets-save"),
    path("kpi/targets/undo/", plans.targets_undo, name="targets-undo"),
    path("kpi/targets/import/", plans.targets_import, name="targets-import"),
    path("kpi/targets/history/", plans.targets_history, name="targets-history"),
    path("kpi/targets/targets.csv", plans.targets_export, name="targets-export"),
    path("kpi/targets/targets.xlsx", plans.targets_template, name="targets-template"),
    path("kpi/targets/approval/", approvals.approval, name="targets-approval"),
    path("kpi/targets/approval/act/", approvals.approval_act, name="targets-approval-act"),
    path("kpi/targets/version/", approvals.version_choice, name="targets-version"),
    path("kpi/targets/phasing/", phasing.phasing, name="targets-phasing"),
    path("kpi/targets/phasing/preview/", phasing.phasing_preview, name="targets-phasing-preview"),
    path("kpi/targets/phasing/save/", phasing.phasing_save, name="targets-phasing-save"),
    path("kpi/pacing/", pacing.pacing, name="pacing"),
    path("kpi/pacing/rows/", pacing.pacing_rows, name="pacing-rows"),
    path("kpi/pacing/course/", pacing.pacing_course, name="pacing-course"),
]
api: list[URLPattern] = [
    path("targets/", targets_api.Targets.as_view(), name="api-targets"),
    path("targets/approval/", targets_api.Approvals.as_view(), name="api-target-approvals"),
    path("targets/phasing/", targets_api.Phasing.as_view(), name="api-target-phasing"),
    path("pacing/", pacing_api.PacingValues.as_view(), name="api-pacing"),
]
