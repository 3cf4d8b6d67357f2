"""Loads and undos in any order leave what loading only the rest, in its order, would have left."""

from __future__ import annotations

import random

import pytest

HEADER = ["day", "market", "campaign", "clicks", "cost"]


class Reference:
    """The slow model: a load is a dict of key to content; the lake is what replaying those not undone gives."""

    def __init__(self) -> None:
        self.loads: dict[str, dict[tuple, tuple]] = {}

    def load(self, load_id: str, lines: list[list[str]]) -> None:
        self.loads[load_id] = {tuple(line[:3]): tuple(line[3:]) for line in lines}

    def undo(self, load_id: str) -> None:
        self.loads.pop(load_id, None)

    @property
    def current(self) -> dict[tuple, tuple]:
        merged: dict[tuple, tuple] = {}
        for content in self.loads.values():
            merged.update(content)
        return merged


def current_of(desk) -> dict[tuple, tuple]:
    return {
        (row["day"].isoformat(), row["market"], row["campaign"]): (str(row["clicks"]), f"{row['cost']:.0f}")
        for row in desk.all("channel_daily")
    }


def measures_of(desk) -> dict[tuple, tuple]:
    return {
        (row["day"].isoformat(), row["market"], row["campaign"]): (str(row["clicks"]), f"{row['cost']:.0f}")
        for row in desk.all("measure_daily")
    }


def some_lines(rng: random.Random) -> list[list[str]]:
    keys = [
        (f"2024-0{month}-01", market, campaign)
        for month in (1, 2)
        for market in ("KR", "US")
        for campaign in ("a", "b")
    ]
    return [
        [*key, str(rng.randint(1, 3)), str(rng.randint(1, 2))] for key in rng.sample(keys, rng.randint(1, len(keys)))
    ]


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_loads_and_undos_equals_replaying_what_is_left(desk, seed):
    rng, model, made = random.Random(seed), Reference(), 0
    for _step in range(12):
        if model.loads and rng.random() < 0.4:
            load_id = rng.choice(list(model.loads))
            desk.undo(load_id)
            model.undo(load_id)
        else:
            made += 1
            lines = some_lines(rng)
            desk.load("channel_daily", desk.file(HEADER, lines), f"load{made}")
            model.load(f"load{made}", lines)
        assert current_of(desk) == model.current
    assert measures_of(desk) == model.current
    for load_id in rng.sample(list(model.loads), len(model.loads)):
        desk.undo(load_id)
        model.undo(load_id)
        assert current_of(desk) == model.current
    assert desk.all("measure_daily") == []


def test_undo_tells_how_many_rows_went_and_is_harmless_when_repeated(desk):
    staged = desk.file(HEADER, [["2024-01-01", "KR", "a", 1, 1], ["2024-01-01", "KR", "b", 2, 2]])
    desk.load("channel_daily", staged, "first")
    assert desk.undo("first") == 2
    assert desk.undo("first") == 0
    assert desk.load("channel_daily", staged, "first").new == 2


def test_rows_that_a_later_load_brought_again_stay_with_it(desk):
    january, both = (
        [["2024-01-01", "KR", "a", 1, 1]],
        [["2024-01-01", "KR", "a", 1, 1], ["2024-02-01", "KR", "a", 2, 2]],
    )
    desk.load("channel_daily", desk.file(HEADER, january), "january")
    assert desk.load("channel_daily", desk.file(HEADER, both), "both").unchanged == 1
    desk.undo("january")
    assert len(desk.all("channel_daily")) == 2
    desk.undo("both")
    assert desk.all("channel_daily") == []


def test_a_replaced_row_is_open_again_and_an_older_one_passes_on(desk):
    for load_id, clicks in (("one", 1), ("two", 2), ("three", 3)):
        desk.load("channel_daily", desk.file(HEADER, [["2024-01-01", "KR", "a", clicks, 1]]), load_id)
    desk.undo("two")  # the middle one: the first is now closed by the third
    assert [row["clicks"] for row in desk.all("channel_daily")] == [3]
    desk.undo("three")
    assert [row["clicks"] for row in desk.all("channel_daily")] == [1]


@pytest.mark.parametrize(
    "order", [("items1", "items2", "orders"), ("orders", "items1", "items2"), ("items2", "orders", "items1")]
)
def test_orders_worked_out_from_items_follow_every_undo(desk, order):
    items = ["ordered_at", "market", "order_id", "product_id", "quantity", "price"]
    files = {
        "items1": (
            "order_items",
            desk.file(
                items,
                [["2024-01-01 10:00:00", "KR", "o1", "p1", 2, 10], ["2024-01-01 10:00:00", "KR", "o2", "p1", 1, 5]],
            ),
        ),
        "items2": ("order_items", desk.file(items, [["2024-01-01 10:00:00", "KR", "o1", "p2", 1, 7]])),
        "orders": (
            "orders",
            desk.file(["ordered_at", "market", "order_id", "value"], [["2024-01-01 10:00:00", "KR", "o1", 99]]),
        ),
    }

    def expected(left: set[str]) -> dict[str, float]:
        lines = {"items1": {"o1": 20, "o2": 5}, "items2": {"o1": 7}}
        found: dict[str, float] = {}
        for name in left & set(lines):
            for order_id, value in lines[name].items():
                found[order_id] = found.get(order_id, 0) + value
        return found | ({"o1": 99} if "orders" in left else {})

    left: set[str] = set()
    for name in order:
        desk.load(files[name][0], files[name][1], name)
        left.add(name)
        assert {row["order_id"]: row["value"] for row in desk.all("orders")} == expected(left)
    for name in order:
        desk.undo(name)
        left.discard(name)
        assert {row["order_id"]: row["value"] for row in desk.all("orders")} == expected(left)
        assert sum(row["gross_revenue"] for row in desk.all("measure_daily")) == sum(expected(left).values())
