"""Pieces of addresses that pages share."""

from __future__ import annotations

from kpis.queries.cells import BoardAsk


def money_query(ask: BoardAsk) -> str:
    """Currency and policy of a board as the end of an address, so that a link keeps them."""
    base = f"&base={ask.conversion.base:%Y-%m}" if ask.conversion.base else ""
    return f"&currency={ask.currency}&policy={ask.conversion.policy}{base}"
