"""A client's markets."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from problems.errors import NotFound, Problem
from tenants.countries import facts_of
from tenants.forms import MarketChangeForm, MarketForm
from tenants.services import add_market, change_market
from tenants.views.door import access_to


@require_GET
def market_list(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    return render(
        request, "tenants/markets.html", {"markets": access.markets, "may_change": access.can("manage_markets")}
    )


@require_http_methods(["GET", "POST"])
def market_new(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    access.check("manage_markets")
    country = request.GET.get("country", "")
    form = MarketForm(request.POST or None, initial={"country": country, **facts_of(country).as_initial()})
    if request.method == "POST" and form.is_valid():
        try:
            market = add_market(access, form.draft())
        except Problem as problem:
            form.add_error(problem.details.get("field"), str(problem))
        else:
            messages.success(request, _("%(market)s was added.") % {"market": market})
            return redirect("tenants:markets")
    return render(request, "tenants/market_form.html", {"form": form, "new": True})


@require_http_methods(["GET", "POST"])
def market_change(request: HttpRequest, code: str) -> HttpResponse:
    access = access_to(request)
    access.check("manage_markets")
    market = next((m for m in access.markets if m.code == code), None)
    if market is None:
        raise NotFound(_("There is no such market."))
    names = ("country", "code", "name_ko", "name_en", "currency", "time_zone", "language")
    form = MarketChangeForm(request.POST or None, initial={name: getattr(market, name) for name in names})
    if request.method == "POST" and form.is_valid():
        change_market(access, market, form.draft())
        messages.success(request, _("Saved."))
        return redirect("tenants:markets")
    return render(request, "tenants/market_form.html", {"form": form, "new": False, "market": market})
