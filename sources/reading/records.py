"""Records of a text table, one by one, in constant memory: a line or a cell without end is a problem, not a crash."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from sources.errors import LineTooLong, QuoteNotClosed
from sources.reading.shape import Limits


@dataclass(frozen=True)
class Record:
    """`line` is the number of the record's first line in the file, `cells` its fields as written."""

    line: int
    cells: list[str]


@contextmanager
def opened_text(path: Path, encoding: str) -> Iterator[TextIO]:
    """A file as text with its line breaks as they are, without a byte order mark."""
    with path.open("r", encoding=encoding, errors="strict", newline="") as text:
        if text.read(1) != "\ufeff":
            text.seek(0)
        yield text


def bounded_lines(text: TextIO, limits: Limits, first: int = 1) -> Iterator[str]:
    """Lines with their ends; Errors: LineTooLong."""
    number = first
    while line := text.readline(limits.line + 2):
        if len(line) > limits.line + 1:
            raise LineTooLong(line=number, limit=limits.line)
        yield line
        number += 1


def records(
    text: TextIO,
    *,
    delimiter: str,
    quote: str,
    limits: Limits,
    first_line: int = 1,
) -> Iterator[Record]:
    """Parsed records with the line that each begins on; blank lines come as records without cells.

    Errors: LineTooLong; QuoteNotClosed when a quoted cell swallows more than a line may be long.
    """
    csv.field_size_limit(limits.line)
    reader = csv.reader(bounded_lines(text, limits, first_line), delimiter=delimiter, quotechar=quote)
    begins = 0
    try:
        for cells in reader:
            yield Record(first_line + begins, cells)
            begins = reader.line_num
    except csv.Error as error:
        raise QuoteNotClosed(line=first_line + begins) from error


def sample_records(path: Path, *, encoding: str, delimiter: str, quote: str, limits: Limits, most: int) -> list[Record]:
    """The first `most` records of a file."""
    found: list[Record] = []
    with opened_text(path, encoding) as text:
        for record in records(text, delimiter=delimiter, quote=quote, limits=limits):
            found.append(record)
            if len(found) >= most:
                break
    return found
