"""Targets: the grid, saving what was typed or pasted, importing files, history, undo."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kpis.catalogue import Kpi, Unit
from kpis.errors import BadTargets
from kpis.models import How
from kpis.pages.export import csv_answer
from kpis.pages.plans import (
    asked_version,
    shown_number,
    target_entries,
    targets_page,
    unit_label,
    year_of_targets,
)  # fmt: skip
from kpis.queries.definitions import known_kpi
from kpis.queries.plans import target_history
from kpis.services.target_sheets import target_sheet
from kpis.services.target_tables import TargetCell
from kpis.services.targets import Saved, import_targets, set_targets, undo_targets
from kpis.services.typed import typed_month, typed_number
from problems.errors import Problem
from tenants.access import Access
from tenants.views.door import access_to

Kept = TypeVar("Kept")


@require_GET
def targets(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/targets.html", {"page": targets_page(access_to(request), request.GET)})


@require_POST
def targets_save(request: HttpRequest) -> JsonResponse:
    """What was typed or pasted in the grid, as one batch; answers with what stands there now."""

    def save(access: Access, cells: list[dict[str, str]], how: How) -> tuple[Saved, list[dict[str, str]]]:
        wanted = [_target_cell(cell) for cell in cells]
        version = asked_version(request.GET, access)
        saved = set_targets(access, wanted, how=how, now=timezone.now(), version=version, reason=_reason(request))
        return saved, [
            shown_cell(c["place"], t.value, _kpi(t.kpi).unit.value) for c, t in zip(cells, wanted, strict=True)
        ]

    return answer_saved(request, save)


@require_POST
def targets_undo(request: HttpRequest) -> JsonResponse:
    """Put back what a batch changed."""
    try:
        saved = undo_targets(access_to(request), uuid.UUID(request.POST.get("batch", "")), now=timezone.now())
    except (Problem, ValueError) as error:
        return answer_refused(error)
    return JsonResponse({"changed": saved.changed, "sentence": done_sentence(saved)})


@require_POST
def targets_import(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    try:
        version, reason = asked_version(request.GET, access), request.POST.get("reason", "")
        now = timezone.now()
        saved = given_table(
            request, lambda **given: import_targets(access, now=now, version=version, reason=reason, **given)
        )
    except Problem as problem:
        page = targets_page(access, request.GET, problem, request.POST.get("text", ""))
        return render(request, "kpis/targets.html", {"page": page}, status=problem.status)
    messages.success(request, done_sentence(saved))
    return redirect(reverse("kpis:targets") + "?" + request.GET.urlencode())


@require_GET
def targets_history(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    changes = target_history(access, kpi=request.GET.get("kpi", ""), market=request.GET.get("market", ""))
    return history_answer(request, target_entries(access, changes), reverse("kpis:targets"))


@require_GET
def targets_export(request: HttpRequest) -> HttpResponse:
    """All targets of a fiscal year with the KPIs that have none yet: filled in and imported again, it is the plan."""
    ask, grid = year_of_targets(access_to(request), request.GET)
    rows: list[list[object]] = [
        ["KPI", _("KPI name"), _("Market"), _("Unit"), *(f"{month:%Y-%m}" for month in ask.months)]
    ]
    for kpi in ask.kpis:
        for market in ask.markets:
            values = [
                shown_number(grid.get((kpi.key, market.code, m)), kpi.unit.value).replace(",", "") for m in ask.months
            ]
            rows.append([kpi.key, str(kpi.name), market.code, unit_label(kpi, market.currency), *values])
    return csv_answer(f"targets-{ask.version}-{ask.months[0]:%Y-%m}", rows)


@require_GET
def targets_template(request: HttpRequest) -> HttpResponse:
    """The same as a spreadsheet whose heads are protected."""
    ask, grid = year_of_targets(access_to(request), request.GET)
    return HttpResponse(
        target_sheet(ask, grid),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={
            "Content-Disposition": f'attachment; filename="targets-{ask.version}-{ask.months[0]:%Y-%m}.xlsx"',
        },
    )


def answer_saved(
    request: HttpRequest,
    save: Callable[[Access, list[dict[str, str]], How], tuple[Saved, list[dict[str, str]]]],
) -> JsonResponse:
    """Keep what the grid sent by `save`, and answer with what stands there now."""
    try:
        sent = json.loads(request.body)
        how = How.PASTED if sent.get("how") == "pasted" else How.TYPED
        saved, cells = save(access_to(request), list(sent["cells"]), how)
    except Problem as problem:
        return answer_refused(problem)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return answer_refused(error)
    told = {"changed": saved.changed, "batch": str(saved.batch), "sentence": done_sentence(saved), "cells": cells}
    return JsonResponse(told)


def answer_refused(error: Exception) -> JsonResponse:
    """A problem as the grid reads it."""
    if isinstance(error, Problem):
        return JsonResponse(error.as_json(), status=error.status)
    return JsonResponse(
        {"sentence": _("What was sent can't be read."), "fix": _("Reload the page and try again.")}, status=400
    )


def _target_cell(cell: Mapping[str, Any]) -> TargetCell:
    """A typed cell; what is no number or no place is refused with its place."""
    key, market, month_text = str(cell["place"]).split("|")
    kpi, month, text = _kpi(key), typed_month(month_text), str(cell.get("text", "")).strip()
    value = typed_number(text, percent=kpi.unit is Unit.PERCENT) if text else None
    if month is None or (text and value is None):
        raise BadTargets(
            _("“%(text)s” is no number.") % {"text": text[:40]},
            fix=_("Type it like 1,234.5."),
            place=str(cell["place"]),
        )
    was = str(cell.get("was", ""))
    return TargetCell(key, market, month, value, was=_decimal(was), check_was="was" in cell)


def _reason(request: HttpRequest) -> str:
    sent = json.loads(request.body)
    return str(sent.get("reason") or "") if isinstance(sent, dict) else ""


def _kpi(key: str) -> Kpi:
    found = known_kpi(key)
    if found is None:
        raise BadTargets(_("There is no such KPI."), fix=_("Reload the page and try again."))
    return found


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def shown_cell(place: str, value: Decimal | None, unit: str) -> dict[str, str]:
    """What stands in a grid's cell after it was kept."""
    return {
        "place": place,
        "text": shown_number(value, unit),
        "was": "" if value is None else f"{value.quantize(Decimal(1).scaleb(-8)).normalize():f}",
    }


def given_table(request: HttpRequest, keep: Callable[..., Kept]) -> Kept:
    """A chosen file, else the pasted text."""
    import tempfile

    upload = request.FILES.get("file")
    if upload is None:
        return keep(text=request.POST.get("text", ""), how=How.PASTED)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as target:
            for chunk in upload.chunks():
                target.write(chunk)
        return keep(path=path, how=How.IMPORTED)


def done_sentence(saved: Saved) -> str:
    """How many values a batch changed."""
    if not saved.changed:
        return _("Nothing changed: the same values stood there already.")
    return ngettext("%(number)d value saved.", "%(number)d values saved.", saved.changed) % {"number": saved.changed}


def history_answer(request: HttpRequest, entries: list[Any], back: str) -> HttpResponse:
    """A timeline in the drawer, or as a page of its own."""
    template = "kpis/_history.html" if request.htmx else "kpis/history.html"  # type: ignore[attr-defined]
    return render(request, template, {"entries": entries, "back": back})
