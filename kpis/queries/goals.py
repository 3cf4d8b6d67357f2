"""Targets of a span: what a market should reach, in reporting currency, and what share of it was reached."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import CharField, Subquery
from django.db.models import Value as Text
from django.db.models.functions import Coalesce

from kpis.catalogue import Better, Kpi, Rollup
from kpis.catalogue.formula import Pacing
from kpis.models import Target, TargetSetting, Version
from kpis.queries.amounts import Reporting
from kpis.queries.money import MONTHLY, Conversion, Rates, kept_rates
from kpis.spans import Span
from kpis.values import Hole, Value

Goals = Mapping[tuple[str, str, dt.date], tuple[Decimal, str]]  # (kpi, market, month) → value, currency

GOOD_FROM, WARN_FROM = 1.0, 0.85
NEAR, OFF = 0.05, 0.15
NO_TARGET = Value(None, Hole("no_target"))


@dataclass(frozen=True, slots=True)
class Held:
    """What values are held to: rates of `conversion` into the home currency from `since` on, targets of `version`.

    Without a version it is the one that is active at the client.
    """

    home: str
    since: dt.date
    conversion: Conversion = MONTHLY
    version: str = ""


def goals_and_rates(
    keys: Iterable[str],
    markets: Sequence[str],
    months: Iterable[dt.date],
    held: Held,
) -> tuple[Goals, Rates]:
    """Targets of these KPIs, markets and months as they were typed, and the policy's rates from `since` on; one query.

    A row without KPI is a rate: its market column carries where the rate comes from.
    """
    months = list(months)
    wanted = Target.objects.filter(kpi__in=list(keys), market__in=markets, month__in=months)
    targets = wanted.filter(version=held.version or active_version()).values_list(
        "kpi", "market", "month", "value", "currency"
    )
    rates = kept_rates(held.conversion, months, held.since)
    goals: dict[tuple[str, str, dt.date], tuple[Decimal, str]] = {}
    known: dict[tuple[str, dt.date], float] = {}
    sources: dict[tuple[str, dt.date], str] = {}
    for kpi, market, month, value, currency in targets.union(rates, all=True):
        if kpi:
            goals[kpi, market, month] = (value, currency)
        else:
            known[currency, month] = float(value)
            sources[currency, month] = market
    return goals, Rates(home=held.home, known=known, conversion=held.conversion, sources=sources)


def active_version() -> Coalesce:
    """The version that the client's values are held to, as a part of a query."""
    chosen = TargetSetting.objects.values("active_version")[:1]
    return Coalesce(Subquery(chosen), Text(Version.BUDGET.value), output_field=CharField())


def month_goal(kpi: Kpi, market: str, month: dt.date, goals: Goals, reporting: Reporting) -> Value:
    """One month's target in reporting currency; without its exchange rate it is a hole."""
    found = goals.get((kpi.key, market, month))
    if found is None:
        return NO_TARGET
    value, currency = float(found[0]), found[1]
    if not kpi.is_money:
        return Value(value)
    factor = reporting.rates.month_factor(currency or reporting.own[market], reporting.of(market), month)
    return Value(None, factor) if isinstance(factor, Hole) else Value(value * factor)


def span_goal(kpi: Kpi, market: str, span: Span, goals: Goals, reporting: Reporting) -> Value:
    """The target of a span: months of an additive KPI add up, those of a ratio are averaged plainly.

    A KPI that can't be added has targets for single months only; pacing always aims at 100 %.
    """
    if isinstance(kpi.formula, Pacing):
        return Value(1.0)
    if len(span.months) > 1 and kpi.rollup in (Rollup.NON_ADDITIVE, Rollup.COHORT):
        return Value(None, Hole("months_only"))
    found = [month_goal(kpi, market, month, goals, reporting) for month in span.months]
    numbers = [value.number for value in found if value.number is not None]
    if not numbers and all(value.hole == NO_TARGET.hole for value in found):
        return NO_TARGET
    for value in found:
        if value.hole is not None and value.hole != NO_TARGET.hole:
            return value
    without = [f"{month:%Y-%m}" for month, value in zip(span.months, found, strict=True) if value.hole is not None]
    if without:
        return Value(None, Hole("no_target_in", tuple(without)))
    total = sum(numbers)
    return Value(total if kpi.rollup is Rollup.ADDITIVE else total / len(numbers))


def achievement(kpi: Kpi, actual: Value, target: Value) -> Value:
    """The share of the target that was reached: actual ÷ target, or target ÷ actual where lower is better."""
    if kpi.better is Better.WATCH:
        return Value(None, Hole("watched"))
    if actual.number is None:
        return actual
    if target.number is None:
        return target
    if target.number <= 0:
        return Value(None, Hole("zero_target"))
    if kpi.better is not Better.LOWER:
        return Value(actual.number / target.number)
    return Value(target.number / actual.number) if actual.number > 0 else Value(None, Hole("zero_actual"))


def state_of(kpi: Kpi, reached: Value, elapsed: float = 1.0) -> str:
    """good, warn, bad, or none where there is nothing to judge.

    `elapsed` is the share of the span's days that the data cover: a sum that is still growing is judged against
    that share of its target.
    """
    if reached.number is None:
        return "good" if reached.hole is not None and reached.hole.code == "zero_actual" else "none"
    # Judged on the whole percent that is shown, so that colour and number never disagree.
    share = reached.number
    if kpi.rollup is Rollup.ADDITIVE and 0 < elapsed < 1:
        share /= elapsed
    share = math.floor(share * 100 + 0.5) / 100
    if kpi.better is Better.TARGET:
        off = round(abs(share - 1), 2)
        return "good" if off <= NEAR else "warn" if off <= OFF else "bad"
    return "good" if share >= GOOD_FROM else "warn" if share >= WARN_FROM else "bad"
