"""Why a KPI changed: page and CSV."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kpis.pages.export import csv_answer
from kpis.pages.why import why_page, why_values
from kpis.pages.why_rows import bridge_rows
from tenants.views.door import access_to


@require_GET
def why(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/why.html", {"page": why_page(access_to(request), request.GET)})


@require_GET
def why_csv(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    asked, bridge = why_values(access, request.GET)
    name = f"why-{asked.kpi.key}-{asked.market or 'all'}-{asked.bar.period.text}"
    return csv_answer(name, bridge_rows(access, asked, bridge))
