"""One KPI's page, its editor, its local definitions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpis.catalogue import Stage
from kpis.errors import NoSuchKpi
from kpis.forms.definitions import OwnKpiForm, initial_of
from kpis.models import OwnKpi
from kpis.pages.board import language
from kpis.pages.definition import definition_page
from kpis.pages.editor import checked_answer, editor_page, preview_page
from kpis.pages.local import local_page
from kpis.queries.definition import own_kpi_named
from kpis.services.definitions import OwnDraft, change_own_kpi, check_draft, make_own_kpi, set_own_active
from kpis.services.overrides import decide_override, end_override, propose_override
from problems.errors import Problem
from tenants.access import Access
from tenants.views.door import access_to


@require_GET
def definition(request: HttpRequest, key: str) -> HttpResponse:
    page = definition_page(access_to(request), key, request.GET)
    return render(request, "kpis/definition.html", {"page": page})


@require_GET
def local(request: HttpRequest, key: str) -> HttpResponse:
    """Both numbers of a market, for the drawer of a board's cell."""
    return render(request, "kpis/_local.html", {"page": local_page(access_to(request), key, request.GET)})


@require_http_methods(["GET", "POST"])
def own_new(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    access.check("define_kpis")
    form = OwnKpiForm(request.POST or None, initial={"stage": Stage.CONVERSION.value})
    return _editor(request, access, form, None)


@require_http_methods(["GET", "POST"])
def own_change(request: HttpRequest, key: str) -> HttpResponse:
    access = access_to(request)
    access.check("define_kpis")
    own = own_kpi_named(key)
    if own is None:
        raise NoSuchKpi(key)
    return _editor(request, access, OwnKpiForm(request.POST or None, own=own, initial=initial_of(own)), own)


def _editor(request: HttpRequest, access: Access, form: OwnKpiForm, own: OwnKpi | None) -> HttpResponse:
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(access, form, own)
        except Problem as problem:
            field = "formula" if problem.code == "bad_formula" else problem.details.get("field", "")
            form.add_error(field if field in form.fields else None, str(problem))
            status = problem.status
        else:
            messages.success(request, _("Saved as version %(number)d.") % {"number": saved.version})
            return redirect("kpis:definition", saved.key)
    elif request.method == "POST":
        status = 400
    return render(request, "kpis/own_form.html", {"page": editor_page(access, own), "form": form}, status=status)


def _save(access: Access, form: OwnKpiForm, own: OwnKpi | None) -> OwnKpi:
    if own is None:
        return make_own_kpi(access, form.draft(), now=timezone.now())
    version, why = form.cleaned_data["version"] or 0, form.cleaned_data["why"]
    return change_own_kpi(access, form.draft(), version=version, why=why, now=timezone.now())


@require_POST
def own_active(request: HttpRequest, key: str) -> HttpResponse:
    active = request.POST.get("active") == "1"
    set_own_active(access_to(request), key, active=active, why=request.POST.get("why", ""), now=timezone.now())
    messages.success(request, _("The KPI is in use again.") if active else _("The KPI is out of use."))
    return redirect("kpis:definition", key)


def draft_of(request: HttpRequest) -> OwnDraft:
    """What has been typed so far; nothing else than the formula is needed."""
    sent = request.POST
    return OwnDraft(
        key=sent.get("key", ""), name_ko=sent.get("name_ko", ""), name_en=sent.get("name_en", ""), stage="",
        unit="", better="", formula=sent.get("formula", ""),
    )  # fmt: skip


@require_POST
def formula_check(request: HttpRequest) -> JsonResponse:
    """What a formula means, or what is wrong with it and where."""
    access_to(request)
    try:
        kpi, checked = check_draft(draft_of(request))
    except Problem as problem:
        return JsonResponse({"ok": False, **problem.as_json()}, status=problem.status)
    return JsonResponse(checked_answer(kpi, checked, language()))


@require_POST
def formula_preview(request: HttpRequest) -> HttpResponse:
    """The formula on last month's data, of the markets that this person may see."""
    try:
        kpi, _checked = check_draft(draft_of(request))
    except Problem as problem:
        return JsonResponse({"ok": False, **problem.as_json()}, status=problem.status)
    return render(request, "kpis/_preview.html", {"page": preview_page(access_to(request), kpi, request.GET)})


@require_POST
def override_propose(request: HttpRequest, key: str) -> HttpResponse:
    sent = request.POST
    propose_override(
        access_to(request), key=key, market=sent.get("market", ""), formula=sent.get("formula", ""),
        reason=sent.get("reason", ""), now=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("Proposed. An owner or another admin can approve it now."))
    return redirect("kpis:definition", key)


@require_POST
def override_decide(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Approve, turn down or end a local definition."""
    access, deed = access_to(request), request.POST.get("deed", "")
    if deed == "end":
        end_override(access, number, now=timezone.now())
    else:
        decide_override(access, number, approve=deed == "approve", now=timezone.now())
    return redirect("kpis:definition", key)
