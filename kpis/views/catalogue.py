"""The list of KPI definitions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kpis.pages.catalogue import catalogue_page


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/catalogue.html", {"page": catalogue_page()})
