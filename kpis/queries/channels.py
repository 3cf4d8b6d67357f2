"""What a board of some channels can say, and what it can't."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from kpis.catalogue.formula import Formula
from kpis.catalogue.measures import measure as measure_of
from kpis.queries.amounts import Amounts, Key
from kpis.queries.coverage import Coverage, Place
from kpis.values import Hole, Value

NO_CHANNEL = Value(None, Hole("no_channel"))
NOT_BY_CHANNEL = Value(None, Hole("not_by_channel"))
# What a month without a row of a channel means where the market's orders are there and name that channel.
COUNTED_FROM_ORDERS = ("orders", "gross_revenue", "revenue")


def refusal(
    formula: Formula, market: str, channels: Iterable[str], names: Mapping[Place, frozenset[str]]
) -> Value | None:
    """Why a market has no value of these channels: some part of the formula is data that name none of them."""
    wanted = set(channels)
    origins = {measure_of(measure).origin for measure in formula.sums}
    known = [names[market, origin] for origin in origins if (market, origin) in names]
    return NO_CHANNEL if wanted and any(not wanted & some for some in known) else None


def of_channels(whole: Coverage, picked: Coverage) -> Coverage:
    """How complete the data of some channels are: a paused channel ends, its source doesn't.

    Days and gaps are those of whole sources, of the sources that have these channels.
    """
    gaps = {
        place: kept
        for place, some in whole.gaps.items()
        if (kept := tuple(gap for gap in some if gap.source in picked.sources.get(place, ())))
    }
    return replace(picked, through=whole.through, gaps=gaps)


def fill_quiet_months(
    months: dict[Key, Amounts],
    rows: Iterable[Mapping[str, Any]],
    measures: Iterable[str],
    channels: Iterable[str],
    names: Mapping[Place, frozenset[str]],
) -> None:
    """A month whose orders name the channels, and has none of theirs, sold nothing there.

    `rows` are those of all channels: market, origin, month.
    """
    wanted, counted = set(channels), [name for name in measures if name in COUNTED_FROM_ORDERS]
    there: set[tuple[str, dt.date]] = {
        (row["market"], row["month"])
        for row in rows
        if row["origin"] == "orders" and wanted & names.get((row["market"], "orders"), frozenset())
    }
    for key in there if counted else ():
        amounts = months.setdefault(key, Amounts())
        for measure in counted:
            amounts.sums.setdefault(measure, 0.0)
