"""The same mix for every market: direct standardisation to the mix of all of them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Strata = Mapping[str, tuple[float, float]]  # segment → numerator, denominator
LEAST_COUNT = 30.0
LEAST_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Standardised:
    """A market's rate at the pooled mix. `rates` are by segment, `spread` is by how much the variance grows."""

    rate: float
    rates: Mapping[str, float]
    spread: float


@dataclass(frozen=True, slots=True)
class Topple:
    """The mix at which another market would lead: the share of one segment, now and then."""

    market: str
    segment: str
    share: float
    needed: float


def pooled_mix(markets: Mapping[str, Strata]) -> dict[str, float]:
    """Each segment's share of all markets' denominators."""
    sums: dict[str, float] = {}
    for strata in markets.values():
        for segment, (_above, below) in strata.items():
            sums[segment] = sums.get(segment, 0.0) + below
    whole = sum(sums.values())
    return {segment: number / whole for segment, number in sums.items() if number > 0} if whole > 0 else {}


def standardised(markets: Mapping[str, Strata], *, counts: bool = True) -> dict[str, Standardised]:
    """Each market's rate, had it the pooled mix of segments.

    A segment of which a market has too little (fewer than 30, or under one in a hundred) takes the pooled rate of
    that segment times how the market does elsewhere, so that it neither helps nor harms.

    *Units*: numerator ÷ denominator. *Source*: direct standardisation, Kitagawa (1955), Journal of the American
    Statistical Association 50:1168; for what is missing indirect standardisation, Fleiss, Levin, Paik (2003),
    Statistical Methods for Rates and Proportions, ch. 19. `spread` is the design effect n Σ p²/n_s of unequal weights
    (Kish 1965, Survey Sampling).
    """
    mix = pooled_mix(markets)
    pooled = {segment: _pooled_rate(markets, segment) for segment in mix}
    return {code: _one(strata, mix, pooled, counts) for code, strata in markets.items()}


def _pooled_rate(markets: Mapping[str, Strata], segment: str) -> float:
    found = [strata[segment] for strata in markets.values() if segment in strata]
    below = sum(pair[1] for pair in found)
    return sum(pair[0] for pair in found) / below if below else 0.0


def _one(strata: Strata, mix: Mapping[str, float], pooled: Mapping[str, float], counts: bool) -> Standardised:
    above, whole = (sum(pair[at] for pair in strata.values()) for at in (0, 1))
    least = max(LEAST_SHARE * whole, LEAST_COUNT if counts else 0.0)
    expected = sum(strata[segment][1] * pooled[segment] for segment in strata if segment in pooled)
    index = above / expected if expected > 0 else 1.0
    rates: dict[str, float] = {}
    spread = 0.0
    for segment, share in mix.items():
        numerator, denominator = strata.get(segment, (0.0, 0.0))
        enough = denominator >= least and denominator > 0
        rates[segment] = numerator / denominator if enough else pooled[segment] * index
        spread += share**2 / denominator if enough else share**2 / whole
    return Standardised(sum(mix[s] * rates[s] for s in mix), rates, max(1.0, whole * spread))


def toppling_mix(
    leader: str, found: Mapping[str, Standardised], mix: Mapping[str, float], *, lower: bool
) -> Topple | None:
    """The smallest growth of one segment's share that would put another market first; None where none would.

    The other segments keep their proportions: the mix moves on the line from the pooled one to that segment alone,
    on which the lead changes linearly.
    """
    best: Topple | None = None
    for code, other in found.items():
        if code == leader:
            continue
        sign = -1.0 if lower else 1.0
        lead = sign * (found[leader].rate - other.rate)
        if lead <= 0:
            continue
        for segment, share in mix.items():
            alone = sign * (found[leader].rates[segment] - other.rates[segment])
            if alone >= 0:
                continue
            needed = share + (1 - share) * lead / (lead - alone)
            if best is None or needed - share < best.needed - best.share:
                best = Topple(code, segment, share, needed)
    return best
