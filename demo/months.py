"""What the story comes to, month by month and market by market: the ground on which the sample targets are planned."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from demo.ads import AdRows, SearchRows, accounts, search_rows
from demo.arrays import Bools, Floats, Ints
from demo.money import DECIMALS
from demo.story import RATES_KRW
from demo.telling import Tale
from demo.tracking import tracked_sessions

_REPEAT_MONTHS = 12


def monthly_sums(tale: Tale, seed: int) -> dict[str, Floats]:
    """Sums by month of the window; people are counted once a month. Units: money in the market's own currency."""
    month_of = _month_of_days(tale)
    return {**_advertising(tale, seed, month_of), **_visits(tale, month_of), **_sales(tale, month_of)}


def by_month(month: Ints, months: int, weights: Floats | Ints | None = None) -> Floats:
    """How much (or how many) falls into each month."""
    return np.bincount(month, weights, minlength=months).astype(np.float64)


def _month_of_days(tale: Tale) -> Ints:
    first = tale.window.first
    return np.array([(d.year - first.year) * 12 + d.month - first.month for d in tale.window.dates()])


def _advertising(tale: Tale, seed: int, month_of: Ints) -> dict[str, Floats]:
    names = ("impressions", "clicks", "conversions", "cost", "value")
    total = {name: np.zeros(int(month_of[-1]) + 1) for name in names}
    for account in accounts(tale, seed):
        factor = _to_own_money(account.currency, tale.story.currency)
        for name in names:
            money = factor if name in ("cost", "value") else 1.0
            total[name] += _sums(account.rows, name, month_of) * money
    searched = search_rows(tale, seed)
    total["organic_impressions"] = _sums(searched, "impressions", month_of)
    total["organic_clicks"] = _sums(searched, "clicks", month_of)
    return total


def _sums(rows: AdRows | SearchRows, name: str, month_of: Ints) -> Floats:
    return by_month(month_of[rows.day], int(month_of[-1]) + 1, getattr(rows, name))


def _to_own_money(currency: str, own: str) -> float:
    """From minor units of one currency to whole units of the market's, at the story's base rates."""
    krw: Mapping[str, float] = {"KRW": 1.0, **{code: base for code, (base, _, _) in RATES_KRW.items()}}
    return krw[currency] / krw[own] / float(10 ** DECIMALS[currency])


def _visits(tale: Tale, month_of: Ints) -> dict[str, Floats]:
    told, month = tale.sessions, month_of[tale.sessions.day]
    n, seen, app = int(month_of[-1]) + 1, tracked_sessions(tale), tale.people.platform[tale.sessions.person] > 0
    paid = np.array([c.feed is not None for c in tale.channels])[told.channel]

    def count(which: Bools) -> Floats:
        return by_month(month[seen & which], n)

    def people(which: Bools) -> Floats:
        rows = seen & which
        return by_month(np.unique(month[rows] * 10_000_000 + told.person[rows]) // 10_000_000, n)

    everything = np.ones(len(told), np.bool_)
    return {
        "sessions": count(everything), "paid_sessions": count(paid), "engaged": count(told.engaged),
        "viewed": count(told.viewed), "carted": count(told.carted), "checkout": count(told.checkout),
        "purchases": count(told.purchased), "new_users": count(told.first), "sign_ups": count(told.signed_up),
        "installs": count(told.first & app), "viewers": people(told.viewed), "carters": people(told.carted),
        "starters": people(told.checkout), "active": people(told.engaged),
    }  # fmt: skip


def _sales(tale: Tale, month_of: Ints) -> dict[str, Floats]:
    told, n = tale.orders, int(month_of[-1]) + 1
    month = month_of[tale.sessions.day[told.session]]
    net = (told.total - told.tax - told.shipping - told.refund) / 10 ** DECIMALS[tale.story.currency]
    person = tale.sessions.person[told.session]
    repeats, customers = zip(*(_repeat(person[_last_year(month, at)]) for at in range(n)), strict=True)
    return {
        "orders": by_month(month, n), "revenue": by_month(month, n, net),
        "repeat_customers": np.array(repeats, np.float64), "customers": np.array(customers, np.float64),
    }  # fmt: skip


def _last_year(month: Ints, at: int) -> Bools:
    return np.asarray((month <= at) & (month > at - _REPEAT_MONTHS))


def _repeat(person: Ints) -> tuple[int, int]:
    _, orders = np.unique(person, return_counts=True)
    return int((orders > 1).sum()), int(orders.size)
