"""A change of a KPI as effects that add up to it: volume, mix, rate, price, currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import reduce
from operator import mul

from kpis.bridge.chains import Chain, Step
from kpis.bridge.shapley import EXACT, shapley
from kpis.bridge.terms import ZERO, Effect, Segment, term_effects, value_of_sums
from kpis.catalogue.formula import Formula, as_expression
from kpis.catalogue.kinds import Words
from kpis.catalogue.measures import MEASURES

Side = Mapping[str, Segment]  # segment → its sums
MIX = Words("구성 변화", "mix")
CURRENCY = Words("환율", "exchange rates")


@dataclass(frozen=True, slots=True)
class _State:
    """One side along a chain: the volume, every segment's share of it, and the rate of each step by segment."""

    volume: Decimal
    shares: Mapping[str, Decimal]
    rates: Sequence[Mapping[str, Decimal]]


def value_of(formula: Formula, sums: Segment) -> Decimal | None:
    """A formula over sums; None where it can't be divided or was not measured."""
    with localcontext(EXACT):
        form = as_expression(formula)
        if form is not None:
            return value_of_sums(form, sums)
        parts = getattr(formula, "parts_named", formula.periods)
        found = [sums.get(name) for name in parts]
        if len(found) == 1:
            return found[0]
        above, below = found[0], found[1]
        return None if above is None or not below else above / below


def effects_between(
    formula: Formula, chain: Chain | None, base: Side, now: Side, *, at_base_rates: Side | None = None
) -> list[Effect] | None:
    """The effects from `base` to `now` along a chain; None where the chain can't carry this change.

    Without a chain they are those of the formula's own terms.

    `at_base_rates` is `now` with its money converted at the rates of the base: what lies between the two is the
    effect of currency. Segments that lack a link of the chain (orders without visits) are taken together, so that
    every number stays in; a segment that is new or has gone changes the mix and no rate.

    *Units*: the KPI's own. The effects add up to the change exactly (see `shapley`).
    """
    with localcontext(EXACT):
        middle = now if at_base_rates is None else at_base_rates
        found = _along(formula, chain, base, middle) if chain else _by_terms(formula, base, middle)
        if found is None or at_base_rates is None:
            return found
        before, after = value_of(formula, total(at_base_rates)), value_of(formula, total(now))
        if before is None or after is None:
            return None
        return [*found, Effect("currency", CURRENCY, after - before)]


def total(side: Side) -> dict[str, Decimal]:
    """The sums over all segments."""
    found: dict[str, Decimal] = {}
    for sums in side.values():
        for measure, number in sums.items():
            found[measure] = found.get(measure, ZERO) + number
    return found


def _by_terms(formula: Formula, base: Side, now: Side) -> list[Effect] | None:
    form = as_expression(formula)
    return None if form is None else term_effects(form, total(base), total(now))


def _along(formula: Formula, chain: Chain, base: Side, now: Side) -> list[Effect] | None:
    wholes = total(base), total(now)
    before, after = (value_of(formula, whole) for whole in wholes)
    if before is None or after is None or not all(_carries(chain, whole) for whole in wholes):
        return None
    if _is_sum(formula) and not chain.steps:
        return [Effect("volume", chain.volume_name, after - before)]
    base, now = _pooled(chain, _lively(base), _lively(now))
    found = _shared(formula, chain, base, now)
    if found is None and len(set(base) | set(now)) > 1:
        # Some mixture of the two sides divides by nothing: without segments there is no such mixture.
        found = _shared(formula, chain, {"": wholes[0]}, {"": wholes[1]})
    return found


def _is_sum(formula: Formula) -> bool:
    form = as_expression(formula)
    return form is not None and form.below is None


def _lively(side: Side) -> Side:
    """Without the segments in which everything is 0: those that a filter leaves out aren't a mix of anything."""
    return {name: sums for name, sums in side.items() if any(sums.values())}


def _shared(formula: Formula, chain: Chain, base: Side, now: Side) -> list[Effect] | None:
    states = _states(chain, base, now)
    if states is None:
        return None
    players = [("volume", chain.volume_name)] if _is_sum(formula) else []
    if len(set(base) | set(now)) > 1:
        players.append(("mix", MIX))
    fixed = len(players)
    players += [(step.kind, step.name) for step in chain.steps]

    def worth(changed: frozenset[int]) -> Decimal | None:
        new = {players[at][0] for at in changed if at < fixed}
        rates = [states[fixed + at in changed].rates[at] for at in range(len(chain.steps))]
        mixed = _State(states["volume" in new].volume, states["mix" in new].shares, rates)
        return value_of(formula, _sums(chain, mixed))

    amounts = shapley(len(players), worth)
    if amounts is None:
        return None
    return [Effect(kind, name, amount) for (kind, name), amount in zip(players, amounts, strict=True)]


def _sums(chain: Chain, state: _State) -> dict[str, Decimal]:
    """What a state sums up to: the volume, and each step's measure as rate × what it is a rate of."""
    found = dict.fromkeys(chain.measures, ZERO)
    for name, share in state.shares.items():
        at = {chain.volume: state.volume * share}
        for step, rates in zip(chain.steps, state.rates, strict=True):
            at[step.measure] = at[step.per] * rates[name]
        for measure, number in at.items():
            found[measure] += number
    return found


