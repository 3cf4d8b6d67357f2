"""Submitting and approving targets, and choosing which version values are held to."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kpis.models import Version
from kpis.pages.approvals import approval_page
from kpis.pages.plans import asked_version, months_asked
from kpis.services.approvals import approve_months, send_back_months, submit_months, use_version
from kpis.services.typed import typed_month
from problems.errors import Problem
from tenants.access import Access
from tenants.views.door import access_to


@require_GET
def approval(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/approval.html", {"page": approval_page(access_to(request), request.GET)})


@require_POST
def approval_act(request: HttpRequest) -> HttpResponse:
    """Submit, approve or send back a market's chosen month, or its whole year."""
    access = access_to(request)
    try:
        messages.success(request, _act(access, request))
    except Problem as problem:
        page = approval_page(access, request.GET, problem)
        return render(request, "kpis/approval.html", {"page": page}, status=problem.status)
    return redirect(reverse("kpis:targets-approval") + "?" + request.GET.urlencode())


@require_POST
def version_choice(request: HttpRequest) -> HttpResponse:
    """Hold the board, the home page and the API to another version."""
    access = access_to(request)
    version = asked_version(request.POST, access)
    use_version(access, version)
    chosen = _("Values are now held to the targets of “%(version)s”.") % {"version": Version(version).label}
    messages.success(request, chosen)
    return redirect(reverse("kpis:targets-approval") + f"?version={version}")


def _act(access: Access, request: HttpRequest) -> str:
    version = asked_version(request.GET, access)
    markets, months = request.POST.getlist("market"), _months(access, request)
    if request.POST.get("act") == "approve":
        count = approve_months(access, version, markets, months, now=timezone.now())
        return ngettext("%(number)d month approved.", "%(number)d months approved.", count) % {"number": count}
    if request.POST.get("act") == "send_back":
        count = send_back_months(access, version, markets, months, note=request.POST.get("note", ""))
        return ngettext("%(number)d month sent back.", "%(number)d months sent back.", count) % {"number": count}
    count = submit_months(access, version, markets, months, now=timezone.now())
    return ngettext("%(number)d month submitted.", "%(number)d months submitted.", count) % {"number": count}


def _months(access: Access, request: HttpRequest) -> list[dt.date]:
    month = typed_month(request.POST.get("month", ""))
    return [month] if month is not None else months_asked(access, request.GET)[0]
