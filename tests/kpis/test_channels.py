"""A board cut to channels: what it counts, what it refuses, and whose channels are offered."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpis.catalogue import kpi
from kpis.models import How
from kpis.queries.channels import NO_CHANNEL, refusal
from kpis.services.target_tables import TargetCell
from kpis.services.targets import set_targets
from tests.conftest import Person
from tests.kpis.conftest import order, put
from tests.kpis.test_pages import API, BOARD, NOW, OCTOBER, api, cell, row

pytestmark = pytest.mark.django_db

SEPTEMBER = dt.date(2026, 9, 1)
NAMES = {("KR", "orders"): frozenset({"naver"}), ("KR", "channel_daily"): frozenset({"naver", "meta"}),
         ("JP", "orders"): frozenset()}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "market", "channels", "refused"),
    [
        ("revenue", "KR", (), False),
        ("revenue", "KR", ("naver",), False),
        ("revenue", "KR", ("meta",), True),
        ("impressions", "KR", ("meta",), False),
        ("revenue", "JP", ("naver",), True),
        ("revenue", "US", ("naver",), False),  # no orders at all: that is "no data", not "no channel"
    ],
)
def test_a_kpi_whose_data_name_no_such_channel_is_refused(key, market, channels, refused):
    assert refusal(kpi(key).formula, market, channels, NAMES) == (NO_CHANNEL if refused else None)


@pytest.fixture
def channels(lake: str, alice: Person, tmp_path: Path, stays_open: None) -> str:
    """Two channels of ads, one of which pauses; orders that name channels in Korea, and none in Japan."""
    access = alice.at("acme")

    def ads(market: str, channel: str, days: int, clicks: int) -> list[dict[str, object]]:
        return [
            {"market": market, "day": str(SEPTEMBER + dt.timedelta(days=n)), "channel": channel, "campaign": "c",
             "currency": "KRW", "impressions": 1000, "clicks": clicks, "cost": 500}
            for n in range(days)
        ]  # fmt: skip

    rows = ads("KR", "naver", 61, 30) + ads("KR", "meta", 40, 10) + ads("JP", "yahoo", 61, 7)
    put(access, tmp_path, "channel_daily", "ads", rows)
    korean: list[dict[str, Any]] = []
    for day in ("2026-09-10", "2026-10-10", "2026-10-31"):
        korean.append(order("KR", "KRW", day, 1, 10000) | {"channel": "naver"})
    korean.append(order("KR", "KRW", "2026-09-11", 2, 7000) | {"channel": "meta"})
    put(access, tmp_path, "orders", "shop", korean)
    put(access, tmp_path, "orders", "shop-jp", [order("JP", "JPY", "2026-10-31", 1, 900)])
    return lake


def test_a_board_of_a_channel_counts_only_it(alice: Person, channels: str) -> None:
    set_targets(alice.at("acme"), [TargetCell("revenue", "KR", OCTOBER, Decimal(50000))], how=How.TYPED, now=NOW)
    board = api(alice, "board/", period="2026-10", channel="naver", kpi=["clicks", "revenue", "repeat_rate"])
    assert cell(board, "clicks", "KR")["actual"]["value"] == 31 * 30
    assert cell(board, "revenue", "KR")["actual"]["value"] == 20000
    assert cell(board, "revenue", "KR")["target"]["reason"] == "no_target", "targets hold for all channels"
    assert cell(board, "revenue", "JP")["actual"]["reason"] == "no_channel"
    assert cell(board, "repeat_rate", "KR")["actual"]["reason"] == "not_by_channel"
    assert row(board, "revenue")["total"]["actual"]["value"] == 20000


def test_a_paused_channel_is_no_source_that_ends(alice: Person, channels: str) -> None:
    """The days after the pause are measured: they had none of it. Compared months aren't cut to them."""
    board = api(alice, "board/", period="2026-10", channel="meta", kpi=["clicks", "orders"])
    clicks = cell(board, "clicks", "KR")
    assert (clicks["actual"]["value"], clicks["previous"]["value"]) == (10 * 10, 30 * 10)
    assert clicks.get("through") is None
    assert not clicks.get("missing_days")
    assert cell(board, "orders", "KR")["actual"]["value"] == 0, "orders name this channel, and October had none"


def test_the_bridge_of_a_channel_adds_up_to_the_boards_change(alice: Person, channels: str) -> None:
    asked = {"kpi": "ctr", "market": "KR", "period": "2026-10", "channel": ["naver", "meta"]}
    found = api(alice, "why/", **asked)
    board = api(alice, "board/", period="2026-10", channel=["naver", "meta"], kpi="ctr", market="KR")
    shown = cell(board, "ctr", "KR")
    change = shown["actual"]["value"] - shown["previous"]["value"]
    assert len(found["effects"]) > 1
    assert sum(one["amount"] for one in found["effects"]) == pytest.approx(change, abs=1e-12)


def test_in_depth_holds_its_channel_and_its_links_keep_it(alice: Person, channels: str) -> None:
    depth = api(alice, "in-depth/", market="KR", kpi="clicks", period="2026-10", channel="naver")
    assert sum(point["actual"]["value"] for point in depth["course"]) == 31 * 30
    assert [part["name"] for part in depth["channel"]] == ["naver"]
    page = alice.get("/c/acme/kpi/in-depth/?market=KR&kpi=revenue&period=2026-10&channel=naver&policy=constant")
    assert page.context["page"].why_url.endswith("&channel=naver&currency=KRW&policy=constant")
    assert "채널: naver" in page.content.decode()


def test_each_person_is_offered_the_channels_of_their_own_markets(alice: Person, bob: Person, channels: str) -> None:
    assert "yahoo" in alice.get(BOARD).content.decode()
    page = bob.get(BOARD).content.decode()
    assert "meta" in page
    assert "yahoo" not in page
    asked = bob.get(API + "board/", {"channel": "yahoo"})
    assert asked.status_code == 400
    assert "naver" in asked.content.decode()
    unknown = bob.get(BOARD, {"channel": "<b>"})
    assert unknown.status_code == 400
    assert "채널이 없어요" in unknown.content.decode()


def test_a_page_that_has_no_channels_leaves_them_alone(alice: Person, channels: str) -> None:
    page = alice.get("/c/acme/kpi/best-market/?kpi=ctr&period=2026-10&channel=naver")
    assert page.status_code == 200
    assert 'name="channel"' not in page.content.decode()
