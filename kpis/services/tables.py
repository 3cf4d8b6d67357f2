"""A pasted block or an uploaded file as rows of text: what targets and rates are read from."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

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


@dataclass(frozen=True, slots=True)
class Fault:
    """What a workbook's sheet holds that a table can't: cells merged into one, or a formula without its result."""

    kind: Literal["merged", "formula"]
    cells: str
    last_row: int


class Table(list[Line]):
    """Rows of text, with the name of the sheet they come from and what is wrong with the sheet itself."""

    sheet: str = ""
    faults: tuple[Fault, ...] = ()

    def address(self, row: int, index: int) -> str:
        """Where a cell stands as a spreadsheet names it: D7, and the sheet where there is one."""
        place = f"{column_letters(index)}{row}"
        return f"{self.sheet}!{place}" if self.sheet else place


def column_letters(index: int) -> str:
    """A column's letters, counted from 0: A, Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


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
        found = _checked([_cell(cell) for cell in row] for row in sheet.iter_rows())
        found.sheet = sheet.title
        found.faults = tuple(_faults(path, sheet._worksheet_path))
        return found


def _faults(path: Path, part: str) -> Iterator[Fault]:
    """Merged cells and formulas whose result wasn't stored, which reading cell by cell would pass over in silence."""
    from defusedxml.ElementTree import iterparse

    with zipfile.ZipFile(path) as archive, archive.open(part) as source:
        for _event, element in iterparse(source, events=("end",)):
            name = element.tag.rpartition("}")[2]
            if name == "c":
                parts = {child.tag.rpartition("}")[2]: child.text for child in element}
                if "f" in parts and not parts.get("v"):
                    yield _fault("formula", element.get("r", ""))
            elif name == "mergeCell":
                yield _fault("merged", element.get("ref", ""))
            if name == "row":
                element.clear()


def _fault(kind: Literal["merged", "formula"], cells: str) -> Fault:
    digits = re.search(r"\d+$", cells)
    return Fault(kind, cells, int(digits[0]) if digits else 0)


def _cell(cell: Any) -> str:
    from sources.reading.workbook import cell_text

    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in str(cell.number_format or ""):
        return f"{round(value * 100, 10):f}%"
    return cell_text(value)


def _checked(rows: Iterable[list[str]]) -> Table:
    found = Table()
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
