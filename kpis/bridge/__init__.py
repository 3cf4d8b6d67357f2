"""Bridges from one value of a KPI to another: pure arithmetic over sums, no database, no lake."""

from kpis.bridge.chains import Chain, Step, chains_of
from kpis.bridge.contributions import Contribution, contributions, shares_names
from kpis.bridge.effects import Side, effects_between, measure_effects, target_effects, value_of
from kpis.bridge.shapley import shapley
from kpis.bridge.terms import Effect, size_of, term_effects

__all__ = [
    "Chain", "Contribution", "Effect", "Side", "Step", "chains_of", "contributions", "effects_between",
    "measure_effects", "shapley", "shares_names", "size_of", "target_effects", "term_effects", "value_of",
]  # fmt: skip
