"""Exchange rates as their grids show them, which of them values wait for, and who changed what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from kpis.catalogue.measures import MONEY_MEASURES
from kpis.models import BudgetRate, DailyRate, ExchangeRate, PolicyChoice, RateChange, RateKind
from kpis.queries.money import CLOSE_HOLDS_DAYS
from kpis.spans import month_start
from ui.periods import fiscal_year_of
from warehouse.scope import Scope

HISTORY = 100
Place = tuple[str, dt.date]  # currency, and the month, day or 1 January of the year that a rate is kept under


@dataclass(frozen=True, slots=True)
class KeptRate:
    """A rate as a grid shows it."""

    rate: Decimal
    source: str


def rates_kept(kind: str, dates: Sequence[dt.date]) -> dict[Place, KeptRate]:
    """Rates of one kind by currency and date; one query."""
    if kind == RateKind.BUDGET.value:
        years = BudgetRate.objects.filter(year__in=[day.year for day in dates])
        return {(one.currency, dt.date(one.year, 1, 1)): KeptRate(one.rate, one.source) for one in years}
    if kind == RateKind.DAILY.value:
        days = DailyRate.objects.filter(day__in=dates)
        return {(one.currency, one.day): KeptRate(one.rate, one.source) for one in days}
    months = ExchangeRate.objects.filter(month__in=dates)
    return {(one.currency, one.month): KeptRate(one.rate, one.source) for one in months}


def rate_history(currency: str = "", kind: str = "") -> QuerySet[RateChange]:
    """The latest changes first, of one kind and currency or of all."""
    found = RateChange.objects.all()
    if currency:
        found = found.filter(currency=currency)
    if kind:
        found = found.filter(kind=kind)
    return found[:HISTORY]


def policy_history() -> QuerySet[PolicyChoice]:
    """Who chose which policy when, the latest first."""
    return PolicyChoice.objects.all()[:HISTORY]


def currencies_known() -> list[str]:
    """Currencies that have a rate of any kind; one query."""
    codes = ExchangeRate.objects.values_list("currency").union(
        DailyRate.objects.values_list("currency"), BudgetRate.objects.values_list("currency")
    )
    return sorted(code for (code,) in codes)


def days_with_money(scope: Scope, own: Mapping[str, str]) -> dict[str, tuple[dt.date, ...]]:
    """On which days each currency was booked: where a rate is needed. One read of the lake.

    `own` are the markets' currencies: what a row without currency means.
    """
    import ibis

    from warehouse.engine import rows, table

    daily = table("measure_daily")
    booked = [daily[measure].notnull() & (daily[measure] != 0) for measure in sorted(MONEY_MEASURES)]
    daily = daily.filter(ibis.or_(*booked))
    found: dict[str, set[dt.date]] = {}
    for row in rows(daily.select("market", "currency", "day").distinct(), scope):
        currency = row["currency"] or own.get(row["market"], "")
        found.setdefault(currency, set()).add(row["day"])
    return {currency: tuple(sorted(days)) for currency, days in found.items()}


def missing_rates(needed: Mapping[str, Sequence[dt.date]], home: str, fiscal_start: int) -> dict[str, list[Place]]:
    """Of every kind of rate, what amounts wait for: currency and month, day or year. Three queries."""
    months = set(ExchangeRate.objects.values_list("currency", "month"))
    days = set(DailyRate.objects.values_list("currency", "day"))
    years = set(BudgetRate.objects.values_list("currency", "year"))
    found: dict[str, dict[Place, None]] = {kind: {} for kind in RateKind.values}
    for currency in sorted(needed):
        for day in needed[currency] if currency != home else ():
            year = fiscal_year_of(day, fiscal_start)
            if (currency, month_start(day)) not in months:
                found[RateKind.MONTHLY.value][currency, month_start(day)] = None
            if (currency, year) not in years:
                found[RateKind.BUDGET.value][currency, dt.date(year, 1, 1)] = None
            if not any((currency, day - dt.timedelta(days=back)) in days for back in range(CLOSE_HOLDS_DAYS + 1)):
                found[RateKind.DAILY.value][currency, day] = None
    return {kind: list(places) for kind, places in found.items()}
