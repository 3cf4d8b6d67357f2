"""Compared months cut to the days that a running month has reached, so that twenty days are not held against thirty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from kpis.catalogue.measures import measure as measure_of
from kpis.queries.amounts import NOTHING, Amounts, Key, Reporting, fold
from kpis.queries.coverage import Coverage, Place
from kpis.spans import Span, days_in, month_start

T = TypeVar("T")


def months_to_cut(coverage: Coverage, span: Span) -> set[dt.date]:
    """The compared months of which single days are needed."""
    reached = {month_start(day) for day in coverage.through.values()}
    places = [index for index, month in enumerate(span.months) if month in reached]
    return {compared.months[index] for compared in (span.previous, span.last_year) for index in places}


def cut_months(
    months: Mapping[Key, Amounts],
    days: Iterable[Mapping[str, Any]],
    *,
    coverage: Coverage,
    span: Span,
    measures: Sequence[str],
    reporting: Reporting,
) -> dict[Key, Amounts]:
    """Amounts of compared months for the markets whose data end within the span.

    Per market and origin: months before the one reached stay whole, that one is cut to the same day of the month,
    later ones give nothing. `days` are rows of (market, origin, day, currency, one column a measure).
    """
    limits = limits_of(coverage.through, span)
    kept = [
        {**row, "month": month_start(row["day"])}
        for row in days
        if _within(limits.get((row["market"], row["origin"], month_start(row["day"]))), row["day"])
    ]
    pieces = fold(kept, measures, reporting)
    found: dict[Key, Amounts] = {}
    for market, origin, month in limits:
        key = (market, month)
        if key not in found:
            found[key] = _copy(months.get(key, NOTHING))
        _replace(found[key], pieces.get(key, NOTHING), [m for m in measures if measure_of(m).origin == origin])
    return found


def limits_of(reach: Mapping[Place, dt.date], span: Span) -> dict[tuple[str, str, dt.date], int]:
    """For every market, origin and compared month that isn't whole: up to which day of the month it counts."""
    found: dict[tuple[str, str, dt.date], int] = {}
    for place, through in reach.items():
        reached = span.months.index(month_start(through))
        for compared in (span.previous, span.last_year):
            _limit(found, place, compared.months[reached:], through)
    return found


def _limit(
    found: dict[tuple[str, str, dt.date], int], place: Place, months: Sequence[dt.date], through: dt.date
) -> None:
    whole = through.day == days_in(through)
    for index, month in enumerate(months):
        if index:
            found[*place, month] = 0
        elif not whole:
            found[*place, month] = through.day


def _within(limit: int | None, day: dt.date) -> bool:
    return limit is not None and day.day <= limit


def _copy(amounts: Amounts) -> Amounts:
    return Amounts(dict(amounts.sums), dict(amounts.holes), dict(amounts.booked), dict(amounts.converted))


def _replace(whole: Amounts, piece: Amounts, measures: Iterable[str]) -> None:
    for measure in measures:
        _take(whole.sums, piece.sums, measure)
        _take(whole.holes, piece.holes, measure)
        _take(whole.booked, piece.booked, measure)
        _take(whole.converted, piece.converted, measure)


def _take(whole: dict[str, T], piece: Mapping[str, T], measure: str) -> None:
    whole.pop(measure, None)
    if measure in piece:
        whole[measure] = piece[measure]
