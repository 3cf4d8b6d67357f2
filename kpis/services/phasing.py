"""Spreading a yearly value over months: last year's shape, exact sums, a preview before anything is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

from django.utils.translation import gettext as _

from kpis.catalogue import Kpi, Rollup, Unit
from kpis.errors import BadPhasing
from kpis.models import How
from kpis.queries.asked import DataState, columns_of, state_of_data
from kpis.queries.plans import target_grid
from kpis.queries.seasonality import Season, Shape, can_be_spread, past_months, seasons_of
from kpis.services.target_tables import TargetCell
from kpis.services.targets import LARGEST, STEP, Saved, set_targets, takes_targets
from kpis.services.typed import typed_number
from problems.errors import Conflict
from sources.scope import scope_for
from tenants.access import Access
from ui.periods import add_months
from warehouse.scope import Period

RATIO_DIGITS = {Unit.PERCENT: 6}


@dataclass(frozen=True, slots=True)
class PhasingAsk:
    """A year's values by market as they were typed, for one KPI and one version of targets."""

    kpi: Kpi
    version: str
    months: tuple[dt.date, ...]
    shape: Shape
    typed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PhasedMarket:
    """What one market's year becomes: by month the past value, what stands there now and what will."""

    market: str
    yearly: Decimal
    season: Season | None
    before: tuple[Decimal | None, ...]
    after: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """All markets of an ask, and the state of data and targets that they were worked out on."""

    markets: tuple[PhasedMarket, ...]
    seen: str


def preview_phasing(access: Access, ask: PhasingAsk) -> Preview:
    """What would be saved. Errors: NotYourJob; NoSuchMarket; BadPhasing, which names every value that can't be spread.

    Money is in each market's own currency. A past year that isn't complete is refused with its missing months: an
    even spread is made only when it is asked for.
    """
    access.check("set_targets")
    if not can_be_spread(ask.kpi) or not takes_targets(ask.kpi):
        raise BadPhasing(
            _("A yearly value of “%(kpi)s” can't be spread over months.") % {"kpi": ask.kpi.name},
            fix=_("Type its months one by one: its months don't make a year."),
        )
    typed = {code: text for code, text in ask.typed.items() if text.strip()}
    columns = columns_of(access, list(typed))
    if not columns:
        raise BadPhasing(_("No yearly value was given."), fix=_("Type the year's value of at least one market."))
    state = state_of_data(access)
    seasons = _seasons(access, ask, state, list(typed))
    bad, found = [], []
    now = target_grid(access, [ask.kpi.key], list(typed), ask.months, version=ask.version)
    for column in columns:
        yearly = typed_number(typed[column.code], percent=ask.kpi.unit is Unit.PERCENT)
        season = seasons.get(column.code)
        why = _what_is_wrong(ask, yearly, season)
        if why or yearly is None:
            bad.append(
                {"row": 0, "cell": column.code, "column": _("Year"), "text": typed[column.code][:80], "why": why}
            )
            continue
        before = tuple(now.get((ask.kpi.key, column.code, month)) for month in ask.months)
        after = spread(ask.kpi, yearly, season, column.currency, len(ask.months))
        found.append(PhasedMarket(column.code, yearly, season, before, after))
    if bad:
        raise BadPhasing(
            _("%(market)s: %(why)s") % {"market": bad[0]["cell"], "why": bad[0]["why"]},
            fix=_("Nothing was saved. Correct it, choose another shape, or leave the market out."),
            cells=bad,
        )
    return Preview(tuple(found), seen_of(state))


def save_phasing(access: Access, ask: PhasingAsk, *, seen: str, now: dt.datetime, reason: str = "") -> Saved:
    """Keep what the preview showed, or nothing. Errors: those of the preview and of `set_targets`; Conflict when data
    or targets have changed since the preview was made.
    """
    preview = preview_phasing(access, ask)
    if preview.seen != seen:
        raise Conflict(
            _("Data or targets have changed since this preview was made."),
            fix=_("Look at the new preview and save it."),
        )
    cells = [
        TargetCell(ask.kpi.key, one.market, month, new, was=old, check_was=True)
        for one in preview.markets
        for month, old, new in zip(ask.months, one.before, one.after, strict=True)
    ]
    return set_targets(access, cells, how=How.PHASED, now=now, version=ask.version, reason=reason)


