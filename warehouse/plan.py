"""How a file's columns become a canonical table's: made by `sources`, carried out by the warehouse.

A plan is plain data (JSON in, JSON out), so that it can be remembered for the next file of the same shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

CastKind = Literal["text", "number", "date", "timestamp", "bool", "map", "hash", "json"]


@dataclass(frozen=True)
class Cast:
    """How the text of a cell is read.

    number: `decimal` and `thousands` marks; currency signs, `%` and accounting brackets are understood;
    `percent` divides by 100. date/timestamp: `formats` are strptime forms tried in order; a timestamp without
    offset is in `time_zone` ("" means the row's market's own). map: `values` translates (folded) text, anything
    else is rejected. hash: a direct identifier, kept only as SHA-256 of its normal form.
    """

    kind: CastKind = "text"
    decimal: str = "."
    thousands: str = ","
    percent: bool = False
    formats: tuple[str, ...] = ()
    time_zone: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ColumnPlan:
    """One canonical column: read from `column` (the file's, by its unique header) or `constant` for the whole file."""

    target: str
    column: str | None = None
    constant: str | None = None
    cast: Cast = field(default_factory=Cast)


@dataclass(frozen=True)
class Plan:
    """A file's mapping: which table, which column from where; `breakdown` are file columns kept as extra dimensions.

    `table` is a key of `warehouse.tables.LOADABLE`. `source` names the source that the rows belong to.
    `skip_totals`: rows that are a report's own totals are left out (and counted as such, not as rejected).
    """

    table: str
    source: str
    columns: tuple[ColumnPlan, ...]
    breakdown: tuple[str, ...] = ()
    skip_totals: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Plan:
        columns = tuple(
            ColumnPlan(
                target=c["target"],
                column=c.get("column"),
                constant=c.get("constant"),
                cast=Cast(**{**c.get("cast", {}), "formats": tuple(c.get("cast", {}).get("formats", ()))}),
            )
            for c in raw["columns"]
        )
        return cls(
            table=raw["table"],
            source=raw["source"],
            columns=columns,
            breakdown=tuple(raw.get("breakdown", ())),
            skip_totals=raw.get("skip_totals", True),
        )


@dataclass(frozen=True)
class Staged:
    """A file made readable: UTF-8 delimited text with one header line of unique names, on local disk.

    `line_offset`: line number in the person's file of the first data line (1-based), so that a reject names
    the row that they see. `rows` is None until counted.
    """

    path: str
    columns: tuple[str, ...]
    delimiter: str = ","
    quote: str = '"'
    skip_lines: int = 0
    first_row_number: int = 2
    rows: int | None = None


@dataclass(frozen=True)
class RejectReason:
    """Why rows can't be loaded: `code` is stable, `column` the file's column, `sample` up to five values."""

    code: str
    column: str
    rows: int
    sample: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """What loading would do: nothing is written. `preview` rows are dicts of canonical column to shown text."""

    read: int
    loadable: int
    rejected: int
    totals_skipped: int
    reasons: tuple[RejectReason, ...]
    preview: tuple[Mapping[str, Any], ...] = ()
    duplicates: int = 0


@dataclass(frozen=True)
class Loaded:
    """What a load did. read = new + updated + unchanged + rejected + totals_skipped + superseded_in_file."""

    read: int
    new: int
    updated: int
    unchanged: int
    rejected: int
    totals_skipped: int
    superseded_in_file: int
    rejects_path: str | None
    first_day: str | None
    last_day: str | None
