"""Which cells of a table are exchange rates: one row a rate (long), or dates or currencies across (wide)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from kpis.errors import UnreadableTable
from kpis.services.rate_kinds import Shelf
from kpis.services.tables import Line, Table
from kpis.services.target_tables import BadCell
from kpis.services.typed import typed_number
from tenants.services import known_currencies

CURRENCY_HEADS = ("currency", "통화", "화폐")
DATE_HEADS = (
    "month", "월", "기간", "연월", "년월", "date", "day", "날짜", "일자", "일", "year", "연도", "년도", "회계연도",
)  # fmt: skip
RATE_HEADS = ("rate", "환율", "평균환율", "average", "value", "close", "종가", "매매기준율", "예산환율")
EMPTY = ("", "-", "–", "n/a", "na")


@dataclass(frozen=True, slots=True)
class RateCell:
    """Units of the home currency for one unit of `currency`; None takes the rate away.

    `on` is the first day of the month, the day, or 1 January of the budget's year; `row` is where it stood in a table.
    """

    currency: str
    on: dt.date
    rate: Decimal | None
    row: int = 0


def read_rates(table: Table, shelf: Shelf) -> tuple[list[RateCell], list[BadCell]]:
    """The rates of a table, whichever way round it is, and the cells that can't be read. Errors: UnreadableTable."""
    for position, line in enumerate(table[:30]):
        places = _places(line, table[position + 1 :], shelf)
        if places is not None:
            return _read(places, shelf)
    raise UnreadableTable(
        _("No head row with currency and month was found."),
        fix=_("Give the columns currency, month, rate; or currencies down and months across."),
    )


def _places(head: Line, body: Sequence[Line], shelf: Shelf) -> Iterable[tuple[Line, str, str, int]] | None:
    """Row, currency, date and column of every rate below this head row; None when it is no head row."""
    heads = [cell.casefold() for cell in head.cells]
    currency, date, rate = (_first(heads, words) for words in (CURRENCY_HEADS, DATE_HEADS, RATE_HEADS))
    if currency is not None and date is not None and rate is not None:
        return [(row, row.cell(currency), row.cell(date), rate) for row in body]
    across = {i: found for i, cell in enumerate(head.cells) if (found := shelf.typed(cell))}
    if across:
        first = currency if currency is not None else 0
        return [(row, row.cell(first), shelf.written(when), i) for row in body for i, when in across.items()]
    codes = {i: cell.upper() for i, cell in enumerate(head.cells) if cell.upper() in known_currencies()}
    if not codes:
        return None
    first = date if date is not None else 0
    # A column whose head looks like a currency and is none is told, never passed over.
    codes |= {i: cell for i, cell in enumerate(head.cells) if i not in codes and i != first and cell}
    return [(row, code, row.cell(first), i) for row in body for i, code in codes.items()]


def _first(heads: Sequence[str], words: Sequence[str]) -> int | None:
    return next((i for i, head in enumerate(heads) if head in words), None)


def _read(places: Iterable[tuple[Line, str, str, int]], shelf: Shelf) -> tuple[list[RateCell], list[BadCell]]:
    cells: list[RateCell] = []
    bad: list[BadCell] = []
    for line, currency, date_text, index in places:
        text = line.cell(index)
        if text.casefold() in EMPTY:
            continue
        when, rate, code = shelf.typed(date_text), typed_number(text), currency.strip().upper()
        if when is None:
            bad.append(BadCell(line.number, date_text, text, shelf.no_place()))
        elif rate is None:
            bad.append(BadCell(line.number, f"{code} {shelf.written(when)}", text, _("This is no number.")))
        else:
            cells.append(RateCell(code, when, rate, line.number))
    return cells, bad
