"""Fair ranks: golden numbers by a second method, and what must not tip them."""

from __future__ import annotations

import random
from statistics import NormalDist

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats

from kpis.catalogue import CATALOGUE, kpi
from kpis.ranking import (
    Evidence,
    Posterior,
    beta_binomial,
    chances_of,
    gain,
    normal_normal,
    rank_markets,
    rankable,
    standardised,
    toppling_mix,
)
from kpis.ranking.shrinking import effective_trials, ratio_variance, variance_between
from kpis.ranking.standardising import pooled_mix

WON, TRIALS = [18, 30, 9, 45, 2], [1000, 1200, 700, 1500, 40]


def test_posterior_means_equal_numeric_integration_over_the_fitted_prior():
    """Second method: the marginal likelihood by quadrature, maximised on a grid of its own; posterior by quadrature."""

    def marginal(a: float, b: float) -> float:
        total = 0.0
        for won, number in zip(WON, TRIALS, strict=True):
            peak = won / number
            value, _error = integrate.quad(
                lambda p, n=number, k=won: np.exp(stats.binom.logpmf(k, n, p) + stats.beta.logpdf(p, a, b)),
                0, 1, points=[peak], limit=400,
            )  # fmt: skip
            total += np.log(value)
        return total

    found = beta_binomial(WON, TRIALS)
    a, b = found[0].first - WON[0], found[0].second - (TRIALS[0] - WON[0])
    best = marginal(a, b)
    for factor in (0.7, 1.4):
        assert marginal(a * factor, b * factor) <= best + 1e-6
        assert marginal(a * factor, b) <= best + 1e-6
    for won, number, one in zip(WON, TRIALS, found, strict=True):
        above, below = (
            integrate.quad(
                lambda p, k=power, w=won, n=number: p**k * np.exp(stats.binom.logpmf(w, n, p) + stats.beta.logpdf(p, a, b)),
                0, 1, points=[won / number], limit=400,
            )[0]
            for power in (1, 0)
        )  # fmt: skip
        assert one.mean == pytest.approx(above / below, rel=1e-6)


def test_the_priors_likelihood_is_at_its_top():
    """Second method: another optimiser from other starts."""
    found = beta_binomial(WON, TRIALS)
    a, b = found[0].first - WON[0], found[0].second - (TRIALS[0] - WON[0])
    won, number = np.array(WON), np.array(TRIALS)

    def unlikely(at):
        return -np.sum(special.betaln(won + np.exp(at[0]), number - won + np.exp(at[1])) - special.betaln(*np.exp(at)))

    other = min(optimize.minimize(unlikely, start, method="Powell").fun for start in ([0, 3], [2, 6], [4, 8]))
    assert unlikely(np.log([a, b])) <= other + 1e-4


def test_the_variance_between_markets_is_that_of_statsmodels():
    from statsmodels.stats.meta_analysis import combine_effects

    values, variances = [50.0, 62.0, 41.0, 58.0, 90.0], [9.0, 16.0, 4.0, 25.0, 400.0]
    theirs = combine_effects(np.array(values), np.array(variances), method_re="iterated")
    assert variance_between(values, variances) == pytest.approx(theirs.tau2, rel=1e-5)
    found = normal_normal(values, variances)
    weights = [1 / (v + theirs.tau2) for v in variances]
    for value, variance, one in zip(values, variances, found, strict=True):
        kept = theirs.tau2 / (theirs.tau2 + variance)
        common = sum(w * y for w, y in zip(weights, values, strict=True)) / sum(weights)
        assert one.mean == pytest.approx(common + kept * (value - common), rel=1e-6)
        # The posterior's deviation by simulation of the whole hierarchy, flat over the common mean.
        assert one.second**2 == pytest.approx(variance * kept + (1 - kept) ** 2 / sum(weights), rel=1e-6)
    assert found[4].kept < found[2].kept


