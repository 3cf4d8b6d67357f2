"""One currency out of many, by a policy: the rate of each amount's own month, day or year, or a hole that names it.

| policy | an amount is converted with |
|---|---|
| monthly | the average rate of its month |
| daily | the closing rate of its day; on a day without one, the last of the seven days before |
| budget | the rate that its fiscal year was planned with |
| constant | the average rate of one base month, whatever the amount's own month |
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import CharField, DateField, F, Func, QuerySet
from django.db.models import Value as Text

from kpis.models import BudgetRate, DailyRate, ExchangeRate, Policy
from kpis.spans import days_in, month_start
from kpis.values import Hole
from ui.periods import ReportingPeriod, add_months, fiscal_year_of, year_to_date

OWN = "own"  # the reporting currency that means: every market in its own
CLOSE_HOLDS_DAYS = 7  # a close stands for the days after it without one: weekends and holidays, and no longer
_DAY_FACT = re.compile(r"^([A-Z]{3}) (\d{4}-\d{2}-\d{2})$")


@dataclass(frozen=True, slots=True)
class Conversion:
    """By which policy money is converted; `base` is the month whose rates constant currency uses."""

    policy: str = Policy.MONTHLY.value
    base: dt.date | None = None
    fiscal_start: int = 1

    @property
    def is_daily(self) -> bool:
        return self.policy == Policy.DAILY.value

    @property
    def rate_kind(self) -> str:
        """Which kind of kept rates the policy reads: constant currency reads monthly averages."""
        return Policy.MONTHLY.value if self.policy == Policy.CONSTANT.value else self.policy

    def base_of(self, day: dt.date) -> dt.date:
        """What the rate of this day's amounts is kept under: the day, its month, its year, or the base month."""
        if self.policy == Policy.DAILY.value:
            return day
        if self.policy == Policy.BUDGET.value:
            return dt.date(fiscal_year_of(day, self.fiscal_start), 1, 1)
        if self.policy == Policy.CONSTANT.value and self.base is not None:
            return self.base
        return month_start(day)

    def written(self, when: dt.date) -> str:
        """2026-10, 2026-10-03 or 2026: what a rate is of, as an address and a hole write it."""
        if self.policy == Policy.DAILY.value:
            return when.isoformat()
        return f"{when:%Y}" if self.policy == Policy.BUDGET.value else f"{when:%Y-%m}"


MONTHLY = Conversion()


def usual_base(period: ReportingPeriod) -> dt.date:
    """The base month of constant currency: the last one before the fiscal year that the period begins in.

    So all months of a year, and those they are compared with, are seen at the rates with which the year opened.
    """
    return add_months(year_to_date(period.start, period.fiscal_start).start, -1)


@dataclass(slots=True)
class Rates:
    """Units of the home currency for one unit of a currency, by currency and what the policy keeps rates under.

    `factor` is what an amount of that month or day is multiplied with to be in the reporting currency; never 1 by
    default. `sources` says where a rate comes from.
    """

    home: str
    known: Mapping[tuple[str, dt.date], float]
    conversion: Conversion = MONTHLY
    sources: Mapping[tuple[str, dt.date], str] = field(default_factory=dict)
    _factors: dict[tuple[str, str, dt.date], float | Hole] = field(default_factory=dict)

    def factor(self, source: str, into: str, when: dt.date) -> float | Hole:
        """For an amount of the day `when`, or of the month that it begins where the policy isn't by day."""
        if source == into:
            return 1.0
        key = (source, into, self.conversion.base_of(when))
        found = self._factors.get(key)
        if found is None:
            found = self._factors[key] = self._factor(*key)
        return found

    def month_factor(self, source: str, into: str, month: dt.date) -> float | Hole:
        """For an amount of a whole month, such as a target: under daily closes the mean of the month's closes."""
        if not self.conversion.is_daily or source == into:
            return self.factor(source, into, month)
        found = self.closes(source, into, month)
        return sum(found) / len(found) if found else Hole("missing_rate", (f"{source} {month:%Y-%m}",))

    def closes(self, source: str, into: str, month: dt.date) -> list[float]:
        """The cross rates of the days of a month that have a close of their own in both currencies."""
        days = (month + dt.timedelta(days=index) for index in range(days_in(month)))
        return [
            above / below
            for day in days
            if (above := self._kept(source, day)) is not None and (below := self._kept(into, day)) is not None
        ]

    def _factor(self, source: str, into: str, when: dt.date) -> float | Hole:
        above, below = self._to_home(source, when), self._to_home(into, when)
        if above is None or below is None:
            missing = [code for code, rate in ((source, above), (into, below)) if rate is None]
            return Hole("missing_rate", tuple(f"{code} {self.conversion.written(when)}" for code in missing))
        return above / below

    def _to_home(self, currency: str, when: dt.date) -> float | None:
        found = self._kept(currency, when)
        if found is not None or not self.conversion.is_daily:
            return found
        earlier = (self._kept(currency, when - dt.timedelta(days=back)) for back in range(1, CLOSE_HOLDS_DAYS + 1))
        return next((rate for rate in earlier if rate is not None), None)

    def _kept(self, currency: str, when: dt.date) -> float | None:
        return 1.0 if currency == self.home else self.known.get((currency, when))


def kept_rates(conversion: Conversion, months: Sequence[dt.date], since: dt.date) -> QuerySet[ExchangeRate]:
    """The rates that a policy needs from `since` on, as rows of ("", source, when, rate, currency).

    In the shape of a target's row (kpi, market, month, value, currency), so that both are one read.
    """
    nothing = Text("", output_field=CharField())
    if conversion.policy == Policy.DAILY.value:
        first = min(since, *months) - dt.timedelta(days=CLOSE_HOLDS_DAYS) if months else since
        found = DailyRate.objects.filter(day__gte=first)
        return found.values_list(nothing, F("source"), "day", "rate", "currency")  # type: ignore[return-value]
    if conversion.policy == Policy.BUDGET.value:
        begins = Func(F("year"), 1, 1, function="make_date", output_field=DateField())
        return BudgetRate.objects.values_list(nothing, F("source"), begins, "rate", "currency")  # type: ignore[return-value]
    if conversion.policy == Policy.CONSTANT.value and conversion.base is not None:
        kept = ExchangeRate.objects.filter(month=conversion.base)
    else:
        kept = ExchangeRate.objects.filter(month__gte=since)
    return kept.values_list(nothing, F("source"), "month", "rate", "currency")


def in_ranges(facts: Iterable[str]) -> tuple[str, ...]:
    """Days of missing rates that follow each other as one: "EUR 2026-10-03–10-09"; other facts as they are."""
    days: dict[str, list[dt.date]] = {}
    found: list[str] = []
    for fact in dict.fromkeys(facts):
        match = _DAY_FACT.match(fact)
        if match is None:
            found.append(fact)
        else:
            days.setdefault(match[1], []).append(dt.date.fromisoformat(match[2]))
    for currency, some in days.items():
        found.extend(f"{currency} {text}" for text in _ranges(sorted(some)))
    return tuple(found)


def _ranges(days: Sequence[dt.date]) -> list[str]:
    runs: list[tuple[dt.date, dt.date]] = []
    for day in days:
        if runs and day - runs[-1][1] == dt.timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return [
        first.isoformat() if first == last
        else f"{first.isoformat()}–{last:%m-%d}" if first.year == last.year
        else f"{first.isoformat()}–{last.isoformat()}"
        for first, last in runs
    ]  # fmt: skip
