"""Alerts: the list, a new one with its test run, one with what it found, muting."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpis.errors_watch import BadAlert
from kpis.forms.alerts import AlertForm, alert_form
from kpis.models import Alert
from kpis.pages.alerts import KIND_WORDS, alert_page, alerts_page, kind_tabs, rehearsal_page
from kpis.queries.alerts import alert_of, rehearse
from kpis.queries.windows import today_at
from kpis.services.alerts import (
    KINDS,
    change_alert,
    check_change,
    checked_rule,
    delete_alert,
    make_alert,
    mute_alert,
    rule_of_draft,
    switch_alert,
)
from problems.errors import Problem
from tenants.views.door import access_to

DAYS = {"day": 1, "week": 7}


@require_GET
def alerts(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/alerts.html", {"page": alerts_page(access_to(request))})


@require_http_methods(["GET", "POST"])
def alert_new(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    access.check("write_notes")
    kind = _kind(request)
    form = alert_form(access, kind, request.GET, sent=request.POST if request.method == "POST" else None)
    problem = None
    if request.method == "POST" and form.is_valid():
        try:
            made = make_alert(access, form.draft(), now=timezone.now(), today=today_at(access))
        except Problem as found:
            problem = found
        else:
            messages.success(request, _("The alert is on. It is checked after each load and every hour."))
            return redirect("kpis:alert", made.pk)
    return _form(request, form, kind, problem)


@require_http_methods(["GET", "POST"])
def alert_change(request: HttpRequest, alert_id: int) -> HttpResponse:
    access = access_to(request)
    alert = alert_of(access, alert_id)
    check_change(access, alert)
    sent = request.POST if request.method == "POST" else None
    form = alert_form(access, alert.kind, request.GET, alert=alert, sent=sent)
    problem = None
    if request.method == "POST" and form.is_valid():
        try:
            change_alert(access, alert, form.draft(), now=timezone.now(), today=today_at(access))
        except Problem as found:
            problem = found
        else:
            messages.success(request, _("The alert was changed."))
            return redirect("kpis:alert", alert.pk)
    return _form(request, form, alert.kind, problem, alert)


def _form(
    request: HttpRequest, form: AlertForm, kind: str, problem: Problem | None, alert: Alert | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "kind": kind,
        "kind_words": KIND_WORDS[kind](),
        "tabs": [] if alert else kind_tabs(kind),
        "alert": alert,
        "problem": problem,
    }
    return render(request, "kpis/alert_form.html", context, status=problem.status if problem else 200)


@require_POST
def alert_rehearsal(request: HttpRequest) -> HttpResponse:
    """What the alert in the form would have done in the past 90 days."""
    access = access_to(request)
    access.check("write_notes")
    form = alert_form(access, _kind(request), request.GET, sent=request.POST)
    if not form.is_valid():
        return render(request, "kpis/_rehearsal.html", {"page": None, "form": form})
    draft = checked_rule(access, form.draft())
    rule = rule_of_draft(draft)
    run = rehearse(access, rule, draft.markets or access.market_codes, today=today_at(access))
    return render(request, "kpis/_rehearsal.html", {"page": rehearsal_page(access, rule, run)})


@require_GET
def alert(request: HttpRequest, alert_id: int) -> HttpResponse:
    access = access_to(request)
    return render(request, "kpis/alert.html", {"page": alert_page(access, alert_of(access, alert_id))})


@require_POST
def alert_mute(request: HttpRequest, alert_id: int) -> HttpResponse:
    """For a day, a week, until a day, or speak again (`for`: day, week, until, none)."""
    access = access_to(request)
    found, today = alert_of(access, alert_id), today_at(access)
    mute_alert(access, found, _until(request, today), now=timezone.now(), today=today)
    messages.success(request, _("Muted.") if found.muted_until else _("It speaks again."))
    return redirect("kpis:alert", found.pk)


@require_POST
def alert_switch(request: HttpRequest, alert_id: int) -> HttpResponse:
    access = access_to(request)
    found = alert_of(access, alert_id)
    active = request.POST.get("active") == "1"
    switch_alert(access, found, active=active, now=timezone.now(), today=today_at(access))
    return redirect("kpis:alert", found.pk)


@require_POST
def alert_delete(request: HttpRequest, alert_id: int) -> HttpResponse:
    access = access_to(request)
    delete_alert(access, alert_of(access, alert_id))
    messages.success(request, _("The alert was deleted."))
    return redirect("kpis:alerts")


def _kind(request: HttpRequest) -> str:
    asked = request.GET.get("kind", "")
    return str(next((kind for kind in KINDS if kind == asked), KINDS[0]))


def _until(request: HttpRequest, today: dt.date) -> dt.date | None:
    asked = request.POST.get("for", "")
    if asked == "none":
        return None
    if asked in DAYS:
        return today + dt.timedelta(days=DAYS[asked])
    try:
        return dt.date.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        raise BadAlert(
            _("“%(text)s” is no day.") % {"text": request.POST.get("until", "")[:40]},
            fix=_("Write it like 2026-10-31."),
            field="until",
        ) from None
