"""Which cells of a table are targets: one row a target (long), or months or markets across (wide)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches

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

# Heads of columns that may stand beside the months and are passed over.
BESIDE = frozenset({
    "kpi name", "지표명", "지표 이름", "이름", "name", "market name", "시장명", "unit", "단위", "stage", "단계",
    "currency", "통화", "kpi 이름", "total", "합계", "sum", "계", "year", "연간", "note", "notes", "비고", "메모",
})  # fmt: skip
EMPTY = ("", "-", "–")
MONTH_ALONE = re.compile(r"^(1[0-2]|0?[1-9])\s*월?$|^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?$")


@dataclass(frozen=True, slots=True)
class TargetCell:
    """One target to keep: `value` None takes it away. A percent is a rate from 0 to 1; money in the market's own.

    `was` is what the editor saw there; when something else stands there by now, the whole batch is refused.
    `row` is where it stood in a pasted or imported table, `at` its address there (D7).
    """

    kpi: str
    market: str
    month: dt.date
    value: Decimal | None
    was: Decimal | None = None
    check_was: bool = False
    row: int = 0
    at: str = ""


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that can't be kept: where it is, what stands there, and why."""

    row: int
    column: str
    text: str
    why: str
    at: str = ""

    def as_json(self) -> dict[str, object]:
        return {"row": self.row, "column": self.column, "text": self.text[:80], "why": self.why, "cell": self.at}


@dataclass(slots=True)
class TargetTable:
    """What a table says: the targets in it, and the cells that can't be read."""

    cells: list[TargetCell] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand: the column of KPI, market, month and value, and columns that are months or markets.

    `strange` are columns whose head is neither, though the layout needs it to be.
    """

    places: dict[str, int]
    months: dict[int, dt.date]
    markets: dict[int, str]
    strange: tuple[int, ...]
    head: Line


@dataclass(slots=True)
class _Reading:
    """A table being read: what it is read with, what was found, and which cells were complained about already."""

    table: Table
    layout: _Layout
    by_name: dict[str, str]
    kpis: dict[str, Kpi]
    found: TargetTable = field(default_factory=TargetTable)
    first_at: dict[tuple[str, str, dt.date], str] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)

    def refuse(self, line: Line, index: int, why: str) -> None:
        """Name a cell that can't be kept, once."""
        at = self.table.address(line.number, index)
        if at not in self.named:
            self.named.add(at)
            self.found.bad.append(BadCell(line.number, self.layout.head.cell(index), line.cell(index), why, at))


def read_targets(table: Table, markets: Sequence[Market]) -> TargetTable:
    """The targets of a table, whichever way round it is.

    Long: KPI, market, month, value. Wide: KPI and market with a column a month, or KPI and month with a column a
    market. Empty cells are left as they are. Errors: UnreadableTable when no such head row is found.
    """
    by_name = _market_names(markets)
    layout, body = _layout(table, by_name)
    reading = _Reading(table, layout, by_name, _own_names() | _KPI_NAMES)
    _name_faults(reading)
    if reading.found.bad:
        return reading.found
    _name_strange_heads(reading, body)
    for line in body:
        for index, month_text, market_text in _cells_of(line, layout):
            if line.cell(index) not in EMPTY:
                _read_cell(reading, line, index, month_text, market_text)
    return reading.found


def _name_faults(reading: _Reading) -> None:
    """Merged cells from the head row on, and formulas without a stored result, are refused one by one."""
    head, table = reading.layout.head, reading.table
    for fault in table.faults:
        if fault.last_row < head.number:
            continue
        why = _("These cells are merged. Unmerge them and fill in each one.")
        if fault.kind == "formula":
            why = _("This formula has no stored result. Open the file in a spreadsheet, save it, or paste the values.")
        at = f"{table.sheet}!{fault.cells}" if table.sheet else fault.cells
        reading.found.bad.append(BadCell(fault.last_row, "", "", why, at))


