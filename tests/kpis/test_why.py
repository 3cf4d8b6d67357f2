"""Why a KPI changed, over a real lake: bridges of every KPI add up, reasons where there is none, who sees what."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import random
from decimal import Decimal

import pytest

from kpis.catalogue import CATALOGUE
from kpis.models import How
from kpis.services.rates import RateCell, set_rates
from kpis.services.target_tables import TargetCell
from kpis.services.targets import set_targets
from tests.kpis.conftest import order, put
from tests.pages import without_random

PAGE = "/c/acme/kpi/why/"
API = "/c/acme/api/v1/why/"
SEPTEMBER, OCTOBER = dt.date(2026, 9, 1), dt.date(2026, 10, 1)
NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stays_open")]


@pytest.fixture
def two_months(lake, alice, tmp_path):
    """August to October 2026 of random ads and orders in three markets and currencies, two channels gone and come."""
    dice = random.Random(8)
    access = alice.at("acme")
    rows, orders = [], []
    for market, currency in (("KR", "KRW"), ("JP", "JPY"), ("US", "USD")):
        for number in range(92):
            day = dt.date(2026, 8, 1) + dt.timedelta(days=number)
            for channel, begins, ends in (("search", 0, 92), ("social", 0, 60), ("display", 61, 92)):
                if begins <= number < ends:
                    rows.append({
                        "market": market, "day": day.isoformat(), "channel": channel, "campaign": f"{channel}-{number % 3}",
                        "currency": currency, "impressions": dice.randint(0, 9000), "clicks": dice.randint(0, 400),
                        "cost": round(dice.uniform(0, 9000), 2), "conversions": dice.randint(0, 9),
                        "value": round(dice.uniform(0, 50000), 2),
                    })  # fmt: skip
            for count in range(dice.randint(0, 3)):
                orders.append(order(market, currency, day.isoformat(), count, round(dice.uniform(10, 90000), 2)))
    put(access, tmp_path, "channel_daily", "google-ads", rows)
    put(access, tmp_path, "orders", "shop", orders)
    rates = {"JPY": ("9.1", "9.4", "9.9"), "USD": ("1390", "1405", "1440")}
    cells = [
        RateCell(code, dt.date(2026, 8 + place, 1), Decimal(rate))
        for code, found in rates.items()
        for place, rate in enumerate(found)
    ]
    set_rates(access, cells, how=How.TYPED, now=NOW)
    return rows, orders


def api(person, **query):
    answer = person.get(API, query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def adds_up(found) -> bool:
    size = max(abs(found["base"]["value"]), abs(found["now"]["value"]), 1e-300)
    parts = [[one["amount"] for one in every] for every in found["contributions"].values()]
    sums = [math.fsum(one["amount"] for one in found["effects"]), *(math.fsum(part) for part in parts)]
    return all(abs(one - found["change"]) <= 1e-9 * size for one in sums)


def test_the_bridge_of_every_kpi_adds_up_to_the_change_on_the_board(alice, two_months):
    bridges = 0
    for kpi in CATALOGUE:
        for query in (
            {},
            {"market": "JP"},
            {"market": "KR", "compare": "market:US"},
            {"market": "US", "compare": "market:all"},
        ):
            found = api(alice, kpi=kpi.key, period="2026-10", **query)
            if found["change"] is None:
                assert found["effects"] == []
                assert found["sentence"], kpi.key
                continue
            bridges += 1
            assert adds_up(found), (kpi.key, query)
            codes = [query["market"]] if "market" in query else ["KR", "JP", "US"]
            board = alice.get("/c/acme/api/v1/board/", {"period": "2026-10", "kpi": kpi.key, "market": codes}).json()
            (row,) = board["stages"][0]["rows"]
            cell = row["cells"][0] if "market" in query else row["total"]
            assert found["now"]["value"] == cell["actual"]["value"]
            if "compare" not in query:
                assert found["base"]["value"] == cell["previous"]["value"]
    assert bridges > 40


def test_currency_is_told_apart_by_revaluing_at_the_rates_of_the_base(alice, two_months):
    rows, _orders = two_months
    found = api(alice, kpi="ad_spend", market="JP", period="2026-10")
    by_hand = {
        month: math.fsum(row["cost"] for row in rows if row["market"] == "JP" and row["day"].startswith(month))
        for month in ("2026-09", "2026-10")
    }
    kinds = {one["kind"]: one["amount"] for one in found["effects"]}
    assert kinds["currency"] == pytest.approx(by_hand["2026-10"] * (9.9 - 9.4))
    without = math.fsum(amount for kind, amount in kinds.items() if kind != "currency")
    assert without == pytest.approx((by_hand["2026-10"] - by_hand["2026-09"]) * 9.4)
    assert {"volume", "rate", "price", "mix", "currency"} == set(kinds)


def test_channels_that_came_and_went_are_ranked_with_their_share(alice, two_months):
    rows, _orders = two_months
    found = api(alice, kpi="clicks", market="KR", period="2026-10")
    by_hand = {}
    for row in rows:
        if row["market"] == "KR" and row["day"] >= "2026-09":
            sign = 1 if row["day"] >= "2026-10" else -1
            by_hand[row["channel"]] = by_hand.get(row["channel"], 0) + sign * row["clicks"]
    channels = found["contributions"]["channel"]
    assert {one["name"]: one["amount"] for one in channels} == by_hand
    assert [one["name"] for one in channels] == sorted(by_hand, key=lambda name: -abs(by_hand[name]))
    assert math.fsum(one["share"] for one in channels) == pytest.approx(1)
    assert next(one for one in channels if one["name"] == "display")["base"] is None


def test_a_running_month_is_held_against_the_same_days(alice, lake, tmp_path):
    from tests.kpis.conftest import ads

    rows = ads("KR", "KRW", OCTOBER, 31 + 10, impressions=100, clicks=7, cost=50)
    put(alice.at("acme"), tmp_path, "channel_daily", "google-ads", rows)
    found = api(alice, kpi="clicks", market="KR", period="2026-11")
    assert (found["base"]["value"], found["now"]["value"], found["change"]) == (70, 70, 0)
    assert adds_up(found)


def test_a_target_is_told_by_the_targets_of_its_factors(alice, two_months):
    goals = {"ad_spend": 900000, "clicks": 20000, "cpc": 30}
    cells = [TargetCell(key, "KR", OCTOBER, Decimal(value)) for key, value in goals.items()]
    set_targets(alice.at("acme"), cells, how=How.TYPED, now=NOW)
    found = api(alice, kpi="ad_spend", market="KR", period="2026-10", compare="target")
    assert found["base"]["value"] == 900000
    assert adds_up(found)
    assert len(found["effects"]) > 1
    everywhere = [TargetCell("ctr", code, OCTOBER, Decimal("0.05")) for code in ("KR", "JP", "US")]
    set_targets(alice.at("acme"), everywhere, how=How.TYPED, now=NOW)
    ratio = api(alice, kpi="ctr", period="2026-10", compare="target")
    assert ratio["base"]["value"] == pytest.approx(0.05)
    assert {one["name"] for one in ratio["contributions"]["market"]} == {"KR", "JP", "US"}
    assert adds_up(ratio)


def test_without_a_side_there_is_a_reason_and_no_number(alice, two_months):
    for query, code in (
        ({"kpi": "revenue", "period": "2026-10", "compare": "target"}, "no_target"),
        ({"kpi": "active_users", "period": "2026-10"}, "not_additive"),
        ({"kpi": "clicks", "period": "2026-08", "market": "KR"}, "no_base"),
        ({"kpi": "revenue", "period": "2026-10", "currency": "own"}, "mixed_currency"),
        (
            {"kpi": "revenue", "period": "2026-10", "currency": "own", "market": "KR", "compare": "market:JP"},
            "mixed_currency",
        ),
    ):
        found = api(alice, **query)
        assert (found["reason"], found["change"], found["effects"]) == (code, None, []), query
        assert found["sentence"]
        assert alice.get(PAGE, query).status_code == 200


def test_a_missing_rate_leaves_a_hole_that_names_it(alice, small_lake):
    found = api(alice, kpi="revenue", period="2026-10", market="JP", compare="market:KR")
    assert found["reason"] == "missing_rate"
    assert "JPY 2026-10" in found["sentence"]


def test_bad_addresses_say_what_can_be_asked(alice, two_months):
    for query, status in (
        ({"compare": "never"}, 400), ({"compare": "market:"}, 400), ({"compare": "market:KR"}, 400), ({"kpi": "x"}, 404),
        ({"compare": "market:KR", "market": "KR"}, 400), ({"market": "XX"}, 404), ({"period": "2026-99"}, 400),
        ({"compare": "market:XX", "market": "KR"}, 404), ({"currency": "XXX"}, 400), ({"compare": "target:x"}, 400),
    ):  # fmt: skip
        for path in (PAGE, PAGE + "bridge.csv", API):
            assert alice.get(path, query).status_code == status, (path, query)


def test_bob_of_korea_compares_korea_with_itself_only(bob, alice, two_months):
    for path in (PAGE, PAGE + "bridge.csv", API):
        assert bob.get(path, {"market": "JP"}).status_code == 404
        assert bob.get(path, {"market": "KR", "compare": "market:JP"}).status_code == 404
        assert bob.get(path, {"market": "KR", "compare": "market:all"}).status_code == 400
        page = bob.get(path, {"period": "2026-10", "kpi": "ad_spend"}).content.decode()
        text = without_random(page)
        assert not [word for word in ("JP", "US", "일본", "미국") if word in text]
    mine = api(bob, kpi="ad_spend", period="2026-10")
    assert mine["market"] == "KR"
    assert mine["now"] == api(alice, kpi="ad_spend", period="2026-10", market="KR")["now"]


def test_the_page_says_it_in_a_sentence_and_the_file_holds_the_same_numbers(alice, two_months):
    for language, word in (("ko", "가장 큰 이유는"), ("en", "mostly through")):
        alice.cookies["django_language"] = language
        page = alice.get(PAGE, {"kpi": "ad_spend", "period": "2026-10", "market": "JP"}).content.decode()
        assert word in page
        for query in (
            {"compare": "year"},
            {"kpi": "cvr"},
            {"kpi": "repeat_rate", "market": "KR"},
            {"period": "2026-Q3"},
        ):
            assert alice.get(PAGE, query).status_code == 200
    found = api(alice, kpi="ad_spend", period="2026-10", market="JP")
    answer = alice.get(PAGE + "bridge.csv", {"kpi": "ad_spend", "period": "2026-10", "market": "JP"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [float(row["Effect"]) for row in rows if row["Section"] == "Reason"] == [
        e["amount"] for e in found["effects"]
    ]
    assert not [value for row in rows for value in row.values() if value.startswith(("=", "+", "@"))]
