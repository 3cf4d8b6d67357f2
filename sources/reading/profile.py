"""What a staged file's columns hold: samples, how numbers and dates are written, how many values differ.

Small files are read whole; of large ones the beginning, blocks spread over the whole length, and the end, so that
a change of manner in the middle is seen without reading gigabytes.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from sources.reading.date_forms import DateForm, date_form
from sources.reading.number_forms import NumberForm, habit_of, is_missing, number_form
from sources.reading.records import opened_text, records
from sources.reading.shape import STANDARD, Limits
from sources.reading.vocabulary import fold
from warehouse.plan import Staged

ColumnKind = Literal["empty", "number", "date", "timestamp", "bool", "text"]

WHOLE = 8_000_000
BLOCKS = 48
BLOCK = 1 << 16
EVIDENCE = 4_000
VALUES = 400
_BOOL = frozenset(
    {"true", "false", "yes", "no", "y", "n", "예", "아니오", "동의", "거부", "미동의", "수신", "수신거부"}
)
_DATE_WORDS = ("date", "day", "일자", "날짜", "일시", "time", "가입일", "주문일", "결제일", "기준일", "등록일")


@dataclass(frozen=True)
class ColumnProfile:
    """One column of a sample. `values` are its most frequent distinct cells; `distinct` counts them all."""

    name: str
    kind: ColumnKind
    filled: float
    distinct: int
    samples: tuple[str, ...]
    values: tuple[str, ...]
    number: NumberForm
    date: DateForm

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> ColumnProfile:
        date = {**raw["date"], "formats": tuple(raw["date"]["formats"]), "question": tuple(raw["date"]["question"])}
        return cls(
            **{
                **raw,
                "samples": tuple(raw["samples"]),
                "values": tuple(raw["values"]),
                "number": NumberForm(**raw["number"]),
                "date": DateForm(**date),
            }
        )


def sample_rows(staged: Staged, *, most: int = 20_000, limits: Limits = STANDARD) -> list[list[str]]:
    """Rows of a staged file, without its header: all of a small one, else its beginning, blocks of it, and its end."""
    path, width = Path(staged.path), len(staged.columns)
    size = path.stat().st_size
    head = _from_start(staged, most if size <= WHOLE else most // 2, limits)
    if size <= WHOLE:
        return head
    rows = head
    with path.open("rb") as handle:
        for turn in range(1, BLOCKS + 1):
            handle.seek(min(size * turn // BLOCKS, size - BLOCK))
            rows = rows + _block(handle.read(BLOCK), staged, width)
    return rows


def _from_start(staged: Staged, most: int, limits: Limits) -> list[list[str]]:
    rows: list[list[str]] = []
    with opened_text(Path(staged.path), "utf-8") as text:
        found = records(text, delimiter=staged.delimiter, quote=staged.quote, limits=limits)
        next(found, None)
        for record in found:
            if any(record.cells):
                rows.append(record.cells)
            if len(rows) >= most:
                break
    return rows


def _block(data: bytes, staged: Staged, width: int) -> list[list[str]]:
    """Whole rows inside a piece of a file; what the piece cuts through has another width and is left out."""
    lines = data.decode("utf-8", errors="ignore").splitlines(keepends=True)[1:-1]
    try:
        rows = list(csv.reader(lines, delimiter=staged.delimiter, quotechar=staged.quote))
    except csv.Error:
        return []
    return [row for row in rows if len(row) == width]


def profile_columns(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[ColumnProfile]:
    """Profiles of all columns; number marks that one column can't decide follow the file's other columns."""
    profiles = [_profile(name, [row[i] if i < len(row) else "" for row in rows]) for i, name in enumerate(columns)]
    habit = habit_of(profile.number for profile in profiles if profile.kind == "number" and _has_marks(profile))
    if not habit:
        return profiles
    return [
        replace(profile, number=number_form(profile.values, habit=habit)) if profile.number.undecided else profile
        for profile in profiles
    ]


def _has_marks(profile: ColumnProfile) -> bool:
    return any("." in value or "," in value for value in profile.values)


def _profile(name: str, cells: Sequence[str]) -> ColumnProfile:
    filled = [cell.strip() for cell in cells if not is_missing(cell)]
    counts = Counter(filled)
    distinct = list(counts)
    evidence = distinct if len(distinct) <= EVIDENCE else distinct[:: len(distinct) // EVIDENCE + 1]
    dates = date_form(evidence, named_like_date=_named_like_date(name)) if evidence else DateForm(share=0.0)
    numbers = number_form(evidence) if evidence else NumberForm(share=0.0)
    return ColumnProfile(
        name=name,
        kind=_kind(distinct, numbers, dates),
        filled=len(filled) / len(cells) if cells else 0.0,
        distinct=len(distinct),
        samples=tuple(_short(value) for value in distinct[:3]),
        values=tuple(_short(value) for value, _ in counts.most_common(VALUES)),
        number=numbers,
        date=dates,
    )


def _named_like_date(name: str) -> bool:
    folded = fold(name)
    return any(fold(word) in folded for word in _DATE_WORDS) or folded == "일"


def _short(value: str) -> str:
    return value if len(value) <= 120 else f"{value[:119]}…"


def _kind(distinct: Sequence[str], numbers: NumberForm, dates: DateForm) -> ColumnKind:
    if not distinct:
        return "empty"
    if dates.share > 0.8:
        return "timestamp" if dates.with_time else "date"
    if numbers.share > 0.8:
        return "number"
    if len(distinct) <= 4 and all(value.casefold() in _BOOL for value in distinct):
        return "bool"
    return "text"


def count_values(staged: Staged, column: str, *, most: int = 2_000, limits: Limits = STANDARD) -> dict[str, int]:
    """How many rows of the whole file have each value of one column; past `most` values the rest isn't told apart."""
    index = staged.columns.index(column)
    counts: Counter[str] = Counter()
    csv.field_size_limit(limits.line)
    with Path(staged.path).open("r", encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text, delimiter=staged.delimiter, quotechar=staged.quote)
        next(reader, None)
        for row in reader:
            if index < len(row):
                counts[row[index]] += 1
            if len(counts) > 50 * most:
                break
    folded: Counter[str] = Counter()
    for value, count in counts.items():
        folded[value.strip()] += count
    return dict(folded.most_common(most))
