"""XLSX workbooks: visible sheets, cells as text, in constant memory. Macros and formulas are never run.

Only what Excel itself stored is read: a formula whose result wasn't stored comes as an empty cell, and is counted.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from sources.errors import BrokenWorkbook, NoSuchSheet, TooManyColumns
from sources.reading.shape import Limits

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_NO_RESULT = re.compile(rb"(?:</f>|<f[^<>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_OVERLAP = 4096


@contextmanager
def opened(path: Path) -> Iterator[Workbook]:
    """A workbook for reading; whatever breaks inside it is one problem. Errors: BrokenWorkbook."""
    import openpyxl
    from defusedxml import DefusedXmlException
    from openpyxl.utils.exceptions import InvalidFileException

    broken = (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        EOFError,
        ParseError,
        InvalidFileException,
        DefusedXmlException,
    )
    # An open file, because openpyxl refuses a path without an ending, and uploads have none.
    with path.open("rb") as file:
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except broken as error:
            raise BrokenWorkbook() from error
        try:
            yield book
        except (zipfile.BadZipFile, ParseError, EOFError, DefusedXmlException) as error:
            raise BrokenWorkbook() from error
        finally:
            book.close()


def visible_sheets(book: Workbook) -> tuple[str, ...]:
    """Names of the sheets that a person sees, in their order; chart sheets hold no cells and are left out."""
    return tuple(sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible")


def choose_sheet(book: Workbook, chosen: str | None) -> str:
    """The sheet to read: the chosen one, else the first with at least two rows. Errors: NoSuchSheet, BrokenWorkbook."""
    names = visible_sheets(book)
    if chosen is not None:
        if chosen not in names:
            raise NoSuchSheet(sheet=chosen, sheets=", ".join(names))
        return chosen
    if not names:
        raise BrokenWorkbook()
    for name in names:
        if len(_first_filled(book, name)) > 1:
            return name
    return names[0]


def _first_filled(book: Workbook, name: str) -> list[Sequence[Any]]:
    found: list[Sequence[Any]] = []
    for row in book[name].iter_rows(values_only=True, max_row=200):
        if any(cell is not None for cell in row):
            found.append(row)
            if len(found) > 1:
                break
    return found


def sheet_rows(book: Workbook, name: str, limits: Limits) -> Iterator[list[str]]:
    """The rows of a sheet from its first, as text without trailing empty cells. Errors: TooManyColumns."""
    sheet = book[name]
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True):
        last = next((i for i in range(len(row), 0, -1) if row[i - 1] is not None and row[i - 1] != ""), 0)
        if last > limits.columns:
            raise TooManyColumns(columns=last, limit=limits.columns)
        yield [cell_text(cell) for cell in row[:last]]


def cell_text(value: Any) -> str:
    """A cell as it would stand in a CSV: dates in ISO form, whole numbers without a point, never an exponent."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return str(value)
    return _number_text(value)


def _number_text(value: float) -> str:
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return str(value)
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return format(Decimal(repr(value)), "f")
    return str(value)


def formulas_without_result(path: Path, book: Workbook, name: str) -> int:
    """How many formula cells of a sheet hold no stored result (files written by programmes, never opened in Excel)."""
    part = getattr(book[name], "_worksheet_path", "")
    count, tail = 0, b""
    with zipfile.ZipFile(path) as archive:
        if part not in archive.namelist():
            return 0
        with archive.open(part) as source:
            while chunk := source.read(1 << 20):
                window = tail + chunk
                ends = [match.end() for match in _NO_RESULT.finditer(window)]
                count += len(ends)
                tail = window[max(ends[-1] if ends else 0, len(window) - _OVERLAP) :]
    return count
