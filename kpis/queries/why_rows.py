"""The sums that a bridge stands on: both of its sides, by market, month and the dimensions that split them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from kpis.bridge import Side
from kpis.bridge.shapley import EXACT
from kpis.queries.amounts import Amounts, Reporting, fold
from kpis.queries.cut import limits_of
from kpis.queries.measured import daily_of, sum_columns, with_keys
from kpis.spans import Span, month_start
from warehouse.scope import Scope

PARTS = ("channel", "source", "campaign")
Pieces = Mapping[tuple[str, Any], Amounts]  # (market, (month, channel, source, campaign)) → sums
Reach = Mapping[tuple[str, str], dt.date]


def sums_of_span(
    scope: Scope, span: Span, measures: Sequence[str], cut: Iterable[dt.date] = ()
) -> list[dict[str, Any]]:
    """Sums of a span's months by everything that can split them; months of `cut` by day.

    Shape: market, origin, month, day (the month's first where it isn't cut), currency, channel, source, campaign;
    one column a measure.
    """
    import ibis

    from warehouse.engine import rows

    daily = daily_of(scope)
    daily = daily.filter(daily.day >= ibis.date(span.start.isoformat()), daily.day < ibis.date(span.end.isoformat()))
    month = ibis.date(daily.day.year(), daily.day.month(), 1)
    days = [ibis.date(one.isoformat()) for one in sorted(set(cut))]
    daily = daily.mutate(month=month)
    day = ibis.ifelse(daily.month.isin(days), daily.day, daily.month) if days else daily.month
    daily = daily.mutate(bucket_day=day)
    grouped = daily.group_by("market", "origin", "month", "bucket_day", "currency", *PARTS)
    return with_keys(rows(grouped.aggregate(**sum_columns(daily, measures)), scope), measures)


def within_reach(found: Iterable[dict[str, Any]], reach: Reach, span: Span) -> list[dict[str, Any]]:
    """Rows of a compared span without the days that the running span hasn't reached yet, by market and origin."""
    limits = limits_of(reach, span)
    kept = []
    for row in found:
        limit = limits.get((row["market"], row["origin"], row["month"]))
        if limit is None or row["bucket_day"].day <= limit:
            kept.append(row)
    return kept


def cut_of(reach: Reach, span: Span, compared: Span) -> set[dt.date]:
    """The months of a compared span that aren't compared whole."""
    months = set(compared.months)
    return {month for _market, _origin, month in limits_of(reach, span) if month in months}


@dataclass(frozen=True, slots=True)
class Half:
    """One side of a bridge before it is split: pieces, and the market-months in which the whole KPI was measured."""

    pieces: Pieces
    counted: frozenset[tuple[str, dt.date]]

    def has(self, measures: Iterable[str]) -> bool:
        """Whether every counted market-month has these measures."""
        return all(self.counted <= _measured_in(self.pieces, measure) for measure in measures)

    @property
    def has_holes(self) -> bool:
        return any(amounts.holes for (market, at), amounts in self.pieces.items() if (market, at[0]) in self.counted)

    def split(self, part: str, measures: Sequence[str]) -> Side:
        """Sums by one dimension, or by market."""
        place = PARTS.index(part) + 1 if part in PARTS else 0
        found: dict[str, dict[str, Decimal]] = {}
        with localcontext(EXACT):
            for (market, at), amounts in self.pieces.items():
                if (market, at[0]) not in self.counted:
                    continue
                sums = found.setdefault((at[place] or "") if place else market, {})
                for measure in measures:
                    if measure in amounts.sums:
                        sums[measure] = sums.get(measure, Decimal(0)) + Decimal(amounts.sums[measure])
        return {name: sums for name, sums in found.items() if sums}


def half_of(
    found: Iterable[Mapping[str, Any]],
    formula_sums: Sequence[str],
    measures: Sequence[str],
    reporting: Reporting,
    months: Mapping[dt.date, dt.date] | None = None,
) -> Half:
    """One side from its rows; `months` maps each month to the one whose exchange rates are taken."""
    by_day = reporting.rates.conversion.is_daily
    rated = [
        {
            **row,
            **({"day": row["bucket_day"]} if by_day else {}),
            "month": months[row["month"]] if months else row["month"],
            "place": (row["month"], *(row[part] for part in PARTS)),
        }
        for row in found
    ]
    pieces = fold(rated, measures, reporting, "place")
    counted = frozenset.intersection(*(_measured_in(pieces, measure) for measure in formula_sums))
    return Half(pieces, counted)


def _measured_in(pieces: Pieces, measure: str) -> frozenset[tuple[str, dt.date]]:
    there = (place for place, amounts in pieces.items() if measure in amounts.sums)
    return frozenset((market, month_start(at[0])) for market, at in there)
