"""One currency out of many: the monthly average rate of each month, or a hole that names what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from kpis.values import Hole

OWN = "own"  # the reporting currency that means: every market in its own


@dataclass(slots=True)
class Rates:
    """Units of the home currency for one unit of a currency, by currency and month.

    `factor` is what an amount of that month is multiplied with to be in the reporting currency; never 1 by default.
    """

    home: str
    known: Mapping[tuple[str, dt.date], float]
    _factors: dict[tuple[str, str, dt.date], float | Hole] = field(default_factory=dict)

    def factor(self, source: str, into: str, month: dt.date) -> float | Hole:
        if source == into:
            return 1.0
        key = (source, into, month)
        found = self._factors.get(key)
        if found is None:
            found = self._factors[key] = self._factor(source, into, month)
        return found

    def _factor(self, source: str, into: str, month: dt.date) -> float | Hole:
        above, below = self._to_home(source, month), self._to_home(into, month)
        if above is None or below is None:
            missing = [code for code, rate in ((source, above), (into, below)) if rate is None]
            return Hole("missing_rate", tuple(f"{code} {month:%Y-%m}" for code in missing))
        return above / below

    def _to_home(self, currency: str, month: dt.date) -> float | None:
        return 1.0 if currency == self.home else self.known.get((currency, month))
