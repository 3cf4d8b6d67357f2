"""The client's home page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from journeys.pages import home_page
from tenants.views.door import access_to


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "journeys/home.html", {"page": home_page(access_to(request))})
