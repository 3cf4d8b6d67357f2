"""Which rates the amounts of a board were converted with: what stands with each number that is money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kpis.catalogue.measures import measure as measure_of
from kpis.spans import Span
from kpis.values import Hole

if TYPE_CHECKING:
    from kpis.queries.amounts import Reporting


@dataclass(frozen=True, slots=True, order=True)
class UsedRate:
    """Units of `into` for one unit of `currency`; `when` is the month, the year or, of daily closes, the month's days.

    `rate` is the one rate, or the plain mean of the month's closes; `low` and `high` are their bounds and `closes`
    how many there are (0 where the policy isn't by day).
    """

    currency: str
    into: str
    when: str
    rate: float
    low: float
    high: float
    closes: int = 0
    source: str = ""


def rates_used(
    rows: Iterable[Mapping[str, Any]], measures: Sequence[str], reporting: Reporting, span: Span
) -> dict[tuple[str, str], tuple[UsedRate, ...]]:
    """By market and money measure, from rows of (market, month, currency, one column a measure) within the span."""
    money = [measure for measure in measures if measure_of(measure).money]
    met: dict[tuple[str, str], dict[tuple[str, str, dt.date], None]] = {}
    for row in rows:
        market = row["market"]
        if not money or market not in reporting.own or not span.start <= row["month"] < span.end:
            continue
        currency, into = row["currency"] or reporting.own[market], reporting.of(market)
        if currency == into:
            continue
        for measure in money:
            if row[measure]:
                met.setdefault((market, measure), {})[currency, into, row["month"]] = None
    known: dict[tuple[str, str, dt.date], UsedRate | None] = {}
    return {
        place: tuple(sorted({rate for key in keys if (rate := _used(key, reporting, known)) is not None}))
        for place, keys in met.items()
    }


def _used(
    key: tuple[str, str, dt.date], reporting: Reporting, known: dict[tuple[str, str, dt.date], UsedRate | None]
) -> UsedRate | None:
    if key not in known:
        known[key] = _of_day(*key, reporting) if reporting.rates.conversion.is_daily else _of_month(*key, reporting)
    return known[key]


def _of_month(currency: str, into: str, month: dt.date, reporting: Reporting) -> UsedRate | None:
    rates = reporting.rates
    factor = rates.factor(currency, into, month)
    if isinstance(factor, Hole):
        return None
    kept = rates.conversion.base_of(month)
    when = rates.conversion.written(kept)
    return UsedRate(currency, into, when, factor, factor, factor, source=_source(currency, into, kept, reporting))


def _of_day(currency: str, into: str, month: dt.date, reporting: Reporting) -> UsedRate | None:
    closes = reporting.rates.closes(currency, into, month)
    if not closes:
        return None
    source = next((text for day in range(31) if (text := _source(currency, into, _nth(month, day), reporting))), "")
    mean = sum(closes) / len(closes)
    return UsedRate(currency, into, f"{month:%Y-%m}", mean, min(closes), max(closes), len(closes), source)


def _nth(month: dt.date, days: int) -> dt.date:
    return month + dt.timedelta(days=days)


def _source(currency: str, into: str, when: dt.date, reporting: Reporting) -> str:
    sources = reporting.rates.sources
    found = dict.fromkeys(sources.get((code, when), "") for code in (currency, into))
    return ", ".join(text for text in found if text)