def test_normal_posteriors_equal_the_exact_multivariate_one():
    """Second method: the joint normal of means and common mean, solved as a linear system (flat common mean)."""
    values, variances = np.array([5.0, 7.0, 4.0, 9.0]), np.array([1.0, 2.0, 0.5, 8.0])
    between = variance_between(list(values), list(variances))
    size = len(values)
    precision = np.zeros((size + 1, size + 1))
    for at in range(size):
        precision[at, at] = 1 / variances[at] + 1 / between
        precision[at, size] = precision[size, at] = -1 / between
    precision[size, size] = size / between
    cover = np.linalg.inv(precision)
    means = cover @ np.append(values / variances, 0)
    for at, one in enumerate(normal_normal(list(values), list(variances))):
        assert one.mean == pytest.approx(means[at])
        assert one.second**2 == pytest.approx(cover[at, at])


def test_chances_equal_the_closed_form_of_two_and_add_up_to_one():
    pair = [Posterior("normal", 5.0, 1.0, 5, 3, 7, 1), Posterior("normal", 4.0, 2.0, 4, 0, 8, 1)]
    exact = NormalDist().cdf(1 / 5**0.5)
    assert chances_of(pair) == [pytest.approx(exact, abs=0.01), pytest.approx(1 - exact, abs=0.01)]
    assert chances_of(pair, lower=True)[0] == pytest.approx(1 - exact, abs=0.01)
    assert chances_of(pair) == chances_of(pair)
    assert sum(chances_of(beta_binomial(WON, TRIALS))) == pytest.approx(1)


def test_beta_chances_equal_integration():
    found = beta_binomial([30, 40], [1000, 1000])
    one, two = (stats.beta(p.first, p.second) for p in found)
    exact, _error = integrate.quad(lambda x: one.pdf(x) * two.cdf(x), 0, 0.2, limit=400)
    assert chances_of(found)[0] == pytest.approx(exact, abs=0.01)


def test_a_tiny_market_with_a_lucky_rate_does_not_lead():
    markets = {
        "KR": Evidence({"": (400, 10000)}), "JP": Evidence({"": (300, 10000)}), "US": Evidence({"": (350, 10000)}),
        "DE": Evidence({"": (320, 9000)}), "VN": Evidence({"": (2, 20)}),
    }  # fmt: skip
    found = rank_markets(kpi("cvr"), markets, by="")
    tiny = found.of("VN")
    assert (tiny.rank_raw, tiny.raw) == (1, 0.1)
    assert tiny.rank_fair > 1
    assert tiny.kept < 0.2
    assert found.standings[0].market == "KR"
    assert all(one.low <= one.fair <= one.high for one in found.standings)


def test_the_same_rates_at_another_mix_are_the_same_market():
    """Simpson: DE looks worse only because it lives on the weaker channel."""
    markets = {
        "KR": Evidence({"email": (800, 8000), "social": (20, 2000)}),
        "DE": Evidence({"email": (200, 2000), "social": (80, 8000)}),
        "FR": Evidence({"email": (450, 5000), "social": (40, 5000)}),
    }
    found = rank_markets(kpi("cvr"), markets, by="channel")
    assert found.of("KR").raw > 2 * found.of("DE").raw
    assert found.of("KR").adjusted == pytest.approx(found.of("DE").adjusted)
    assert found.of("DE").adjusted == pytest.approx(0.1 * 0.5 + 0.01 * 0.5)


def test_a_segment_that_a_market_lacks_neither_helps_nor_harms():
    markets = {"KR": {"a": (100.0, 1000.0), "b": (20.0, 1000.0)}, "DE": {"a": (120.0, 1000.0)}}
    found = standardised(markets)
    pooled_b, index = 20 / 1000, 120 / (1000 * (220 / 2000))
    assert found["DE"].rates["b"] == pytest.approx(pooled_b * index)


