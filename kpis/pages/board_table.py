"""The board as printed text: worked out here, so that the template is one plain loop over hundreds of cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from kpis.catalogue import Better, Kpi, Stage
from kpis.pages.texts import (
    change_text,
    gap_text,
    moving_text,
    policy_text,
    rates_text,
    reached_text,
    value_text,
    why_no_total,
)  # fmt: skip
from kpis.queries.cells import Board, Cell, Row
from kpis.reasons import hole_sentence
from ui import formats
from ui.sparkline import sparkline_of


@dataclass(frozen=True, slots=True)
class CellText:
    """One cell as printed. `css` are the classes of the board component; `why` explains what is missing.

    `moves` says what still changes, and until when.
    """

    css: str
    url: str
    label: str
    value: str
    reached: str
    change: str
    word: str
    gap: str
    spark: str
    why: str
    rule: str = ""
    moves: str = ""


@dataclass(frozen=True, slots=True)
class RowText:
    key: str
    name: str
    second: str
    rank_url: str
    ranked: bool
    total: CellText
    cells: tuple[CellText, ...]
    leads: str = ""


@dataclass(frozen=True, slots=True)
class StageText:
    number: int
    name: str
    rows: tuple[RowText, ...]


@dataclass(frozen=True, slots=True)
class ColumnText:
    code: str
    name: str
    url: str
    place: str
    currency: str


@dataclass(frozen=True, slots=True)
class TableText:
    columns: tuple[ColumnText, ...]
    stages: tuple[StageText, ...]
    total_label: str
    caption: str

    @property
    def width(self) -> int:
        return len(self.columns) + 2


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the table's links lead: `cell` and `depth` take the rest of the query, `rank` a KPI's key."""

    cell: str
    depth: str
    rank: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """Markets in the order of a KPI; empty: the client's own order."""

    kpi: str = ""
    reverse: bool = False


def table_text(board: Board, addresses: Addresses, *, compare: str, ranking: Ranking, language: str) -> TableText:
    """The whole table in the reader's language."""
    order = ranked_codes(board, ranking)
    names = {market.code: market.name(language) for market in board.ask.markets}
    printer = _Printer(board, addresses, compare, language, names)
    stages = []
    for stage in Stage:
        rows = [row for row in board.rows if row.kpi.stage is stage]
        if rows:
            texts = tuple(printer.row(row, order, ranking) for row in rows)
            stages.append(StageText(stage.number, str(stage.words), texts))
    columns = tuple(
        ColumnText(
            code=code,
            name=names[code],
            url=f"{addresses.depth}&market={code}",
            place=_("no. %(place)d") % {"place": place} if ranking.kpi else "",
            currency=board.ask.own[code] if board.ask.currency == "own" else "",
        )
        for place, code in enumerate(order, start=1)
    )
    return TableText(columns, tuple(stages), _("All"), _("KPIs by market"))


def with_leads(text: TableText, leads: Mapping[str, str]) -> TableText:
    """The table with the one metric that matters marked: by KPI whose it is."""
    stages = tuple(
        replace(stage, rows=tuple(replace(row, leads=leads.get(row.key, "")) for row in stage.rows))
        for stage in text.stages
    )
    return replace(text, stages=stages)


def ranked_codes(board: Board, ranking: Ranking) -> tuple[str, ...]:
    """Market codes, the best of the ranked KPI first; those without a value come last, in the client's order."""
    row = next((row for row in board.rows if row.kpi.key == ranking.kpi), None)
    if row is None:
        return board.ask.codes
    known = [cell for cell in row.cells if cell.actual.number is not None]
    known.sort(key=lambda cell: _rank_of(row.kpi, cell), reverse=ranking.reverse)
    return tuple(cell.market for cell in known) + tuple(c.market for c in row.cells if c.actual.number is None)


def _rank_of(kpi: Kpi, cell: Cell) -> float:
    actual = cell.actual.number or 0.0
    if kpi.better is Better.LOWER:
        return actual
    if kpi.better is Better.TARGET and cell.reached.number is not None:
        return abs(1 - cell.reached.number)
    return -actual


def _tight(text: str) -> str:
    """Without the space before %: hundreds of cells have to fit on one screen."""
    return text.replace(formats.GAP, "")


class _Printer:
    """Prints rows with what they share: addresses, comparison, language, names."""

    def __init__(self, board: Board, addresses: Addresses, compare: str, language: str, names: dict[str, str]) -> None:
        self.board, self.addresses, self.compare, self.language, self.names = board, addresses, compare, language, names
        self.words = {"good": _("On target"), "warn": _("Close to target"), "bad": _("Below target")}
        self.off_words = {**self.words, "bad": _("Off target")}

    def row(self, row: Row, order: Sequence[str], ranking: Ranking) -> RowText:
        by_code = {cell.market: cell for cell in row.cells}
        kpi = row.kpi
        ranked = ranking.kpi == kpi.key
        turn = "&order=worst" if ranked and not ranking.reverse else ""
        return RowText(
            key=kpi.key,
            name=str(kpi.name),
            second=kpi.name.en if self.language == "ko" else "",
            rank_url=f"{self.addresses.rank}&rank={kpi.key}{turn}",
            ranked=ranked,
            total=self.total(kpi, row.total),
            cells=tuple(self.cell(kpi, by_code[code]) for code in order),
        )

    def total(self, kpi: Kpi, cell: Cell) -> CellText:
        if cell.actual.hole is not None and cell.state == "none":
            label = value_text(kpi, cell.actual, "", self.language)
            return CellText("none", "", "", label, "", "", "", "", "", why_no_total(kpi, cell.actual.hole))
        text = self.cell(kpi, cell)
        if cell.left_out:
            counted = len(self.board.ask.markets) - len(cell.left_out)
            markets = _("%(counted)d/%(all)d markets") % {"counted": counted, "all": len(self.board.ask.markets)}
            return replace(text, gap=markets)
        return replace(text, gap=_("gaps")) if cell.gaps else text

    def rule(self, kpi: Kpi, cell: Cell) -> str:
        """The policy and the rates by which a number that is money was converted."""
        policy = self.board.ask.conversion.policy
        rates = self.board.rates_of(kpi.formula.sums, cell.market)
        if not rates:
            return _("%(currency)s as booked") % {"currency": cell.currency}
        return f"{cell.currency}, {policy_text(self.board.ask)}. {rates_text(rates, policy, self.language)}"

    def cell(self, kpi: Kpi, cell: Cell) -> CellText:
        moves = not cell.settled and cell.actual.number is not None
        state = cell.state + (" moving" if moves else "")
        words = self.off_words if kpi.better is Better.TARGET else self.words
        return CellText(
            css=state,
            url=f"{self.addresses.cell}&cell={kpi.key}.{cell.market}",
            label=self.names.get(cell.market, ""),
            value=value_text(kpi, cell.actual, cell.currency, self.language, compact=True),
            reached=_tight(reached_text(cell.reached, self.language)) if cell.actual.number is not None else "",
            change=_tight(change_text(kpi, cell.actual, cell.base(self.compare), self.language)),
            word=words.get(cell.state, ""),
            gap=gap_text(cell.gaps) if cell.gaps else "",
            spark=sparkline_of(cell.trend).path,
            why=hole_sentence(cell.actual.hole) if cell.actual.hole is not None else "",
            rule=self.rule(kpi, cell) if kpi.is_money and cell.actual.number is not None else "",
            moves=moving_text(cell, self.language) if moves else "",
        )
