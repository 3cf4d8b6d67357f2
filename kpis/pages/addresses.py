"""Pieces of addresses that pages share."""

from __future__ import annotations

from kpis.queries.cells import BoardAsk
from ui.scope_bar import ScopeBar


def money_query(ask: BoardAsk) -> str:
    """Currency and policy of a board as the end of an address, so that a link keeps them."""
    base = f"&base={ask.conversion.base:%Y-%m}" if ask.conversion.base else ""
    return f"&currency={ask.currency}&policy={ask.conversion.policy}{base}"


def scope_kept(bar: ScopeBar) -> list[tuple[str, str]]:
    """Period, currency, policy and day of knowledge of a scope bar, for addresses and forms that keep them."""
    found = [("period", bar.period.text), ("currency", bar.currency), ("policy", bar.policy)]
    found += [(name, value) for name, value in bar.kept if name == "base"]
    return [*found, *([("known", bar.known.isoformat())] if bar.known else [])]
