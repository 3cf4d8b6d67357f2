"""What the top bar says: up to which day the data are complete, from which day they move, in whose markets."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.queries.asked import state_in_request, state_of_data
from kpis.queries.freshness import freshness_at, freshness_of
from kpis.queries.survey import Stretch
from tests.conftest import Person

ZONES = {"KR": "Asia/Seoul", "JP": "Asia/Tokyo"}
NOW = dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)  # noon in Seoul


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


def stretch(market: str, source: str, origin: str, last: str, *, channel: str = "", late: str = "") -> Stretch:
    return Stretch(market, source, origin, channel, day("01-01"), day(last), day(late) if late else None, 1)


def test_what_was_looked_up_for_all_markets_is_not_printed_for_one(bob, alice, acme):
    """Shared ranks are worked out from all markets, in bob's request: his page's freshness must stay his own."""
    mine = bob.at("acme")
    mine.noted["state"] = "of Korea"
    wide = replace(mine, markets=alice.at("acme").markets, all_markets=True)
    wide.noted["state"] = "of all"
    assert mine.noted == {"state": "of Korea"}


def test_the_slowest_kind_of_data_says_up_to_when_all_are_there() -> None:
    found = freshness_at(
        [
            stretch("KR", "naver", "channel_daily", "11-21", channel="naver"),
            stretch("KR", "naver", "channel_daily", "09-30", channel="paused"),
            stretch("KR", "old-ads", "channel_daily", "03-31"),
            stretch("JP", "events", "events", "11-18"),
        ],
        NOW,
        ZONES,
        {},
    )
    assert (found.through, found.slowest) == (day("11-18"), ("JP", "events"))
    # Naver: a whole day after the day's end, so the 21st still moves on the 22nd; events of the 18th don't.
    assert (found.moving_since, found.moving_source) == (day("11-21"), "naver")


def test_a_small_market_may_go_without_an_order() -> None:
    shops = [stretch("KR", "shop", "orders", "11-21"), stretch("JP", "shop", "orders", "11-02")]
    assert freshness_at(shops, NOW, ZONES, {}).through == day("11-21")


def test_what_is_told_late_moves_for_as_long_as_its_source_says() -> None:
    late = stretch("KR", "meta", "channel_daily", "11-20", late="11-20")
    assert freshness_at([late], NOW, ZONES, {}).moving_since == day("10-25")  # 28 days and the day itself
    assert freshness_at([late], NOW, ZONES, {"meta": {"late_days": 0, "days": 0}}).moving_since is None
    ended = stretch("KR", "meta", "channel_daily", "10-01", late="10-01")
    assert freshness_at([ended], NOW, ZONES, {}).moving_since is None


@pytest.mark.django_db
def test_the_top_bar_of_every_page_says_it_once_for_each_width(alice: Person, bob: Person, small_lake: str) -> None:
    for path in ("", "kpi/board/", "sources/", "settings/markets/"):
        page = alice.get(f"/c/acme/{path}").content.decode()
        assert page.count("10월 31일까지 수집 완료") == 2, path  # one is shown on a desk, one on a phone
    assert "일본" in alice.get("/c/acme/settings/markets/").content.decode()
    alone = bob.get("/c/acme/kpi/board/").content.decode()
    assert "한국의 " in alone
    assert "일본" not in alone


@pytest.mark.django_db
def test_without_data_the_top_bar_says_nothing(bob: Person, lake: str) -> None:
    assert "수집 완료" not in bob.get("/c/acme/").content.decode()


@pytest.mark.django_db
def test_a_page_that_knows_the_state_of_data_asks_nothing_more(alice: Person, small_lake: str) -> None:
    access = alice.at("acme")
    state = state_of_data(access)
    with CaptureQueriesContext(connection) as asked:
        found = freshness_of(access, state_in_request(access))
    assert found is not None
    assert found.through == day("10-31")
    today = freshness_of(access, replace(state, today=day("10-31")))
    assert today is not None
    assert today.through == day("10-30"), "a day that isn't over isn't complete"
    assert not asked.captured_queries
    assert state_in_request(access) is state
