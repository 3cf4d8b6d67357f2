"""Pacing of a running month: where a market should be today, where it is, what each day must bring, where it lands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kpis.catalogue import Better, Kpi, Rollup
from kpis.catalogue.formula import Additive, Pacing, PeriodRatio, PeriodValue
from kpis.catalogue.measures import measure as measure_of
from kpis.queries import measured as lake
from kpis.queries.amounts import Amounts, Reporting, fold
from kpis.queries.asked import (
    BoardQuestion,
    DataState,
    ask_of,
    board_of,
    columns_of,
    remembered,
    scope_of,
)  # fmt: skip
from kpis.queries.cells import BoardAsk, Cell
from kpis.queries.goals import NEAR, Held, achievement, goals_and_rates, state_of
from kpis.queries.landing import BackTest, Curve, DailyParts, Landing, back_test, chance_of, landing_of, shares_by_day
from kpis.queries.money import OWN
from kpis.spans import days_in, month_start
from kpis.values import Hole, Value
from tenants.access import Access
from ui.periods import add_months, month_of
from warehouse.scope import Scope

if TYPE_CHECKING:
    from numpy.typing import NDArray

MONTHS_READ = 19  # twelve months in which six may be tried out, and the half year before the first of them
DONE = Value(None, Hole("month_over"))


@dataclass(frozen=True, slots=True)
class Course:
    """The month day by day, for the chart: the value so far, where it should be, and the fan of what is to come."""

    days: tuple[dt.date, ...]
    actual: tuple[float | None, ...]
    expected: tuple[float | None, ...]
    low: tuple[float | None, ...]
    middle: tuple[float | None, ...]
    high: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Pace:
    """One KPI in one market in the running month. Money is in the market's own currency.

    `expected` is where the value should be by `through`, the last day with data; `gap` the actual less that; `needed`
    what every remaining day must bring (of a ratio: the ratio that the remaining days must have). `landing` lies with
    80 % between `low` and `high`; `chance` is the share of simulated months that reach the target. `error` is the
    mean absolute percentage error of earlier months' landings from the same day.
    """

    kpi: Kpi
    market: str
    currency: str
    month: dt.date
    through: dt.date | None
    actual: Value
    target: Value
    expected: Value
    gap: Value
    needed: Value
    landing: Value
    low: float | None
    high: float | None
    chance: Value
    test: BackTest | Hole
    state: str
    course: Course


@dataclass(frozen=True, slots=True)
class Forecast:
    """What depends on data alone, remembered by their version: shapes, landing and back-test of one market."""

    parts: DailyParts
    curve: Curve
    shares: tuple[float, ...]
    landing: Landing | Hole
    test: BackTest | Hole


def can_be_paced(kpi: Kpi) -> bool:
    """Whether a month's value grows out of its days: sums, and ratios of two sums."""
    return not isinstance(kpi.formula, PeriodValue | PeriodRatio | Pacing) and kpi.rollup in (
        Rollup.ADDITIVE,
        Rollup.RATIO,
        Rollup.WEIGHTED,
    )


def paces_of(access: Access, kpi: Kpi, state: DataState, markets: Sequence[str], version: str = "") -> tuple[Pace, ...]:
    """The running month of one KPI in these markets, in their order. Errors: NoSuchMarket."""
    month = state.latest_month
    question = BoardQuestion(month_of(month), tuple(markets), OWN, (kpi.key,), version=version)
    board = board_of(access, question, state)
    cells = board.rows[0].cells
    through = tuple((cell.market, _through(cell, month)) for cell in cells)
    revisions = tuple(pair for pair in state.revisions if pair[0] != "targets")
    columns = columns_of(access, markets)
    key = ("landing", access.client.schema_name, state.version, revisions, month, kpi.key, columns, through)
    forecasts: Mapping[str, Forecast] = remembered(
        key, lambda: forecasts_of(scope_of(access, question), ask_of(access, question), dict(through))
    )
    return tuple(_pace(kpi, cell, month, forecasts.get(cell.market)) for cell in cells)


