"""Files to take away: board, market in depth, bridge and KPI as XLSX, PDF, PNG and CSV."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kpis.exports.answers import FORMATS, file_answer
from kpis.pages.board import language, question_of, scope_for_board
from kpis.pages.definition_files import definition_document, definition_file, definition_rows
from kpis.pages.depth import depth_ask, depth_values
from kpis.pages.export import csv_answer
from kpis.pages.exports import board_document, depth_document
from kpis.pages.why import why_values
from kpis.pages.why_files import why_document, why_file
from kpis.queries.asked import board_of, state_of_data
from kpis.views.board import board_export
from kpis.views.depth import in_depth_csv
from kpis.views.why import why_csv
from tenants.views.door import access_to

CSV = "csv"
KINDS = (*FORMATS, CSV)


@require_GET
def board_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The board of this address."""
    _known(kind)
    if kind == CSV:
        return board_export(request)
    access, spoken = access_to(request), language()
    state = state_of_data(access)
    bar = scope_for_board(access, request.GET, state, by_channel=True)
    asked = [key for key in request.GET.getlist("kpi") if key]
    question = question_of(bar, asked or state.kpis)
    board = board_of(access, question, state)
    document = board_document(access, board, spoken, compare=bar.compare)
    title = _("KPI board")
    return file_answer(document, kind, f"{title} {access.client.name} {bar.period.text}")


@require_GET
def depth_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The market in depth of this address."""
    _known(kind)
    if kind == CSV:
        return in_depth_csv(request)
    access, spoken = access_to(request), language()
    asked = depth_ask(access, request.GET)
    _ask, _cell, depth = depth_values(access, asked)
    board = board_of(access, asked.question, state_of_data(access))
    document = depth_document(access, asked, board, depth, spoken)
    return file_answer(document, kind, f"{asked.kpi.name} {board.ask.markets[0].name(spoken)} {asked.bar.period.text}")


@require_GET
def why_bridge_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The bridge of this address."""
    _known(kind)
    if kind == CSV:
        return why_csv(request)
    access = access_to(request)
    asked, bridge = why_values(access, request.GET)
    file = why_file(access, asked, bridge, state_of_data(access), language())
    title = _("Why did it change?").rstrip("?")
    return file_answer(
        why_document(access, file), kind, f"{title} {asked.kpi.name} {file.place} {asked.bar.period.text}"
    )


@require_GET
def kpi_file(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """One KPI: what it is, and thirteen months of its values."""
    _known(kind)
    access = access_to(request)
    file = definition_file(access, key, request.GET)
    if kind == CSV:
        return csv_answer(f"kpi-{file.kpi.key}", definition_rows(file))
    return file_answer(definition_document(access, file), kind, f"{file.kpi.name} {access.client.name}")


def _known(kind: str) -> None:
    if kind not in KINDS:
        raise Http404
