"""What a file is, as plain data: stored with the import, shown to the person, corrected by the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Container = Literal["text", "gzip", "xlsx"]


@dataclass(frozen=True)
class Limits:
    """How far a file may go before it is refused. Sizes are bytes, `line` is characters."""

    line: int = 1_000_000
    columns: int = 500
    inflated: int = 4_000_000_000
    shared_strings: int = 200_000_000


@dataclass(frozen=True)
class Choices:
    """What the person has corrected; None means: find out. `header_row` 0 means: there is none."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Choices:
        return cls(
            encoding=raw.get("encoding"),
            delimiter=raw.get("delimiter"),
            sheet=raw.get("sheet"),
            header_row=raw.get("header_row"),
        )


STANDARD = Limits()
FIND_OUT = Choices()


@dataclass(frozen=True)
class Note:
    """Something worth telling about a file; `code` is a key of `sources.reading.notes.NOTES`."""

    code: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Shape:
    """How a file is written and where its table stands.

    `header_row` and `first_data_row` are the row numbers that a person sees in their own programme; `header_row` 0
    means that there is none and the columns got names of their own. `raw_header` is the header as written,
    `columns` the same made unique. `regular` is False where rows have different numbers of fields.
    """

    container: Container
    columns: tuple[str, ...]
    raw_header: tuple[str, ...] = ()
    header_row: int = 1
    first_data_row: int = 2
    skip_lines: int = 0
    encoding: str = "utf-8"
    bom: bool = False
    delimiter: str = ","
    quote: str = '"'
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    preamble: tuple[str, ...] = ()
    regular: bool = True
    notes: tuple[Note, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Shape:
        names = ("columns", "raw_header", "sheets", "preamble")
        return cls(
            **{**raw, **{name: tuple(raw[name]) for name in names}, "notes": tuple(Note(**n) for n in raw["notes"])}
        )
