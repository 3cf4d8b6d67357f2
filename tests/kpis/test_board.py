"""Board values: golden numbers by hand, and the whole board against a slow second calculation."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest

from kpis.catalogue import CATALOGUE, in_order
from kpis.catalogue.formula import Ratio, Sum
from kpis.catalogue.measures import MONEY_MEASURES
from kpis.queries.board import board_values
from kpis.queries.cells import Board, BoardAsk, MarketColumn
from kpis.values import Hole
from tests.kpis.lake import (
    DE,
    FR,
    KR,
    MEASURES,
    US,
    MemoryLake,
    every_day,
    in_period,
    measured,
    scope_of,
    span,
    use_lake,
    use_plans,
)  # fmt: skip


def ask(
    period: str,
    keys: tuple[str, ...],
    markets: tuple[MarketColumn, ...],
    *,
    currency: str = "KRW",
    fiscal: int = 1,
    channels: tuple[str, ...] = (),
) -> BoardAsk:
    return BoardAsk(span(period, fiscal), in_order(keys), markets, currency, "KRW", channels)


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Computes a board from rows, rates and targets written in the test."""

    def compute(question: BoardAsk, daily: list[Any], *, periods: Any = (), rates: Any = (), goals: Any = ()) -> Board:
        use_lake(monkeypatch, MemoryLake(daily, periods))
        use_plans(monkeypatch, "KRW", dict(rates), dict(goals))
        return board_values(scope_of(question), question)

    return compute


def cell(found: Board, key: str, market: str) -> Any:
    return next(c for c in found.row(key).cells if c.market == market)


def test_a_ratio_of_all_markets_is_the_ratio_of_the_sums_and_not_the_mean_of_the_ratios(board):
    rows = [
        measured("KR", "2026-10-01", "channel_daily", impressions=1000, clicks=50),  # 5 %
        measured("DE", "2026-10-01", "channel_daily", impressions=9000, clicks=90),  # 1 %
    ]
    found = board(ask("2026-10", ("ctr",), (KR, DE)), rows)
    assert cell(found, "ctr", "KR").actual.number == 0.05
    assert cell(found, "ctr", "DE").actual.number == 0.01
    assert found.row("ctr").total.actual.number == pytest.approx(140 / 10000)  # the mean would be 3 %


def test_money_is_converted_by_the_rate_of_its_own_month(board):
    rows = [
        measured("DE", "2026-08-15", "orders", currency="EUR", orders=1, revenue=100),
        measured("DE", "2026-09-15", "orders", currency="EUR", orders=1, revenue=100),
        measured("KR", "2026-09-15", "orders", currency="KRW", orders=2, revenue=50000),
    ]
    rates = {("EUR", "2026-08"): 1500, ("EUR", "2026-09"): 1600}
    found = board(ask("2026-Q3", ("revenue", "aov"), (KR, DE)), rows, rates=rates)
    assert cell(found, "revenue", "DE").actual.number == 310000
    assert found.row("revenue").total.actual.number == 360000
    assert found.row("aov").total.actual.number == 90000


def test_reporting_in_another_currency_crosses_two_rates(board):
    rows = [measured("DE", "2026-09-15", "orders", currency="EUR", orders=1, revenue=100)]
    rates = {("EUR", "2026-09"): 1600, ("USD", "2026-09"): 1280}
    found = board(ask("2026-09", ("revenue",), (DE,), currency="USD"), rows, rates=rates)
    assert cell(found, "revenue", "DE").actual.number == pytest.approx(125)


def test_a_missing_rate_is_a_hole_that_names_currency_and_month_in_the_cell_and_in_the_total(board):
    rows = [
        measured("DE", "2026-09-15", "orders", currency="EUR", orders=4, revenue=100),
        measured("KR", "2026-09-15", "orders", currency="KRW", orders=2, revenue=50000),
    ]
    found = board(ask("2026-09", ("revenue", "orders"), (KR, DE)), rows)
    expected = Hole("missing_rate", ("EUR 2026-09",))
    assert cell(found, "revenue", "DE").actual.hole == expected
    assert cell(found, "revenue", "DE").state == "missing"
    assert cell(found, "revenue", "KR").actual.number == 50000
    assert found.row("revenue").total.actual.hole == expected
    assert found.row("orders").total.actual.number == 6
    assert found.missing_rates == ("EUR 2026-09",)


