"""What each channel, campaign or market gives to a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from kpis.bridge.effects import Side, total
from kpis.bridge.shapley import EXACT
from kpis.bridge.terms import ZERO, Segment, sum_of, value_of_sums
from kpis.catalogue.conditions import term_of
from kpis.catalogue.formula import Expression, Formula, Linear, as_expression

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

    A sum: what the segment's own sum changed by. A ratio A ÷ B, each a sum of terms, of rate r with segments of weight
    w: the segment's (w₁r₁ − w₀r₀) − r̄ (w₁ − w₀), r̄ the mean of both wholes: its own rate at its mean weight, and its
    weight against how much better or worse than the whole it is.

    *Source*: the midpoint (Marshall–Edgeworth) form of the shift-share identity, Edgeworth (1925), Papers relating to
    Political Economy I:213. Weights add up to one, so the term in r̄ adds up to nothing.
    """
    with localcontext(EXACT):
        form, whole = as_expression(formula), (total(base), total(now))
        before, after = (value_of_sums(form, sums) if form is not None else None for sums in whole)
        if form is None or before is None or after is None:
            return []
        change = after - before
        found = []
        for name in sorted(set(base) | set(now)):
            sides = _filled(form, base.get(name, {})), _filled(form, now.get(name, {}))
            if form.below is None:
                amount = (sum_of(form.above, sides[1]) or ZERO) - (sum_of(form.above, sides[0]) or ZERO)
            else:
                amount = _of_ratio(form, form.below, sides, whole)
            share = amount / change if change else None
            found.append(Contribution(name, amount, share, *(value_of_sums(form, side) for side in sides)))
        found = [one for one in found if one.amount or one.base or one.now]
        return sorted(found, key=lambda one: (-abs(one.amount), one.name))


def _filled(form: Expression, side: Segment) -> Segment:
    """A segment's sums with 0 for the terms that it lacks beside others: a channel of ads has no orders."""
    found = dict(side)
    for line in (form.above, form.below):
        if line is not None and any(key in side for key in line.keys):
            found = {**dict.fromkeys(line.keys, ZERO), **found}
    return found


def _of_ratio(form: Expression, lower: Linear, sides: tuple[Segment, Segment], whole: Sequence[Segment]) -> Decimal:
    above, weight, rates = [], [], []
    for side, all_of_it in zip(sides, whole, strict=True):
        below = sum_of(lower, all_of_it) or ZERO
        above.append((sum_of(form.above, side) or ZERO) / below)
        weight.append((sum_of(lower, side) or ZERO) / below)
        rates.append((sum_of(form.above, all_of_it) or ZERO) / below)
    amount = above[1] - above[0] - (rates[0] + rates[1]) / 2 * (weight[1] - weight[0])
    return amount * Decimal(form.scale)


def shares_names(formula: Formula, *sides: Side) -> bool:
    """Whether a dimension can split a ratio: its measures must be named alike (within one in a hundred)."""
    form = as_expression(formula)
    if form is None or form.below is None:
        return True
    return all(
        _named_alike(side, key, keys)
        for side in sides
        for key in form.above.keys
        for keys in _of_one_measure(form.below)
    )


def _of_one_measure(line: Linear) -> list[list[str]]:
    """The terms of a linear part, those of one measure under different filters together."""
    found: dict[str, list[str]] = {}
    for key in line.keys:
        found.setdefault(term_of(key).base, []).append(key)
    return list(found.values())


def _named_alike(side: Side, above: str, below: Sequence[str]) -> bool:
    alone = sum((abs(s.get(above, ZERO)) for s in side.values() if not any(s.get(key) for key in below)), ZERO)
    every = sum((abs(s.get(above, ZERO)) for s in side.values()), ZERO)
    return not every or alone <= NAMELESS * every
