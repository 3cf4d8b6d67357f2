"""Making a file readable for the warehouse: UTF-8 delimited text with one header line of unique names, on local disk.

A plain file is used where it lies, however large. Other text is copied in chunks; only workbooks and uneven rows are
parsed and written anew. All in constant memory; row numbers stay the person's own.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from sources.errors import WrongEncoding
from sources.reading import workbook
from sources.reading.encoding import LABELS
from sources.reading.records import opened_text, records
from sources.reading.shape import STANDARD, Limits, Shape
from sources.reading.table import text_path
from warehouse.plan import Staged

Progress = Callable[[float], None]
Rewrite = Callable[[str], str]

STAGED = "staged.csv"
CHUNK = 1 << 20
EVERY = 5_000


def stage(
    path: Path,
    folder: Path,
    shape: Shape,
    *,
    limits: Limits = STANDARD,
    progress: Progress | None = None,
) -> Staged:
    """Stage a file whose shape is known. Errors: LineTooLong, QuoteNotClosed, WrongEncoding, BrokenWorkbook."""
    target = folder / STAGED
    told = progress or (lambda share: None)
    if shape.container == "xlsx":
        with workbook.opened(path) as book:
            rows = workbook.sheet_rows(book, shape.sheet, limits)
            _write_rows(target, shape, _after(rows, shape.first_data_row - 1), told)
        return _staged(target, shape, ",")
    source = text_path(path, folder, shape)
    if _usable_in_place(shape):
        return _staged(source, shape, shape.delimiter, quote=shape.quote)
    if shape.regular:
        _copy_text(source, target, shape, told)
        return _staged(target, shape, shape.delimiter, quote=shape.quote)
    _write_rows(target, shape, _text_rows(source, shape, limits, told), None)
    return _staged(target, shape, ",")


def _usable_in_place(shape: Shape) -> bool:
    return (
        shape.encoding == "utf-8"
        and not shape.bom
        and shape.regular
        and shape.header_row == 1
        and shape.raw_header == shape.columns
    )


def _staged(path: Path, shape: Shape, delimiter: str, quote: str = '"') -> Staged:
    return Staged(
        path=str(path),
        columns=shape.columns,
        delimiter=delimiter,
        quote=quote,
        skip_lines=0,
        first_row_number=shape.first_data_row,
    )


def _after(rows: Iterator[list[str]], skipped: int) -> Iterator[list[str]]:
    for index, row in enumerate(rows):
        if index >= skipped:
            yield row


def _text_rows(source: Path, shape: Shape, limits: Limits, told: Progress) -> Iterator[list[str]]:
    size = max(source.stat().st_size, 1)
    with opened_text(source, shape.encoding) as text:
        found = records(text, delimiter=shape.delimiter, quote=shape.quote, limits=limits)
        for index, record in enumerate(found):
            if record.line < shape.first_data_row:
                continue
            if index % EVERY == 0:
                told(min(text.buffer.tell() / size, 1.0))
            yield record.cells


def _write_rows(target: Path, shape: Shape, rows: Iterable[list[str]], told: Progress | None) -> None:
    """Write rows padded to the header's width; blank rows stay where they are unless only blank rows follow.

    Rows with more cells than the header keep them, so that the warehouse refuses them with their number.
    """
    width, blank = len(shape.columns), 0
    with target.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink, lineterminator="\n")
        writer.writerow(shape.columns)
        for index, row in enumerate(rows):
            if not any(cell.strip() for cell in row):
                blank += 1
                continue
            for _ in range(blank):
                writer.writerow([""] * width)
            blank = 0
            writer.writerow(_fitted(row, width))
            if told and index % EVERY == 0:
                told(0.0)


def _fitted(row: list[str], width: int) -> list[str]:
    if len(row) < width:
        return row + [""] * (width - len(row))
    while len(row) > width and not row[-1].strip():
        row = row[:-1]
    return row


def _copy_text(source: Path, target: Path, shape: Shape, told: Progress) -> None:
    """Copy the data lines under our own header, recoding on the way."""
    size = max(source.stat().st_size, 1)
    with opened_text(source, shape.encoding) as text, target.open("w", encoding="utf-8", newline="") as sink:
        try:
            _skip_lines(text, shape.first_data_row - 1)
            chunk = text.read(CHUNK)
            writer = csv.writer(sink, delimiter=shape.delimiter, quotechar=shape.quote, lineterminator=_line_end(chunk))
            writer.writerow(shape.columns)
            while chunk:
                sink.write(chunk)
                told(min(text.buffer.tell() / size, 1.0))
                chunk = text.read(CHUNK)
        except UnicodeDecodeError as error:
            label = LABELS.get(shape.encoding, codecs.lookup(shape.encoding).name)
            raise WrongEncoding(line=shape.first_data_row, encoding=label) from error


def _line_end(chunk: str) -> str:
    """How the file ends its lines: our header must end the same way, or the engine takes the two for a broken file."""
    if "\r\n" in chunk:
        return "\r\n"
    return "\r" if "\r" in chunk and "\n" not in chunk else "\n"


def _skip_lines(text: TextIO, count: int) -> None:
    for _ in range(count):
        text.readline()


def rewrite_columns(staged: Staged, target: Path, rewrites: Mapping[str, Rewrite], limits: Limits = STANDARD) -> Staged:
    """A copy in which some columns' cells are put into a form that every engine reads; what can't be stays as it is."""
    places = [(index, rewrites[name]) for index, name in enumerate(staged.columns) if name in rewrites]
    with opened_text(Path(staged.path), "utf-8") as text, target.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink, lineterminator="\n")
        writer.writerow(staged.columns)
        found = records(text, delimiter=staged.delimiter, quote=staged.quote, limits=limits)
        next(found, None)
        for record in found:
            cells = record.cells
            for index, rewrite in places:
                if index < len(cells):
                    cells[index] = rewrite(cells[index])
            writer.writerow(cells)
    return Staged(
        path=str(target),
        columns=staged.columns,
        delimiter=",",
        quote='"',
        skip_lines=0,
        first_row_number=staged.first_row_number,
    )
