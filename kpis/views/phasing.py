"""Spreading a yearly value over months: form, preview, save."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kpis.pages.phasing import phasing_ask, phasing_page
from kpis.services.phasing import PhasingAsk, preview_phasing, save_phasing
from problems.errors import Problem
from tenants.access import Access
from tenants.views.door import access_to


@require_GET
def phasing(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    ask = phasing_ask(access, request.GET, {})
    return render(request, "kpis/phasing.html", {"page": phasing_page(access, request.GET, ask)})


@require_POST
def phasing_preview(request: HttpRequest) -> HttpResponse:
    """What would change, cell by cell; nothing is saved."""
    access = access_to(request)
    ask = phasing_ask(access, request.GET, request.POST.dict())
    return _shown(request, access, ask, None)


@require_POST
def phasing_save(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    ask = phasing_ask(access, request.GET, request.POST.dict())
    seen, reason = request.POST.get("seen", ""), request.POST.get("reason", "")
    try:
        saved = save_phasing(access, ask, seen=seen, now=timezone.now(), reason=reason)
    except Problem as problem:
        return _shown(request, access, ask, problem)
    done = ngettext("%(number)d value saved.", "%(number)d values saved.", saved.changed) % {"number": saved.changed}
    messages.success(request, done)
    return redirect(reverse("kpis:targets") + "?" + request.GET.urlencode())


def _shown(request: HttpRequest, access: Access, ask: PhasingAsk, problem: Problem | None) -> HttpResponse:
    """The form with its preview where one can be made, and the problem where there is one."""
    preview = None
    try:
        preview = preview_phasing(access, ask)
    except Problem as found:
        problem = problem or found
    page = phasing_page(access, request.GET, ask, preview, problem)
    return render(request, "kpis/phasing.html", {"page": page}, status=problem.status if problem else 200)
