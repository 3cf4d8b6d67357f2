"""A formula's numerators and denominators by market and month: worked out once, added up as every cell needs them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from kpis.catalogue.formula import Additive, Parts, combine
from kpis.queries.amounts import Amounts, Key
from kpis.values import NO_DATA, Hole, Value

NO_BASE = Value(None, Hole("no_base"))


class Grid:
    """All pieces of one formula; `cut` are compared months up to the day that the running month has reached."""

    def __init__(self, formula: Additive, months: Mapping[Key, Amounts], cut: Mapping[Key, Amounts]) -> None:
        self.formula = formula
        self.months = months
        self.pieces = {key: amounts.parts(formula) for key, amounts in months.items()}
        self.cut = {key: amounts.parts(formula) for key, amounts in cut.items()}

    def piece(self, market: str, month: dt.date) -> Parts | None:
        return self.pieces.get((market, month))

    def value(self, markets: Iterable[str], months: Iterable[dt.date]) -> Value:
        """The value over these markets and months."""
        months = tuple(months)
        return combine(self.formula, (self.pieces.get((market, month)) for market in markets for month in months))

    def base(self, markets: Iterable[str], months: Iterable[dt.date]) -> Value:
        """The value to compare with: cut to the same days where the span is still running."""
        months = tuple(months)
        found = combine(
            self.formula,
            (
                self.cut[market, month] if (market, month) in self.cut else self.pieces.get((market, month))
                for market in markets
                for month in months
            ),
        )
        return NO_BASE if found == NO_DATA else found

    def amounts(self, markets: Iterable[str], months: Iterable[dt.date]) -> dict[str, float]:
        """The sums behind a value, of the market-months that all parts were measured in."""
        months, names = tuple(months), self.formula.parts_named
        found: dict[str, float] = {}
        for market in markets:
            for month in months:
                if self.pieces.get((market, month)) is not None:
                    sums = self.months[market, month].sums
                    for name in names:
                        found[name] = found.get(name, 0.0) + sums[name]
        return found