def test_money_over_money_of_one_currency_and_month_needs_no_rate_but_a_total_does(board):
    rows = [
        measured("DE", "2026-09-15", "channel_daily", currency="EUR", cost=50, ad_value=200),
        measured("KR", "2026-09-15", "channel_daily", currency="KRW", cost=1000, ad_value=2000),
    ]
    found = board(ask("2026-09", ("roas",), (KR, DE)), rows)
    assert cell(found, "roas", "DE").actual.number == 4
    assert found.row("roas").total.actual.hole == Hole("missing_rate", ("EUR 2026-09",))


def test_every_market_in_its_own_currency_has_no_total_of_money(board):
    rows = [
        measured("DE", "2026-09-15", "orders", currency="EUR", orders=4, revenue=100),
        measured("KR", "2026-09-15", "orders", currency="KRW", orders=2, revenue=50000),
    ]
    found = board(ask("2026-09", ("revenue", "orders"), (KR, DE), currency="own"), rows)
    assert cell(found, "revenue", "DE").actual.number == 100
    assert cell(found, "revenue", "DE").currency == "EUR"
    assert found.row("revenue").total.actual.hole == Hole("mixed_currency")
    assert found.row("orders").total.actual.number == 6


def test_what_was_not_measured_is_not_zero(board):
    rows = [measured("KR", "2026-10-01", "channel_daily", impressions=1000, clicks=0)]
    found = board(ask("2026-10", ("ctr", "cpm", "sessions", "cpc"), (KR, DE)), rows)
    assert cell(found, "ctr", "KR").actual.number == 0
    assert cell(found, "cpm", "KR").actual.hole == Hole("no_data")
    assert cell(found, "ctr", "DE").actual.hole == Hole("no_data")
    assert found.row("sessions").total.actual.hole == Hole("no_data")


def test_dividing_by_zero_says_what_is_zero(board):
    rows = [measured("KR", "2026-10-01", "channel_daily", currency="KRW", cost=100, clicks=0)]
    found = board(ask("2026-10", ("cpc",), (KR,)), rows)
    assert cell(found, "cpc", "KR").actual.hole == Hole("zero_denominator", ("clicks",))


def test_a_market_without_one_part_is_left_out_of_both_sides_of_the_total_and_named(board):
    rows = [
        measured("KR", "2026-10-01", "orders", currency="KRW", orders=10, revenue=1),
        measured("KR", "2026-10-01", "events", sessions=100),
        measured("US", "2026-10-01", "orders", currency="KRW", orders=500, revenue=1),
    ]
    found = board(ask("2026-10", ("cvr",), (KR, US)), rows)
    assert found.row("cvr").total.actual.number == 0.1
    assert found.row("cvr").total.left_out == ("US",)


def test_position_is_weighted_by_impressions(board):
    rows = [
        measured("KR", "2026-10-01", "channel_daily", organic_impressions=900, organic_position_sum=900 * 2.0),
        measured("KR", "2026-10-02", "channel_daily", organic_impressions=100, organic_position_sum=100 * 12.0),
    ]
    assert cell(board(ask("2026-10", ("average_position",), (KR,)), rows), "average_position", "KR").actual.number == 3


def test_distinct_people_have_no_total_and_are_read_for_exactly_the_period(board):
    rows = [measured("KR", "2026-09-01", "events", sessions=1), measured("DE", "2026-09-01", "events", sessions=1)]
    periods = [
        *in_period("KR", "month", "2026-09-01", active_users=40, mean_daily_users=4),
        *in_period("KR", "quarter", "2026-07-01", active_users=70, mean_daily_users=4),
        *in_period("DE", "quarter", "2026-07-01", active_users=30, mean_daily_users=3),
    ]
    found = board(ask("2026-Q3", ("active_users", "stickiness"), (KR, DE)), rows, periods=periods)
    assert cell(found, "active_users", "KR").actual.number == 70
    assert cell(found, "stickiness", "DE").actual.number == 0.1
    assert found.row("active_users").total.actual.hole == Hole("not_additive")


