"""Targets as a spreadsheet to fill in: one sheet, a row a KPI and market, a column a month, read back by the import."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kpis.catalogue import Kpi, Unit
from kpis.models import Version
from tenants.models import Market

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEAD_ROW = 3
BEFORE_MONTHS = 4
WIDTHS = (22, 26, 10, 10)
WHOLE_UNITS = (Unit.COUNT, Unit.PEOPLE)


@dataclass(frozen=True, slots=True)
class SheetAsk:
    """Which targets stand in the sheet: one version, these KPIs by these markets over these months."""

    version: str
    kpis: Sequence[Kpi]
    markets: Sequence[Market]
    months: Sequence[dt.date]


def target_sheet(ask: SheetAsk, grid: Mapping[tuple[str, str, dt.date], Decimal]) -> bytes:
    """The workbook as XLSX. Heads and names are protected (without a password), the months' cells are open.

    *Units*: money in the market's own currency, a percent as Excel's percent, as the unit's column says.
    """
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = f"{Version(ask.version).label} {ask.months[0]:%Y-%m}"
    _head(sheet, ask)
    for number, (kpi, market) in enumerate(((k, m) for k in ask.kpis for m in ask.markets), start=HEAD_ROW + 1):
        _row(sheet, number, kpi, market, [grid.get((kpi.key, market.code, month)) for month in ask.months])
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, BEFORE_MONTHS + 1)
    sheet.protection.enable()
    sheet.protection.formatColumns = False
    sheet.protection.sort = False
    sheet.protection.autoFilter = False
    sheet.auto_filter.ref = f"A{HEAD_ROW}:D{max(sheet.max_row, HEAD_ROW)}"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _head(sheet: Worksheet, ask: SheetAsk) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet["A1"] = _("Targets: %(version)s, %(first)s to %(last)s") % {
        "version": Version(ask.version).label, "first": f"{ask.months[0]:%Y-%m}", "last": f"{ask.months[-1]:%Y-%m}",
    }  # fmt: skip
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"] = _("Fill in the white cells and import the file. An empty cell leaves the target as it is.")
    notes = {
        1: _("The KPI's key. Leave it as it is: by it the row is known."),
        4: _("What the numbers of the row are in: a currency, %, a count …"),
        BEFORE_MONTHS + 1: _("Months as 2026-10. Money in the row's currency, percent as 2.5 %."),
    }
    heads = ["KPI", _("KPI name"), _("Market"), _("Unit"), *(f"{month:%Y-%m}" for month in ask.months)]
    for column, text in enumerate(heads, start=1):
        cell = sheet.cell(HEAD_ROW, column, text)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E6E9F2")
        cell.alignment = Alignment(horizontal="center" if column > BEFORE_MONTHS else "left")
        if column in notes:
            cell.comment = Comment(notes[column], "Yeojeong", width=260, height=80)
        width = WIDTHS[column - 1] if column <= BEFORE_MONTHS else 15
        sheet.column_dimensions[get_column_letter(column)].width = width


def _row(sheet: Worksheet, number: int, kpi: Kpi, market: Market, values: Sequence[Decimal | None]) -> None:
    from openpyxl.styles import PatternFill, Protection

    grey = PatternFill("solid", fgColor="F5F6FA")
    unit = market.currency if kpi.is_money else str(kpi.unit.words)
    for column, text in enumerate((kpi.key, str(kpi.name), market.code, unit), start=1):
        sheet.cell(number, column, text).fill = grey
    shown = number_format(kpi, market.currency)
    for column, value in enumerate(values, start=BEFORE_MONTHS + 1):
        cell: Any = sheet.cell(number, column, value)
        cell.number_format = shown
        cell.protection = Protection(locked=False)


def number_format(kpi: Kpi, currency: str) -> str:
    """How Excel shows a KPI's numbers."""
    from babel.numbers import get_currency_precision

    if kpi.unit is Unit.PERCENT:
        return "0.0##%"
    if kpi.is_money:
        digits = get_currency_precision(currency)
        return "#,##0" + ("." + "0" * digits if digits else "") if kpi.rollup.value == "additive" else "#,##0.##"
    return "#,##0" if kpi.unit in WHOLE_UNITS else "#,##0.0##"
