"""A pasted block or an uploaded file as rows of text: what targets and rates are read from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from kpis.errors import UnreadableTable
from sources.reading.container import container_of
from sources.reading.dialect import delimiter_of
from sources.reading.encoding import encoding_of
from sources.reading.shape import Limits

MOST_ROWS = 20_000
MOST_COLUMNS = 400


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table with the number that the person sees."""

    number: int
    cells: list[str]

    def cell(self, index: int) -> str:
        return self.cells[index] if index < len(self.cells) else ""


Table = list[Line]


def table_of_text(text: str) -> Table:
    """Rows of a block copied from a spreadsheet (tabs), or of delimited text. Errors: UnreadableTable."""
    text = text.lstrip("\ufeff")
    delimiter = "\t" if "\t" in text else delimiter_of(text)
    try:
        return _checked(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableTable(
            _("The pasted text can't be read as a table."), fix=_("Copy the cells in the spreadsheet and paste again.")
        ) from error


def table_of_file(path: Path) -> Table:
    """Rows of a CSV, TSV or XLSX file. Errors: UnreadableTable, and those of reading files."""
    limits = Limits()
    container = container_of(path, limits)
    if container == "xlsx":
        return _workbook(path)
    if container == "gzip":
        raise UnreadableTable(_("A packed file can't be read here."), fix=_("Unpack it and choose the file inside."))
    found = encoding_of(path, limits)
    return table_of_text(path.read_bytes().decode(found.name, errors="strict"))


def _workbook(path: Path) -> Table:
    """The first visible sheet; a cell that is formatted as percent reads as percent."""
    from sources.reading.workbook import choose_sheet, opened

    with opened(path) as book:
        sheet = book[choose_sheet(book, None)]
        sheet.reset_dimensions()
        return _checked([_cell(cell) for cell in row] for row in sheet.iter_rows())


def _cell(cell: Any) -> str:
    from sources.reading.workbook import cell_text

    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in str(cell.number_format or ""):
        return f"{round(value * 100, 10):f}%"
    return cell_text(value)


def _checked(rows: Iterable[list[str]]) -> Table:
    found: Table = []
    for number, row in enumerate(rows, start=1):
        cells = [str(cell).strip() for cell in row]
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise UnreadableTable(
                _("The table has more than %(most)d columns.") % {"most": MOST_COLUMNS},
                fix=_("Keep the columns of KPI, market and months alone."),
            )
        if any(cells):
            found.append(Line(number, cells[:MOST_COLUMNS]))
        if len(found) > MOST_ROWS:
            raise UnreadableTable(
                _("The table has more than %(most)d rows.") % {"most": MOST_ROWS}, fix=_("Split it into parts.")
            )
    if not found:
        raise UnreadableTable(_("The table is empty."), fix=_("Copy the cells with their head row and try again."))
    return found
