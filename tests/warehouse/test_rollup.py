"""Measures equal what plain Python counts from the canonical rows, after loads, restatements and undos."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict

import pytest

from tests.warehouse import reference
from warehouse.tables import ADDITIVE_MEASURES

NAMES = [
    "page_view",
    "scroll",
    "view_item",
    "add_to_cart",
    "begin_checkout",
    "purchase",
    "first_visit",
    "generate_lead",
    "login",
]
EVENTS = [
    "occurred_at",
    "market",
    "event_id",
    "name",
    "person",
    "session",
    "channel",
    "medium",
    "campaign",
    "engagement_ms",
]
ORDERS = [
    "ordered_at",
    "market",
    "order_id",
    "customer_id",
    "status",
    "coupon",
    "value",
    "discount",
    "tax",
    "shipping",
    "refund",
    "quantity",
]
ADS = ["day", "market", "campaign", "medium", "impressions", "clicks", "cost", "views", "position", "impression_share"]


def daily_of(desk, origin: str, measures) -> dict[tuple, dict]:
    found = {}
    for row in desk.all("measure_daily"):
        if row["origin"] == origin:
            key = tuple(row[name] for name in ("market", "source", "day", "channel", "medium", "campaign"))
            found[key] = {measure: row[measure] for measure in measures if row[measure] is not None}
    return found


def periods_of(desk) -> dict[tuple, float]:
    return {(r["market"], r["grain"], r["start"], r["measure"]): r["value"] for r in desk.all("measure_period")}


def assert_same(found: dict, expected: dict) -> None:
    """Equal, and when not, what differs."""
    wrong = {
        key: (found.get(key), expected.get(key))
        for key in found.keys() | expected.keys()
        if key not in found or key not in expected or found[key] != pytest.approx(expected[key])
    }
    assert wrong == {}


def some_events(rng: random.Random, n: int, start: dt.datetime, days: int) -> list[list]:
    lines = []
    for number in range(n):
        person, at = (
            rng.randint(1, 15),
            start
            + dt.timedelta(days=rng.randint(0, days - 1), hours=rng.choice([0, 9, 23]), seconds=rng.randint(0, 3599)),
        )
        session = f"s{person}-{at.date()}" if rng.random() < 0.5 else ""
        for step in range(rng.randint(1, 4)):
            name = rng.choice(NAMES if at.month != 2 else NAMES[:4])
            medium = rng.choice(["cpc", "organic", "paid_social", ""])
            moment = at + dt.timedelta(seconds=step * rng.choice([3, 60, 2400]))
            told = rng.choice(["", 4000, 20000]) if at.month != 3 else ""
            lines.append(
                [
                    moment.isoformat(sep=" "),
                    rng.choice(["KR", "US"]),
                    f"{start:%m}-{number}-{step}",
                    name,
                    f"p{person}",
                    session,
                    rng.choice(["google", "naver"]),
                    medium,
                    rng.choice(["spring", ""]),
                    told,
                ]
            )
    return lines


@pytest.mark.parametrize(("seed", "fiscal_start"), [(1, 1), (2, 4), (3, 7)])
def test_sessions_and_people(desk, seed, fiscal_start):
    rng = random.Random(seed)
    desk.fiscal_start = fiscal_start
    batches = [
        some_events(rng, 60, dt.datetime(2024, 1, 20), 40),
        some_events(rng, 60, dt.datetime(2024, 2, 25), 50),
        some_events(rng, 40, dt.datetime(2024, 12, 20), 30),
    ]
    for number, lines in enumerate(batches):
        desk.load("events", desk.file(EVENTS, lines), f"load{number}", source=f"web{number % 2}")
        assert_events_right(desk, fiscal_start)
    desk.load(
        "events",
        desk.file(EVENTS, [[*line[:3], "add_to_cart", *line[4:]] for line in batches[0][::3]]),
        "restated",
        source="web0",
    )
    assert_events_right(desk, fiscal_start)
    for load_id in ("load1", "load0", "restated", "load2"):
        desk.undo(load_id)
        assert_events_right(desk, fiscal_start)
    assert desk.all("measure_daily") == desk.all("measure_period") == []


def assert_events_right(desk, fiscal_start):
    events = desk.all("events")
    assert_same(daily_of(desk, "events", ADDITIVE_MEASURES["events"]), reference.daily_of_events(events))
    assert_same(periods_of(desk), reference.people_periods(events, fiscal_start))


def some_orders(rng: random.Random, n: int, batch: str, *, with_refunds: bool) -> list[list]:
    lines = []
    for number in range(n):
        at = dt.datetime(2023, 1, 1) + dt.timedelta(days=rng.randint(0, 700), minutes=number)
        value = rng.choice([10, 20.5, 300, -15] if with_refunds else [10, 20.5, 300])
        lines.append(
            [
                at.isoformat(sep=" "),
                rng.choice(["KR", "US"]),
                f"{batch}{number}",
                rng.choice(["", *(f"c{n}" for n in range(12))]),
                rng.choice(["", "paid", "cancelled"]),
                rng.choice(["", "", "SPRING"]),
                value,
                rng.choice(["", 0, 2]),
                rng.choice(["", 1]),
                rng.choice(["", 2.5]),
                rng.choice(["", 3]) if with_refunds else "",
                rng.choice([1, 2]),
            ]
        )
    return lines


@pytest.mark.parametrize(("seed", "fiscal_start"), [(1, 1), (2, 4)])
def test_orders_and_customers(desk, seed, fiscal_start):
    rng = random.Random(seed)
    desk.fiscal_start = fiscal_start
    desk.load("orders", desk.file(ORDERS, some_orders(rng, 80, "a", with_refunds=False)), "a")
    assert_orders_right(desk, fiscal_start)
    assert all(row["refunds"] is None for row in desk.all("measure_daily"))
    desk.load("orders", desk.file(ORDERS, some_orders(rng, 80, "b", with_refunds=True)), "b")
    assert_orders_right(desk, fiscal_start)  # days of the first load now tell of zero refunds
    desk.load("orders", desk.file(ORDERS, some_orders(rng, 30, "a", with_refunds=True)), "a again")
    assert_orders_right(desk, fiscal_start)
    for load_id in ("b", "a", "a again"):
        desk.undo(load_id)
        assert_orders_right(desk, fiscal_start)
    assert desk.all("measure_daily") == desk.all("measure_period") == []


def assert_orders_right(desk, fiscal_start):
    orders = desk.all("orders")
    told = {o["market"] for o in orders if o["refund"] is not None or o["value"] < 0}
    expected: dict[tuple, dict] = defaultdict(lambda: defaultdict(float))
    for order in orders:
        into = expected[
            order["market"], order["source"], order["day"], order["channel"], order["medium"], order["campaign"]
        ]
        stands = reference.sold(order)
        into["orders"] += stands
        into["gross_revenue"] += order["value"] if stands else 0
        into["revenue"] += reference.net(order)
        into["promo_revenue"] += order["value"] if stands and reference.promo(order) else 0
        into["units"] += order["quantity"] if stands else 0
        if order["market"] in told:
            counts = order["value"] < 0 or order["status"] != "cancelled"
            into["refunds"] += max(-order["value"], 0) + (order["refund"] or 0 if counts else 0)
    assert_same(
        daily_of(desk, "orders", ADDITIVE_MEASURES["orders"]),
        {key: dict(measures) for key, measures in expected.items()},
    )
    assert_same(periods_of(desk), reference.customer_periods(orders, fiscal_start))


def test_ads_and_organic_search(desk):
    desk.load(
        "channel_daily",
        desk.file(
            ADS,
            [
                ["2024-01-01", "KR", "a", "cpc", 100, 5, "10.5", 20, "", "0.5"],
                ["2024-01-01", "KR", "b", "cpc", 300, 6, "20", "", "", ""],
                ["2024-01-01", "KR", "c", "organic", 1000, 50, "", "", "3.5", ""],
                ["2024-01-01", "KR", "d", "Organic", 10, 1, "", "", "1", ""],
            ],
        ),
        "one",
    )
    found = {key[5]: row for key, row in daily_of(desk, "channel_daily", ADDITIVE_MEASURES["channel_daily"]).items()}
    assert found["a"] == {
        "impressions": 100,
        "clicks": 5,
        "cost": 10.5,
        "views": 20,
        "view_impressions": 100,
        "share_impressions": 100,
        "eligible_impressions": 200.0,
    }
    assert found["b"] == {"impressions": 300, "clicks": 6, "cost": 20.0}
    assert found["c"] == {"organic_impressions": 1000, "organic_clicks": 50, "organic_position_sum": 3500.0}
    assert found["d"] == {"organic_impressions": 10, "organic_clicks": 1, "organic_position_sum": 10.0}


def test_products_and_customers_have_no_measures(desk):
    desk.load("customers", desk.file(["market", "customer_id", "email_hash"], [["KR", "c1", "a@b.co"]]), "one")
    desk.load("products", desk.file(["market", "product_id", "name"], [["KR", "p1", "Tea"]]), "two")
    assert desk.all("measure_daily") == []
    assert desk.undo("one") == desk.undo("two") == 1