def test_the_mix_that_would_topple_the_leader_is_where_both_are_equal():
    strata = {"KR": {"a": (100.0, 1000.0), "b": (40.0, 1000.0)}, "DE": {"a": (60.0, 1000.0), "b": (50.0, 1000.0)}}
    found, mix = standardised(strata), pooled_mix(strata)
    topple = toppling_mix("KR", found, mix, lower=False)
    assert (topple.market, topple.segment, topple.share) == ("DE", "b", 0.5)
    at = topple.needed
    kr, de = (found[c].rates["b"] * at + found[c].rates["a"] * (1 - at) for c in ("KR", "DE"))
    assert kr == pytest.approx(de)
    better = {**strata, "DE": {"a": (60.0, 1000.0), "b": (30.0, 1000.0)}}
    assert toppling_mix("KR", standardised(better), pooled_mix(better), lower=False) is None


def test_the_variance_of_a_ratio_is_that_of_the_bootstrap():
    dice = np.random.default_rng(4)
    orders = dice.integers(20, 60, 40).astype(float)
    batches = [(float(o * dice.normal(50, 9)), float(o)) for o in orders]
    draws = [[batches[i] for i in dice.integers(0, 40, 40)] for _ in range(4000)]
    by_bootstrap = np.var([sum(a for a, _b in d) / sum(b for _a, b in d) for d in draws])
    assert ratio_variance(batches) == pytest.approx(by_bootstrap, rel=0.15)
    assert ratio_variance(batches[:2]) is None


def test_days_that_differ_more_than_chance_make_a_rate_worth_less():
    assert effective_trials(0.1, 1000, 0.1 * 0.9 / 1000, 1.0) == pytest.approx(1000)
    assert effective_trials(0.1, 1000, 4 * 0.1 * 0.9 / 1000, 1.0) == pytest.approx(250)
    assert effective_trials(0.1, 1000, None, 2.0) == 500


@pytest.mark.parametrize("one", [one for one in CATALOGUE if rankable(one)], ids=lambda one: one.key)
def test_every_ratio_ranks_random_markets_without_nonsense(one):
    dice = random.Random(one.key)
    for _turn in range(3):
        markets = {}
        for code in ("KR", "JP", "US", "DE", "FR"):
            strata = {c: (dice.uniform(0, 50), dice.uniform(51, 5000)) for c in dice.sample(["a", "b", "c"], 2)}
            batches = [(dice.uniform(0, 10), dice.uniform(11, 900)) for _ in range(10)]
            markets[code] = Evidence(strata, batches)
        found = rank_markets(one, {**markets, "XX": Evidence({})}, by="channel")
        assert sorted(s.rank_fair for s in found.standings) == [1, 2, 3, 4, 5]
        assert sum(s.chance for s in found.standings) == pytest.approx(1)
        assert found.left_out == ("XX",)
        best = (min if one.better == "lower" else max)(found.standings, key=lambda s: s.fair)
        assert found.standings[0].market == best.market


def test_sums_and_watched_kpis_are_not_ranked():
    assert not [
        key
        for key in ("revenue", "orders", "impressions", "active_users", "top5_share", "promo_share")
        if rankable(kpi(key))
    ]


def test_a_gap_is_worth_the_difference_along_the_chain():
    """1000 visits, 2 % of them buy for 50: at 3 % it were 500 more."""
    assert gain("cvr", 0.02, 0.03, 1000 * 0.02 * 50) == pytest.approx((0.03 - 0.02) * 1000 * 50)
    assert gain("cpc", 2.0, 1.5, 1000.0) == pytest.approx((2.0 - 1.5) * 500)
    assert gain("cart_abandonment", 0.8, 0.7, 100.0) == pytest.approx(50)
    assert gain("cvr", 0.03, 0.02, 100.0) == 0
    assert gain("cvr", 0.0, 0.02, 100.0) is None
    assert gain("engagement_rate", 0.1, 0.2, 100.0) is None
