"""Tables for spreadsheets: raw numbers, Korean that Excel reads, and no cell that could run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kpis.catalogue import Kpi
from kpis.pages.texts import joined, money_rule, rates_text, why_no_total
from kpis.queries.cells import Board, Cell

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """Text that a spreadsheet shows and never runs; plain numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return repr(value) if isinstance(value, float) else str(value)
    text = str(value)
    return "'" + text if text.startswith(DANGEROUS) else text


def csv_answer(name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV file that opens in Excel with its Korean intact."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def board_rows(board: Board, language: str) -> list[list[object]]:
    """One row a KPI and market, with raw numbers: a percent as a rate from 0 to 1, money in the named currency."""
    span = board.ask.span
    head: list[object] = [
        _("Period"), _("Stage"), _("KPI"), _("KPI key"), _("Market"), _("Market code"), _("Unit"), _("Currency"),
        _("Actual"), _("Target"), _("Achievement"), _("Previous period"), _("A year before"), _("Data up to"),
        _("Missing days"), _("Note"),
    ]  # fmt: skip
    names = {market.code: market.name(language) for market in board.ask.markets}
    rows: list[list[object]] = [head]
    for row in board.rows:
        for cell in (row.total, *row.cells):
            rows.append([
                span.reporting.text, row.kpi.stage.words, row.kpi.name, row.kpi.key,
                names.get(cell.market, _("All")), cell.market, _unit(row.kpi.unit.value), cell.currency,
                cell.actual.number, cell.target.number, cell.reached.number, cell.previous.number,
                cell.last_year.number, cell.through, sum(len(gap.missing) for gap in cell.gaps) or None,
                _note(row.kpi, cell, board, language),
            ])  # fmt: skip
    return rows


def _unit(unit: str) -> str:
    return _("rate (0 to 1)") if unit == "percent" else unit


def _note(kpi: Kpi, cell: Cell, board: Board, language: str) -> str:
    parts = [why_no_total(kpi, cell.actual.hole)] if cell.actual.hole else []
    if board.ask.known_day is not None:
        parts.append(_("As reported on %(day)s") % {"day": board.ask.known_day.isoformat()})
    if cell.moving is not None and cell.actual.number is not None:
        parts.append(_("Still moving until %(day)s") % {"day": cell.moving.until.date().isoformat()})
    if cell.currency and cell.actual.number is not None:
        parts.append(money_rule(board.ask))
        rates = board.rates_of(kpi.formula.sums, cell.market)
        if rates:
            parts.append(rates_text(rates, board.ask.conversion.policy, language))
    if not cell.market and cell.left_out:
        parts.append(_("Without: %(markets)s") % {"markets": ", ".join(cell.left_out)})
    return joined(parts)
