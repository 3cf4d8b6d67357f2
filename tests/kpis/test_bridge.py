"""Bridges add up exactly, whatever the data; effects equal a second calculation over all orders."""

from __future__ import annotations

import itertools
import math
import random
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest

from kpis.bridge import (
    Chain,
    Step,
    chains_of,
    contributions,
    effects_between,
    measure_effects,
    shapley,
    shares_names,
    size_of,
    target_effects,
    value_of,
)
from kpis.bridge.effects import total
from kpis.bridge.shapley import EXACT
from kpis.catalogue import CATALOGUE, kpi
from kpis.catalogue.formula import Pacing, PeriodRatio, Ratio, Sum, combine
from kpis.catalogue.kinds import Better, Kpi, Stage, Words
from kpis.errors import BadFormula
from kpis.expressions import check_formula
from kpis.queries.amounts import Amounts

SUMMED = [one for one in CATALOGUE if isinstance(one.formula, Sum | Ratio)]
WEIRD = [0.0, 0.0, 1e-9, 0.1, 1 / 3, 7.0, 1234.56, 1e6 + 0.1, 9.87e14]
NAMES = ["naver", "google", "meta", "kakao", ""]


@pytest.fixture(autouse=True)
def sixty_digits():
    with localcontext(EXACT):
        yield


def side(dice: random.Random, measures, *, odd: bool = True):
    """Some segments with sums; new, vanished and empty ones, links missing, amounts from tiny to huge, refunds."""
    found = {}
    for name in dice.sample(NAMES, dice.randint(1, len(NAMES))):
        sums = {}
        for measure in measures:
            if odd and dice.random() < 0.15:
                continue
            number = dice.choice(WEIRD) if odd and dice.random() < 0.5 else dice.uniform(1, 1e5)
            sums[measure] = Decimal(-number if odd and dice.random() < 0.03 else number)
        if sums:
            found[name] = sums
    return found


def adds_up(effects, before: Decimal, after: Decimal) -> bool:
    """Within 1e-9 of the larger value, as floats, as they are shown and sent."""
    sums = math.fsum(float(one.amount) for one in effects)
    change = float(after) - float(before)
    return abs(sums - change) <= 1e-9 * max(
        abs(float(before)), abs(float(after)), *(abs(float(e.amount)) for e in effects)
    )


@pytest.mark.parametrize("one", SUMMED, ids=lambda one: one.key)
def test_every_bridge_adds_up_whatever_the_data(one):
    dice = random.Random(one.key)
    bridges = 0
    for turn in range(120):
        for chain in chains_of(one):
            measures = tuple(dict.fromkeys((*one.formula.sums, *chain.measures)))
            base, now = (side(dice, measures, odd=turn % 4 > 0) for _ in range(2))
            revalued = {name: {m: v * Decimal("1.07") for m, v in s.items()} for name, s in now.items()}
            for at_base in (None, revalued):
                effects = effects_between(one.formula, chain, base, now, at_base_rates=at_base)
                before, after = value_of(one.formula, total(base)), value_of(one.formula, total(now))
                if effects is None:
                    continue
                bridges += 1
                assert before is not None and after is not None
                exact = sum((e.amount for e in effects), Decimal(0)) - (after - before)
                assert abs(exact) <= Decimal("1e-30") * max(abs(before), abs(after), *(abs(e.amount) for e in effects))
                assert adds_up(effects, before, after)
    assert bridges > 100


@pytest.mark.parametrize("one", SUMMED, ids=lambda one: one.key)
def test_contributions_add_up_whatever_the_data(one):
    dice = random.Random(one.key + "parts")
    for turn in range(120):
        base, now = (side(dice, one.formula.sums, odd=turn % 3 > 0) for _ in range(2))
        before, after = value_of(one.formula, total(base)), value_of(one.formula, total(now))
        found = contributions(one.formula, base, now)
        if before is None or after is None:
            assert found == []
            continue
        gap = sum((c.amount for c in found), Decimal(0)) - (after - before)
        assert abs(gap) <= Decimal("1e-30") * max([abs(before), abs(after), *(abs(c.amount) for c in found)])
        assert [abs(c.amount) for c in found] == sorted((abs(c.amount) for c in found), reverse=True)


MONEY = [
    "revenue",
    "cost",
    "refunds",
    'revenue[channel = "naver"]',
    'cost[channel not in ("meta", "google")]',
    "{ad_spend}",
]
COUNTS = ["orders", "sessions", "clicks", 'orders[channel = "naver"]', 'sessions[campaign != "brand" and source = "x"]',
          "{clicks}", "{own_visits}"]  # fmt: skip
