"""How fresh the data of a person's markets are: up to which day they are complete, from which day they still move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kpis.queries.asked import DataState
from kpis.queries.coverage import Place, reach_of
from kpis.queries.survey import Stretch
from sources.settling import rule_of
from tenants.access import Access

# By kind of data: a measure that settles as usual, and one that is told late.
USUAL = {"channel_daily": "impressions", "orders": "orders", "events": "sessions"}
LATE = {"channel_daily": "ad_conversions", "orders": "revenue"}


@dataclass(frozen=True, slots=True)
class DataFreshness:
    """`through`: the last day that every kind of data of every market has reached; `slowest`: which ends there.

    `moving_since`: the first day whose values still change by their source's rule; None when all are settled.
    """

    through: dt.date
    slowest: Place
    moving_since: dt.date | None
    moving_source: str = ""


def freshness_of(access: Access, state: DataState) -> DataFreshness | None:
    """The freshness of all that this person sees, None without data; asks nothing beyond the state."""
    if state.now is None or not state.survey.stretches:
        return None
    zones = {market.code: market.time_zone for market in access.markets}
    found = freshness_at(state.survey.stretches, state.now, zones, state.settling)
    yesterday = state.today - dt.timedelta(days=1)  # a day that isn't over isn't complete
    return replace(found, through=min(found.through, yesterday))


def freshness_at(
    stretches: Sequence[Stretch],
    now: dt.datetime,
    zones: Mapping[str, str],
    chosen: Mapping[str, Mapping[str, Any]],
) -> DataFreshness:
    """Freshness at a moment, by the markets' time zones and what admins chose for the sources."""
    last: dict[tuple[str, str, str], dt.date] = {}
    for one in stretches:
        place = (one.market, one.source, one.origin)
        last[place] = max(last.get(place, one.last), one.last)
    reach = reach_of(last)
    slowest = min(reach, key=lambda place: (reach[place], place))
    moving = [found for one in stretches for found in _moving(one, now, zones.get(one.market, "UTC"), chosen)]
    if not moving:
        return DataFreshness(reach[slowest], slowest, None)
    since, source = min(moving)
    return DataFreshness(reach[slowest], slowest, since, source)


def _moving(
    one: Stretch, now: dt.datetime, zone: str, chosen: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[dt.date, str]]:
    """From which day a source's usual and its late measures still change, where they do."""
    rule = rule_of(one.source, one.origin, chosen.get(one.source))
    for measure, last in ((USUAL[one.origin], one.last), (LATE.get(one.origin, ""), one.late)):
        if last is not None and (since := rule.first_moving(now, measure, zone)) <= last:
            yield max(since, one.first), one.source
