"""A document as a workbook: real numbers under live formats, frozen panes, and no cell that can run as a formula."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kpis.exports.document import Column, Document, Item, Sheet, unit_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FILLS = {"good": "E3F4F0", "warn": "FBF0DA", "bad": "FBE4DF", "hole": "EEF0F4"}
HEAD_FILL, HEADING_FILL = "E8EBF5", "F4F5FA"
WIDEST, NARROWEST = 60, 9
_BAD_TITLE = re.compile(r"[\[\]:*?/\\]")
_PLAIN = {"count": "#,##0", "people": "#,##0", "ratio": "0.00", "days": "#,##0.0", "seconds": "#,##0.0", "rank": "0.0",
          "points": "#,##0.0"}  # fmt: skip


def xlsx_of(document: Document) -> bytes:
    """The workbook's bytes: one worksheet a sheet, the first with the title and its lines above the table."""
    from openpyxl import Workbook

    book = Workbook()
    book.properties.title = document.title
    book.remove(book.active)
    for place, sheet in enumerate(document.sheets):
        page = book.create_sheet(_title(sheet.name, place))
        above = [document.title, *document.subtitle, *document.notes] if place == 0 else []
        _write(page, sheet, above)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def number_format(unit: str, currency: str, value: float) -> str:
    """The live format of a number: the same decimals as the screen shows in full."""
    if unit == "money":
        from babel.numbers import get_currency_precision, get_currency_symbol

        mark, places = get_currency_symbol(currency, locale="en"), get_currency_precision(currency)
        digits = "#,##0" + ("." + "0" * places if places else "")
        return f'"{mark}"{digits};-"{mark}"{digits}'
    if unit == "percent":
        return "0.00%" if abs(value) < 0.01 else "0.0%"
    if unit == "count" and value != int(value):
        return "#,##0.##"
    return _PLAIN.get(unit, "General")


def _title(name: str, place: int) -> str:
    return _BAD_TITLE.sub(" ", name).strip()[:31] or f"Sheet{place + 1}"


def _write(page: Worksheet, sheet: Sheet, above: Sequence[str]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for row, words in enumerate(above, start=1):
        _text(page.cell(row, 1), words).font = Font(bold=row == 1, size=14 if row == 1 else 10)
    head = len(above) + 2 if above else 1
    for place, column in enumerate(sheet.columns, start=1):
        title = f"{column.title}\n{column.second}" if column.second else column.title
        cell = _text(page.cell(head, place), title)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor=HEAD_FILL)
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="left" if place == 1 else "center")
    for row, line in enumerate(sheet.rows, start=head + 1):
        for place, item in enumerate(line.items, start=1):
            _put(page.cell(row, place), item, sheet.columns[place - 1])
        if line.heading:
            for place in range(1, len(sheet.columns) + 1):
                page.cell(row, place).fill = PatternFill("solid", fgColor=HEADING_FILL)
                page.cell(row, place).font = Font(bold=True)
    page.freeze_panes = page.cell(head + 1, sheet.frozen + 1)
    _widths(page, sheet, head)


def _put(cell: Any, item: Item, column: Column) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    unit, currency = unit_of(item, column)
    if item.value is None:
        if item.hole:
            _text(cell, item.hole)
            cell.fill = PatternFill("solid", fgColor=FILLS["hole"])
            cell.font = Font(italic=True, color="5B6274")
        return
    if isinstance(item.value, str):
        _text(cell, item.value)
        cell.alignment = Alignment(wrap_text=len(item.value) > WIDEST, vertical="top")
    elif isinstance(item.value, dt.date):
        cell.value = item.value
        cell.number_format = "yyyy-mm-dd"
    else:
        cell.value = item.value
        cell.number_format = number_format(unit, currency, item.value)
    if item.state in FILLS:
        cell.fill = PatternFill("solid", fgColor=FILLS[item.state])


def _text(cell: Any, text: str) -> Any:
    """Text that stays text: typed as a string whatever it begins with, and marked so for a later edit."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:32_767]
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@", "\t", "\r"))
    return cell


def _widths(page: Worksheet, sheet: Sheet, head: int) -> None:
    from openpyxl.utils import get_column_letter

    for place, column in enumerate(sheet.columns):
        longest = max((_width(line.items[place]) for line in sheet.rows if place < len(line.items)
                       and not line.heading), default=0)  # fmt: skip
        titles = max(_cells(column.title), _cells(column.second))
        page.column_dimensions[get_column_letter(place + 1)].width = min(WIDEST, max(NARROWEST, longest, titles) + 2)
    page.row_dimensions[head].height = 32


def _width(item: Item) -> int:
    if isinstance(item.value, str):
        return _cells(item.value)
    return _cells(item.hole) if item.value is None else 14


def _cells(text: str) -> int:
    """How wide a text is: Hangul takes two."""
    return sum(2 if ord(mark) > 0x1100 else 1 for mark in text)
