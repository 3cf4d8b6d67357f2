"""The HQ board: page, cell, export, choice of KPIs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from kpis.errors import NoSuchMarket
from kpis.pages.board import board_page, language, question_of, scope_for_board
from kpis.pages.cell import cell_page
from kpis.pages.export import board_rows, csv_answer
from kpis.queries.asked import BoardQuestion, board_of, state_of_data
from kpis.queries.best_market import BESIDE, stake_of_cell
from kpis.queries.cells import Board
from kpis.services.choices import choose_kpis, forget_choice
from tenants.views.door import access_to


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/board.html", {"page": board_page(access_to(request), request)})


@require_GET
def board_cell(request: HttpRequest) -> HttpResponse:
    """The drawer of a cell; without htmx the page that it leads to."""
    key, _dot, code = request.GET.get("cell", "").partition(".")
    definitions = state_of_data(access_to(request)).definitions
    definitions.kpi(key)
    question, found = _asked(request, (key,))
    if code and code not in found.ask.codes:
        raise NoSuchMarket(code)
    stake = stake_of_cell(access_to(request), question, found, (key, code))
    page = cell_page(found, key, code, language(), stake)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(page.depth_url)
    has_local = definitions.local_kpi(key, code) is not None
    return render(request, "kpis/_cell.html", {"page": page, "local_market": code if has_local else ""})


@require_GET
def board_export(request: HttpRequest) -> HttpResponse:
    _question, found = _asked(request)
    return csv_answer(f"kpi-board-{found.ask.span.reporting.text}", board_rows(found, language()))


@require_POST
def board_choice(request: HttpRequest) -> HttpResponse:
    if request.POST.get("reset"):
        forget_choice(access_to(request))
    else:
        choose_kpis(access_to(request), request.POST.getlist("kpi"), for_all=bool(request.POST.get("for_all")))
    return redirect(reverse("kpis:board") + "?" + request.POST.get("back", "").lstrip("?"))


def _asked(request: HttpRequest, needed: tuple[str, ...] = ()) -> tuple[BoardQuestion, Board]:
    """The board of this address; a KPI that isn't on the person's board is computed beside it."""
    state = state_of_data(access_to(request))
    keys = state.kpis
    bar = scope_for_board(access_to(request), request.GET, state, by_channel=True)
    if not set(needed) <= set(keys):
        keys = (*needed, *BESIDE)
    question = question_of(bar, keys)
    return question, board_of(access_to(request), question, state)