def test_a_quarter_follows_the_fiscal_year(board):
    rows = [
        measured("KR", f"2026-{month:02d}-10", "orders", currency="KRW", orders=month, revenue=1)
        for month in range(1, 13)
    ]
    found = board(ask("2026-Q2", ("orders",), (KR,), fiscal=4), rows)
    assert cell(found, "orders", "KR").actual.number == 7 + 8 + 9
    assert cell(found, "orders", "KR").previous.number == 4 + 5 + 6
    to_date = board(ask("2026-YTD-09", ("orders",), (KR,), fiscal=4), rows)
    assert cell(to_date, "orders", "KR").actual.number == 4 + 5 + 6 + 7 + 8 + 9


def test_targets_add_up_over_months_and_those_of_ratios_are_averaged(board):
    rows = [
        measured("KR", f"2026-{month:02d}-10", "orders", currency="KRW", orders=10, revenue=1000) for month in (7, 8, 9)
    ]
    rows.append(measured("KR", "2026-10-01", "orders", currency="KRW", orders=1))
    goals = {("orders", "KR", f"2026-{m:02d}"): (g, "") for m, g in ((7, 10), (8, 10), (9, 20))}
    goals |= {("aov", "KR", f"2026-{m:02d}"): (g, "KRW") for m, g in ((7, 100), (8, 200), (9, 300))}
    found = board(ask("2026-Q3", ("orders", "aov"), (KR,)), rows, goals=goals)
    assert cell(found, "orders", "KR").target.number == 40
    assert cell(found, "orders", "KR").reached.number == 0.75
    assert cell(found, "orders", "KR").state == "bad"
    assert cell(found, "aov", "KR").target.number == 200


def test_a_month_without_target_leaves_the_quarter_without_one_and_is_named(board):
    rows = [measured("KR", "2026-09-10", "orders", currency="KRW", orders=10, revenue=1000)]
    goals = {("orders", "KR", "2026-07"): (10, ""), ("orders", "KR", "2026-09"): (10, "")}
    found = board(ask("2026-Q3", ("orders",), (KR,)), rows, goals=goals)
    assert cell(found, "orders", "KR").target.hole == Hole("no_target_in", ("2026-08",))


def test_lower_is_better_turns_the_achievement_round_and_spend_should_be_near_its_plan(board):
    rows = every_day("KR", "2026-10-01", "2026-10-31", "channel_daily", currency="KRW", cost=100, impressions=1000)
    goals = {("cpm", "KR", "2026-10"): (80, "KRW"), ("ad_spend", "KR", "2026-10"): (2600, "KRW")}
    found = board(ask("2026-10", ("cpm", "ad_spend"), (KR,)), rows, goals=goals)
    assert cell(found, "cpm", "KR").actual.number == 100
    assert cell(found, "cpm", "KR").reached.number == 0.8
    assert cell(found, "cpm", "KR").state == "bad"
    assert cell(found, "ad_spend", "KR").reached.number == pytest.approx(3100 / 2600)
    assert cell(found, "ad_spend", "KR").state == "bad"


def test_the_total_of_a_ratio_aims_at_what_it_would_be_if_each_market_met_its_own_target(board):
    rows = [
        measured("KR", "2026-10-31", "channel_daily", impressions=1000, clicks=50),
        measured("DE", "2026-10-31", "channel_daily", impressions=3000, clicks=30),
    ]
    goals = {("ctr", "KR", "2026-10"): (0.04, ""), ("ctr", "DE", "2026-10"): (0.02, "")}
    found = board(ask("2026-10", ("ctr",), (KR, DE)), rows, goals=goals)
    assert found.row("ctr").total.target.number == pytest.approx((40 + 60) / 4000)
    without = board(ask("2026-10", ("ctr",), (KR, DE)), rows, goals={("ctr", "KR", "2026-10"): (0.04, "")})
    assert without.row("ctr").total.target.hole == Hole("no_target_in", ("DE",))


