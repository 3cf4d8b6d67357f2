"""Files to take away: the board and the market in depth as XLSX, PDF and PNG."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kpis.exports.answers import FORMATS, file_answer
from kpis.pages.board import language, question_of, scope_for_board
from kpis.pages.depth import depth_ask, depth_values
from kpis.pages.exports import board_document, depth_document
from kpis.queries.asked import board_of, state_of_data
from tenants.views.door import access_to


@require_GET
def board_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The board of this address."""
    _known(kind)
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
    access, spoken = access_to(request), language()
    asked = depth_ask(access, request.GET)
    _ask, _cell, depth = depth_values(access, asked)
    board = board_of(access, asked.question, state_of_data(access))
    document = depth_document(access, asked, board, depth, spoken)
    return file_answer(document, kind, f"{asked.kpi.name} {board.ask.markets[0].name(spoken)} {asked.bar.period.text}")


def _known(kind: str) -> None:
    if kind not in FORMATS:
        raise Http404
