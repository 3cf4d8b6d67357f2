"""The sample client's targets: planned along the season, from where each market was going before things went wrong."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from demo.arrays import Floats
from demo.calendar import Window, add_months, demand
from demo.money import DECIMALS
from demo.months import by_month, monthly_sums
from demo.story import LEAK
from demo.telling import Tale


@dataclass(frozen=True)
class PlannedTarget:
    """One cell of the target grid; `currency` only for money, a percent as a rate from 0 to 1.

    `reached`: the share of its plan that the KPI came to in the last full months.
    """

    kpi: str
    market: str
    month: dt.date
    value: Decimal
    currency: str
    reached: float


@dataclass(frozen=True)
class _Goal:
    """A KPI with a target: `above` ÷ `below`, or `above` alone for what grows with the season.

    `ambition`: how far above the trend the plan stands; below 1 where lower is better. `level`: the plan is one
    number, from the last year.
    """

    kpi: str
    above: str
    below: str = ""
    ambition: float = 1.0
    money: bool = False
    complement: bool = False
    level: bool = False
    scale: float = 1.0


_GOALS = (
    _Goal("impressions", "impressions", ambition=1.02),
    _Goal("ad_spend", "cost", money=True),
    _Goal("cpm", "cost", "impressions", 0.99, money=True, scale=1000),
    _Goal("organic_impressions", "organic_impressions", ambition=1.03),
    _Goal("clicks", "clicks", ambition=1.02),
    _Goal("ctr", "clicks", "impressions", 1.01),
    _Goal("cpc", "cost", "clicks", 0.99, money=True),
    _Goal("organic_ctr", "organic_clicks", "organic_impressions", 1.01),
    _Goal("sessions", "sessions", ambition=1.03),
    _Goal("active_users", "active", ambition=1.02),
    _Goal("new_users", "new_users", ambition=1.03),
    _Goal("click_to_session", "paid_sessions", "clicks", 1.03),
    _Goal("engagement_rate", "engaged", "sessions", 1.01),
    _Goal("product_view_rate", "viewed", "sessions", 1.02),
    _Goal("add_to_cart_rate", "carters", "viewers", 1.03),
    _Goal("sign_up_rate", "sign_ups", "new_users", 1.03),
    _Goal("checkout_rate", "starters", "carters", 1.02),
    _Goal("checkout_completion", "purchases", "checkout", 1.02),
    _Goal("cart_abandonment", "purchases", "carted", 0.99, complement=True),
    _Goal("orders", "orders", ambition=1.04),
    _Goal("cvr", "orders", "sessions", 1.03),
    _Goal("revenue", "revenue", ambition=1.05, money=True),
    _Goal("aov", "revenue", "orders", 1.01, money=True),
    _Goal("roas", "value", "cost", 1.02),
    _Goal("cpa", "cost", "conversions", 0.98, money=True),
    _Goal("repeat_rate", "repeat_customers", "customers", 1.02, level=True),
)
KPIS = tuple(goal.kpi for goal in _GOALS)

# How hard each headquarters' plan is on a market, beyond its own trend.
_MARKET_AMBITION = {"KR": 0.91, "JP": 0.97, "US": 0.99, "DE": 0.97, "FR": 1.02, "VN": 1.03, "TH": 0.97, "GB": 0.95}
_HIT_BY_LEAK = frozenset({"checkout_completion", "cart_abandonment", "orders", "cvr", "revenue", "roas", "cpa"})
_PLAN_SPREAD = 0.035
_RECENT_MONTHS = 3
_MONTHLY_GROWTH = (-0.008, 0.02)


def planned_targets(tales: Sequence[Tale], *, seed: int) -> list[PlannedTarget]:
    """Targets of every goal × market × month, from the window's first month to the end of the running year."""
    found = []
    for tale in tales:
        sums = monthly_sums(tale, seed)
        rng = np.random.default_rng([seed, *(ord(c) for c in tale.story.code), 80])
        for goal in _GOALS:
            if goal.above == "cost" and not sums["cost"].any():
                continue
            found += _targets_of(tale, goal, sums, float(rng.lognormal(0, _PLAN_SPREAD)))
    return found


def _targets_of(tale: Tale, goal: _Goal, sums: Mapping[str, Floats], luck: float) -> list[PlannedTarget]:
    months = plan_months(tale.window)
    full = len(tale.window.months()) - (1 if tale.window.end.day > 1 else 0)
    season = _season(tale, months) if not goal.below else np.ones(len(months))
    actual = came = _actual(goal, sums)[:full] / season[:full]
    if tale.story.code == LEAK.market and goal.kpi in _HIT_BY_LEAK:
        actual = actual[: max(6, full - LEAK.months_before)]
    planned = np.full(len(months), actual[-12:].mean()) if goal.level else _trend(actual, len(months))
    plan = planned * season * _ambition(tale.story.code, goal) * luck
    currency = tale.story.currency if goal.money else ""
    shares = (came * season[:full] / plan[:full])[-_RECENT_MONTHS:]
    reached = float(shares[np.isfinite(shares)].mean()) if np.isfinite(shares).any() else 1.0
    return [
        PlannedTarget(goal.kpi, tale.story.code, month, rounded(float(value), currency), currency, reached)
        for month, value in zip(months, plan, strict=True)
    ]


def plan_months(window: Window) -> list[dt.date]:
    """The months with targets: a plan is made for whole years."""
    months = window.months()
    while months[-1].month != 12:
        months.append(add_months(months[-1], 1))
    return months


def _season(tale: Tale, months: Sequence[dt.date]) -> Floats:
    """Expected demand of each month, whole months included that have only begun or lie ahead."""
    window = Window(months[0], add_months(months[-1], 1))
    curve = demand(replace(tale.story.rhythm, growth=0.0), window)
    month_of = np.array([(d.year - months[0].year) * 12 + d.month - months[0].month for d in window.dates()])
    return by_month(month_of, len(months), curve)


def _actual(goal: _Goal, sums: Mapping[str, Floats]) -> Floats:
    values = sums[goal.above]
    if goal.below:
        below = sums[goal.below]
        values = np.divide(values, below, out=np.full(values.size, np.nan), where=below > 0) * goal.scale
    return 1 - values if goal.complement else values


def _trend(actual: Floats, months: int) -> Floats:
    """A straight line through the logarithms, at the last year's level and no steeper than plans dare to be."""
    at = np.flatnonzero(np.isfinite(actual) & (actual > 0))
    if at.size < 3:
        return np.full(months, float(actual[at].mean()) if at.size else 1.0)
    slope = float(np.clip(np.polyfit(at, np.log(actual[at]), 1)[0], *_MONTHLY_GROWTH))
    level = float(np.mean((np.log(actual[at]) - slope * at)[-12:]))
    return np.asarray(np.exp(level + slope * np.arange(months)))


def _ambition(market: str, goal: _Goal) -> float:
    hard = _MARKET_AMBITION.get(market, 1.0)
    if goal.kpi == "ad_spend":
        return goal.ambition
    return goal.ambition * (hard if goal.ambition >= 1 else 2 - hard)


def rounded(value: float, currency: str) -> Decimal:
    """Three digits, as plans are written; not finer than the currency's smallest coin."""
    places = 2 - math.floor(math.log10(abs(value))) if value else 0
    if currency:
        places = min(places, DECIMALS[currency])
    return Decimal(str(round(value, places)))