def test_pacing_holds_spend_against_the_plan_of_the_days_so_far(board):
    rows = every_day("KR", "2026-10-01", "2026-11-15", "channel_daily", currency="KRW", cost=100, impressions=1)
    goals = {("ad_spend", "KR", "2026-11"): (6000, "KRW")}
    found = board(ask("2026-11", ("budget_pacing", "ad_spend"), (KR, DE)), rows, goals=goals)
    assert cell(found, "budget_pacing", "KR").actual.number == pytest.approx(1500 / (6000 * 15 / 30))
    assert cell(found, "budget_pacing", "KR").state == "bad"
    october = board(ask("2026-10", ("budget_pacing",), (KR,)), rows, goals={})
    assert cell(october, "budget_pacing", "KR").actual.hole == Hole("no_plan")


def test_a_running_month_is_compared_with_the_same_days_and_judged_by_its_pace(board):
    rows = every_day("KR", "2025-11-01", "2026-11-20", "channel_daily", impressions=10, clicks=1)
    goals = {("impressions", "KR", "2026-11"): (270, "")}
    found = board(ask("2026-11", ("impressions", "ctr"), (KR,)), rows, goals=goals)
    one = cell(found, "impressions", "KR")
    assert one.actual.number == 200
    assert one.through == dt.date(2026, 11, 20)
    assert one.previous.number == 200  # 20 days of October, not 31
    assert one.last_year.number == 200
    assert one.reached.number == pytest.approx(200 / 270)
    assert one.state == "good"  # 200 of the 180 that were due by day 20


def test_a_complete_month_is_compared_with_the_complete_month_before(board):
    rows = every_day("KR", "2026-09-01", "2026-11-20", "channel_daily", impressions=10)
    one = cell(board(ask("2026-10", ("impressions",), (KR,)), rows), "impressions", "KR")
    assert (one.actual.number, one.previous.number, one.through) == (310, 300, None)


def test_missing_days_between_others_are_named(board):
    rows = every_day("KR", "2026-10-01", "2026-11-10", "channel_daily", impressions=10)
    rows = [
        row for row in rows if row["day"].isoformat() not in ("2026-10-05", "2026-10-06", "2026-10-30", "2026-10-31")
    ]
    rows += [measured("KR", "2026-10-09", "orders", currency="KRW", orders=1, revenue=5)]
    found = board(ask("2026-10", ("impressions", "orders"), (KR,)), rows)
    (gap,) = cell(found, "impressions", "KR").gaps
    assert (gap.days, gap.expected) == (27, 31)
    assert [d.day for d in gap.missing] == [5, 6, 30, 31]
    assert cell(found, "orders", "KR").gaps == ()  # a day without an order is no missing day


def test_a_source_with_a_currency_and_one_without_are_not_taken_for_missing_days(board):
    rows = every_day("KR", "2026-10-01", "2026-10-15", "channel_daily", currency="KRW", impressions=10)
    rows += every_day("KR", "2026-10-16", "2026-10-31", "channel_daily", impressions=10)
    found = board(ask("2026-10", ("impressions",), (KR,)), rows)
    assert cell(found, "impressions", "KR").gaps == ()


def test_thirteen_months_of_trend_end_with_the_period_and_have_gaps_for_missing_months(board):
    rows = [measured("KR", f"2026-{m:02d}-10", "events", sessions=m) for m in (1, 2, 4, 9)]
    one = cell(board(ask("2026-Q3", ("sessions",), (KR,)), rows), "sessions", "KR")
    assert one.trend == (None, None, None, None, 1, 2, None, 4, None, None, None, None, 9)
    assert one.left_out == ("2026-07", "2026-08")


def test_one_channel_has_values_and_neither_targets_nor_distinct_people(board):
    rows = [
        measured("KR", "2026-10-31", "channel_daily", channel="naver", clicks=5, impressions=10),
        measured("KR", "2026-10-31", "channel_daily", channel="meta", clicks=50, impressions=1000),
    ]
    goals = {("clicks", "KR", "2026-10"): (5, "")}
    found = board(ask("2026-10", ("clicks", "active_users"), (KR,), channels=("naver",)), rows, goals=goals)
    assert cell(found, "clicks", "KR").actual.number == 5
    assert cell(found, "clicks", "KR").target.number is None
    assert cell(found, "active_users", "KR").actual.hole == Hole("not_by_channel")


