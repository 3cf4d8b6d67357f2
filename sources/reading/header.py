"""Where in the first rows of a table its column names stand, what stands before them, and unique names for all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from sources.reading.date_forms import looks_like_date
from sources.reading.number_forms import looks_like_number
from sources.reading.vocabulary import knows

Rows = Sequence[Sequence[str]]

LOOK_AT = 60


def width_of(rows: Rows) -> int:
    """The number of columns that most rows have, trailing empty cells included; blank rows don't count."""
    widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    if not widths:
        return 0
    return max(widths, key=lambda width: (widths[width] * (2 if width > 1 else 1), width))


def find_header(rows: Rows) -> int | None:
    """Index of the row of column names among the first rows of a file, or None when the first row is data already."""
    width = width_of(rows)
    best: tuple[float, int] | None = None
    start = next((index for index, row in enumerate(rows) if len(row) == width), 0)
    for index, row in enumerate(rows[:LOOK_AT]):
        score = _header_score(row, width, rows[index + 1 : index + 12], first=index == start)
        if score is not None and (best is None or score > best[0]):
            best = (score, index)
    if best is None or best[0] <= 0:
        return None
    return best[1] + 1 if _goes_on_below(rows, best[1]) else best[1]


def _goes_on_below(rows: Rows, index: int) -> bool:
    """Whether the row below a header of merged cells holds the names that its gaps stand for."""
    if index + 2 >= len(rows):
        return False
    width = max(len(rows[index]), len(rows[index + 1]))
    names, below, data = (_padded(rows[at], width) for at in (index, index + 1, index + 2))
    filled = [cell for cell in below if cell]
    gaps_filled = any(under and not name for name, under in zip(names, below, strict=True))
    return (
        gaps_filled and not any(map(is_value, filled)) and sum(map(is_value, filter(None, data))) > 0 and not all(below)
    )


def _header_score(row: Sequence[str], width: int, below: Rows, *, first: bool) -> float | None:
    """How much a row looks like names: full, worded, unlike what is below, and known to the vocabulary.

    Without any of the latter only the first full row can be one.
    """
    cells = [cell.strip() for cell in row]
    filled = [cell for cell in cells if cell]
    if not filled or len(filled) < max(1, round(width * 0.5)) or (width > 1 and len(filled) < 2):
        return None
    values = sum(is_value(cell) for cell in filled)
    known = sum(knows(cell) for cell in filled)
    if values > len(filled) * 0.34 and known < 2:
        return None
    contrast = _contrast(cells, below)
    score = 2.0 * known / len(filled) + contrast + len(filled) / max(width, 1) - 2.0 * values / len(filled)
    if len(set(filled)) < len(filled) * 0.8:
        score -= 0.5
    plain = not known and not contrast
    if plain and below and (len(filled) < width or _same_manner(cells, below)):
        return None
    return score - (1.5 if plain and not first else 0.75)


def _contrast(cells: Sequence[str], below: Rows) -> float:
    """Share of columns where a word stands above numbers or dates."""
    different = counted = 0
    for index, cell in enumerate(cells):
        column = [row[index].strip() for row in below if index < len(row) and row[index].strip()]
        if not column:
            continue
        counted += 1
        if cell and not is_value(cell) and sum(map(is_value, column)) > len(column) * 0.6:
            different += 1
    return different / counted if counted else 0.0


def _same_manner(cells: Sequence[str], below: Rows) -> bool:
    """Whether an all-text row is only one more row: its words come again below."""
    again = sum(
        1
        for index, cell in enumerate(cells)
        if cell and any(index < len(row) and row[index].strip() == cell for row in below)
    )
    return again >= max(1, len(cells) * 0.3)


@lru_cache(maxsize=4096)
def is_value(cell: str) -> bool:
    """Whether a cell reads as a number, a date, or a truth value rather than as a name."""
    text = cell.strip()
    if re.fullmatch(r"(?i)true|false|yes|no|y|n", text):
        return True
    return looks_like_number(text) or looks_like_date(text)


def joined_header(rows: Rows, index: int, width: int) -> list[str]:
    """The names of a header row, completed by a merged row above it.

    An empty name takes the one above (merged downwards); equal names get the one above that spans them.
    """
    names = _padded(rows[index], width)
    above = _padded(rows[index - 1], width) if index and _is_group_row(rows[index - 1], names) else [""] * width
    repeated = {name for name, times in Counter(names).items() if name and times > 1}
    joined, group = [], ""
    for name, over in zip(names, above, strict=True):
        group = over or group
        joined.append(f"{group} {name}" if name in repeated and group else name or over)
    return joined


def _is_group_row(row: Sequence[str], names: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell.strip()]
    gaps = [i for i, name in enumerate(names) if not name]
    spans = len(set(filter(None, names))) < len([n for n in names if n])
    fits = any(i < len(row) and row[i].strip() for i in gaps)
    return len(filled) >= 2 and (fits or spans) and not any(map(is_value, filled))


def _padded(row: Sequence[str], width: int) -> list[str]:
    cells = [" ".join(cell.split()) for cell in row[:width]]
    return cells + [""] * (width - len(cells))


def unique_names(names: Sequence[str], fallback: str) -> list[str]:
    """Every name once, whatever its case: empty ones become `fallback` with their position, repeated ones a count."""
    taken: set[str] = set()
    unique = []
    for position, name in enumerate(names, 1):
        base = name or fallback.format(position=position)
        candidate, turn = base, 2
        while candidate.casefold() in taken:
            candidate, turn = f"{base} ({turn})", turn + 1
        taken.add(candidate.casefold())
        unique.append(candidate)
    return unique
