"""Money of the sample client: whole minor units inside, exchange rates to the won by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import numpy as np

from demo.arrays import Floats, Ints
from demo.story import RATE_MISSING, RATES_KRW

DECIMALS = {"KRW": 0, "JPY": 0, "VND": 0, "USD": 2, "EUR": 2, "GBP": 2, "THB": 2}
_PRICE_STEP = {"KRW": 100, "JPY": 10, "VND": 1000, "USD": 50, "EUR": 50, "GBP": 50, "THB": 500}  # minor units


def minor_units(currency: str, krw: Floats | float) -> Ints:
    """Won in the currency's minor units, at the story's base rate."""
    base = RATES_KRW[currency][0] if currency in RATES_KRW else 1.0
    return np.asarray(np.rint(np.asarray(krw) / base * 10 ** DECIMALS[currency]), dtype=np.int64)


def shelf_price(currency: str, krw: Floats | float) -> Ints:
    """A price as shops write it: rounded to the currency's habit, in minor units."""
    step = _PRICE_STEP[currency]
    return np.asarray(np.maximum(1, np.rint(minor_units(currency, krw) / step)) * step, dtype=np.int64)


def written(currency: str, minor: int, mark: str = ".") -> str:
    """An amount as text with the currency's decimals: 1234 → 12.34 for the dollar, 1234 for the won."""
    places = DECIMALS[currency]
    if not places:
        return str(minor)
    sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}{mark}{digits[-places:]}"


def rates(months: list[dt.date], running: dt.date, seed: int) -> list[tuple[str, dt.date, Decimal]]:
    """What one unit of each currency was worth in won, month by month; one rate of the running month is not known yet.

    Shape: (currency, first day of the month, rate).
    """
    rng, found = np.random.default_rng([seed, 900]), []
    for currency, (base, drift, wobble) in RATES_KRW.items():
        level = 0.0
        for index, month in enumerate(months):
            level = 0.8 * level + rng.normal(0, wobble)
            value = base * (1 + drift) ** (index / 12) * np.exp(level)
            if currency == RATE_MISSING and month == running:
                continue
            found.append((currency, month, Decimal(f"{value:.6g}")))
    return found


def closes(
    monthly: Mapping[tuple[str, dt.date], Decimal], end: dt.date, seed: int
) -> list[tuple[str, dt.date, Decimal]]:
    """The close of every weekday before `end`, wandering about its month's average.

    Shape: (currency, day, rate).
    """
    rng, found = np.random.default_rng([seed, 901]), []
    for (currency, month), rate in monthly.items():
        days = [month + dt.timedelta(days=index) for index in range(31)]
        steps = rng.normal(0, 0.004, len(days))
        for day, step in zip(days, steps - steps.mean(), strict=True):
            if day.month == month.month and day.weekday() < 5 and day < end:
                found.append((currency, day, Decimal(f"{float(rate) * np.exp(step):.6g}")))
    return found


def budget(monthly: Mapping[tuple[str, dt.date], Decimal]) -> list[tuple[str, dt.date, Decimal]]:
    """What each year was planned with: the average of its first known month, rounded as planners do.

    Shape: (currency, 1 January of the year, rate).
    """
    first: dict[tuple[str, int], tuple[dt.date, Decimal]] = {}
    for (currency, month), rate in sorted(monthly.items()):
        first.setdefault((currency, month.year), (month, rate))
    return [
        (currency, dt.date(year, 1, 1), Decimal(f"{float(rate):.3g}")) for (currency, year), (_m, rate) in first.items()
    ]
