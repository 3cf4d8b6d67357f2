"""Settled or still moving: from the sources' rules, for any market, measures and last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from kpis.catalogue.conditions import term_of
from kpis.catalogue.formula import Formula
from kpis.catalogue.measures import measure as measure_of
from sources.settling import SettlingRule, rule_of


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
    _rules: dict[tuple[str, str], SettlingRule] = field(default_factory=dict)
    _found: dict[tuple[str, str, int, str, dt.date], Moving | None] = field(default_factory=dict)

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
            measure = term_of(measure).base
            origin = measure_of(measure).origin
            for source in sources.get((market, origin), ()):
                one = self._of_source(source, origin, measure, self.zones.get(market, "UTC"), last_day)
                if one is not None:
                    found = _wider(found, one)
        return found

    def _of_source(self, source: str, origin: str, measure: str, zone: str, last_day: dt.date) -> Moving | None:
        """One measure of one source; the same for all measures that settle together and markets of one zone."""
        rule = self._rule(source, origin)
        key = (source, origin, rule.days_of(measure), zone, last_day)
        if key not in self._found:
            since = rule.first_moving(self.now, measure, zone)
            moves = since <= last_day
            until = rule.settles_at(last_day, measure, zone).astimezone(ZoneInfo(zone)) if moves else self.now
            self._found[key] = Moving(since, until, source) if moves else None
        return self._found[key]

    def _rule(self, source: str, origin: str) -> SettlingRule:
        found = self._rules.get((source, origin))
        if found is None:
            found = self._rules[source, origin] = rule_of(source, origin, self.chosen.get(source))
        return found


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
