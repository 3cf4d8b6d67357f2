"""What one market's month measured, in reporting currency: folded from the rows of the lake, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kpis.catalogue.formula import Additive, Parts, merge_holes
from kpis.catalogue.measures import measure as measure_of
from kpis.queries.money import OWN, Rates, in_ranges
from kpis.values import Hole

Key = tuple[str, dt.date]  # market, first day of the month
Row = Mapping[str, Any]
MIXED = ""


@dataclass(slots=True)
class Amounts:
    """Sums by measure. A money measure whose rate is missing stays as booked and has a hole that says so."""

    sums: dict[str, float] = field(default_factory=dict)
    holes: dict[str, Hole] = field(default_factory=dict)
    booked: dict[str, str] = field(default_factory=dict)  # measure → its one currency, or MIXED
    converted: dict[str, bool] = field(default_factory=dict)  # measures of which some amount had its rate
    lacking: dict[str, dict[str, None]] = field(default_factory=dict)  # measure → the rates that are missing

    def add(self, measure: str, number: float) -> None:
        self.sums[measure] = self.sums.get(measure, 0.0) + number

    def add_money(self, measure: str, number: float, currency: str, factor: float | Hole) -> None:
        if isinstance(factor, Hole) and number != 0:
            self.lacking.setdefault(measure, {}).update(dict.fromkeys(factor.facts))
        elif number != 0:
            self.converted[measure] = True
        self.booked[measure] = currency if self.booked.get(measure, currency) == currency else MIXED
        self.add(measure, number if isinstance(factor, Hole) else number * factor)

    def settle(self) -> None:
        """Make one hole a measure out of the rates that were missing, days that follow each other as one."""
        for measure, facts in self.lacking.items():
            self.holes[measure] = Hole("missing_rate", in_ranges(facts))

    def parts(self, formula: Additive) -> Parts | None:
        """Numerator and denominator of a formula; None when a part wasn't measured."""
        pair = formula.parts(self.sums)
        if pair is None:
            return None
        if not self.holes:
            return Parts(*pair)
        holes = [self.holes[measure] for measure in formula.sums if measure in self.holes]
        if not holes:
            return Parts(*pair)
        currencies = {self.booked[measure] for measure in formula.sums if measure in self.booked}
        # As booked, both sides must be: a converted numerator over a booked denominator would be nonsense.
        alike = len(currencies) == 1 and MIXED not in currencies
        all_booked = all(
            (measure in self.holes and measure not in self.converted) or self.sums[measure] == 0
            for measure in formula.sums
        )
        return Parts(*pair, hole=merge_holes(holes), single=alike and all_booked)


NOTHING = Amounts()


@dataclass(frozen=True, slots=True)
class Reporting:
    """In which money amounts are reported: one currency for all, or each market's own."""

    currency: str  # ISO code or OWN
    own: Mapping[str, str]  # market → its currency
    rates: Rates

    def of(self, market: str) -> str:
        return self.own[market] if self.currency == OWN else self.currency


def fold(
    rows: Iterable[Row],
    measures: Iterable[str],
    reporting: Reporting,
    bucket: str = "month",
    into: dict[tuple[str, Any], Amounts] | None = None,
) -> dict[tuple[str, Any], Amounts]:
    """Rows of (market, month, currency, one column a measure) as amounts by market and bucket, usually the month.

    The rate is that of the row's day where it has one, else of its month, whatever the bucket; daily closes want rows
    by day. A row without currency is in its market's own: that is what its file meant by leaving it out. `into` are
    amounts to add to.
    """
    measures = tuple(measures)
    plain = [measure for measure in measures if not measure_of(measure).money]
    money = [measure for measure in measures if measure_of(measure).money]
    found: dict[tuple[str, Any], Amounts] = {} if into is None else into
    for row in rows:
        market = row["market"]
        if market not in reporting.own:
            continue
        key = (market, row[bucket])
        amounts = found.get(key)
        if amounts is None:
            amounts = found[key] = Amounts()
        for measure in plain:
            number = row[measure]
            if number is not None:
                amounts.add(measure, float(number))
        if money:
            _fold_money(amounts, row, money, reporting)
    for amounts in found.values():
        amounts.settle()
    return found


def _fold_money(amounts: Amounts, row: Row, measures: list[str], reporting: Reporting) -> None:
    market = row["market"]
    currency = row["currency"] or reporting.own[market]
    factor = reporting.rates.factor(currency, reporting.of(market), row.get("day") or row["month"])
    for measure in measures:
        number = row[measure]
        if number is not None:
            amounts.add_money(measure, float(number), currency, factor)
