"""Formulas: what can be read, what is refused and where, and that every roll-up equals the formula on the sums."""

from __future__ import annotations

import random
import time
from fractions import Fraction

import pytest
from django.utils.translation import override

from kpis.catalogue import CATALOGUE
from kpis.catalogue.conditions import Condition, Term, term_of
from kpis.catalogue.formula import combine
from kpis.catalogue.measures import measure
from kpis.errors import BadFormula
from kpis.expressions import check_formula
from kpis.queries.amounts import Amounts

CATALOGUED = {kpi.key: kpi.formula for kpi in CATALOGUE}


def check(text: str, **own: str):
    with override("en"):
        return check_formula(text, references={**CATALOGUED, **own})


def refused(text: str, **own: str) -> BadFormula:
    with override("en"), pytest.raises(BadFormula) as caught:
        check_formula(text, references={**CATALOGUED, **own})
    return caught.value


@pytest.mark.parametrize(
    ("text", "words", "units"),
    [
        ("revenue / sessions", "revenue ÷ sessions", ["money"]),
        ("매출 ÷ 세션", "revenue ÷ sessions", ["money"]),
        ("`attributed revenue` / `광고비`", "attributed revenue ÷ ad spend", ["percent", "ratio"]),
        ("sum(revenue) − refunds", "revenue − refunded value", ["money"]),
        ("1 - engaged_sessions / sessions", "1 − engaged sessions ÷ sessions", ["percent", "ratio"]),
        ("(cost + 1,000 × 0 * cost) / clicks", None, None),
        ("cost / clicks + revenue / clicks", "(ad spend + revenue) ÷ clicks", ["money"]),
        ("cost * 1000 / impressions", "ad spend ÷ impressions × 1,000", ["money"]),
        ("new_users", "Σ new users", ["people", "count"]),
        ("new_users + leads", "new users + leads", ["count"]),
        ("{cvr} × 2", "orders ÷ sessions × 2", ["percent", "ratio"]),
        ("{bounce_rate}", "1 − engaged sessions ÷ sessions", ["percent", "ratio"]),
        ('revenue[channel = "네이버"] / revenue', 'revenue [channel = "네이버"] ÷ revenue', ["percent", "ratio"]),
    ],
)
def test_a_good_formula_says_itself_and_its_unit(text, words, units):
    if words is None:
        assert "always 0" in str(refused(text))
        return
    found = check(text)
    assert found.formula.as_text("en") == words
    assert [unit.value for unit in found.units] == units


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("", (0, 0), "empty"),
        ("revnue / sessions", (0, 6), "Did you mean revenue?"),
        ("revenue + orders", (0, 16), "“revenue” (money) and “orders” (count) can't be added"),
        ("revenue * cost", (0, 14), "Money can't be multiplied by money"),
        ("orders * sessions", (0, 17), "can't be rolled up because"),
        ("cost/clicks + revenue/orders", (0, 28), "two ratios with different denominators"),
        ("revenue + revenue / orders", (0, 26), "a sum and a ratio"),
        ("(orders / sessions) / (clicks / impressions)", (1, 43), "can't be rolled up because it divides a ratio"),
        ("active_users / sessions", (0, 12), "“distinct active users” can't be added over months"),
        ("reach / 2", (0, 5), "No connected source gives"),
        ("revenue / 0", (10, 11), "divides by zero"),
        ("revenue / (2 - 2)", (11, 16), "divides by zero"),
        ("revenue / (orders - orders)", (11, 26), "always 0"),
        ("orders / revenue", (0, 16), "changes with the currency"),
        ("5", (0, 1), "no measure"),
        ("5 / sessions", (0, 12), "Turn the division round"),
        ("revenue / sessions /", (20, 20), "ends too early"),
        ("revenue)", (7, 8), "“)” doesn't belong here"),
        ("revenue sessions", (8, 16), "A sign such as"),
        ("revenue $ 2", (8, 9), "can't be read"),
        ("__import__('os').system('x')", (10, 11), "doesn't belong here"),
        ("revenue.real", (7, 8), "can't be read"),
        ('revenue[market = "KR"]', (8, 14), "can't be filtered by “market”"),
        ('revenue[chanel = "x"]', (8, 14), "can't be filtered by “chanel”"),
        ("revenue [new customers only]", (9, 27), "New and returning customers aren't kept apart"),
        ("sum(revenue / orders)", (0, 21), "sum() adds up measures"),
        ("{stickiness}", (0, 12), "no sums that could be added up"),
        ("{roass}", (0, 7), "Did you mean {roas}?"),
    ],
)
def test_a_bad_formula_is_refused_with_its_place(text, place, says):
    problem = refused(text)
    assert says in str(problem)
    assert (problem.details["start"], problem.details["end"]) == place