REFERENCES = {**{one.key: one.formula for one in CATALOGUE}, "own_visits": "sessions - 2 × clicks / 3"}


def written(dice: random.Random) -> str:
    """A formula as somebody might write it: sums, ratios, brackets within brackets, filters, other KPIs."""

    def summed(words, depth: int = 0) -> str:
        one = dice.choice(words) if depth > 3 or dice.random() < 0.5 else f"({summed(words, depth + 1)})"
        if dice.random() < 0.3:
            one = f"{dice.randint(1, 40) / 8} {dice.choice('*×')} {one}"
        if dice.random() < 0.15:
            one = f"{one} {dice.choice('/÷')} {dice.randint(2, 9)}"
        if depth < 4 and dice.random() < 0.5:
            one = f"{one} {dice.choice('+-−')} {summed(words, depth + 1)}"
        return one

    above = summed(dice.choice((MONEY, COUNTS)))
    kind = dice.random()
    if kind < 0.3:
        return above
    ratio = (
        f"({above}) {dice.choice('/÷')} ({summed(COUNTS)})" if kind < 0.9 else dice.choice(("{cvr}", "{bounce_rate}"))
    )
    return f"1 − {ratio} × 3" if ratio[:2] == "({" or dice.random() < 0.2 else ratio


def own_kpis(number: int, seed: int = 5) -> list[Kpi]:
    """Own KPIs of formulas that the grammar takes."""
    dice, found = random.Random(seed), []
    while len(found) < number:
        text = written(dice)
        try:
            checked = check_formula(text, references=REFERENCES)
        except BadFormula:
            continue
        words = Words(text, text)
        found.append(
            Kpi(1000 + len(found), f"own_{len(found)}", Stage.CONVERSION, words, checked.units[0], Better.HIGHER,
                checked.rollup, checked.formula, words, words, words)
        )  # fmt: skip
    return found


def bridges_of(one: Kpi, base, now, at_base=None):
    """The bridge along each of its chains, or by its terms."""
    for chain in chains_of(one) or (None,):
        yield effects_between(one.formula, chain, base, now, at_base_rates=at_base)


def test_the_bridge_of_every_own_formula_adds_up_whatever_the_data():
    dice = random.Random(11)
    by_terms = along = 0
    for one in own_kpis(150):
        measures = tuple(dict.fromkeys((*one.formula.sums, *(m for c in chains_of(one) for m in c.measures))))
        for turn in range(24):
            base, now = (side(dice, measures, odd=turn % 4 > 0) for _ in range(2))
            revalued = {name: {m: v * Decimal("1.07") for m, v in s.items()} for name, s in now.items()}
            before, after = value_of(one.formula, total(base)), value_of(one.formula, total(now))
            for at_base in (None, revalued):
                for effects in bridges_of(one, base, now, at_base):
                    if effects is None:
                        continue
                    assert before is not None and after is not None
                    assert adds_up(effects, before, after), one.name
                    assert len({e.name for e in effects}) == len(effects), "each measure is told once"
                    by_terms += effects[0].kind == "part"
                    along += effects[0].kind != "part"
            found = contributions(one.formula, base, now)
            if before is not None and after is not None:
                assert adds_up(found, before, after) or not found
    assert by_terms > 1000
    assert along > 300


def test_an_own_formula_has_in_the_bridge_the_value_that_it_has_on_the_board():
    dice = random.Random(12)
    for one in own_kpis(150):
        sums = {measure: dice.uniform(1, 1e6) for measure in one.formula.sums}
        board = combine(one.formula, (Amounts(sums=dict(sums)).parts(one.formula),)).number
        value = value_of(one.formula, {measure: Decimal(number) for measure, number in sums.items()})
        assert board is not None and value is not None
        size = size_of(one.formula, {measure: Decimal(number) for measure, number in sums.items()})
        assert abs(float(value) - board) <= 1e-9 * max(abs(board), float(size))


def test_each_term_of_a_ratio_takes_its_own_part():
    """By hand: (revenue − cost) ÷ sessions from (100 − 40) ÷ 10 = 6 to (130 − 50) ÷ 20 = 4."""
    formula = check_formula("(revenue - cost) / sessions", references={}).formula
    base = {"": {"revenue": Decimal(100), "cost": Decimal(40), "sessions": Decimal(10)}}
    now = {"": {"revenue": Decimal(130), "cost": Decimal(50), "sessions": Decimal(20)}}
    effects = effects_between(formula, None, base, now)
    assert [(e.name.en, float(e.amount)) for e in effects] == [
        ("revenue", 2.25),
        ("ad spend", -0.75),
        ("sessions", -3.5),
    ]
    assert sum(e.amount for e in effects) == -2