# --- the second way ---------------------------------------------------------------------------------------------
RATES = {
    (c, f"{y}-{m:02d}"): b + m for c, b in (("EUR", 1500), ("USD", 1300)) for y in (2025, 2026) for m in range(1, 13)
}
CURRENCY = {"KR": "KRW", "DE": "EUR", "FR": "EUR", "US": "USD"}


def random_rows(seed: int) -> list[dict[str, Any]]:
    """Two years of rows with holes: some measures absent, some markets booking in a foreign currency."""
    chance = random.Random(seed)
    rows = []
    for market in CURRENCY:
        for month in [(2025, m) for m in range(1, 13)] + [(2026, m) for m in range(1, 11)]:
            for number in (3, 28):
                for origin in ("channel_daily", "orders", "events"):
                    names = [n for n in MEASURES if _origin(n) == origin and chance.random() > 0.04]
                    currency = chance.choice([CURRENCY[market], CURRENCY[market], "USD", None])
                    sums = {name: chance.randint(0, 500) for name in names}
                    rows.append(
                        measured(market, dt.date(*month, number).isoformat(), origin, currency=currency, **sums)
                    )
        rows += [measured(market, "2026-11-30", "orders", currency="KRW"), measured(market, "2026-11-30", "events")]
        rows += [measured(market, "2026-11-30", "channel_daily")]
    return rows


def _origin(name: str) -> str:
    from kpis.catalogue.measures import MEASURES as KNOWN

    return KNOWN[name].origin


def slowly(rows: list[dict[str, Any]], formula: Any, markets: list[str], months: list[str]) -> float | None:
    """The value by going through the raw rows one by one, for one KPI at a time."""
    above = below = 0.0
    seen = False
    for market in markets:
        for month in months:
            here = [r for r in rows if r["market"] == market and f"{r['day']:%Y-%m}" == month]
            pair = []
            for name in formula.sums:
                numbers = [
                    float(r[name]) * (_won(r, month) if name in MONEY_MEASURES else 1)
                    for r in here
                    if r[name] is not None
                ]
                pair.append(sum(numbers) if numbers else None)
            if None not in pair:
                seen = True
                above += pair[0]
                below += pair[1] if len(pair) > 1 else 0
    if not seen or (isinstance(formula, Ratio) and below == 0):
        return None
    if isinstance(formula, Sum):
        return above
    share = above / below * formula.scale
    return 1 - share if formula.complement else share


def _won(row: dict[str, Any], month: str) -> float:
    currency = row["currency"] or CURRENCY[row["market"]]
    return 1 if currency == "KRW" else RATES[currency, month]


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("2026-10", ["2026-10"]),
        ("2026-Q3", ["2026-07", "2026-08", "2026-09"]),
        ("2026-YTD-10", [f"2026-{m:02d}" for m in range(1, 11)]),
    ],
)
def test_every_sum_and_ratio_equals_the_slow_calculation_over_raw_rows(board, period, months):
    rows = random_rows(7)
    keys = tuple(k.key for k in CATALOGUE if isinstance(k.formula, Sum | Ratio))
    found = board(ask(period, keys, (KR, DE, FR, US)), rows, rates=RATES)
    last_year = [f"{int(m[:4]) - 1}{m[4:]}" for m in months]
    assert len(found.rows) > 30
    for row in found.rows:
        for one in (*row.cells, row.total):
            markets = [one.market] if one.market else list(CURRENCY)
            expected = slowly(rows, row.kpi.formula, markets, months)
            assert one.actual.number == (None if expected is None else pytest.approx(expected)), (
                row.kpi.key,
                one.market,
            )
            before = slowly(rows, row.kpi.formula, markets, last_year)
            assert one.last_year.number == (None if before is None else pytest.approx(before)), (
                row.kpi.key,
                one.market,
            )
