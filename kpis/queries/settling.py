"""Settled or still moving: from the sources' rules, for any market, measures and last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from kpis.catalogue.formula import Formula
from kpis.catalogue.measures import MEASURES
from sources.settling import rule_of


@dataclass(frozen=True, slots=True)
class Moving:
    """Days from `since` on still change; the last one settles at `until` (in the market's zone), with `source`."""

    since: dt.date
    until: dt.datetime
    source: str


@dataclass(slots=True)
class Settling:
    """The rules at one moment. `chosen`: what admins chose, by source key; `zones`: the markets' time zones."""

    now: dt.datetime
    chosen: Mapping[str, Mapping[str, Any]]
    zones: Mapping[str, str]
    _found: dict[tuple[str, str, str, str], dt.date] = field(default_factory=dict)

    def moving(
        self,
        market: str,
        formula: Formula,
        sources: Mapping[tuple[str, str], tuple[str, ...]],
        last_day: dt.date,
    ) -> Moving | None:
        """What of a formula still changes on `last_day` or before; None when everything is settled.

        `sources` are those that gave data, by market and origin.
        """
        found: Moving | None = None
        for measure in (*formula.sums, *formula.periods):
            origin = MEASURES[measure].origin
            for source in sources.get((market, origin), ()):
                since = self._since(source, origin, measure, market)
                if since > last_day:
                    continue
                found = _wider(found, Moving(since, self._until(source, origin, measure, market, last_day), source))
        return found

    def _since(self, source: str, origin: str, measure: str, market: str) -> dt.date:
        key = (source, origin, measure, self._zone(market))
        known = self._found.get(key)
        if known is None:
            rule = rule_of(source, origin, self.chosen.get(source))
            known = self._found[key] = rule.first_moving(self.now, measure, key[3])
        return known

    def _until(self, source: str, origin: str, measure: str, market: str, last_day: dt.date) -> dt.datetime:
        rule, zone = rule_of(source, origin, self.chosen.get(source)), self._zone(market)
        return rule.settles_at(last_day, measure, zone).astimezone(ZoneInfo(zone))

    def _zone(self, market: str) -> str:
        return self.zones.get(market, "UTC")


def _wider(one: Moving | None, other: Moving) -> Moving:
    if one is None:
        return other
    later = one if one.until >= other.until else other
    return Moving(min(one.since, other.since), later.until, later.source)


def widest(found: Iterable[Moving | None]) -> Moving | None:
    """What a total moves by: the earliest day that still changes, the latest moment."""
    widest_one: Moving | None = None
    for one in found:
        if one is not None:
            widest_one = _wider(widest_one, one)
    return widest_one
