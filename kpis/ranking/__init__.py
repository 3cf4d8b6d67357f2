"""Ranking markets fairly: the same mix for all, small markets pulled to the rest, chances told. Pure statistics."""

from kpis.ranking.chances import chances_of
from kpis.ranking.fair import Evidence, Ranking, Standing, rank_markets, rankable
from kpis.ranking.shrinking import Posterior, beta_binomial, normal_normal
from kpis.ranking.stake import gain, stake_kind, unit_worth, worth
from kpis.ranking.standardising import Strata, Topple, standardised, toppling_mix

__all__ = [
    "Evidence", "Posterior", "Ranking", "Standing", "Strata", "Topple", "beta_binomial", "chances_of",
    "gain", "normal_normal", "rank_markets", "rankable", "stake_kind", "standardised", "toppling_mix", "unit_worth",
    "worth",
]  # fmt: skip
