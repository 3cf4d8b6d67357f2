"""Reading a file's shape: what it is, how it is written, where its table and its column names stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sources.errors import EmptyFile, HeaderOnly, NoColumns, TooManyColumns
from sources.reading import workbook
from sources.reading.container import container_of, inflate
from sources.reading.dialect import delimiter_of, quote_of
from sources.reading.encoding import LABELS, encoding_of
from sources.reading.header import find_header, joined_header, unique_names, width_of
from sources.reading.records import Record, bounded_lines, opened_text, sample_records
from sources.reading.shape import FIND_OUT, STANDARD, Choices, Container, Limits, Note, Shape

FIRST_ROWS = 400
SNIFF_LINES = 300
INFLATED = "inflated"

Progress = Callable[[float], None]


@dataclass(frozen=True)
class _Head:
    """The first rows of a table with the line that each begins on."""

    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    more: bool


def shape_of(
    path: Path,
    folder: Path,
    *,
    choices: Choices = FIND_OUT,
    limits: Limits = STANDARD,
    fallback_name: str = "Column {position}",
    progress: Progress | None = None,
) -> Shape:
    """Find out how a file is written; a compressed file is unpacked into `folder` on the way.

    Errors: every UnreadableFile.
    """
    container = container_of(path, limits)
    if container == "xlsx":
        return _workbook_shape(path, choices, limits, fallback_name)
    text_path = path
    if container == "gzip":
        text_path = folder / INFLATED
        inflate(path, text_path, limits, progress)
        if not text_path.stat().st_size:
            raise EmptyFile()
        container_of(text_path, limits)
    return _text_shape(text_path, container, choices, limits, fallback_name)


def text_path(path: Path, folder: Path, shape: Shape) -> Path:
    """Where the text of a file is: the file itself, or what it was unpacked to."""
    return folder / INFLATED if shape.container == "gzip" else path


def _text_shape(path: Path, container: Container, choices: Choices, limits: Limits, fallback_name: str) -> Shape:
    encoding = encoding_of(path, limits, choices.encoding)
    start = _first_text(path, encoding.name, limits)
    if not start.strip():
        raise EmptyFile()
    delimiter = choices.delimiter or delimiter_of(start)
    quote = quote_of(start, delimiter)
    found = sample_records(
        path,
        encoding=encoding.name,
        delimiter=delimiter,
        quote=quote,
        limits=limits,
        most=FIRST_ROWS,
    )
    head = _Head([record.cells for record in found], [record.line for record in found], len(found) == FIRST_ROWS)
    notes = [] if encoding.sure else [Note("encoding_guessed", {"encoding": LABELS.get(encoding.name, encoding.name)})]
    return _placed(
        Shape(
            container=container,
            columns=(),
            encoding=encoding.name,
            bom=bool(encoding.bom_bytes),
            delimiter=delimiter,
            quote=quote,
            regular=_regular(found, start),
        ),
        head,
        choices,
        limits,
        fallback_name,
        notes,
    )


def _first_text(path: Path, encoding: str, limits: Limits) -> str:
    lines: list[str] = []
    size = 0
    with opened_text(path, encoding) as text:
        for line in bounded_lines(text, limits):
            lines.append(line)
            size += len(line)
            if len(lines) >= SNIFF_LINES or size > 400_000:
                break
    return "".join(lines)


def _regular(found: Sequence[Record], start: str) -> bool:
    """Whether rows need no mending to be read by others: same width, no blank line between, line feeds at the ends."""
    if "\r" in start and "\n" not in start:
        return False
    rows = [record.cells for record in found]
    while rows and not any(rows[-1]):
        rows.pop()
    width = width_of(rows)
    return all(len(row) >= width for row in rows[_first_wide(rows, width) :])


def _first_wide(rows: Sequence[Sequence[str]], width: int) -> int:
    return next((index for index, row in enumerate(rows) if len(row) == width), 0)


def _workbook_shape(path: Path, choices: Choices, limits: Limits, fallback_name: str) -> Shape:
    with workbook.opened(path) as book:
        sheet = workbook.choose_sheet(book, choices.sheet)
        rows = _first_rows(workbook.sheet_rows(book, sheet, limits))
        sheets = workbook.visible_sheets(book)
        missing = workbook.formulas_without_result(path, book, sheet)
    if not any(any(row) for row in rows):
        raise EmptyFile()
    notes = [Note("formulas_without_result", {"cells": missing})] if missing else []
    if len(sheets) > 1:
        notes.append(Note("other_sheets", {"sheet": sheet, "others": ", ".join(s for s in sheets if s != sheet)}))
    head = _Head(rows, range(1, len(rows) + 1), len(rows) == FIRST_ROWS)
    shape = Shape(container="xlsx", columns=(), sheet=sheet, sheets=sheets, regular=False)
    return _placed(shape, head, choices, limits, fallback_name, notes)


def _first_rows(rows: Iterator[list[str]]) -> list[list[str]]:
    found = []
    for row in rows:
        found.append(row)
        if len(found) >= FIRST_ROWS:
            break
    return found


def _placed(
    shape: Shape,
    head: _Head,
    choices: Choices,
    limits: Limits,
    fallback_name: str,
    notes: list[Note],
) -> Shape:
    """Complete a shape with where its header is and what its columns are called."""
    index = _header_index(head, choices.header_row)
    first = 0 if index is None else index + 1
    body = [row for row in head.rows[first:] if any(cell.strip() for cell in row)]
    width = max(width_of(body), len(_trimmed(head.rows[index])) if index is not None else 0)
    if width > limits.columns:
        raise TooManyColumns(columns=width, limit=limits.columns)
    if not body and not head.more:
        raise HeaderOnly(line=head.lines[index] if index is not None else 1)
    raw = joined_header(head.rows, index, width) if index is not None else [""] * width
    columns = unique_names(raw, fallback_name)
    if len(columns) < 2 and width < 2 and not choices.delimiter and len(body) > 1 and _looks_unsplit(body):
        raise NoColumns()
    data_line = head.lines[first] if first < len(head.lines) else first + 1
    notes += _name_notes(raw, columns, index)
    header_line = head.lines[index] if index is not None else 0
    return Shape(
        **{
            **shape.__dict__,
            "columns": tuple(columns),
            "raw_header": tuple(head.rows[index]) if index is not None else (),
            "header_row": header_line,
            "first_data_row": data_line,
            "skip_lines": max(header_line - 1, 0),
            "preamble": _preamble(head.rows, index),
            "notes": tuple(notes),
        }
    )


def _header_index(head: _Head, chosen: int | None) -> int | None:
    if chosen == 0:
        return None
    if chosen:
        return next((i for i, line in enumerate(head.lines) if line >= chosen), len(head.lines) - 1)
    return find_header(head.rows)


def _trimmed(row: Sequence[str]) -> Sequence[str]:
    last = next((i for i in range(len(row), 0, -1) if row[i - 1].strip()), 0)
    return row[:last]


def _looks_unsplit(body: Sequence[Sequence[str]]) -> bool:
    """Free text rather than a table of one column: long lines of many words."""
    cells = [row[0] for row in body if row]
    return sum(len(cell.split()) for cell in cells) > len(cells) * 5


def _preamble(rows: Sequence[Sequence[str]], index: int | None) -> tuple[str, ...]:
    if not index:
        return ()
    return tuple(" ".join(cell for cell in row if cell.strip())[:300] for row in rows[:index] if any(row))


def _name_notes(raw: Sequence[str], columns: Sequence[str], index: int | None) -> list[Note]:
    if index is None:
        return [Note("no_header")]
    notes = []
    renamed = [new for old, new in zip(raw, columns, strict=True) if old and old != new]
    unnamed = [new for old, new in zip(raw, columns, strict=True) if not old]
    if renamed:
        notes.append(Note("names_repeated", {"columns": ", ".join(renamed[:8])}))
    if unnamed:
        notes.append(Note("names_missing", {"columns": ", ".join(unnamed[:8])}))
    return notes
