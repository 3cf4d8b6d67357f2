"""The list of KPI definitions: which are the client's, the recommended sets, the one metric that matters."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kpis.pages.catalogue import catalogue_page
from kpis.services.definitions import choose_set, switch_kpis
from kpis.services.overrides import choose_omtm
from tenants.views.door import access_to


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/catalogue.html", {"page": catalogue_page(access_to(request), request.GET)})


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """One KPI on or off."""
    key = request.POST.get("kpi", "")
    switch_kpis(access_to(request), {key: request.POST.get("on") == "1"}, now=timezone.now())
    return _back(request)


@require_POST
def recommended_set(request: HttpRequest) -> HttpResponse:
    changed = choose_set(access_to(request), request.POST.get("set", ""), now=timezone.now())
    text = ngettext("%(number)d KPI was switched.", "%(number)d KPIs were switched.", changed) % {"number": changed}
    messages.success(request, text if changed else _("These KPIs were switched on already."))
    return redirect("kpis:catalogue")


@require_POST
def omtm(request: HttpRequest) -> HttpResponse:
    """The one metric of a market, or of the client."""
    market, key = request.POST.get("market", ""), request.POST.get("kpi", "")
    choose_omtm(access_to(request), market=market, key=key, now=timezone.now())
    messages.success(request, _("The one metric that matters is chosen; it leads the home page."))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page that the form stood on, if it is one of this portal."""
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith(reverse("kpis:catalogue"))
    return redirect(back if safe else "kpis:catalogue")
