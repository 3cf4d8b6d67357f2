"""Actions: the table, a new one, a changed one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kpis.forms.notes import action_form, change_form
from kpis.pages.actions import actions_page, effect_text
from kpis.pages.notes import place_text
from kpis.queries.definitions import definitions_of
from kpis.queries.effects import effects_of
from kpis.queries.notes import action_of
from kpis.queries.windows import today_at
from kpis.services.actions import can_change, change_action, make_action
from problems.errors import Problem
from tenants.views.door import access_to


@require_GET
def actions(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/actions.html", {"page": actions_page(access_to(request), request.GET)})


@require_http_methods(["GET", "POST"])
def action_new(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    access.check("write_notes")
    form = action_form(access, request.GET, request.POST if request.method == "POST" else None)
    problem = None
    if request.method == "POST" and form.is_valid():
        try:
            make_action(access, form.draft(), now=timezone.now(), today=today_at(access))
        except Problem as found:
            problem = found
        else:
            messages.success(request, _("The action is on the list."))
            return redirect("kpis:actions")
    context = {"form": form, "problem": problem, "title": _("New action"), "place": ""}
    return render(request, "kpis/action_form.html", context, status=problem.status if problem else 200)


@require_http_methods(["GET", "POST"])
def action_change(request: HttpRequest, action_id: int) -> HttpResponse:
    access = access_to(request)
    action = action_of(access, action_id)
    form = change_form(access, action, request.POST if request.method == "POST" else None)
    problem = None
    if request.method == "POST" and form.is_valid():
        try:
            change_action(access, action, form.draft(), now=timezone.now(), today=today_at(access))
        except Problem as found:
            problem = found
        else:
            messages.success(request, _("The action was changed."))
            return redirect("kpis:actions")
    known = definitions_of(access)
    context = {
        "form": form,
        "problem": problem,
        "title": action.note.text,
        "place": place_text(access, action.note.kpi, action.note.market, known),
        "action": action,
        "effect": effect_text(known.by_key.get(action.note.kpi), effects_of(access, [action])[action.pk]),
        "may_change": can_change(access, action),
    }
    return render(request, "kpis/action_form.html", context, status=problem.status if problem else 200)
