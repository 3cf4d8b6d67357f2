"""Where a running month will land: simulated days by exponential smoothing, tried out on the months before."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpis.spans import days_in
from kpis.values import Hole
from ui.periods import add_months

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

WEEK = 7
HISTORY_DAYS = 182  # half a year says the weekdays and today's level; what is older says less of both
LEAST_DAYS = 56
MOST_MISSING = 0.1
PATHS = 1000
SEED = 20261  # the same data always give the same answer
LOW, HIGH = 10, 90  # percentiles of an interval that should hold in 80 % of months
ORIGINS = 6


@dataclass(frozen=True, slots=True)
class DailyParts:
    """What each day gave to a KPI, above and below the line; NaN is a day that wasn't measured.

    `first` is the day of the first number. A KPI that is a plain sum has zeros below.
    """

    first: dt.date
    above: Numbers
    below: Numbers

    def until(self, day: dt.date) -> DailyParts:
        """The days up to and with `day`: all that is known on that evening."""
        count = max((day - self.first).days + 1, 0)
        return DailyParts(self.first, self.above[:count], self.below[:count])

    def between(self, first: dt.date, last: dt.date) -> DailyParts:
        """The days from `first` to `last`, as far as they are there."""
        start = max((first - self.first).days, 0)
        end = max((last - self.first).days + 1, start)
        return DailyParts(first, self.above[start:end], self.below[start:end])

    @property
    def last(self) -> dt.date:
        return self.first + dt.timedelta(days=len(self.above) - 1)

    def missing_share(self) -> float:
        import numpy as np

        return float(np.isnan(self.above).mean()) if len(self.above) else 1.0


@dataclass(frozen=True, slots=True)
class Curve:
    """How a KPI's value follows from its two sums: `base` + `slope` × above ÷ below, or above alone."""

    ratio: bool
    base: float = 0.0
    slope: float = 1.0

    def value(self, above: Numbers, below: Numbers) -> Numbers:
        import numpy as np

        if not self.ratio:
            return above
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.base + self.slope * above / below


@dataclass(frozen=True, slots=True)
class Landing:
    """The month's end as simulated: every path's final value in order, and the fan of values day by day.

    `days` are those that are still to come; `low`, `middle`, `high` the 10th, 50th and 90th percentile after each.
    """

    ends: Numbers
    days: tuple[dt.date, ...]
    low: tuple[float, ...]
    middle: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class BackTest:
    """How the method did in earlier months, from the same day of the month; `months` are those that were tried.

    `error` is the mean absolute percentage error of the middle of the forecast as a rate, `held` how many of the
    months ended within the interval.
    """

    months: tuple[dt.date, ...]
    error: float
    held: int


def landing_of(known: DailyParts, curve: Curve, month: dt.date) -> Landing | Hole:
    """Where `month` lands, by what is known up to `known.last`; a hole says what is missing for a forecast.

    Each sum's days are smoothed with an additive weekly season and no trend (ETS(A,N,A)), and the rest of the month
    is simulated from the model's state with errors drawn from its own residuals, 1,000 paths. The two sums of a ratio
    draw the residuals of the same days, so that what moves together stays together.
    *Source*: Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., ch. 8 (exponential smoothing)
    and 5.5 (prediction intervals from bootstrapped residuals); statsmodels' ExponentialSmoothing and its simulate().
    """
    import numpy as np

    end = add_months(month, 1) - dt.timedelta(days=1)
    ahead = (end - known.last).days
    problem = _why_not(known)
    if problem is not None:
        return problem
    so_far = known.between(month, known.last)
    above, below = np.nansum(so_far.above), np.nansum(so_far.below)
    if ahead <= 0:
        only = curve.value(np.array([above]), np.array([below]))
        return Landing(only, (), (), (), ())
    paths_above = above + simulated(known.above, ahead).cumsum(axis=0)
    paths_below = below + simulated(known.below, ahead).cumsum(axis=0) if curve.ratio else paths_above
    values = curve.value(paths_above, paths_below)
    if not np.isfinite(values[-1]).all():
        return Hole("no_volume")
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, middle, high = (tuple(row.tolist()) for row in np.percentile(values, (LOW, 50, HIGH), axis=1))
    days = tuple(known.last + dt.timedelta(days=n + 1) for n in range(ahead))
    return Landing(np.sort(values[-1]), days, low, middle, high)


def _why_not(known: DailyParts) -> Hole | None:
    recent = DailyParts(known.first, known.above[-HISTORY_DAYS:], known.below[-HISTORY_DAYS:])
    if len(recent.above) < LEAST_DAYS:
        return Hole("too_few_days", (str(len(recent.above)), str(LEAST_DAYS)))
    if recent.missing_share() > MOST_MISSING:
        return Hole("too_many_gaps", (f"{recent.missing_share():.0%}",))
    return None