def _states(chain: Chain, base: Side, now: Side) -> tuple[_State, _State] | None:
    names = sorted(set(base) | set(now))
    volumes = [sum((side.get(name, {}).get(chain.volume, ZERO) for name in names), ZERO) for side in (base, now)]
    if not all(volumes):
        return None
    rates: tuple[list[dict[str, Decimal]], list[dict[str, Decimal]]] = ([], [])
    for step in chain.steps:
        pairs = {name: (_rate(base, name, step), _rate(now, name, step)) for name in names}
        # Where one side has nothing to take a rate of, its rate is the other's: no change of rate.
        rates[0].append({name: _first(*pair) for name, pair in pairs.items()})
        rates[1].append({name: _first(*reversed(pair)) for name, pair in pairs.items()})
    found = []
    for side, volume, own in zip((base, now), volumes, rates, strict=True):
        shares = {name: side.get(name, {}).get(chain.volume, ZERO) / volume for name in names}
        found.append(_State(volume, shares, own))
    return found[0], found[1]


def _rate(side: Side, name: str, step: Step) -> Decimal | None:
    sums = side.get(name, {})
    below = sums.get(step.per, ZERO)
    return sums.get(step.measure, ZERO) / below if below else None


def _first(*found: Decimal | None) -> Decimal:
    return next((one for one in found if one is not None), ZERO)


def _pooled(chain: Chain, base: Side, now: Side) -> tuple[Side, Side]:
    """Both sides with the segments that miss a link taken together; all of them where even that misses one."""
    names = set(base) | set(now)
    broken = {name for name in names if not all(_linked(chain, side.get(name, {})) for side in (base, now))}
    if not broken:
        return base, now
    found = [_gather(side, broken) for side in (base, now)]
    if all(_linked(chain, side.get("", {})) for side in found):
        return found[0], found[1]
    return {"": total(base)}, {"": total(now)}


def _gather(side: Side, broken: set[str]) -> dict[str, Segment]:
    kept: dict[str, Segment] = {name: sums for name, sums in side.items() if name not in broken and name}
    rest = {name: sums for name, sums in side.items() if name in broken or not name}
    return {**kept, "": total(rest)}


def _carries(chain: Chain, whole: Segment) -> bool:
    return set(chain.measures) <= set(whole) and _linked(chain, whole)


def _linked(chain: Chain, sums: Segment) -> bool:
    return all(sums.get(step.per, ZERO) or not sums.get(step.measure, ZERO) for step in chain.steps)


def measure_effects(formula: Formula, base: Segment, now: Segment) -> list[Effect] | None:
    """The effects of a formula's own measures, where there is no chain: distinct people, pacing."""
    names = [*getattr(formula, "parts_named", ()), *formula.periods]

    def worth(changed: frozenset[int]) -> Decimal | None:
        sums = {name: (now if at in changed else base).get(name) for at, name in enumerate(names)}
        return value_of(formula, {name: number for name, number in sums.items() if number is not None})

    amounts = shapley(len(names), worth)
    if amounts is None:
        return None
    return [Effect("part", _measure_name(name), amount) for name, amount in zip(names, amounts, strict=True)]


def _measure_name(name: str) -> Words:
    found = MEASURES.get(name)
    return Words(found.ko, found.en) if found else Words("계획 광고비", "planned spend")


def target_effects(
    chain: Chain, now: Segment, *, value: Decimal, target: Decimal, aims: Mapping[str, Decimal]
) -> list[Effect] | None:
    """From a target to what was reached, by the targets of its factors; `aims` maps a factor's KPI to its target.

    A target of a product is seldom the product of the factors' targets. The factors without a target of their own,
    or the last one, take what the others leave, so that the effects add up to the gap.
    """
    with localcontext(EXACT):
        factors = [(chain.kpi, "volume", chain.volume_name, now.get(chain.volume, ZERO))]
        for step in chain.steps:
            below = now.get(step.per, ZERO)
            if not below:
                return None
            factors.append((step.kpi, step.kind, step.name, now.get(step.measure, ZERO) / below))
        aimed = [factor for factor in factors if aims.get(factor[0]) and factor[3]]
        if len(aimed) == len(factors):
            aimed.pop()
        rest = [factor for factor in factors if factor not in aimed]
        known = [(aims[key], number) for key, _kind, _name, number in aimed]
        pairs = [*known, (target / _product(pair[0] for pair in known), value / _product(pair[1] for pair in known))]
        amounts = shapley(len(pairs), lambda changed: _product(pair[at in changed] for at, pair in enumerate(pairs)))
    if amounts is None:
        return None
    kind = rest[0][1] if len(rest) == 1 else "rest"
    named = Words(" × ".join(one[2].ko for one in rest), " × ".join(one[2].en for one in rest))
    labels = [*((kind_, name) for _key, kind_, name, _number in aimed), (kind, named)]
    return [Effect(*label, amount) for label, amount in zip(labels, amounts, strict=True)]


def _product(numbers: object) -> Decimal:
    return reduce(mul, numbers, Decimal(1))  # type: ignore[call-overload, no-any-return]
