"""Which market does best at a KPI: evidence from the lake, the fair order, own ranks, what closing a gap is worth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

from kpis.catalogue import Kpi, Rollup
from kpis.catalogue.conditions import term_of
from kpis.catalogue.formula import Expression, Linear, as_expression
from kpis.catalogue.measures import measure as measure_of
from kpis.models import RankSharing
from kpis.queries.amounts import Reporting, fold
from kpis.queries.asked import BoardQuestion, DataState, board_key, board_of, remembered, scope_of, state_of_data
from kpis.queries.cells import Board, Cell
from kpis.queries.goals import Held, goals_and_rates
from kpis.queries.measured import sum_columns, with_keys
from kpis.queries.money import OWN
from kpis.ranking import Evidence, Ranking, rank_markets, rankable, stake_kind, unit_worth, worth
from tenants.access import Access
from warehouse.scope import Scope

BATCHES = 10
BESIDE = ("revenue", "ad_spend", "roas")
FEWEST_OTHERS = 4  # with fewer others a limited person could work one of their values out of a median


@dataclass(frozen=True, slots=True)
class Stake:
    """What closing one market's gap is worth in the period; None where there is no such mark or it isn't shown."""

    to_target: float | None = None
    to_median: float | None = None
    to_best: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A rank among all markets of the client: "3rd of 8"."""

    rank: int
    of: int


@dataclass(frozen=True, slots=True)
class BestMarket:
    """Markets that a person may see, in their fair order.

    `places` are ranks among all of the client's markets, only for people of single markets and only where the client
    shows them. `stakes` are in `stake_currency`, by market.
    """

    ranking: Ranking
    board: Board
    limited: bool
    places: Mapping[str, Place] = field(default_factory=dict)
    stakes: Mapping[str, Stake] = field(default_factory=dict)
    stake_kind: str = ""

    def cell(self, market: str) -> Cell:
        return next(one for one in self.board.row(self.ranking.kpi).cells if one.market == market)


def ranks_are_shared() -> bool:
    """Whether the client shows people of single markets their own rank."""
    return RankSharing.objects.filter(show_ranks_to_markets=True).exists()


def best_market(access: Access, question: BoardQuestion, state: DataState) -> BestMarket:
    """The fair order of this person's markets on the question's one KPI, with what closing gaps is worth.

    *Units*: as the board's; stakes in the reporting currency of the period. Everything that a person of single
    markets gets is worked out of their own markets alone, but for `places` and the median's worth, which is rounded
    to two digits and left out with fewer than four other markets.
    """
    kpi = state.definitions.kpi(question.kpis[0])
    keys = tuple(dict.fromkeys((kpi.key, *BESIDE)))
    board = board_of(access, replace(question, kpis=keys), state)
    ranking = _ranking(access, question, board, state)
    limited = not access.all_markets
    shared = limited and ranks_are_shared()
    wide = _whole_client(access, question) if shared else None
    stakes = {
        cell.market: _stake(kpi, cell, board, ranking, wide, limited=limited) for cell in board.row(kpi.key).cells
    }
    return BestMarket(ranking, board, limited, _places(wide, access), stakes, stake_kind(kpi))


def _ranking(access: Access, question: BoardQuestion, board: Board, state: DataState) -> Ranking:
    kpi = state.definitions.kpi(question.kpis[0])
    key = ("best-market", board_key(access, question, state))
    found: Ranking = remembered(key, lambda: _ranked(kpi, scope_of(access, question), board))
    return found


def _ranked(kpi: Kpi, scope: Scope, board: Board) -> Ranking:
    cells = {cell.market: cell for cell in board.row(kpi.key).cells if cell.actual.number is not None}
    form = as_expression(kpi.formula)
    if form is None or form.below is None:
        above, below = kpi.formula.periods
        known = {code: Evidence({"": (c.amounts[above], c.amounts[below])}) for code, c in cells.items()}
        return rank_markets(kpi, known, by="")
    found = _evidence(form, form.below, scope, board, set(cells))
    named = _has_strata(form, form.below) and all(_shares_names(one) for one in found.values())
    if not named:
        found = {code: Evidence({"": (one.above, one.below)}, one.batches) for code, one in found.items()}
    several = len({segment for one in found.values() for segment in one.strata}) > 1
    return rank_markets(kpi, found, by="channel" if named and several else "")


