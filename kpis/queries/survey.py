"""What there is at all: by market, source, kind of data and channel, from which day to which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from kpis.queries.coverage import Place
from warehouse.scope import Scope


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days of one channel (empty: no name) of a source in a market.

    `late`: the last day with a measure that vendors tell late; `rows`: how many rows it has.
    """

    market: str
    source: str
    origin: str
    channel: str
    first: dt.date
    last: dt.date
    late: dt.date | None = None
    rows: int = 0


@dataclass(frozen=True)
class Survey:
    """Everything that a person's markets have."""

    stretches: Sequence[Stretch] = ()

    @property
    def span(self) -> tuple[dt.date, dt.date] | None:
        """The first and the last day with anything measured."""
        if not self.stretches:
            return None
        return min(one.first for one in self.stretches), max(one.last for one in self.stretches)

    @cached_property
    def channels(self) -> tuple[str, ...]:
        """The names of channels, those with the most rows first."""
        rows: dict[str, int] = {}
        for one in self.stretches:
            rows[one.channel] = rows.get(one.channel, 0) + one.rows
        return tuple(sorted(filter(None, rows), key=lambda name: (-rows[name], name)))

    @cached_property
    def channels_by_place(self) -> dict[Place, frozenset[str]]:
        """The names of channels by market and kind of data; one without any name has none."""
        found: dict[Place, set[str]] = {}
        for one in self.stretches:
            found.setdefault((one.market, one.origin), set()).update(filter(None, [one.channel]))
        return {place: frozenset(names) for place, names in found.items()}


def survey_of(scope: Scope) -> Survey:
    """One read of the lake, whatever the scope's period."""
    from warehouse.engine import rows, table

    daily = table("measure_daily")
    told_late = daily.ad_conversions.notnull() | daily.ad_value.notnull() | daily.revenue.notnull()
    found = daily.group_by("market", "source", "origin", "channel").aggregate(
        first=daily.day.min(), last=daily.day.max(), late=daily.day.max(where=told_late), rows=daily.count()
    )
    return Survey(tuple(Stretch(**row | {"channel": row["channel"] or ""}) for row in rows(found, scope)))
