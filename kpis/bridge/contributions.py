"""What each channel, campaign or market gives to a change."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext

from kpis.bridge.effects import ZERO, Segment, Side, total, value_of
from kpis.bridge.shapley import EXACT
from kpis.catalogue.formula import Formula, Ratio, Sum

NAMELESS = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one value of a dimension gives to a change, in the KPI's unit; `base` and `now` are its own values.

    `share` is its part of the whole change, None where nothing changed. It may be over 1 or under 0 where parts
    moved against each other.
    """

    name: str
    amount: Decimal
    share: Decimal | None
    base: Decimal | None
    now: Decimal | None


def contributions(formula: Formula, base: Side, now: Side) -> list[Contribution]:
    """Every segment's contribution, the largest first; they add up to the change.

    A sum: what the segment's own sum changed by. A ratio A ÷ B of rate r with segments of weight w: the segment's
    (w₁r₁ − w₀r₀) − r̄ (w₁ − w₀), r̄ the mean of both wholes: its own rate at its mean weight, and its weight against
    how much better or worse than the whole it is.

    *Source*: the midpoint (Marshall–Edgeworth) form of the shift-share identity, Edgeworth (1925), Papers relating to
    Political Economy I:213. Weights add up to one, so the term in r̄ adds up to nothing.
    """
    with localcontext(EXACT):
        whole = [total(base), total(now)]
        before, after = value_of(formula, whole[0]), value_of(formula, whole[1])
        if before is None or after is None or not isinstance(formula, Sum | Ratio):
            return []
        change = after - before
        found = []
        for name in sorted(set(base) | set(now)):
            sides = base.get(name, {}), now.get(name, {})
            if isinstance(formula, Sum):
                amount = sides[1].get(formula.measure, ZERO) - sides[0].get(formula.measure, ZERO)
            else:
                amount = _of_ratio(formula, sides, whole)
            share = amount / change if change else None
            found.append(Contribution(name, amount, share, *(value_of(formula, side) for side in sides)))
        found = [one for one in found if one.amount or one.base or one.now]
        return sorted(found, key=lambda one: (-abs(one.amount), one.name))


def _of_ratio(formula: Ratio, sides: tuple[Segment, Segment], whole: list[dict[str, Decimal]]) -> Decimal:
    above, weight, rates = [], [], []
    for side, all_of_it in zip(sides, whole, strict=True):
        below = all_of_it[formula.below]
        above.append(side.get(formula.above, ZERO) / below)
        weight.append(side.get(formula.below, ZERO) / below)
        rates.append(all_of_it[formula.above] / below)
    amount = above[1] - above[0] - (rates[0] + rates[1]) / 2 * (weight[1] - weight[0])
    return amount * Decimal(formula.scale) * (-1 if formula.complement else 1)


def shares_names(formula: Formula, *sides: Side) -> bool:
    """Whether a dimension can split a ratio: its two measures must be named alike (within one in a hundred)."""
    if not isinstance(formula, Ratio):
        return True
    for side in sides:
        alone = sum((abs(s.get(formula.above, ZERO)) for s in side.values() if not s.get(formula.below)), ZERO)
        every = sum((abs(s.get(formula.above, ZERO)) for s in side.values()), ZERO)
        if every and alone > NAMELESS * every:
            return False
    return True
