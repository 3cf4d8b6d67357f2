"""The market in-depth: page and CSV."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kpis.pages.depth import depth_ask, depth_page, depth_values
from kpis.pages.depth_charts import part_name
from kpis.pages.export import csv_answer
from kpis.queries.depth import PARTS
from kpis.reasons import hole_sentence
from tenants.views.door import access_to


@require_GET
def in_depth(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/depth.html", {"page": depth_page(access_to(request), request)})


@require_GET
def in_depth_csv(request: HttpRequest) -> HttpResponse:
    """One chart's numbers as they are: a percent as a rate, money in the named currency."""
    access = access_to(request)
    asked = depth_ask(access, request.GET)
    _ask, cell, depth = depth_values(access, asked)
    part = request.GET.get("part", "")
    unit = cell.currency or asked.kpi.unit.value
    rows: list[list[object]]
    if part in PARTS:
        rows = [[part, str(asked.kpi.name), _("Previous period"), _("Share"), _("Unit")]]
        rows += [
            [part_name(s.name), s.actual.number, s.previous.number, s.share, unit] for s in depth.slices.get(part, ())
        ]
    else:
        course = depth.course
        rows = [[_("From"), str(asked.kpi.name), _("Target"), _("Unit"), _("Note")]]
        rows += [
            [bucket, value.number, target, unit, hole_sentence(value.hole) if value.hole else ""]
            for bucket, value, target in zip(course.buckets, course.values, course.targets, strict=True)
        ]
    return csv_answer(f"{asked.kpi.key}-{asked.market}-{part or 'course'}", rows)
