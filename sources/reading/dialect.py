"""How a text table separates its cells: the delimiter and quotation mark under which its rows agree."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence

DELIMITERS = (",", ";", "\t", "|", "^")
QUOTES = ('"', "'", "|")
LABELS = {",": ", (comma)", ";": "; (semicolon)", "\t": "Tab", "|": "| (bar)", "^": "^"}


def quote_of(text: str, delimiter: str) -> str:
    """The mark that cells begin and end with beside delimiters; the double one unless another is really in use."""
    best, most = '"', 0
    mark = re.escape(delimiter)
    for quote in QUOTES:
        if quote == delimiter:
            continue
        q = re.escape(quote)
        uses = len(re.findall(rf"(?:^|{mark}){q}[^{q}\r\n]*{q}(?={mark}|\r?$)", text, re.MULTILINE))
        if uses > most:
            best, most = quote, uses
    return best


def delimiter_of(text: str) -> str:
    """The delimiter under which most rows, the header among them, have the same number of cells.

    A comma inside decimals (1,5;2,5) splits rows evenly too, but then the header row disagrees with its rows.
    """
    scores = {delimiter: _agreement(text, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > 0 else ","


def _agreement(text: str, delimiter: str) -> float:
    rows = parsed(text, delimiter, quote_of(text, delimiter))
    widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    if not widths:
        return 0.0
    width = max((w for w in widths if w > 1), key=lambda w: (widths[w], w), default=1)
    if width == 1:
        return 0.0
    agreeing = widths[width] / sum(widths.values())
    first = next((row for row in rows if len(row) == width), [])
    names = sum(bool(re.search(r"[^\W\d_]", cell)) for cell in first) / width
    halves = _halved_numbers(rows, width) if delimiter == "," else 0.0
    return agreeing * (1 + 0.15 * min(width, 12)) * (0.6 + 0.4 * names) * (1 - halves)


def _halved_numbers(rows: Sequence[Sequence[str]], width: int) -> float:
    """Share of rows where a comma stands between what another delimiter would read as one decimal number."""
    halved = sum(any(re.search(r"[;\t|]\s*-?\d+$", cell) for cell in row[:-1]) for row in rows if len(row) == width)
    return halved / max(len(rows), 1)


def parsed(text: str, delimiter: str, quote: str) -> list[list[str]]:
    """The rows of a piece of text; a last row that the piece cuts through is left out by the caller."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, quotechar=quote)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
    except csv.Error:
        pass
    return rows