def _name_strange_heads(reading: _Reading, body: Sequence[Line]) -> None:
    """Columns with values under a head that is no month, and months that stand twice."""
    layout = reading.layout
    for index in layout.strange:
        if any(line.cell(index) not in EMPTY for line in body):
            reading.refuse(layout.head, index, _why_strange(layout, layout.head.cell(index)))
    first: dict[object, int] = {}
    for index, meaning in (*layout.months.items(), *layout.markets.items()):
        if meaning in first:
            at = reading.table.address(layout.head.number, first[meaning])
            reading.refuse(layout.head, index, _("%(cell)s has the same head already.") % {"cell": at})
        first.setdefault(meaning, index)


def _why_strange(layout: _Layout, text: str) -> str:
    if layout.markets:
        return _("There is no such market that you can see.")
    if MONTH_ALONE.match(_fold(text)):
        return _("This month has no year; write it as 2026-10.")
    return _("This is no month; write it as 2026-10.")


def _layout(table: Table, by_name: dict[str, str]) -> tuple[_Layout, list[Line]]:
    """The head row is the first that names a KPI column; titles above it are passed over."""
    for position, line in enumerate(table[:30]):
        places = _places(line.cells)
        free = {i: text for i, text in enumerate(line.cells) if text and i not in places.values()}
        months = {i: month for i, text in free.items() if (month := typed_month(text))}
        across = {i: by_name[_fold(text)] for i, text in free.items() if _fold(text) in by_name}
        strange = {i for i, text in free.items() if _fold(text) not in BESIDE}
        long = {"kpi", "market", "month", "value"} <= set(places)
        wide = {"kpi", "market"} <= set(places) and bool(months or strange) and "month" not in places
        by_market = {"kpi", "month"} <= set(places) and across and "market" not in places
        body = table[position + 1 :]
        if long:
            return _Layout(places, {}, {}, (), line), body
        if wide:
            return _Layout(places, months, {}, tuple(sorted(strange - set(months))), line), body
        if by_market:
            return _Layout(places, {}, across, tuple(sorted(strange - set(across))), line), body
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
    if layout.markets:
        return [(index, None, code) for index, code in layout.markets.items()]
    if "month" in layout.places and "value" in layout.places:
        return [(layout.places["value"], None, None)]
    return [(index, month, None) for index, month in layout.months.items()]


def _read_cell(reading: _Reading, line: Line, index: int, month: dt.date | None, market: str | None) -> None:
    places, text = reading.layout.places, line.cell(index)
    kpi = reading.kpis.get(_fold(line.cell(places["kpi"])))
    if kpi is None:
        return reading.refuse(line, places["kpi"], _why_no_kpi(line.cell(places["kpi"]), reading.kpis))
    code = market or reading.by_name.get(_fold(line.cell(places.get("market", -1))))
    if code is None:
        return reading.refuse(line, places["market"], _("There is no such market that you can see."))
    when = month or typed_month(line.cell(places.get("month", -1)))
    if when is None:
        return reading.refuse(line, places["month"], _("This is no month; write it as 2026-10."))
    value = typed_number(text, percent=kpi.unit is Unit.PERCENT)
    if value is None:
        return reading.refuse(line, index, _("This is no number."))
    at = reading.table.address(line.number, index)
    before = reading.first_at.setdefault((kpi.key, code, when), at)
    if before != at:
        return reading.refuse(line, index, _("The same target stands in %(cell)s already.") % {"cell": before})
    reading.found.cells.append(TargetCell(kpi.key, code, when, value, row=line.number, at=at))
    return None


def _why_no_kpi(text: str, kpis: Mapping[str, Kpi]) -> str:
    near = get_close_matches(_fold(text), kpis, 1, 0.6)
    if near:
        return _("There is no such KPI. Did you mean “%(kpi)s”?") % {"kpi": kpis[near[0]].name}
    return _("There is no such KPI.")


def _market_names(markets: Iterable[Market]) -> dict[str, str]:
    """How people write their markets: code, Korean and English name."""
    return {_fold(name): m.code for m in markets for name in (m.code, m.name_ko, m.name_en)}


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def _kpi_names() -> dict[str, Kpi]:
    """How people write the catalogue's KPIs: key, name in either language, number."""
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
