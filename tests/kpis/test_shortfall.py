"""What the board says first, and how markets are ranked."""

from __future__ import annotations

import pytest

from kpis.catalogue import kpi
from kpis.pages.board_table import Ranking, ranked_codes
from kpis.queries.board import board_values
from kpis.queries.shortfall import biggest_shortfall
from tests.kpis.lake import DE, KR, US, MemoryLake, every_day, measured, scope_of, use_lake, use_plans
from tests.kpis.test_board import ask


@pytest.fixture
def october(monkeypatch):
    """Three markets with 1,000 visits each: Germany converts worst, Korea lacks most money."""
    rows = []
    for market, orders, revenue in (("KR", 40, 4000), ("DE", 10, 2000), ("US", 50, 9000)):
        rows.append(measured(market, "2026-10-31", "orders", currency="KRW", orders=orders, revenue=revenue))
        rows.append(measured(market, "2026-10-31", "events", sessions=1000, engaged_sessions=500))

    def compute(goals):
        question = ask("2026-10", ("revenue", "cvr", "engagement_rate"), (KR, DE, US))
        use_lake(monkeypatch, MemoryLake(rows))
        use_plans(monkeypatch, "KRW", {}, goals)
        return board_values(scope_of(question), question)

    return compute


def target(key: str, **markets: float) -> dict:
    return {(key, market, "2026-10"): (value, "KRW") for market, value in markets.items()}


def test_the_market_that_lacks_most_revenue_comes_first_with_its_weakest_kpi(october):
    goals = target("revenue", KR=8000, DE=3000, US=9000) | target("cvr", KR=0.08, DE=0.04, US=0.05)
    found = biggest_shortfall(october(goals))
    assert (found.kpi.key, found.cell.market, found.missing) == ("revenue", "KR", 4000)
    assert found.weakest[0].key == "cvr"
    assert found.worth == pytest.approx((0.08 - 0.04) * 1000 * 4000 / 40)


def test_without_revenue_targets_the_furthest_cell_is_named(october):
    found = biggest_shortfall(october(target("cvr", KR=0.05, DE=0.04)))
    assert (found.kpi.key, found.cell.market, found.missing) == ("cvr", "DE", None)
    assert found.worth == pytest.approx(0.03 * 1000 * 2000 / 10)


def test_nothing_is_named_where_all_targets_are_met(october):
    assert biggest_shortfall(october(target("revenue", KR=1, DE=1, US=1))) is None
    assert biggest_shortfall(october({})) is None


def test_a_running_month_lacks_only_what_is_due(monkeypatch):
    question = ask("2026-11", ("revenue",), (KR,))
    rows = every_day("KR", "2026-11-01", "2026-11-15", "orders", currency="KRW", orders=1, revenue=100)
    use_lake(monkeypatch, MemoryLake(rows))
    use_plans(monkeypatch, "KRW", {}, {("revenue", "KR", "2026-11"): (6000, "KRW")})
    assert biggest_shortfall(board_values(scope_of(question), question)).missing == 6000 / 2 - 1500


def test_markets_rank_best_first_and_those_without_a_value_last(october):
    board = october({})
    assert ranked_codes(board, Ranking("revenue")) == ("US", "KR", "DE")
    assert ranked_codes(board, Ranking("revenue", reverse=True)) == ("DE", "KR", "US")
    assert ranked_codes(board, Ranking()) == ("KR", "DE", "US")
    assert kpi("revenue").better == "higher"
