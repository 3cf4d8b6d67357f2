"""Pieces of addresses that pages share."""

from __future__ import annotations

from urllib.parse import urlencode

from kpis.queries.cells import BoardAsk
from ui.scope_bar import ScopeBar


def scope_query(ask: BoardAsk) -> str:
    """Channels, currency and policy of a board as the end of an address, so that a link keeps them."""
    found = [*(("channel", channel) for channel in ask.channels), ("currency", ask.currency)]
    found.append(("policy", ask.conversion.policy))
    if ask.conversion.base:
        found.append(("base", f"{ask.conversion.base:%Y-%m}"))
    return "&" + urlencode(found)


def scope_pairs(bar: ScopeBar) -> list[tuple[str, str]]:
    """What a page beside this one must be asked for to cover the same, but for markets and what is compared."""
    return [
        ("period", bar.period.text),
        *(("channel", channel) for channel in bar.channels),
        ("currency", bar.currency),
        *([("policy", bar.policy)] if bar.policy else []),
        *([("base", f"{bar.base:%Y-%m}")] if bar.base else []),
        *([("known", bar.known.isoformat())] if bar.known else []),
    ]