def _has_strata(form: Expression, below: Linear) -> bool:
    """Whether channels are strata of a formula: not if it picks some itself, or is measured on several things."""
    return len(below.terms) == 1 and not any(term_of(key).conditions for key in form.sums)


def _shares_names(one: Evidence) -> bool:
    """Whether numerator and denominator are named by the same channels, within one in a hundred."""
    alone = sum(abs(above) for above, below in one.strata.values() if not below)
    return alone <= 0.01 * sum(abs(above) for above, _below in one.strata.values())


def _evidence(formula: Expression, below: Linear, scope: Scope, board: Board, codes: set[str]) -> dict[str, Evidence]:
    """Numerators and denominators by channel, and by ten batches of days, of the market-months that have all terms."""
    ask = board.ask
    _goals, rates = goals_and_rates((), ask.codes, (), Held(ask.home_currency, ask.span.start, board.ask.conversion))
    reporting = Reporting(ask.currency, ask.own, rates)
    rows = _rows(scope, ask.span.start, ask.span.end, formula.sums)
    pieces = fold(
        ({**row, "place": (row["month"], row["channel"] or "", row["batch"])} for row in rows),
        formula.sums, reporting, "place",
    )  # fmt: skip
    there = [{(code, at[0]) for (code, at), one in pieces.items() if measure in one.sums} for measure in formula.sums]
    both = set.intersection(*there)
    strata: dict[str, dict[str, tuple[float, float]]] = {}
    batches: dict[str, dict[int, tuple[float, float]]] = {}
    for (code, (month, channel, batch)), one in pieces.items():
        if code in codes and (code, month) in both:
            pair = (_summed(formula.above, one.sums), _summed(below, one.sums))
            _add(strata.setdefault(code, {}), channel, pair)
            _add(batches.setdefault(code, {}), batch, pair)
    return {code: Evidence(strata[code], tuple(batches[code].values())) for code in strata}


def _summed(line: Linear, sums: Mapping[str, float]) -> float:
    return line.of({**dict.fromkeys(line.keys, 0.0), **sums}) or 0.0


def _add(into: dict[Any, tuple[float, float]], key: Any, pair: tuple[float, float]) -> None:
    old = into.get(key, (0.0, 0.0))
    into[key] = (old[0] + pair[0], old[1] + pair[1])


