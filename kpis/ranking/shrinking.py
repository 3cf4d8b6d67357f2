"""Small markets pulled towards the rest, by as much as their data are weak: empirical Bayes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

LEVEL = 0.95
FEWEST = 3  # with fewer markets there is nothing to learn the prior from
WIDEST, NARROWEST = 1e7, 1.0


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is known of a market's rate: Beta(`first`, `second`) or Normal(`first` mean, `second` deviation).

    `low` and `high` hold it with 95 %. `kept` is how much of the market's own value stayed, 0 to 1.
    """

    kind: str
    first: float
    second: float
    mean: float
    low: float
    high: float
    kept: float


def beta_binomial(successes: Sequence[float], trials: Sequence[float]) -> list[Posterior]:
    """Posteriors of rates: a Beta prior over markets by maximum likelihood, started from its moments.

    With fewer than three markets, Jeffreys' prior Beta(½, ½) instead: no pull between markets.

    *Source*: Robbins (1956), An empirical Bayes approach to statistics; Casella (1985), The American Statistician
    39:83; Kleinman (1973), Journal of the American Statistical Association 68:46 for the moments. `trials` may be
    effective numbers (see `effective_trials`), so they needn't be whole.
    """
    from scipy.stats import beta

    varied = 0 < sum(successes) < sum(trials)  # all or nothing everywhere teaches no prior
    alpha, under = _prior(successes, trials) if varied and len(trials) >= FEWEST else (0.5, 0.5)
    found = []
    for won, number in zip(successes, trials, strict=True):
        first, second = alpha + won, under + number - won
        low, high = beta.ppf([(1 - LEVEL) / 2, (1 + LEVEL) / 2], first, second)
        kept, mean = number / (number + alpha + under), first / (first + second)
        # Of a rate near 0 or 1 the mean can lie outside the middle 95 %.
        found.append(Posterior("beta", first, second, mean, min(float(low), mean), max(float(high), mean), kept))
    return found


def _prior(successes: Sequence[float], trials: Sequence[float]) -> tuple[float, float]:
    """Alpha and beta that make the markets' numbers most likely."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.special import betaln, expit, logit

    won, number = np.asarray(successes, float), np.asarray(trials, float)
    mean = float(np.clip(won.sum() / number.sum(), 1e-6, 1 - 1e-6))
    rates = won / number
    between = float(np.average((rates - mean) ** 2, weights=number)) - mean * (1 - mean) / float(np.mean(number))
    start = float(np.clip(mean * (1 - mean) / between - 1, 2.0, 1e6)) if between > 0 else 1e5

    def unlikely(at: Sequence[float]) -> float:
        middle, strength = expit(at[0]), np.exp(at[1])
        a, b = middle * strength, (1 - middle) * strength
        return -float(np.sum(betaln(won + a, number - won + b) - betaln(a, b)))

    bounds = [(-20.0, 20.0), (np.log(NARROWEST), np.log(WIDEST))]
    best = minimize(unlikely, [logit(mean), np.log(start)], method="L-BFGS-B", bounds=bounds).x
    best = minimize(unlikely, best, method="Nelder-Mead", bounds=bounds, options={"xatol": 1e-8, "fatol": 1e-10}).x
    middle, strength = float(expit(best[0])), float(np.exp(best[1]))
    return middle * strength, (1 - middle) * strength


def normal_normal(values: Sequence[float], variances: Sequence[float]) -> list[Posterior]:
    """Posteriors of money ratios: each value pulled to the precision-weighted mean of all.

    The variance between markets is Paule and Mandel's; the uncertainty of the common mean is carried along. With
    fewer than three markets nothing is pulled.

    *Source*: James and Stein (1961); Efron and Morris (1975), Journal of the American Statistical Association 70:311;
    Morris (1983), the same 78:47; Paule and Mandel (1982), Journal of Research of the NBS 87:377.
    """
    from statistics import NormalDist

    reach = NormalDist().inv_cdf((1 + LEVEL) / 2)
    between = variance_between(values, variances) if len(values) >= FEWEST else float("inf")
    weights = [1 / (variance + between) if variance + between > 0 else 0.0 for variance in variances]
    whole = sum(weights)
    common = sum(w * y for w, y in zip(weights, values, strict=True)) / whole if whole else 0.0
    found = []
    for value, variance in zip(values, variances, strict=True):
        kept = 1.0 if between == float("inf") or variance == 0 else between / (variance + between)
        mean = common + kept * (value - common)
        spread = sqrt(variance * kept + ((1 - kept) ** 2 / whole if whole else 0.0))
        found.append(Posterior("normal", mean, spread, mean, mean - reach * spread, mean + reach * spread, kept))
    return found


def variance_between(values: Sequence[float], variances: Sequence[float]) -> float:
    """Paule–Mandel: the variance between markets at which the weighted squares are what they should be, k − 1."""

    def squares(between: float) -> float:
        weights = [1 / (variance + between) for variance in variances]
        common = sum(w * y for w, y in zip(weights, values, strict=True)) / sum(weights)
        return sum(w * (y - common) ** 2 for w, y in zip(weights, values, strict=True))

    if min(variances) <= 0:
        variances = [max(variance, 1e-12 * max(map(abs, values), default=1.0) ** 2 or 1e-300) for variance in variances]
    wanted = len(values) - 1
    if squares(0.0) <= wanted:
        return 0.0
    low, high = 0.0, max((value - min(values)) ** 2 for value in values) or 1.0
    while squares(high) > wanted:
        high *= 2
    for _step in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if squares(middle) > wanted else (low, middle)
    return (low + high) / 2


def ratio_variance(batches: Sequence[tuple[float, float]]) -> float | None:
    """The sampling variance of Σ numerator ÷ Σ denominator, from batches of days; None with fewer than three.

    *Source*: the linearised variance of a ratio, Cochran (1977), Sampling Techniques, §6.4, over batch means (Conway
    1963): batches of several days, because days that follow each other are alike.
    """
    used = [pair for pair in batches if pair[0] or pair[1]]
    below = sum(pair[1] for pair in used)
    if len(used) < FEWEST or below <= 0:
        return None
    ratio = sum(pair[0] for pair in used) / below
    squares = sum((above - ratio * under) ** 2 for above, under in used)
    return len(used) / (len(used) - 1) * squares / below**2


def effective_trials(rate: float, trials: float, variance: float | None, spread: float) -> float:
    """How many independent trials a rate is worth: fewer than counted where days differ more than chance would."""
    if variance is None or not 0 < rate < 1:
        return trials / spread
    chance = rate * (1 - rate) / trials
    return trials / spread / max(1.0, variance / chance)
