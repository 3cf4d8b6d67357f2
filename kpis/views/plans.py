"""Targets and exchange rates: grids, saving what was typed or pasted, importing files, history, undo."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

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
from kpis.pages.plans import rate_entries, rates_page, shown_number, target_entries, targets_page
from kpis.queries.definitions import definitions_of, known_kpi
from kpis.queries.plans import rate_history, target_grid, target_history
from kpis.services.rates import RateCell, import_rates, set_rates
from kpis.services.target_tables import TargetCell
from kpis.services.targets import Saved, import_targets, set_targets, takes_targets, undo_targets
from kpis.services.typed import typed_month, typed_number
from problems.errors import Problem
from tenants.access import Access
from tenants.views.door import access_to
from ui.periods import add_months


@require_GET
def targets(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/targets.html", {"page": targets_page(access_to(request), request.GET)})


@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/rates.html", {"page": rates_page(access_to(request), request.GET)})


@require_POST
def targets_save(request: HttpRequest) -> JsonResponse:
    """What was typed or pasted in the grid, as one batch; answers with what stands there now."""

    def save(access: Access, cells: list[dict[str, str]], how: How) -> tuple[Saved, list[dict[str, str]]]:
        wanted = [_target_cell(cell) for cell in cells]
        saved = set_targets(access, wanted, how=how, now=timezone.now())
        return saved, [_shown(c["place"], t.value, _kpi(t.kpi).unit.value) for c, t in zip(cells, wanted, strict=True)]

    return _saved(request, save)


@require_POST
def rates_save(request: HttpRequest) -> JsonResponse:
    def save(access: Access, cells: list[dict[str, str]], how: How) -> tuple[Saved, list[dict[str, str]]]:
        wanted = [_rate_cell(cell) for cell in cells]
        saved = set_rates(access, wanted, how=how, now=timezone.now())
        return saved, [_shown(c["place"], r.rate, "") for c, r in zip(cells, wanted, strict=True)]

    return _saved(request, save)


@require_POST
def targets_undo(request: HttpRequest) -> JsonResponse:
    """Put back what a batch changed."""
    try:
        saved = undo_targets(access_to(request), uuid.UUID(request.POST.get("batch", "")), now=timezone.now())
    except (Problem, ValueError) as error:
        return _refused(error)
    return JsonResponse({"changed": saved.changed, "sentence": _done(saved)})


@require_POST
def targets_import(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    try:
        saved = _import(request, lambda **given: import_targets(access, now=timezone.now(), **given))
    except Problem as problem:
        page = targets_page(access, request.GET, problem, request.POST.get("text", ""))
        return render(request, "kpis/targets.html", {"page": page}, status=problem.status)
    messages.success(request, _done(saved))
    return redirect("kpis:targets")


@require_POST
def rates_import(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    source = request.POST.get("source", "")
    try:
        saved = _import(request, lambda **given: import_rates(access, now=timezone.now(), source=source, **given))
    except Problem as problem:
        page = rates_page(access, request.GET, problem, request.POST.get("text", ""))
        return render(request, "kpis/rates.html", {"page": page}, status=problem.status)
    messages.success(request, _done(saved))
    return redirect("kpis:rates")


@require_GET
def targets_history(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    changes = target_history(access, kpi=request.GET.get("kpi", ""), market=request.GET.get("market", ""))
    return _history(request, target_entries(access, changes), reverse("kpis:targets"))


@require_GET
def rates_history(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    entries = rate_entries(rate_history(request.GET.get("currency", "")), access.client.home_currency)
    return _history(request, entries, reverse("kpis:rates"))


@require_GET
def targets_export(request: HttpRequest) -> HttpResponse:
    """All targets of a fiscal year with the KPIs that have none yet: filled in and imported again, it is the plan."""
    access = access_to(request)
    start = access.client.fiscal_year_start
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and 1990 <= int(text) <= 2100 else timezone.now().year
    months = [add_months(dt.date(year, start, 1), index) for index in range(12)]
    kpis = [kpi for kpi in definitions_of(access).shown if takes_targets(kpi)]
    grid = target_grid(access, [kpi.key for kpi in kpis], access.market_codes, months)
    rows: list[list[object]] = [["KPI", _("KPI name"), _("Market"), _("Unit"), *(f"{month:%Y-%m}" for month in months)]]
    for kpi in kpis:
        for market in access.markets:
            unit = market.currency if kpi.is_money else str(kpi.unit.words)
            values = [
                shown_number(grid.get((kpi.key, market.code, m)), kpi.unit.value).replace(",", "") for m in months
            ]
            rows.append([kpi.key, str(kpi.name), market.code, unit, *values])
    return csv_answer(f"targets-{year}", rows)


def _saved(
    request: HttpRequest,
    save: Callable[[Access, list[dict[str, str]], How], tuple[Saved, list[dict[str, str]]]],
) -> JsonResponse:
    try:
        sent = json.loads(request.body)
        how = How.PASTED if sent.get("how") == "pasted" else How.TYPED
        saved, cells = save(access_to(request), list(sent["cells"]), how)
    except Problem as problem:
        return _refused(problem)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return _refused(error)
    return JsonResponse({"changed": saved.changed, "batch": str(saved.batch), "sentence": _done(saved), "cells": cells})


def _refused(error: Exception) -> JsonResponse:
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


def _kpi(key: str) -> Kpi:
    found = known_kpi(key)
    if found is None:
        raise BadTargets(_("There is no such KPI."), fix=_("Reload the page and try again."))
    return found


def _rate_cell(cell: Mapping[str, Any]) -> RateCell:
    currency, month_text = str(cell["place"]).split("|")
    month, text = typed_month(month_text), str(cell.get("text", "")).strip()
    value = typed_number(text) if text else None
    if month is None or (text and value is None):
        raise BadTargets(
            _("“%(text)s” is no number.") % {"text": text[:40]},
            fix=_("Type it like 1,234.5."),
            place=str(cell["place"]),
        )
    return RateCell(currency, month, value)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _shown(place: str, value: Decimal | None, unit: str) -> dict[str, str]:
    return {
        "place": place,
        "text": shown_number(value, unit),
        "was": "" if value is None else f"{value.quantize(Decimal(1).scaleb(-8)).normalize():f}",
    }


def _import(request: HttpRequest, keep: Callable[..., Saved]) -> Saved:
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


def _done(saved: Saved) -> str:
    if not saved.changed:
        return _("Nothing changed: the same values stood there already.")
    return ngettext("%(number)d value saved.", "%(number)d values saved.", saved.changed) % {"number": saved.changed}


def _history(request: HttpRequest, entries: list[Any], back: str) -> HttpResponse:
    template = "kpis/_history.html" if request.htmx else "kpis/history.html"  # type: ignore[attr-defined]
    return render(request, template, {"entries": entries, "back": back})