def forecasts_of(scope: Scope, ask: BoardAsk, through: Mapping[str, dt.date]) -> dict[str, Forecast]:
    """Forecast and back-test of every market of the ask's one KPI; one read of the lake, one of the rates.

    `through` gives each market's last day; days after it aren't looked at.
    """
    kpi, month = ask.kpis[0], ask.span.start
    formula: Additive = kpi.formula  # type: ignore[assignment]
    first = add_months(month, -MONTHS_READ)
    rows = lake.sums_between(scope, first, ask.span.end, formula.sums)
    for row in rows:
        row["month"] = month_start(row["day"])
    _goals, rates = goals_and_rates((), ask.codes, (), Held(ask.home_currency, first))
    amounts = fold(rows, formula.sums, Reporting(OWN, ask.own, rates), "day")
    curve = _curve(kpi)
    found = {}
    for market, last in through.items():
        parts = daily_parts(amounts, formula, market, last)
        if parts is not None:
            found[market] = Forecast(
                parts=parts,
                curve=curve,
                shares=shares_by_day(parts, month),
                landing=landing_of(parts, curve, month),
                test=_tested(parts, curve, month, last),
            )
    return found


def _tested(parts: DailyParts, curve: Curve, month: dt.date, last: dt.date) -> BackTest | Hole:
    if last.day == days_in(last):
        return Hole("month_over")
    return back_test(parts, curve, month, last.day)


def daily_parts(
    amounts: Mapping[tuple[str, Any], Amounts], formula: Additive, market: str, last: dt.date
) -> DailyParts | None:
    """A market's days from its first with data to `last`; None when it has none, or money without its rate.

    A day without orders, between the first and the last order, is a day of none; a day without any row of ads or
    behaviour wasn't measured.
    """
    import numpy as np

    own = {day: one for (code, day), one in amounts.items() if code == market and day <= last}
    days = [day for day, one in own.items() if one.parts(formula) is not None]
    if not days:
        return None
    first = min(days)
    count = (last - first).days + 1
    above, below = np.full(count, np.nan), np.full(count, np.nan)
    quiet = [measure for measure in formula.sums if measure_of(measure).origin == "orders"]
    for place in range(count):
        found = own.get(first + dt.timedelta(days=place), Amounts())
        sums = {**dict.fromkeys(quiet, 0.0), **found.sums}
        piece = Amounts(sums, found.holes, found.booked).parts(formula)
        if piece is not None and piece.hole is not None:
            return None
        if piece is not None:
            above[place], below[place] = piece.above, piece.below
    return DailyParts(first, above, below)


def _curve(kpi: Kpi) -> Curve:
    """A ratio's value is a straight line of above ÷ below; two points of it say which."""
    if kpi.rollup is Rollup.ADDITIVE:
        return Curve(False)
    formula: Additive = kpi.formula  # type: ignore[assignment]
    base = formula.value(0.0, 1.0).number or 0.0
    return Curve(True, base, (formula.value(1.0, 1.0).number or 0.0) - base)


def _through(cell: Cell, month: dt.date) -> dt.date:
    """The last day that counts: where the cell's data end, else the month's last."""
    return cell.through or month.replace(day=days_in(month))


def _pace(kpi: Kpi, cell: Cell, month: dt.date, forecast: Forecast | None) -> Pace:
    through = _through(cell, month) if cell.actual.number is not None else None
    landing = _landing(forecast, cell, through)
    expected = _expected(kpi, cell, forecast, through)
    middle, low, high = _ends(landing)
    reached = achievement(kpi, cell.actual, expected)
    return Pace(
        kpi=kpi,
        market=cell.market,
        currency=cell.currency,
        month=month,
        through=through,
        actual=cell.actual,
        target=cell.target,
        expected=expected,
        gap=_less(cell.actual, expected),
        needed=_needed(kpi, cell, forecast, through),
        landing=middle,
        low=low,
        high=high,
        chance=_chance(kpi, cell.target, landing),
        test=forecast.test if forecast is not None else Hole("no_data"),
        state=state_of(kpi, reached) if cell.actual.number is not None else "missing",
        course=_course(kpi, cell, forecast, month, through),
    )


def _landing(forecast: Forecast | None, cell: Cell, through: dt.date | None) -> Landing | Hole:
    if cell.actual.hole is not None:
        return cell.actual.hole
    if forecast is None or through is None:
        return Hole("no_data")
    return forecast.landing


def _ends(landing: Landing | Hole) -> tuple[Value, float | None, float | None]:
    if isinstance(landing, Hole):
        return Value(None, landing), None, None
    low, middle, high = (_percentile(landing.ends, share) for share in (10, 50, 90))
    return Value(middle), low, high


