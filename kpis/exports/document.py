"""What can be exported: a title, tables whose cells are numbers with a unit or holes with a reason, and charts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Paper = Literal["A3", "A4"]


@dataclass(frozen=True, slots=True)
class Item:
    """One cell: a number in a unit of `ui.formats` (a percent is a rate from 0 to 1), a text, a day; or a hole.

    `hole` says why there is no value. `state` is good, warn, bad or empty. `detail` is a second line that only printed
    tables show, such as the share of the target. `printed` is how they write the number where its unit isn't enough,
    such as a difference with its sign.
    """

    value: float | int | str | dt.date | None = None
    unit: str = ""
    currency: str = ""
    hole: str = ""
    state: str = ""
    detail: str = ""
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A head with its second line; `unit` and `currency` hold for items that name none; `width` is relative."""

    title: str
    second: str = ""
    unit: str = ""
    currency: str = ""
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table; a heading spans all columns with its first item."""

    items: Sequence[Item]
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. `frozen` columns stay where they are when the workbook is scrolled; PDF and PNG leave `printed` out."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Line]
    printed: bool = True
    frozen: int = 1


@dataclass(frozen=True, slots=True)
class Course:
    """One line of a chart; None is a gap. `dashed` for targets."""

    name: str
    values: Sequence[float | None]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A line chart over labels, its values in one unit."""

    title: str
    labels: Sequence[str]
    courses: Sequence[Course]
    unit: str = "count"
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of a waterfall: what it is called, how far it goes, that amount as text; `state` is good, bad or empty."""

    name: str
    amount: float
    text: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Steps from one level to another, each begins where the last ended; `start` and `end` are levels."""

    title: str
    start: Step
    steps: Sequence[Step]
    end: Step


@dataclass(frozen=True, slots=True)
class Document:
    """Everything of a file.

    `notes` stand above the tables, `closing` below them in print; `footer` stands on every page: the rule of the
    numbers, who exported it and when.
    """

    title: str
    subtitle: Sequence[str] = ()
    sheets: Sequence[Sheet] = ()
    figures: Sequence[Figure | Waterfall] = ()
    notes: Sequence[str] = ()
    closing: Sequence[str] = ()
    footer: str = ""
    paper: Paper = "A4"
    language: str = "ko"


def unit_of(item: Item, column: Column) -> tuple[str, str]:
    """The unit and the currency of a cell: its own, else its column's."""
    return item.unit or column.unit, item.currency or column.currency
