"""What was known when: measures and canonical rows at any moment equal a slow model that remembers everything."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest

from tests.warehouse.test_undo import HEADER, Reference, some_lines
from warehouse.engine import rows, table
from warehouse.loading import known_at
from warehouse.rollup.rebuilding import rebuild
from warehouse.scope import Scope


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def at(desk, name: str, moment: dt.datetime | None, *markets: str) -> list[dict]:
    scope = replace(desk.scope(*markets), known_on=moment)
    return sorted(rows(table(name), scope), key=lambda row: tuple(str(value) for value in row.values()))


def ads_at(desk, name: str, moment: dt.datetime | None) -> dict[tuple, tuple]:
    return {
        (row["day"].isoformat(), row["market"], row["campaign"]): (str(row["clicks"]), f"{row['cost']:.0f}")
        for row in at(desk, name, moment)
    }


class Diary(Reference):
    """The slow model with a memory: after every step it writes down what was reported, and when each load came."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[tuple[dt.datetime, dict[tuple, tuple]]] = []
        self.loaded_at: dict[str, dt.datetime] = {}

    def write(self) -> None:
        self.pages.append((now(), self.current))

    def reported(self, moment: dt.datetime) -> dict[tuple, tuple]:
        """What measures said: the last page written by then, whatever was taken back later."""
        return next((page for when, page in reversed(self.pages) if when <= moment), {})

    def known(self, moment: dt.datetime) -> dict[tuple, tuple]:
        """What the rows say that still stand: loads taken back since have never been."""
        merged: dict[tuple, tuple] = {}
        for load_id, content in self.loads.items():
            if self.loaded_at[load_id] <= moment:
                merged.update(content)
        return merged


@pytest.mark.parametrize("seed", range(5))
def test_measures_and_rows_at_any_moment_equal_a_model_that_remembers_everything(desk, seed):
    rng, diary, made = random.Random(seed), Diary(), 0
    diary.write()
    for _step in range(10):
        if diary.loads and rng.random() < 0.35:
            load_id = rng.choice(list(diary.loads))
            desk.undo(load_id)
            diary.undo(load_id)
        else:
            made += 1
            lines = some_lines(rng)
            desk.load("channel_daily", desk.file(HEADER, lines), f"load{made}")
            diary.load(f"load{made}", lines)
            diary.loaded_at[f"load{made}"] = now()
        diary.write()
    moments = [when for when, _page in diary.pages]
    for moment in [*moments, moments[0] - dt.timedelta(days=1), now()]:
        assert ads_at(desk, "measure_daily", moment) == diary.reported(moment)
        assert ads_at(desk, "channel_daily", moment) == diary.known(moment)
    assert ads_at(desk, "measure_daily", None) == diary.current


def test_the_bounds_of_a_version_belong_to_the_newer_one(desk):
    line = ["2024-01-01", "KR", "a"]
    desk.load("channel_daily", desk.file(HEADER, [[*line, 1, 1]]), "one")
    desk.load("channel_daily", desk.file(HEADER, [[*line, 2, 1]]), "two")
    versions = sorted(at(desk, "measure_daily_versions", None), key=lambda row: row["known_from"])
    assert [(v["clicks"], v["load_id"], v["closed_by"]) for v in versions] == [(1, "one", "two"), (2, "two", None)]
    changed = versions[1]["known_from"].replace(tzinfo=dt.UTC)
    assert versions[0]["known_to"] == versions[1]["known_from"]
    just_before = changed - dt.timedelta(microseconds=1)
    for name in ("measure_daily", "channel_daily"):
        assert [row["clicks"] for row in at(desk, name, just_before)] == [1]
        assert [row["clicks"] for row in at(desk, name, changed)] == [2]


def test_loads_can_be_told_as_known_since_the_past_but_never_before_others(desk):
    line = ["2024-01-01", "KR", "a"]
    with known_at(now() - dt.timedelta(days=2)):
        desk.load("channel_daily", desk.file(HEADER, [[*line, 1, 1]]), "one")
    desk.load("channel_daily", desk.file(HEADER, [[*line, 2, 1]]), "two")
    with known_at(now() - dt.timedelta(days=3)):
        desk.load("channel_daily", desk.file(HEADER, [[*line, 3, 1]]), "three")
    clicks = [[row["clicks"] for row in at(desk, "measure_daily", now() - dt.timedelta(days=ago))] for ago in (3, 1, 0)]
    assert clicks == [[], [1], [3]]


def test_what_was_reported_until_a_load_was_taken_back_stays_reported(desk):
    desk.load("channel_daily", desk.file(HEADER, [["2024-01-01", "KR", "a", 1, 1]]), "right")
    desk.load("channel_daily", desk.file(HEADER, [["2024-01-01", "KR", "a", 9, 1]]), "wrong")
    between = now()
    desk.undo("wrong")
    assert [row["clicks"] for row in at(desk, "measure_daily", between)] == [9]
    assert [row["clicks"] for row in at(desk, "channel_daily", between)] == [1]
    assert [row["clicks"] for row in at(desk, "measure_daily", None)] == [1]
    current = next(row for row in at(desk, "measure_daily_versions", None) if row["known_to"] is None)
    assert current["load_id"] == "undo:wrong"


