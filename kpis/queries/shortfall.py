"""The one thing that a board says first: where the biggest gap to target is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kpis.catalogue import HEADLINE, Better, Kpi
from kpis.queries.cells import Board, Cell, Row
from kpis.queries.money import OWN

BELOW = ("bad", "warn")


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The cell that is furthest from its target.

    `missing` is the money that the headline KPI lacks; of a running period, to the share of its target that is due.
    `weakest` is another KPI of the same market, the furthest from its own target; `worth` is what closing its gap
    would bring at today's visits and order value.
    """

    kpi: Kpi
    cell: Cell
    missing: float | None = None
    weakest: tuple[Kpi, Cell] | None = None
    worth: float | None = None


def biggest_shortfall(board: Board) -> Shortfall | None:
    """The market whose revenue lacks most money to target; without such a target the cell furthest from its own."""
    headline = _headline(board)
    if headline is not None:
        kpi, cell = headline
        weakest = _furthest(
            (other, found)
            for other, found in _judged(board)
            if found.market == cell.market and other.key != kpi.key and other.better is not Better.TARGET
        )
        return Shortfall(kpi, cell, _lacks(cell), weakest, _worth(board, weakest))
    found = _furthest(_judged(board))
    return Shortfall(*found, worth=_worth(board, found)) if found else None


def targets_judged(board: Board) -> int:
    """How many cells have both a value and a target."""
    return sum(1 for row in board.rows for cell in row.cells if cell.reached.number is not None)


def distance(kpi: Kpi, cell: Cell) -> float:
    """How far from target as a share of it: 0.29 for 71 %; where near is good, above counts as much as below."""
    reached = cell.reached.number or 0.0
    return abs(1 - reached) if kpi.better is Better.TARGET else 1 - reached


def _headline(board: Board) -> tuple[Kpi, Cell] | None:
    row = next((row for row in board.rows if row.kpi.key == HEADLINE), None)
    if row is None or board.ask.currency == OWN:
        return None
    short = [cell for cell in row.cells if cell.state in BELOW]
    if not short:
        return None
    return row.kpi, max(short, key=_lacks)


def _lacks(cell: Cell) -> float:
    """What is missing to the target, or to the part of it that is due by now."""
    return (cell.target.number or 0.0) * cell.elapsed - (cell.actual.number or 0.0)


def _judged(board: Board) -> Iterator[tuple[Kpi, Cell]]:
    for row in board.rows:
        for cell in row.cells:
            if cell.state == "bad" and cell.reached.number is not None:
                yield row.kpi, cell


def _furthest(found: Iterable[tuple[Kpi, Cell]]) -> tuple[Kpi, Cell] | None:
    return max(found, key=lambda pair: distance(*pair), default=None)


def _worth(board: Board, found: tuple[Kpi, Cell] | None) -> float | None:
    """Of a conversion rate below target: the orders that are missing, at the market's own order value."""
    if found is None or found[0].key != "cvr" or board.ask.currency == OWN:
        return None
    revenue = _cell(board, HEADLINE, found[1].market)
    cell = found[1]
    orders, sessions = cell.amounts.get("orders", 0), cell.amounts.get("sessions", 0)
    if revenue is None or revenue.actual.number is None or not orders or cell.target.number is None:
        return None
    return (cell.target.number - (cell.actual.number or 0)) * sessions * revenue.actual.number / orders


def _cell(board: Board, key: str, market: str) -> Cell | None:
    row: Row | None = next((row for row in board.rows if row.kpi.key == key), None)
    return next((cell for cell in row.cells if cell.market == market), None) if row else None