def test_of_a_long_formula_the_smallest_terms_are_told_together():
    keys = ("orders", "sessions", "clicks", "impressions", "leads", "installs", "sign_ups", "page_views", "scrolls")
    formula = check_formula(" + ".join(keys), references={}).formula
    base = {"": {key: Decimal(10) for key in keys}}
    now = {"": {key: Decimal(10 + at) for at, key in enumerate(keys)}}
    effects = effects_between(formula, None, base, now)
    assert len(effects) == 8
    assert (effects[-1].name.en, effects[-1].amount) == ("2 smaller terms", 1)
    assert sum(e.amount for e in effects) == 36


def test_an_own_kpi_of_the_same_measures_moves_along_the_same_chain():
    def own(text: str) -> Kpi:
        checked = check_formula(text, references={})
        words = Words(text, text)
        return Kpi(1001, "own", Stage.CONVERSION, words, checked.units[0], Better.HIGHER, checked.rollup,
                   checked.formula, words, words, words)  # fmt: skip

    assert chains_of(own("1.1 × revenue"))[0] == chains_of(kpi("revenue"))[0]
    assert [chain.measures for chain in chains_of(own("orders / clicks"))] == [("clicks", "orders")]
    assert chains_of(own("revenue - cost")) == ()


@pytest.mark.parametrize(
    "one", [one for one in CATALOGUE if isinstance(one.formula, PeriodRatio | Pacing)], ids=lambda one: one.key
)
def test_people_and_plans_are_told_by_their_own_measures(one):
    names = [*getattr(one.formula, "parts_named", ()), *one.formula.periods]
    base, now = ({name: Decimal(n + at) for at, name in enumerate(names)} for n in (50, 70))
    effects = measure_effects(one.formula, base, now)
    assert [e.kind for e in effects] == ["part", "part"]
    assert adds_up(effects, value_of(one.formula, base), value_of(one.formula, now))


def test_shapley_is_the_mean_over_all_orders():
    """The second method: every permutation, in fractions."""
    worths = {state: Fraction(random.Random(state).randint(-1000, 1000), 7) for state in range(16)}

    def at(changed) -> Fraction:
        return worths[sum(1 << place for place in changed)]

    by_order = [Fraction(0)] * 4
    for order in itertools.permutations(range(4)):
        done: set[int] = set()
        for place in order:
            by_order[place] += (at(done | {place}) - at(done)) / 24
            done.add(place)
    found = shapley(4, lambda changed: Decimal(at(changed).numerator) / Decimal(at(changed).denominator))
    assert [float(x) for x in found] == pytest.approx([float(x) for x in by_order], abs=1e-12)


def test_revenue_is_visits_times_rate_times_order_value_by_hand():
    """One segment: 1000 visits, 2 %, 50 → 1200, 3 %, 40. The three-factor Shapley value in closed form."""
    base = {"": {"sessions": Decimal(1000), "orders": Decimal(20), "revenue": Decimal(1000)}}
    now = {"": {"sessions": Decimal(1200), "orders": Decimal(36), "revenue": Decimal(1440)}}
    effects = effects_between(kpi("revenue").formula, chains_of(kpi("revenue"))[0], base, now)

    def closed(x, y, z):
        (x0, x1), (y0, y1), (z0, z1) = x, y, z
        return (x1 - x0) * ((y0 * z0 + y1 * z1) / 3 + (y0 * z1 + y1 * z0) / 6)

    visits, rate, price = (1000, 1200), (0.02, 0.03), (50, 40)
    assert [(e.kind, float(e.amount)) for e in effects] == [
        ("volume", pytest.approx(closed(visits, rate, price))),
        ("rate", pytest.approx(closed(rate, visits, price))),
        ("price", pytest.approx(closed(price, visits, rate))),
    ]


def test_a_rate_that_fell_by_mix_alone_has_no_rate_effect():
    """Simpson: each channel keeps its rate, the weaker one grows."""
    base = {
        "naver": {"orders": Decimal(50), "sessions": Decimal(1000)},
        "meta": {"orders": Decimal(1), "sessions": Decimal(100)},
    }
    now = {
        "naver": {"orders": Decimal(50), "sessions": Decimal(1000)},
        "meta": {"orders": Decimal(10), "sessions": Decimal(1000)},
    }
    (chain,) = chains_of(kpi("cvr"))
    found = {e.kind: float(e.amount) for e in effects_between(kpi("cvr").formula, chain, base, now)}
    assert found["rate"] == pytest.approx(0, abs=1e-15)
    assert found["mix"] == pytest.approx(60 / 2000 - 51 / 1100)