def test_a_file_that_changes_nothing_writes_nothing_into_measures_or_history(desk):
    lines = [["2024-01-01", "KR", "a", 1, 1], ["2024-01-02", "KR", "a", 2, 1]]
    desk.load("channel_daily", desk.file(HEADER, lines), "one")
    desk.load("channel_daily", desk.file(HEADER, lines), "two")
    desk.load("channel_daily", desk.file(HEADER, [*lines[:1], ["2024-01-02", "KR", "a", 3, 1]]), "three")
    versions = at(desk, "measure_daily_versions", None)
    assert sorted((v["day"].day, v["clicks"], v["load_id"]) for v in versions) == [
        (1, 1, "one"), (2, 2, "one"), (2, 3, "three"),
    ]  # fmt: skip


def test_history_shows_nobody_another_market(desk):
    for clicks in (1, 2):
        lines = [["2024-01-01", market, "a", clicks, 1] for market in ("KR", "US")]
        desk.load("channel_daily", desk.file(HEADER, lines), f"load{clicks}")
    for name in ("measure_daily_versions", "measure_daily"):
        found = at(desk, name, now(), "KR")
        assert {row["market"] for row in found} == {"KR"}
    assert len(at(desk, "measure_daily_versions", None, "KR")) == 2


def test_a_moment_without_a_time_zone_is_refused(desk):
    with pytest.raises(ValueError, match="time zone"):
        replace(desk.scope(), known_on=dt.datetime(2026, 3, 5))
    assert isinstance(desk.scope(), Scope)


ORDERS = ["ordered_at", "market", "order_id", "customer_id", "value", "refund", "coupon"]
EVENTS = ["occurred_at", "market", "event_id", "name", "person", "medium", "engagement_ms"]


def some_orders(rng: random.Random, n: int) -> list[list]:
    return [
        [
            f"2024-0{rng.randint(1, 9)}-{rng.randint(1, 28):02d} 10:00:00", rng.choice(["KR", "US"]),
            f"o{rng.randint(1, 60)}-{number}", f"c{rng.randint(1, 9)}", rng.choice([10, 20.5, 300]),
            rng.choice(["", 1.25]), rng.choice(["", "SPRING"]),
        ]
        for number in range(n)
    ]  # fmt: skip


def some_events(rng: random.Random, n: int) -> list[list]:
    return [
        [
            f"2024-0{rng.randint(1, 4)}-{rng.randint(1, 28):02d} 09:{rng.randint(0, 59):02d}:00",
            rng.choice(["KR", "US"]), f"e{rng.randint(1, 90)}-{number}",
            rng.choice(["page_view", "view_item", "purchase"]), f"p{rng.randint(1, 9)}", "cpc",
            rng.choice(["", 4000, 12000]),
        ]
        for number in range(n)
    ]  # fmt: skip


def all_measures(desk) -> list[dict]:
    return [*desk.all("measure_daily"), *desk.all("measure_period")]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_full_recompute_finds_every_measure_as_loads_and_undos_left_it(desk, seed):
    rng, standing = random.Random(seed), []
    makers = {"orders": (ORDERS, some_orders), "events": (EVENTS, some_events)}
    for step in range(9):
        if standing and rng.random() < 0.3:
            desk.undo(standing.pop(rng.randrange(len(standing))))
            continue
        kind = rng.choice(["orders", "events", "channel_daily"])
        if kind == "channel_daily":
            staged = desk.file(HEADER, some_lines(rng))
        else:
            header, make = makers[kind]
            staged = desk.file(header, make(rng, 40))
        desk.load(kind, staged, f"load{step}", source=f"{kind}{rng.randint(1, 2)}")
        standing.append(f"load{step}")
    before = all_measures(desk)
    assert before
    assert rebuild(desk.tenancy) == 0
    assert all_measures(desk) == before


def test_a_recompute_mends_what_is_wrong_and_keeps_what_was_said(desk):
    from warehouse.engine.ducklake.instance import instance
    from warehouse.loading.stage import loading_limits

    desk.load("channel_daily", desk.file(HEADER, [["2024-01-01", "KR", "a", 1, 1]]), "one")
    with instance(desk.client, loading_limits()) as root:
        root.execute("UPDATE lk.main.measure_daily SET clicks = 7")
    between = now()
    assert rebuild(desk.tenancy) == 2  # one row that is new, one that went
    assert [row["clicks"] for row in desk.all("measure_daily")] == [1]
    assert [row["clicks"] for row in at(desk, "measure_daily", between)] == [7]
    assert {row["load_id"] for row in at(desk, "measure_daily_versions", None)} == {"one", "rebuild"}


def test_a_lake_of_an_older_release_gets_what_it_lacks_and_keeps_its_rows(desk):
    from warehouse.engine import forget_engine
    from warehouse.engine.ducklake.instance import instance
    from warehouse.lakes import create_lake
    from warehouse.loading.stage import loading_limits

    desk.load("channel_daily", desk.file(HEADER, [["2024-01-01", "KR", "a", 1, 1]]), "one")
    with instance(desk.client, loading_limits()) as root:
        for name in ("known_from", "load_id"):
            root.execute(f"ALTER TABLE lk.main.measure_daily DROP COLUMN {name}")
        for name in ("measure_daily_history", "measure_period_history", "undoings"):
            root.execute(f"DROP TABLE lk.main.{name}")
    create_lake(desk.client)
    forget_engine(desk.client)
    long_ago = now() - dt.timedelta(days=900)
    assert [row["clicks"] for row in at(desk, "measure_daily", long_ago)] == [1], "known since before it was noted"
    desk.load("channel_daily", desk.file(HEADER, [["2024-01-01", "KR", "a", 2, 1]]), "two")
    assert [row["clicks"] for row in at(desk, "measure_daily", long_ago)] == [1]
    assert [row["clicks"] for row in at(desk, "measure_daily", None)] == [2]
