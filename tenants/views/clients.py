"""My clients, and a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from problems.errors import Problem
from tenants.countries import facts_of
from tenants.errors import NoSuchClient, NotYourJob
from tenants.forms import ClientForm, MarketFormSet
from tenants.models import Client, Membership
from tenants.queries import clients_of, membership_at
from tenants.services import create_client, retry_preparation


@dataclass(frozen=True)
class StepShown:
    words: str
    state: str  # done, now, waiting, failed


@login_required
@require_GET
def client_list(request: HttpRequest) -> HttpResponse:
    memberships = list(clients_of(request.user).prefetch_related("markets", "client__markets"))  # type: ignore[arg-type]
    return render(request, "tenants/clients.html", {"memberships": memberships, "may_add": request.user.is_staff})


@login_required
@require_http_methods(["GET", "POST"])
def client_new(request: HttpRequest) -> HttpResponse:
    if not request.user.is_staff:
        raise NotYourJob(_("Only the portal's operators can add a client."), fix=_("Ask your operator."))
    form = ClientForm(request.POST or None)
    markets = MarketFormSet(
        request.POST or None,
        prefix="markets",
        initial=None if request.POST else [{"country": "KR", **facts_of("KR").as_initial()}],
    )
    if request.method == "POST" and form.is_valid() and markets.is_valid():
        drafts = [m.draft() for m in markets.forms if m.cleaned_data and not m.cleaned_data.get("DELETE")]
        try:
            client = create_client(draft=form.draft(), markets=drafts, by=request.user)
        except Problem as problem:
            form.add_error(None, str(problem))
        else:
            return redirect("tenants:client-progress", slug=client.slug)
    return render(request, "tenants/client_new.html", {"form": form, "markets": markets})


@login_required
@require_GET
def country_facts(request: HttpRequest) -> JsonResponse:
    """What a country proposes for a market: code, names, currency, time zone, language."""
    country = request.GET.get("country", "")
    return JsonResponse(facts_of(country).as_initial())


@login_required
@require_GET
def client_progress(request: HttpRequest, slug: str) -> HttpResponse:
    membership = _mine(request, slug)
    client = membership.client
    context: dict[str, Any] = {"client": client, "steps": _steps(client), "done": client.state == Client.State.READY}
    template = "tenants/_client_progress.html" if request.headers.get("HX-Request") else "tenants/client_progress.html"
    return render(request, template, context)


@login_required
@require_POST
def client_retry(request: HttpRequest, slug: str) -> HttpResponse:
    retry_preparation(_mine(request, slug).client)
    messages.info(request, _("Trying again."))
    return redirect("tenants:client-progress", slug=slug)


def _mine(request: HttpRequest, slug: str) -> Membership:
    membership = membership_at(request.user, slug)  # type: ignore[arg-type]
    if membership is None:
        raise NoSuchClient
    return membership


def _steps(client: Client) -> list[StepShown]:
    names = [step for step, _words, _path in settings.CLIENT_STEPS]
    at = names.index(client.step) if client.step in names else (len(names) if client.state == Client.State.READY else 0)
    current = "failed" if client.state == Client.State.FAILED else "now"
    return [
        StepShown(str(words), "done" if i < at else current if i == at else "waiting")
        for i, (_step, words, _path) in enumerate(settings.CLIENT_STEPS)
    ]