def test_two_factor_effects_are_the_midpoint_ones():
    """Marshall–Edgeworth: rate at the mean weight, mix at the mean rate."""
    weights, rates = ((0.6, 0.4), (0.3, 0.7)), ((0.05, 0.02), (0.04, 0.03))
    sides = [
        {
            name: {"orders": Decimal(str(w[i] * r[i] * 1e4)), "sessions": Decimal(str(w[i] * 1e4))}
            for i, name in enumerate("ab")
        }
        for w, r in zip(weights, rates, strict=True)
    ]
    (chain,) = chains_of(kpi("cvr"))
    found = {e.kind: float(e.amount) for e in effects_between(kpi("cvr").formula, chain, *sides)}
    assert found["rate"] == pytest.approx(
        sum((weights[0][i] + weights[1][i]) / 2 * (rates[1][i] - rates[0][i]) for i in (0, 1))
    )
    assert found["mix"] == pytest.approx(
        sum((rates[0][i] + rates[1][i]) / 2 * (weights[1][i] - weights[0][i]) for i in (0, 1))
    )


def test_a_new_channel_changes_the_mix_and_no_rate():
    base = {"naver": {"orders": Decimal(50), "sessions": Decimal(1000)}}
    now = {**base, "tiktok": {"orders": Decimal(1), "sessions": Decimal(500)}}
    (chain,) = chains_of(kpi("cvr"))
    found = {e.kind: float(e.amount) for e in effects_between(kpi("cvr").formula, chain, base, now)}
    assert found == {"mix": pytest.approx(51 / 1500 - 0.05), "rate": pytest.approx(0)}


def test_orders_without_a_channel_are_taken_together_with_the_visits_that_lack_them():
    """Nothing is lost where orders know no channel: there is one segment, and so no mix."""
    base = {"naver": {"sessions": Decimal(900)}, "meta": {"sessions": Decimal(100)}, "": {"orders": Decimal(20)}}
    now = {"naver": {"sessions": Decimal(500)}, "meta": {"sessions": Decimal(500)}, "": {"orders": Decimal(10)}}
    (chain,) = chains_of(kpi("cvr"))
    assert [(e.kind, float(e.amount)) for e in effects_between(kpi("cvr").formula, chain, base, now)] == [
        ("rate", -0.01)
    ]
    assert not shares_names(kpi("cvr").formula, base, now)


def test_currency_is_what_remains_of_the_change_at_the_rates_of_before():
    (_long, _orders, chain) = chains_of(kpi("revenue"))
    base, now = {"": {"revenue": Decimal(150000)}}, {"": {"revenue": Decimal(192000)}}  # 100 € at 1500, 120 € at 1600
    at_base = {"": {"revenue": Decimal(180000)}}
    found = effects_between(kpi("revenue").formula, chain, base, now, at_base_rates=at_base)
    assert [(e.kind, float(e.amount)) for e in found] == [("volume", 30000), ("currency", 12000)]


def test_nothing_to_divide_by_gives_no_bridge():
    (chain,) = chains_of(kpi("ctr"))
    full = {"": {"clicks": Decimal(1), "impressions": Decimal(10)}}
    assert (
        effects_between(kpi("ctr").formula, chain, {"": {"clicks": Decimal(0), "impressions": Decimal(0)}}, full)
        is None
    )
    assert effects_between(kpi("ctr").formula, chain, full, {}) is None


def test_targets_of_the_factors_share_the_gap_and_the_last_takes_what_they_leave():
    now = {"sessions": Decimal(1000), "orders": Decimal(20), "revenue": Decimal(1000)}
    aims = {"sessions": Decimal(1100), "cvr": Decimal("0.025"), "aov": Decimal(60)}
    chain = chains_of(kpi("revenue"))[0]
    found = target_effects(chain, now, value=Decimal(1000), target=Decimal(1500), aims=aims)
    assert [e.kind for e in found] == ["volume", "rate", "price"]
    assert float(sum(e.amount for e in found)) == pytest.approx(-500)
    alone = target_effects(chain, now, value=Decimal(1000), target=Decimal(1500), aims={"cvr": Decimal("0.025")})
    assert [(e.kind, e.name.en) for e in alone] == [("rate", "conversion rate"), ("rest", "sessions × order value")]
    # Two factors: the midpoint of the other times the change.
    assert float(alone[0].amount) == pytest.approx((0.02 - 0.025) * (50000 + 60000) / 2)


def test_a_chain_knows_price_from_rate():
    step = Step("revenue", "orders", Words("객단가", "order value"))
    assert step.kind == "price"
    assert Chain("orders", (step,)).measures == ("orders", "revenue")
    assert Step("ad_value", "cost", Words("수익률", "return")).kind == "rate"
