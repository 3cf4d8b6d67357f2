"""The headquarters' number and the market's own, side by side: the part of a cell's drawer that asks for it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from kpis.catalogue import Kpi
from kpis.errors import NoSuchMarket, NoSuchOverride
from kpis.pages.board import language, question_of, scope_for_board
from kpis.pages.definition import MarketValue, definition_url, market_value
from kpis.queries.asked import board_of, state_of_data
from kpis.queries.definitions import LOCAL, OverrideFacts
from tenants.access import Access


@dataclass(frozen=True, slots=True)
class LocalPage:
    """Everything that `kpis/_local.html` prints."""

    kpi: Kpi
    local: Kpi
    facts: OverrideFacts
    values: MarketValue
    ours_text: str
    local_text: str
    url: str


def local_page(access: Access, key: str, query: QueryDict) -> LocalPage:
    """Both numbers of one market. Errors: NoSuchMarket, NoSuchKpi, NoSuchOverride."""
    state = state_of_data(access)
    kpi = state.definitions.kpi(key)
    market = query.get("local", "")
    if market not in access.market_codes:
        raise NoSuchMarket(market)
    local = state.definitions.local_kpi(key, market)
    if local is None:
        raise NoSuchOverride
    bar = scope_for_board(access, query, state)
    board = board_of(access, question_of(bar, (key, f"{key}{LOCAL}{market}")), state)
    cells = [next((c for c in row.cells if c.market == market), None) for row in board.rows]
    ours, theirs = cells[0], cells[1]
    if ours is None or theirs is None:
        raise NoSuchMarket(market)
    spoken = language()
    name = next(m.name(spoken) for m in board.ask.markets if m.code == market)
    facts = next(one for one in state.definitions.facts.overrides if (one.kpi, one.market) == (key, market))
    return LocalPage(
        kpi, local, facts, market_value(kpi, name, ours, theirs, spoken), kpi.formula.as_text(spoken),
        local.formula.as_text(spoken), definition_url(key),
    )  # fmt: skip
