"""Markets in their fair order: standardised, shrunk, with intervals and chances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kpis.catalogue.formula import PeriodRatio, as_expression
from kpis.catalogue.kinds import Better, Kpi, Unit
from kpis.catalogue.measures import measure as measure_of
from kpis.ranking.chances import chances_of
from kpis.ranking.shrinking import Posterior, beta_binomial, effective_trials, normal_normal, ratio_variance
from kpis.ranking.standardising import Standardised, Strata, Topple, pooled_mix, standardised, toppling_mix

AVERAGES = frozenset({"mean_daily_users", "engagement_seconds"})  # no counts of people: nothing is drawn from them


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one market measured: by segment, and by batch of days (empty where only the whole is known)."""

    strata: Strata
    batches: Sequence[tuple[float, float]] = ()

    @property
    def above(self) -> float:
        return sum(pair[0] for pair in self.strata.values())

    @property
    def below(self) -> float:
        return sum(pair[1] for pair in self.strata.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """One market: `raw` as on the board, `adjusted` at the pooled mix, `fair` after shrinking, with 95 % interval.

    `chance` is how likely it is the best; `weight` the denominator; `kept` how much of its own value stayed.
    """

    market: str
    raw: float
    adjusted: float
    fair: float
    low: float
    high: float
    chance: float
    weight: float
    kept: float
    rank_raw: int = 0
    rank_fair: int = 0


@dataclass(frozen=True, slots=True)
class Ranking:
    """Standings in their fair order. `method`: beta or normal; `by` the dimension adjusted for, empty for none."""

    kpi: str
    standings: tuple[Standing, ...] = ()
    method: str = ""
    by: str = ""
    topple: Topple | None = None
    left_out: tuple[str, ...] = field(default=())

    def of(self, market: str) -> Standing | None:
        return next((one for one in self.standings if one.market == market), None)


def rankable(kpi: Kpi) -> bool:
    """Whether markets of different size can be compared on it: a ratio with a good and a bad side."""
    if kpi.better not in (Better.HIGHER, Better.LOWER):
        return False
    formula = kpi.formula
    if isinstance(formula, PeriodRatio):
        return kpi.unit is Unit.PERCENT and not AVERAGES & set(formula.periods)
    form = as_expression(formula)
    return form is not None and form.below is not None


def rank_markets(kpi: Kpi, markets: Mapping[str, Evidence], *, by: str) -> Ranking:
    """The fair order of the markets that measured this KPI; `by` names the dimension of the evidence's segments.

    Rates of one count in another are drawn as Beta, other ratios as Normal by the variance between batches of days. A
    ratio of which a market has too few batches to know its variance is left out.
    """
    scale, offset = _reading(kpi)
    usable = {code: one for code, one in markets.items() if one.below > 0}
    counts = _counts(kpi)
    fixed = standardised({code: one.strata for code, one in usable.items()}, counts=counts)
    binomial = _is_count_of_counts(kpi) and all(_is_rate(one, fixed[c].rate) for c, one in usable.items())
    posteriors = _beta(usable, fixed) if binomial else _normal(usable, fixed)
    lower = (kpi.better is Better.LOWER) != (scale < 0)
    codes = [code for code in usable if code in posteriors]
    if not codes:
        return Ranking(kpi.key, left_out=tuple(markets))
    chances = chances_of([posteriors[code] for code in codes], lower=lower)
    found = [
        _standing(code, usable[code], fixed[code], posteriors[code], chance, (scale, offset))
        for code, chance in zip(codes, chances, strict=True)
    ]
    ordered = _ranked(found, lower=kpi.better is Better.LOWER)
    kept = {code: fixed[code] for code in codes}
    mix = pooled_mix({code: one.strata for code, one in usable.items()})
    topple = toppling_mix(ordered[0].market, kept, mix, lower=lower) if by and len(mix) > 1 else None
    left_out = tuple(code for code in markets if code not in posteriors)
    return Ranking(kpi.key, ordered, "beta" if binomial else "normal", by, topple, left_out)


def _reading(kpi: Kpi) -> tuple[float, float]:
    """What a quotient is multiplied by, and what is added to that."""
    form = as_expression(kpi.formula)
    return (form.scale, form.offset) if form is not None else (1.0, 0.0)


def _is_count_of_counts(kpi: Kpi) -> bool:
    """A share of trials: one count of another, not a sum of several weighed against each other."""
    form = as_expression(kpi.formula)
    single = form is None or form.below is None or (form.above.is_single and form.below.is_single)
    return kpi.unit is Unit.PERCENT and _counts(kpi) and single


def _counts(kpi: Kpi) -> bool:
    names = (*kpi.formula.sums, *kpi.formula.periods)
    return not any(measure_of(name).money for name in names)


def _is_rate(one: Evidence, adjusted: float) -> bool:
    return 0 <= one.above <= one.below and 0 <= adjusted <= 1


def _beta(usable: Mapping[str, Evidence], fixed: Mapping[str, Standardised]) -> dict[str, Posterior]:
    trials = [
        effective_trials(one.above / one.below, one.below, ratio_variance(one.batches), fixed[code].spread)
        for code, one in usable.items()
    ]
    won = [fixed[code].rate * number for code, number in zip(usable, trials, strict=True)]
    return dict(zip(usable, beta_binomial(won, trials), strict=True))


def _normal(usable: Mapping[str, Evidence], fixed: Mapping[str, Standardised]) -> dict[str, Posterior]:
    found = {code: ratio_variance(one.batches) for code, one in usable.items()}
    known = {code: variance * fixed[code].spread for code, variance in found.items() if variance is not None}
    if not known:
        return {}
    values = [fixed[code].rate for code in known]
    return dict(zip(known, normal_normal(values, list(known.values())), strict=True))


def _standing(
    code: str, one: Evidence, fixed: Standardised, known: Posterior, chance: float, reading: tuple[float, float]
) -> Standing:
    scale, offset = reading

    def read(number: float) -> float:
        return number * scale + offset

    low, high = sorted((read(known.low), read(known.high)))
    return Standing(
        code, read(one.above / one.below), read(fixed.rate), read(known.mean), low, high, chance, one.below, known.kept
    )


def _ranked(found: Sequence[Standing], *, lower: bool) -> tuple[Standing, ...]:
    sign = 1.0 if lower else -1.0
    raw = sorted(found, key=lambda one: (sign * one.raw, one.market))
    fair = sorted(found, key=lambda one: (sign * one.fair, one.market))
    return tuple(replace(one, rank_fair=at, rank_raw=raw.index(one) + 1) for at, one in enumerate(fair, start=1))