def _rows(scope: Scope, start: dt.date, end: dt.date, measures: tuple[str, ...]) -> list[dict[str, Any]]:
    """Sums of [start, end). Shape: market, month, batch (0 to 9, of equal length), channel, currency; the measures."""
    import ibis

    from warehouse.engine import rows, table

    daily = table("measure_daily")
    daily = daily.filter(daily.day >= ibis.date(start.isoformat()), daily.day < ibis.date(end.isoformat()))
    days = (end - start).days
    bounds = [start + dt.timedelta(days=days * index // BATCHES) for index in range(1, BATCHES)]
    batch = ibis.literal(0)
    for bound in dict.fromkeys(bounds):
        batch = batch + ibis.ifelse(daily.day >= ibis.date(bound.isoformat()), 1, 0)
    daily = daily.mutate(month=ibis.date(daily.day.year(), daily.day.month(), 1), batch=batch)
    grouped = daily.group_by("market", "month", "batch", "channel", "currency")
    return with_keys(rows(grouped.aggregate(**sum_columns(daily, measures)), scope), measures)


def _whole_client(access: Access, question: BoardQuestion) -> Ranking:
    """The fair order of all of the client's markets, for a person who may see some: only places leave this module.

    The one place where more is read than a person may see; it is asked only where the client shares ranks.
    """
    every = replace(access, markets=tuple(access.client.markets.all()), all_markets=True)
    asked = replace(question, markets=every.market_codes)
    state = state_of_data(every)
    return _ranking(every, asked, board_of(every, asked, state), state)


def _places(wide: Ranking | None, access: Access) -> dict[str, Place]:
    if wide is None:
        return {}
    count = len(wide.standings)
    return {one.market: Place(one.rank_fair, count) for one in wide.standings if one.market in access.market_codes}


def _stake(kpi: Kpi, cell: Cell, board: Board, ranking: Ranking, wide: Ranking | None, *, limited: bool) -> Stake:
    moved = _moved(kpi, cell.market, board)
    if moved is None or cell.actual.number is None:
        return Stake()
    goal = cell.target.number
    if goal is not None and kpi.rollup is Rollup.ADDITIVE:
        goal *= cell.elapsed
    to_target = None if goal is None else worth(kpi, cell.actual.number, goal, moved)
    own = ranking.of(cell.market)
    if not limited:
        if own is None or len(ranking.standings) < 2:
            return Stake(to_target)
        middle = median(one.fair for one in ranking.standings)
        best = ranking.standings[0].fair
        return Stake(to_target, *(worth(kpi, own.fair, mark, moved) for mark in (middle, best)))
    mine = wide.of(cell.market) if wide is not None else None
    if wide is None or mine is None or len(wide.standings) <= FEWEST_OTHERS:
        return Stake(to_target)
    # A market's own worth to the best would tell the best's value to the digit; that to the median is rounded.
    found = worth(kpi, mine.fair, median(one.fair for one in wide.standings), moved)
    return Stake(to_target, None if found is None else float(f"{found:.1e}"))


def _moved(kpi: Kpi, market: str, board: Board) -> float | None:
    """The market's revenue, revenue of ads or spend that a KPI moves; None where it isn't known.

    Where an own KPI is money itself: the money that one of its unit makes.
    """
    kind, form = stake_kind(kpi), as_expression(kpi.formula)
    keys = {"revenue": "revenue", "cost": "ad_spend", "ad_value": "roas"}
    if kind in ("brought", "saved") and form is not None:
        return unit_worth(form, _cell(board, kpi.key, market).amounts)
    if kind not in keys or not {row.kpi.key for row in board.rows} >= set(BESIDE):
        return None
    cell = _cell(board, keys[kind], market)
    if kind != "ad_value":
        return cell.actual.number
    spend = _cell(board, "ad_spend", market)
    return None if spend.actual.number is None else cell.amounts.get("ad_value")


def _cell(board: Board, key: str, market: str) -> Cell:
    return next(one for one in board.row(key).cells if one.market == market)


def stake_of_cell(access: Access, question: BoardQuestion, board: Board, place: tuple[str, str]) -> Stake:
    """What closing the gaps of one cell of a board is worth, in the cell's currency; nothing for a total.

    `place` is KPI and market. Median and best are those of all markets that this person sees, whichever the board
    shows, under the rules of `best_market`. They aren't told of some channels alone, nor of money of which each market
    has its own currency; then what is told needs the money that the KPI moves on the board.
    """
    key, market = place
    row = board.row(key)
    mixed = question.currency == OWN and any(measure_of(name).money for name in row.kpi.formula.sums)
    if not market or not stake_kind(row.kpi):
        return Stake()
    if rankable(row.kpi) and not mixed and not question.channels:
        asked = replace(question, kpis=(key,), markets=access.market_codes)
        return best_market(access, asked, state_of_data(access)).stakes[market]
    if not {one.kpi.key for one in board.rows} >= set(BESIDE):
        return Stake()
    cell = next(one for one in row.cells if one.market == market)
    return _stake(row.kpi, cell, board, Ranking(key), None, limited=True)
