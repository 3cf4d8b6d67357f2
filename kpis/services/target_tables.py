"""Which cells of a table are targets: one row a target (long), or months or markets across (wide)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from kpis.catalogue import CATALOGUE, Kpi, Unit
from kpis.errors import UnreadableTable
from kpis.queries.definitions import definitions_here
from kpis.services.tables import Line, Table
from kpis.services.typed import typed_month, typed_number
from tenants.models import Market

HEADS = {
    "kpi": ("kpi", "지표", "지표명", "kpi명", "metric", "kpi key", "measure"),
    "market": ("market", "시장", "국가", "country", "마켓", "시장코드", "market code"),
    "month": ("month", "월", "기간", "연월", "년월", "period", "date"),
    "value": ("value", "target", "목표", "목표값", "값", "goal", "plan", "계획"),
}


@dataclass(frozen=True, slots=True)
class TargetCell:
    """One target to keep: `value` None takes it away. A percent is a rate from 0 to 1; money in the market's own.

    `was` is what the editor saw there; when something else stands there by now, the whole batch is refused.
    `row` is where it stood in a pasted or imported table.
    """

    kpi: str
    market: str
    month: dt.date
    value: Decimal | None
    was: Decimal | None = None
    check_was: bool = False
    row: int = 0


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that can't be kept: where it is, what stands there, and why."""

    row: int
    column: str
    text: str
    why: str

    def as_json(self) -> dict[str, object]:
        return {"row": self.row, "column": self.column, "text": self.text[:80], "why": self.why}


@dataclass(slots=True)
class TargetTable:
    """What a table says: the targets in it, and the cells that can't be read."""

    cells: list[TargetCell] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand: the column of KPI, market, month and value, and columns that are months or markets."""

    places: dict[str, int]
    months: dict[int, dt.date]
    markets: dict[int, str]
    head: Line


def read_targets(table: Table, markets: Sequence[Market]) -> TargetTable:
    """The targets of a table, whichever way round it is.

    Long: KPI, market, month, value. Wide: KPI and market with a column a month, or KPI and month with a column a
    market. Empty cells are left as they are. Errors: UnreadableTable when no such head row is found.
    """
    by_name = _market_names(markets)
    layout, body = _layout(table, by_name)
    found = TargetTable()
    for line in body:
        for index, month_text, market_text in _cells_of(line, layout):
            text = line.cell(index)
            if text not in ("", "-", "–"):
                _read_cell(found, line, layout, by_name, (index, month_text, market_text, text))
    return found


def _layout(table: Table, by_name: dict[str, str]) -> tuple[_Layout, list[Line]]:
    """The head row is the first that names a KPI column; titles above it are passed over."""
    for position, line in enumerate(table[:30]):
        places = _places(line.cells)
        months = {
            i: month for i, text in enumerate(line.cells) if i not in places.values() and (month := typed_month(text))
        }
        across = {
            i: by_name[_fold(text)]
            for i, text in enumerate(line.cells)
            if i not in places.values() and _fold(text) in by_name
        }
        long = {"kpi", "market", "month", "value"} <= set(places)
        wide = {"kpi", "market"} <= set(places) and months
        by_market = {"kpi", "month"} <= set(places) and across and "market" not in places
        if long or wide or by_market:
            return _Layout(places, months if wide and not long else {}, across if by_market else {}, line), table[
                position + 1 :
            ]
    raise UnreadableTable(
        _("No head row with KPI, market and month was found."),
        fix=_("Give the columns KPI, market, month, value; or KPI and market with one column a month."),
    )


def _places(cells: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, text in enumerate(cells):
        name = next((name for name, words in HEADS.items() if _fold(text) in words), None)
        if name is not None:
            found.setdefault(name, index)
    return found


def _cells_of(line: Line, layout: _Layout) -> Iterable[tuple[int, dt.date | None, str | None]]:
    """The cells of a row that hold values: column, and the month or the market that the column stands for."""
    if layout.months:
        return [(index, month, None) for index, month in layout.months.items()]
    if layout.markets:
        return [(index, None, code) for index, code in layout.markets.items()]
    return [(layout.places["value"], None, None)]


def _read_cell(
    found: TargetTable, line: Line, layout: _Layout, by_name: dict[str, str],
    cell: tuple[int, dt.date | None, str | None, str],
) -> None:  # fmt: skip
    index, month, market, text = cell

    def refuse(column: int, why: str) -> None:
        found.bad.append(BadCell(line.number, layout.head.cell(column), line.cell(column), why))

    kpi = _kpi_named(line.cell(layout.places["kpi"]))
    if kpi is None:
        return refuse(layout.places["kpi"], _("There is no such KPI."))
    code = market or by_name.get(_fold(line.cell(layout.places.get("market", -1))))
    if code is None:
        return refuse(layout.places["market"], _("There is no such market that you can see."))
    when = month or typed_month(line.cell(layout.places.get("month", -1)))
    if when is None:
        return refuse(layout.places["month"], _("This is no month; write it as 2026-10."))
    value = typed_number(text, percent=kpi.unit is Unit.PERCENT)
    if value is None:
        return refuse(index, _("This is no number."))
    found.cells.append(TargetCell(kpi.key, code, when, value, row=line.number))
    return None


def _market_names(markets: Iterable[Market]) -> dict[str, str]:
    """How people write their markets: code, Korean and English name."""
    return {_fold(name): m.code for m in markets for name in (m.code, m.name_ko, m.name_en)}


def _kpi_named(text: str) -> Kpi | None:
    return _KPI_NAMES.get(_fold(text)) or _own_names().get(_fold(text))


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def _kpi_names() -> dict[str, Kpi]:
    names: dict[str, Kpi] = {}
    reads: tuple[Callable[[Kpi], str], ...] = (
        lambda k: k.key, lambda k: k.name.ko, lambda k: k.name.en, lambda k: str(k.number), lambda k: k.short.ko,
    )  # fmt: skip
    for read in reads:
        for kpi in CATALOGUE:
            names.setdefault(_fold(read(kpi)), kpi)
    return names


_KPI_NAMES = _kpi_names()


def _own_names() -> dict[str, Kpi]:
    """How people write their own KPIs."""
    own = (kpi for kpi in definitions_here().shown if kpi.is_own)
    return {_fold(name): kpi for kpi in own for name in (kpi.name.en, kpi.name.ko, kpi.key)}
