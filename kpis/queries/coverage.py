"""How complete the data of a period are: days missing between others, and months that are still moving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kpis.queries.measured import DAILY_ORIGINS
from kpis.spans import Span

Place = tuple[str, str]  # market, origin


@dataclass(frozen=True, slots=True)
class Gap:
    """Days from `begins` to `ends` that a source should have and hasn't; `missing` names them."""

    market: str
    source: str
    origin: str
    begins: dt.date
    ends: dt.date
    missing: tuple[dt.date, ...] = ()

    @property
    def expected(self) -> int:
        return (self.ends - self.begins).days + 1

    @property
    def days(self) -> int:
        """How many of the expected days are there."""
        return self.expected - len(self.missing)


@dataclass(slots=True)
class Coverage:
    """`through`: the last day with data, where it lies before the period's end: the value still moves.

    `gaps`: sources with days missing, by market and origin. `sources`: who gave data in the period.
    """

    through: dict[Place, dt.date] = field(default_factory=dict)
    gaps: dict[Place, tuple[Gap, ...]] = field(default_factory=dict)
    sources: dict[Place, tuple[str, ...]] = field(default_factory=dict)


def coverage_of(rows: Iterable[Mapping[str, Any]], span: Span) -> Coverage:
    """Coverage from rows of (market, source, origin, month, first_day, last_day, days), months after the span included.

    Several rows of one source and month (one a currency) overlap in days, so days are the most that one of them has;
    `with_days` makes them exact where some seem to be missing.
    """
    first: dict[tuple[str, str, str], dt.date] = {}
    last: dict[tuple[str, str, str], dt.date] = {}
    days: dict[tuple[str, str, str], dict[dt.date, int]] = {}
    for row in rows:
        key = (row["market"], row["source"], row["origin"])
        first[key] = min(first.get(key, row["first_day"]), row["first_day"])
        last[key] = max(last.get(key, row["last_day"]), row["last_day"])
        if span.start <= row["month"] < span.end:
            by_month = days.setdefault(key, {})
            by_month[row["month"]] = max(by_month.get(row["month"], 0), row["days"])
    found = Coverage()
    _mark_moving(found, last, span)
    _mark_gaps(found, first, last, days, span)
    return found


def reach_of(last: Mapping[tuple[str, str, str], dt.date]) -> dict[Place, dt.date]:
    """The day up to which a market's data of an origin go, from last days by (market, source, origin).

    It is that of the newest of its sources. A small market may go without an order for days: for orders the source
    tells how far the data reach, not the market.
    """
    of_source: dict[tuple[str, str], dt.date] = {}
    for (_market, source, origin), day in last.items():
        of_source[source, origin] = max(of_source.get((source, origin), day), day)
    reach: dict[Place, dt.date] = {}
    for (market, source, origin), day in last.items():
        until = day if origin in DAILY_ORIGINS else of_source[source, origin]
        reach[market, origin] = max(reach.get((market, origin), until), until)
    return reach


def _mark_moving(found: Coverage, last: Mapping[tuple[str, str, str], dt.date], span: Span) -> None:
    """A market's origin moves when the newest of its sources ends within the span."""
    final = span.end - dt.timedelta(days=1)
    found.through = {place: day for place, day in reach_of(last).items() if span.start <= day < final}


def _mark_gaps(
    found: Coverage,
    first: Mapping[tuple[str, str, str], dt.date],
    last: Mapping[tuple[str, str, str], dt.date],
    days: Mapping[tuple[str, str, str], Mapping[dt.date, int]],
    span: Span,
) -> None:
    gaps: dict[Place, list[Gap]] = {}
    sources: dict[Place, list[str]] = {}
    for key in sorted(first):
        market, source, origin = key
        have = sum(days.get(key, {}).values())
        if have:
            sources.setdefault((market, origin), []).append(source)
        begins, ends = max(first[key], span.start), min(last[key], span.end - dt.timedelta(days=1))
        expected = (ends - begins).days + 1
        if origin in DAILY_ORIGINS and expected > 0 and have < expected:
            gaps.setdefault((market, origin), []).append(Gap(market, source, origin, begins, ends))
    found.gaps = {place: tuple(some) for place, some in gaps.items()}
    found.sources = {place: tuple(some) for place, some in sources.items()}


def with_days(found: Coverage, rows: Iterable[Mapping[str, Any]]) -> Coverage:
    """The same coverage with every missing day named; what turned out to be complete is dropped.

    `rows` are the days of the period that have data: market, source, origin, day.
    """
    there: dict[tuple[str, str, str], set[dt.date]] = {}
    for row in rows:
        there.setdefault((row["market"], row["source"], row["origin"]), set()).add(row["day"])
    gaps: dict[Place, tuple[Gap, ...]] = {}
    for place, some in found.gaps.items():
        named = (_named(gap, there.get((gap.market, gap.source, gap.origin), set())) for gap in some)
        kept = tuple(gap for gap in named if gap.missing)
        if kept:
            gaps[place] = kept
    return Coverage(found.through, gaps, found.sources)


def _named(gap: Gap, there: set[dt.date]) -> Gap:
    days = (gap.begins + dt.timedelta(days=index) for index in range(gap.expected))
    return replace(gap, missing=tuple(day for day in days if day not in there))
