"""What was known when: a cell's history, restatements and from which change on they are told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kpis.pages.history import history_lines, history_of
from kpis.pages.restatements import restatement_page, restatements_page
from kpis.services.restatements import set_threshold
from tenants.views.door import access_to


@require_GET
def cell_history(request: HttpRequest) -> HttpResponse:
    """What a cell said when: a fragment of its drawer."""
    access = access_to(request)
    lines = history_lines(access, history_of(access, request.GET))
    return render(request, "kpis/_cell_history.html", {"lines": lines})


@require_GET
def restatements(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/restatements.html", {"page": restatements_page(access_to(request), request.GET)})


@require_GET
def restatement(request: HttpRequest, number: int) -> HttpResponse:
    return render(request, "kpis/restatement.html", {"page": restatement_page(access_to(request), number)})


@require_POST
def restatements_threshold(request: HttpRequest) -> HttpResponse:
    percent = set_threshold(access_to(request), request.POST.get("percent", ""))
    messages.success(request, _("Restatements of more than %(percent)s %% are told of.") % {"percent": f"{percent:g}"})
    return redirect("kpis:restatements")