def _percentile(ends: NDArray[Any], share: int) -> float:
    import numpy as np

    return float(np.percentile(ends, share))


def _expected(kpi: Kpi, cell: Cell, forecast: Forecast | None, through: dt.date | None) -> Value:
    """The target's share that is due by now; of a ratio the target itself, on any day."""
    if cell.target.number is None or kpi.rollup is not Rollup.ADDITIVE:
        return cell.target
    if through is None or forecast is None:
        return Value(None, Hole("no_data"))
    return Value(cell.target.number * forecast.shares[through.day - 1])


def _less(actual: Value, expected: Value) -> Value:
    if actual.number is None or expected.number is None:
        return actual if actual.number is None else expected
    return Value(actual.number - expected.number)


def _needed(kpi: Kpi, cell: Cell, forecast: Forecast | None, through: dt.date | None) -> Value:
    """What is left of the target by remaining day; of a ratio, what the remaining days' ratio must be."""
    if cell.target.number is None or cell.actual.number is None or through is None:
        return cell.target if cell.target.number is None else cell.actual
    left = days_in(through) - through.day
    if left == 0:
        return DONE
    if kpi.rollup is Rollup.ADDITIVE:
        return Value(max(cell.target.number - cell.actual.number, 0.0) / left)
    return _needed_ratio(cell.target.number, forecast, month_start(through), left)


def _needed_ratio(target: float, forecast: Forecast | None, month: dt.date, left: int) -> Value:
    """The ratio of the remaining days with which the whole month meets its target, at the volume expected of them."""
    import numpy as np

    if forecast is None or isinstance(forecast.landing, Hole) or forecast.curve.slope == 0:
        return Value(None, Hole("no_volume"))
    parts, curve = forecast.parts, forecast.curve
    so_far = parts.between(month, parts.last)
    volume = float(np.nanmean(parts.below[-4 * 7 :])) * left
    whole = float(np.nansum(so_far.below)) + volume
    above = (target - curve.base) / curve.slope * whole - float(np.nansum(so_far.above))
    if volume <= 0 or above < 0:
        return Value(None, Hole("no_volume"))
    return Value(curve.base + curve.slope * above / volume)


def _chance(kpi: Kpi, target: Value, landing: Landing | Hole) -> Value:
    if target.number is None:
        return target
    if isinstance(landing, Hole):
        return Value(None, landing)
    if kpi.better is Better.TARGET:
        band = (target.number * (1 - NEAR), target.number * (1 + NEAR))
    elif kpi.better is Better.LOWER:
        band = (-float("inf"), target.number)
    else:
        band = (target.number, float("inf"))
    return Value(chance_of(landing.ends, *band))


def _course(kpi: Kpi, cell: Cell, forecast: Forecast | None, month: dt.date, through: dt.date | None) -> Course:
    """Day by day; a sum grows from zero, a ratio is that of the month so far."""
    import numpy as np

    days = tuple(month + dt.timedelta(days=n) for n in range(days_in(month)))
    nothing: tuple[float | None, ...] = (None,) * len(days)
    if forecast is None or through is None:
        return Course(days, nothing, nothing, nothing, nothing, nothing)
    now = forecast.parts.between(month, through)
    sums = (np.nan_to_num(now.above).cumsum(), np.nan_to_num(now.below).cumsum())
    values = forecast.curve.value(*sums)
    actual = [float(value) if np.isfinite(value) else None for value in values]
    target = cell.target.number
    expected = nothing
    if target is not None:
        additive = kpi.rollup is Rollup.ADDITIVE
        expected = tuple(target * share if additive else target for share in forecast.shares)
    landing = forecast.landing
    ahead: tuple[tuple[float, ...], ...] = ((), (), ())
    if isinstance(landing, Landing):
        ahead = (landing.low, landing.middle, landing.high)
    low, middle, high = (_from_today(actual, fan, len(days)) for fan in ahead)
    return Course(days, (*actual, *nothing[len(actual) :]), expected, low, middle, high)


def _from_today(actual: Sequence[float | None], fan: Sequence[float], count: int) -> tuple[float | None, ...]:
    """A line of the fan, which starts from where the value is today."""
    if not fan or not actual:
        return (None,) * count
    before: list[float | None] = [None] * (len(actual) - 1)
    return (*before, actual[-1], *fan)
