"""The mapping form: every change is stored and checked; the page works without scripts too."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from problems.errors import Problem
from sources import services
from sources.forms import choices_from, plan_from
from sources.models import FileImport, ImportState
from sources.queries.imports import import_seen_by
from sources.views.imports import own_import, sheet_context
from tenants.access import Access
from tenants.views.door import access_to


@require_POST
def import_reread(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Read the file again with the person's corrections."""
    access = access_to(request)
    services.read_again(access, own_import(access, import_id), choices_from(request.POST))
    return redirect("sources:import", import_id)


@require_POST
def import_mapping(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Store a changed mapping; a scripted change gets the form and the check back."""
    access = access_to(request)
    file_import = own_import(access, import_id)
    problem: Problem | None = None
    try:
        _change(access, file_import, request)
    except Problem as raised:
        problem = raised
    if request.headers.get("HX-Request") != "true":
        if problem:
            raise problem
        return redirect("sources:import", import_id)
    file_import.refresh_from_db()
    if file_import.state not in (ImportState.MAPPING, ImportState.CHECKING, ImportState.READY):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "sources/_sheet.html", {**sheet_context(access, file_import), "problem": problem})


def _change(access: Access, file_import: FileImport, request: HttpRequest) -> None:
    table = request.POST.get("table", "")
    if table and table != (file_import.plan or {}).get("table"):
        services.change_table(access, file_import, table)
    else:
        services.change_mapping(access, file_import, plan_from(request.POST, access, file_import))


@require_GET
def import_check(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The check beside the form, asked for again while it runs."""
    access = access_to(request)
    file_import = import_seen_by(access, import_id)
    if file_import.state not in (ImportState.MAPPING, ImportState.CHECKING, ImportState.READY):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "sources/_check.html", sheet_context(access, file_import))
