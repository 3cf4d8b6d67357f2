"""How far out of the ordinary a day is: what is left after trend and weekday, against what is usually left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from kpis.values import Hole

WEEK = 7
HISTORY_DAYS = 84
LEAST_DAYS = 56
SEASONAL = 13
TO_SIGMA = 1.4826  # the median absolute deviation of a normal distribution times this is its standard deviation
MOST = 99.0


class Score(NamedTuple):
    """What was to be expected (trend + weekday), and the robust z of what is left."""

    expected: float
    z: float


def score_of_last(values: Sequence[float | None]) -> Score | Hole:
    """The last of up to 84 days, held against the 12 weeks that it ends.

    STL with a weekly period, robust weights and a seasonal window of 13 splits value = trend + weekday + rest; z is
    the last rest minus the median of the others, over 1.4826 × their median absolute deviation. With normal noise
    about 1 day in 80 has |z| > 3.5, and 9 in 10 falls of six standard deviations are found. Days without a value
    before the last are filled with the median of their weekday. Of a perfectly regular series z is at most 99.
    *Errors*: short_history below 56 days with data; no_data where the last day has none.
    *Source*: Cleveland et al. (1990), STL, Journal of Official Statistics 6(1); Iglewicz and Hoaglin (1993) for the
    robust z and its 3.5. Library: statsmodels.
    """
    days = list(values[-HISTORY_DAYS:])
    if not days or days[-1] is None:
        return Hole("no_data")
    if sum(value is not None for value in days) < LEAST_DAYS:
        return Hole("short_history", (str(LEAST_DAYS),))
    filled = _filled(days)
    import numpy as np
    from statsmodels.tsa.seasonal import STL

    found = STL(np.asarray(filled), period=WEEK, seasonal=SEASONAL, robust=True).fit()
    rest = [float(value) for value in found.resid]
    usual = median(rest[:-1])
    spread = TO_SIGMA * median(abs(value - usual) for value in rest[:-1])
    expected = float(found.trend[-1] + found.seasonal[-1])
    return Score(expected, _z(rest[-1] - usual, spread, max(map(abs, filled))))


def _z(off: float, spread: float, size: float) -> float:
    """Of a series without any noise, rounding errors are no anomaly and everything else is one."""
    if abs(off) <= 1e-9 * size:
        return 0.0
    if spread <= 1e-12 * size:
        return math.copysign(MOST, off)
    return max(-MOST, min(MOST, off / spread))


def _filled(days: Sequence[float | None]) -> list[float]:
    """Every gap as the median of its weekday, or of all days where that weekday has none."""
    known = [value for value in days if value is not None]
    usual = [
        median([value for value in days[start::WEEK] if value is not None] or known)
        for start in range(min(WEEK, len(days)))
    ]
    return [usual[place % WEEK] if value is None else value for place, value in enumerate(days)]
