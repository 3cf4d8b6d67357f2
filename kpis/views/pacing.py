"""Pacing: the page at once, its rows and its chart as they are computed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from kpis.pages.board import language
from kpis.pages.pacing import pacing_ask, pacing_page
from kpis.pages.pacing import pacing_rows as rows_of
from kpis.pages.pacing_chart import insight_of, pacing_chart
from kpis.queries.asked import state_of_data
from kpis.queries.pacing import paces_of
from tenants.views.door import access_to


@require_GET
def pacing(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/pacing.html", {"page": pacing_page(access_to(request), request.GET)})


@require_GET
def pacing_rows(request: HttpRequest) -> HttpResponse:
    """One KPI's rows; without htmx the page that they stand on."""
    kpi, rows = rows_of(access_to(request), request.GET)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{reverse('kpis:pacing')}?kpi={kpi.key}")
    return render(request, "kpis/_pacing_rows.html", {"rows": rows})


@require_GET
def pacing_course(request: HttpRequest) -> HttpResponse:
    """The chart of one KPI in one market; without htmx as a page of its own."""
    access = access_to(request)
    state = state_of_data(access)
    ask = pacing_ask(access, request.GET, state)
    pace = paces_of(access, ask.kpi, state, access.market_codes)[access.market_codes.index(ask.market)]
    market = next(one for one in access.markets if one.code == ask.market)
    name = market.name_ko if language() == "ko" else market.name_en
    shown = {"chart": pacing_chart(pace, name), "insight": insight_of(pace)}
    template = "kpis/_pacing_course.html" if request.htmx else "kpis/pacing_course.html"  # type: ignore[attr-defined]
    return render(request, template, shown)
