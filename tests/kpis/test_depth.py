"""The market in depth: buckets, targets by day, slices, the same days of the period before."""

from __future__ import annotations

import datetime as dt

import pytest

from kpis.queries.board import board_values
from kpis.queries.depth import depth_of
from kpis.queries.money import Rates
from tests.kpis.lake import DE, KR, MemoryLake, day, every_day, in_period, measured, scope_of, use_lake, use_plans
from tests.kpis.test_board import ask


@pytest.fixture
def depth(monkeypatch):
    def compute(question, rows, grain, *, goals=(), rates=(), periods=()):
        use_lake(monkeypatch, MemoryLake(rows, periods))
        use_plans(monkeypatch, "KRW", dict(rates), dict(goals))
        known = {(currency, day(month + "-01")): rate for (currency, month), rate in dict(rates).items()}
        aims = {(kpi, market, day(month + "-01")): value for (kpi, market, month), value in dict(goals).items()}
        monkeypatch.setattr("kpis.queries.depth.plans_known", lambda *_, **__: (aims, Rates("KRW", known)))
        cell = board_values(scope_of(question), question).rows[0].cells[0]
        return depth_of(scope_of(question), question, cell, grain)

    return compute


def test_days_follow_one_another_and_a_day_without_data_is_a_gap(depth):
    rows = [measured("KR", f"2026-10-{d:02d}", "channel_daily", clicks=d) for d in (1, 2, 31)]
    found = depth(ask("2026-10", ("clicks",), (KR,)), rows, "day").course
    assert len(found.buckets) == 31
    assert [value.number for value in found.values[:3]] == [1, 2, None]


def test_a_months_target_is_spread_over_its_days_and_a_rates_is_not(depth):
    rows = [measured("KR", "2026-10-31", "channel_daily", clicks=1, impressions=2)]
    goals = {("clicks", "KR", "2026-10"): (310, ""), ("ctr", "KR", "2026-10"): (0.5, "")}
    assert set(depth(ask("2026-10", ("clicks",), (KR,)), rows, "day", goals=goals).course.targets) == {10}
    assert set(depth(ask("2026-10", ("ctr",), (KR,)), rows, "day", goals=goals).course.targets) == {0.5}


def test_a_week_over_two_months_takes_each_months_rate(depth):
    rows = [
        measured("DE", "2026-09-30", "orders", currency="EUR", orders=1, revenue=10),
        measured("DE", "2026-10-01", "orders", currency="EUR", orders=1, revenue=10),
    ]
    rates = {("EUR", "2026-09"): 1500, ("EUR", "2026-10"): 1600}
    course = depth(ask("2026-10", ("revenue",), (DE,)), rows, "week", rates=rates).course
    week = course.buckets.index(dt.date(2026, 9, 28))
    assert course.values[week].number == 15000 + 16000


def test_slices_add_up_and_a_ratio_stays_the_ratio_of_its_sums(depth):
    rows = [
        measured("KR", "2026-10-01", "channel_daily", channel="naver", clicks=30, impressions=100),
        measured("KR", "2026-10-31", "channel_daily", channel="naver", clicks=10, impressions=300),
        measured("KR", "2026-10-31", "channel_daily", channel="meta", clicks=60, impressions=600),
    ]
    found = depth(ask("2026-10", ("clicks",), (KR,)), rows, "day").slices["channel"]
    assert [(one.name, one.actual.number, one.share) for one in found] == [("meta", 60, 0.6), ("naver", 40, 0.4)]
    rate = depth(ask("2026-10", ("ctr",), (KR,)), rows, "day").slices["channel"]
    assert [(one.name, one.actual.number, one.share) for one in rate] == [("meta", 0.1, None), ("naver", 0.1, None)]


def test_a_running_month_compares_its_slices_with_the_same_days(depth):
    rows = every_day("KR", "2026-10-01", "2026-11-10", "channel_daily", clicks=1)
    (one,) = depth(ask("2026-11", ("clicks",), (KR,)), rows, "day").slices["channel"]
    assert (one.actual.number, one.previous.number) == (10, 10)


def test_distinct_people_have_a_course_and_no_slices(depth):
    rows = [measured("KR", "2026-10-01", "events", sessions=1)]
    periods = in_period("KR", "day", "2026-10-02", active_users=7)
    found = depth(ask("2026-10", ("active_users",), (KR,)), rows, "day", periods=periods)
    assert [value.number for value in found.course.values[:3]] == [None, 7, None]
    assert found.slices == {}
