"""How likely each market is to be the best, given how well each is known."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.ranking.shrinking import Posterior

DRAWS = 20_000
SEED = 1975  # fixed: the same data give the same chances


def chances_of(posteriors: Sequence[Posterior], *, lower: bool = False) -> list[float]:
    """The share of draws from the posteriors in which each market is best; `lower`: the lowest is best.

    *Units*: 0 to 1, adding up to 1; exact to about 0.7 of a percent. *Source*: Monte Carlo from independent
    posteriors, as in Laird and Louis (1989), Journal of Educational Statistics 14:29.
    """
    import numpy as np

    dice = np.random.default_rng(SEED)
    draws = np.column_stack(
        [
            dice.beta(one.first, one.second, DRAWS) if one.kind == "beta" else dice.normal(one.first, one.second, DRAWS)
            for one in posteriors
        ]
    )
    best = (draws.argmin if lower else draws.argmax)(axis=1)
    return [float(number) / DRAWS for number in np.bincount(best, minlength=len(posteriors))]