def seen_of(state: DataState) -> str:
    """The version of data and plans that a preview stands on, as a form carries it."""
    return f"{state.version}/{dict(state.revisions).get('targets', 0)}/{dict(state.revisions).get('rates', 0)}"


def _seasons(access: Access, ask: PhasingAsk, state: DataState, codes: Sequence[str]) -> dict[str, Season]:
    if ask.shape == "even":
        return {}
    last_day = min(state.span[1], state.today) if state.span else state.today
    past = past_months(ask.months, ask.shape, last_day)
    scope = scope_for(access, period=Period(min(past), add_months(max(past), 1)), markets=codes)
    return seasons_of(scope, ask.kpi, columns_of(access, codes), past, access.client.home_currency)


def _what_is_wrong(ask: PhasingAsk, yearly: Decimal | None, season: Season | None) -> str:
    if yearly is None:
        return _("This is no number.")
    if not 0 <= yearly < LARGEST:
        return _("A target is 0 or more, and below a quadrillion.")
    if season is None:
        return ""
    if season.incomplete:
        named = ", ".join(f"{month:%Y-%m}" for month in season.incomplete)
        return _("These past months aren't complete: %(months)s.") % {"months": named}
    if any(value < 0 for value in season.values) or not sum(season.values) > 0:
        return _("The past year's months hold values below zero, or nothing but zeros.")
    if ask.kpi.rollup is not Rollup.ADDITIVE:
        scale = float(yearly) / _weighted_mean(season)
        if ask.kpi.unit is Unit.PERCENT and max(season.values) <= 1 < max(season.values) * scale:
            return _("In the past year's shape a month would be above 100 %.")
    return ""


def spread(kpi: Kpi, yearly: Decimal, season: Season | None, currency: str, count: int) -> tuple[Decimal, ...]:
    """A yearly value as months.

    An additive KPI: each month the share that it had of the past year, rounded by the largest remainder, so that the
    months add up to the year exactly. A ratio: the past months scaled by one factor, so that their mean, weighted by
    what each was measured on, is the year's value. Without a season: the same for every month.
    *Source*: largest remainder (Hamilton) apportionment: Balinski & Young, Fair Representation, 1982, ch. 2.
    """
    if kpi.rollup is Rollup.ADDITIVE:
        weights = [Fraction(value) for value in season.values] if season is not None else [Fraction(1)] * count
        return apportioned(yearly, weights, _step(kpi, currency))
    if season is None:
        return (yearly.quantize(STEP),) * count
    digits = Decimal(1).scaleb(-RATIO_DIGITS.get(kpi.unit, 4))
    scale = float(yearly) / _weighted_mean(season)
    return tuple(Decimal(repr(value * scale)).quantize(digits, ROUND_HALF_UP) for value in season.values)


def _weighted_mean(season: Season) -> float:
    return sum(v * w for v, w in zip(season.values, season.weights, strict=True)) / sum(season.weights)


def apportioned(whole: Decimal, weights: Sequence[Fraction], step: Decimal) -> tuple[Decimal, ...]:
    """Parts in multiples of `step` (finer where the whole itself is) that add up to the whole exactly."""
    whole = whole.quantize(STEP)
    if whole % step:
        step = Decimal(1).scaleb(max(int(whole.normalize().as_tuple().exponent), -8))
    units = int(whole / step)
    exact = [units * weight / sum(weights) for weight in weights]
    parts = [floor(one) for one in exact]
    by_remainder = sorted(range(len(exact)), key=lambda at: (parts[at] - exact[at], at))
    for at in by_remainder[: units - sum(parts)]:
        parts[at] += 1
    return tuple(part * step for part in parts)


def _step(kpi: Kpi, currency: str) -> Decimal:
    """The smallest part that is typed: a cent, a won, a piece."""
    from babel.numbers import get_currency_precision

    if kpi.is_money:
        return Decimal(1).scaleb(-int(get_currency_precision(currency)))
    return Decimal(1)