def simulated(series: Numbers, ahead: int) -> Numbers:
    """Paths of the next days of a series: shape (ahead, paths). Days not measured are filled by their weekday's mean.

    A sum that was never below zero stays at zero or above.
    """
    import numpy as np
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    known = filled(series[-HISTORY_DAYS:])
    if np.ptp(known) == 0:
        return np.full((ahead, PATHS), known[-1])
    scale = float(np.abs(known).mean())
    with warnings.catch_warnings():
        # An optimiser that stops early still gives a usable fit; the back-test shows what it is worth.
        warnings.simplefilter("ignore")
        model = ExponentialSmoothing(
            known / scale, trend=None, seasonal="add", seasonal_periods=WEEK, initialization_method="estimated"
        )
        # The same optimum as the default L-BFGS-B, in a third of its time.
        fitted = model.fit(method="SLSQP")
        paths = fitted.simulate(
            ahead, anchor="end", repetitions=PATHS, random_errors="bootstrap", rng=np.random.default_rng(SEED)
        )
    found: Numbers = np.asarray(paths, dtype=float).reshape(ahead, PATHS) * scale
    return np.maximum(found, 0.0) if known.min() >= 0 else found


def filled(series: Numbers) -> Numbers:
    """The series with the days that weren't measured replaced by the mean of their weekday."""
    import numpy as np

    found = series.astype(float).copy()
    for place in np.flatnonzero(np.isnan(found)):
        same = series[place % WEEK :: WEEK]
        known = same[~np.isnan(same)]
        found[place] = known.mean() if len(known) else float(np.nanmean(series))
    return found


def back_test(known: DailyParts, curve: Curve, month: dt.date, day: int) -> BackTest | Hole:
    """The forecast made anew from day `day` of each of the six months before, held against how they ended.

    Every try sees the days up to its origin and nothing after them (a rolling origin); all parameters are estimated
    anew. A month that lacks a tenth of its days, or ended at zero, is no measure and is passed over.
    *Source*: Tashman, Out-of-sample tests of forecasting accuracy, International Journal of Forecasting 16 (2000);
    mean absolute percentage error: Hyndman & Athanasopoulos, 3rd ed., 5.8.
    """
    import numpy as np

    months: list[dt.date] = []
    errors: list[float] = []
    held = 0
    for back in range(1, 2 * ORIGINS + 1):
        tried = add_months(month, -back)
        last = tried.replace(day=days_in(tried))
        origin = tried.replace(day=min(day, days_in(tried) - 1))
        whole = known.between(tried, last)
        if tried < known.first or len(months) == ORIGINS:
            break
        if whole.missing_share() > MOST_MISSING:
            continue
        end = float(curve.value(np.array([np.nansum(whole.above)]), np.array([np.nansum(whole.below)]))[0])
        found = landing_of(known.until(origin), curve, tried)
        if isinstance(found, Hole) or not np.isfinite(end) or end == 0:
            continue
        middle = float(np.percentile(found.ends, 50))
        low, high = np.percentile(found.ends, (LOW, HIGH))
        months.append(tried)
        errors.append(abs(middle - end) / abs(end))
        held += bool(low <= end <= high)
    if len(months) < ORIGINS:
        return Hole("too_few_months", (str(len(months)), str(ORIGINS)))
    return BackTest(tuple(months), float(np.mean(errors)), held)


def shares_by_day(known: DailyParts, month: dt.date) -> tuple[float, ...]:
    """Which share of a month's sum should be reached after each of its days, by what was known before it began.

    The mean of two shapes: the weekdays of the last eight weeks, and the same weekdays of the year before (364 days
    earlier), as far as each is there; without either the calendar's even days.
    *Source*: the plain mean of two estimates: Clemen, Combining forecasts, International Journal of Forecasting 5
    (1989).
    """
    import numpy as np

    count = days_in(month)
    shapes = []
    recent = known.between(month - dt.timedelta(days=8 * WEEK), month - dt.timedelta(days=1))
    if len(recent.above) == 8 * WEEK and recent.missing_share() <= MOST_MISSING:
        weekdays = filled(recent.above).reshape(8, WEEK).mean(axis=0)
        shapes.append(np.resize(weekdays, count))
    start = month - dt.timedelta(days=364)
    year_before = known.between(start, start + dt.timedelta(days=count - 1))
    if start >= known.first and len(year_before.above) == count and year_before.missing_share() <= MOST_MISSING:
        shapes.append(filled(year_before.above))
    usable = [shape for shape in shapes if shape.min() >= 0 and shape.sum() > 0] or [np.ones(count)]
    mean = np.mean([shape.cumsum() / shape.sum() for shape in usable], axis=0)
    return tuple(mean.tolist())


def chance_of(ends: Sequence[float] | Numbers, low: float, high: float) -> float:
    """The share of simulated months that end between `low` and `high`."""
    import numpy as np

    found = np.asarray(ends)
    return float(((found >= low) & (found <= high)).mean())
