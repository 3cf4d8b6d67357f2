"""Which market does best, fairly: page, CSV, the switch that shows ranks to the markets."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kpis.pages.best_market import best_page, best_values
from kpis.pages.best_market_answers import best_rows
from kpis.pages.export import csv_answer
from kpis.services.ranks import share_ranks
from tenants.views.door import access_to


@require_GET
def best_market(request: HttpRequest) -> HttpResponse:
    page = best_page(access_to(request), request.GET, request.GET.urlencode())
    return render(request, "kpis/best_market.html", {"page": page})


@require_GET
def best_market_csv(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    asked, found = best_values(access, request.GET)
    name = f"best-market-{asked.kpi.key}-{asked.bar.period.text}"
    return csv_answer(name, best_rows(access, asked, found))


@require_POST
def ranks_shared(request: HttpRequest) -> HttpResponse:
    """Show each market its own rank, or stop it."""
    shown = request.POST.get("shown") == "yes"
    share_ranks(access_to(request), shown=shown, now=timezone.now())
    said = _("Single markets see their own rank now.") if shown else _("Single markets don't see ranks now.")
    messages.success(request, said)
    return redirect(reverse("kpis:best-market") + "?" + request.POST.get("back", "").lstrip("?"))