def test_a_circle_is_named_with_its_chain():
    problem = refused("{a} + 1", a="{b} * 2", b="{a} / 3")
    assert "a → b → a" in str(problem)
    with override("en"), pytest.raises(BadFormula, match="own → a → own"):
        check_formula("{a}", references={"a": "{own}"}, key="own")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200 + "revenue" + ")" * 200,
        "-" * 1900 + "revenue",
        "sum(" * 200 + "revenue" + ")" * 200,
        "revenue + " * 1000 + "revenue",
        "x" * 10_000,
        "(" * 10_000,
        "9" * 1999,
        "revenue[channel=" * 100,
        "1/3*" * 400 + "revenue" + "/7" * 40,
        "99999999999 * " * 100 + "revenue",
        "\x00revenue",
        "{" * 500,
        "`" * 700,
    ],
)
def test_a_hostile_formula_is_answered_quickly_with_a_sentence(text):
    check("revenue")
    began = time.perf_counter()
    assert refused(text).sentence
    assert time.perf_counter() - began < 1


def test_references_that_multiply_are_each_worked_out_once():
    own = {f"k{n}": " + ".join([f"{{k{n + 1}}}"] * 200) for n in range(6)}
    began = time.perf_counter()
    found = check("{k0}", **own, k6="orders")
    assert time.perf_counter() - began < 2
    assert found.formula.above.terms == ((float(200**6), "orders"),)


def test_the_key_of_a_filtered_measure_is_stable_and_names_it():
    term = Term("revenue", (Condition("channel", ("a&b", "네이버 50%")), Condition("campaign", ("x]",), True)))
    assert term_of(term.key).key == term.key
    assert set(term_of(term.key).conditions) == set(term.conditions)
    assert measure(term.key).money
    assert measure(term.key).origin == "orders"
    assert measure("revenue[channel=naver]").en == 'revenue [channel = "naver"]'


# --- the roll-up, against a second way of working it out ----------------------------------------------------------
COUNTS = ["sessions", "orders", "clicks", "impressions", "page_views", 'sessions[channel = "search"]']
MONEY = ["revenue", "cost", "refunds"]
KEYS = {'sessions[channel = "search"]': "sessions[channel=search]"}


def a_formula(rng: random.Random, depth: int = 0) -> str:
    """A random formula; many can't be rolled up, and are refused."""
    if depth > 3 or rng.random() < 0.35:
        pool = COUNTS if rng.random() < 0.6 else MONEY
        return rng.choice(pool) if rng.random() < 0.8 else str(rng.choice([2, 3, 0.5, 100]))
    shape = rng.random()
    if shape < 0.1:
        return f"-({a_formula(rng, depth + 1)})"
    return f"({a_formula(rng, depth + 1)}) {rng.choice('+-*/')} ({a_formula(rng, depth + 1)})"


class Zero(Exception):
    """Somewhere in the formula is a division by zero."""


def words_of(text: str) -> list[str]:
    tokens: list[str] = []
    while text:
        name = next((n for n in sorted(COUNTS + MONEY, key=len, reverse=True) if text.startswith(n)), "")
        step = name or text[0]
        if not name and (text[0].isdigit() or text[0] == "."):
            step = text[: next((i for i, c in enumerate(text) if not (c.isdigit() or c == ".")), len(text))]
        tokens.append(step)
        text = text[len(step) :].lstrip()
    return tokens


class Slow:
    """A formula on sums, read by recursive descent over exact fractions: shares nothing with the real one."""

    def __init__(self, text: str, sums: dict[str, Fraction]) -> None:
        self.tokens, self.sums = words_of(text), sums

    def atom(self) -> Fraction:
        one = self.tokens.pop(0)
        if one == "(":
            found = self.whole()
            self.tokens.pop(0)
            return found
        if one == "-":
            return -self.atom()
        return self.sums[KEYS.get(one, one)] if one in COUNTS + MONEY else Fraction(one)

    def whole(self) -> Fraction:
        found = self.term()
        while self.tokens and self.tokens[0] in "+-":
            found = found + self.term() if self.tokens.pop(0) == "+" else found - self.term()
        return found

    def term(self) -> Fraction:
        found = self.atom()
        while self.tokens and self.tokens[0] in "*/":
            if self.tokens.pop(0) == "*":
                found *= self.atom()
                continue
            below = self.atom()
            if below == 0:
                raise Zero
            found /= below
        return found


def test_a_value_at_any_coarser_grain_equals_the_formula_on_the_summed_measures():
    rng = random.Random(20261122)
    tried, seen_zero = 0, 0
    for _round in range(6000):
        text = a_formula(rng)
        try:
            formula = check(text).formula
        except BadFormula:
            continue
        months = [
            {KEYS.get(name, name): rng.choice([0, rng.randrange(1, 10**6)]) for name in COUNTS + MONEY}
            for _market_month in range(rng.randrange(1, 9))
        ]
        pieces = [Amounts(sums={k: float(v) for k, v in one.items()}).parts(formula) for one in months]
        total = {key: Fraction(sum(one[key] for one in months)) for key in months[0]}
        found = combine(formula, pieces)
        tried += 1
        try:
            expected = Slow(text, total).whole()
        except Zero:
            assert found.hole is not None, text
            assert found.hole.code == "zero_denominator"
            seen_zero += 1
            continue
        assert found.number == pytest.approx(float(expected), rel=1e-9, abs=1e-6), text
    assert tried > 600
    assert seen_zero
