"""Loading: nothing twice, nothing lost, nothing by half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from warehouse.engine.ducklake.catalogue import lake_lock
from warehouse.engine.ducklake.reading import run
from warehouse.errors import LakeBusy, PlanIncomplete
from warehouse.plan import Cast, ColumnPlan, Loaded, Plan

ADS = ["day", "market", "campaign", "clicks", "cost"]
ITEMS = ["ordered_at", "market", "order_id", "product_id", "quantity", "price"]


def total(loaded: Loaded) -> int:
    return (
        loaded.new
        + loaded.updated
        + loaded.unchanged
        + loaded.rejected
        + loaded.totals_skipped
        + loaded.superseded_in_file
    )


def test_the_same_file_twice_changes_nothing(desk):
    staged = desk.file(ADS, [["2024-01-01", "KR", "a", 1, 10], ["2024-01-02", "US", "b", 2, 20]])
    first, before = desk.load("channel_daily", staged, "one"), None
    before = (desk.all("channel_daily"), desk.all("measure_daily"))
    second = desk.load("channel_daily", staged, "two")
    assert (first.new, second.new, second.updated, second.unchanged) == (2, 0, 0, 2)
    assert (desk.all("channel_daily"), desk.all("measure_daily")) == before
    assert (first.first_day, first.last_day) == ("2024-01-01", "2024-01-02")


def test_the_same_load_asked_for_twice_is_done_once(desk):
    staged = desk.file(ADS, [["2024-01-01", "KR", "a", 1, 10]])
    assert desk.load("channel_daily", staged, "one") == desk.load("channel_daily", staged, "one")
    assert len(desk.all("channel_daily")) == 1


def test_a_later_row_for_a_key_replaces_and_keeps_the_history(desk):
    desk.load(
        "channel_daily", desk.file(ADS, [["2024-01-01", "KR", "a", 1, 10], ["2024-01-01", "KR", "b", 5, 50]]), "one"
    )
    second = desk.load(
        "channel_daily", desk.file(ADS, [["2024-01-01", "KR", "a", 3, 10], ["2024-01-03", "KR", "a", 9, 9]]), "two"
    )
    assert (second.new, second.updated, second.unchanged) == (1, 1, 0)
    assert {(r["day"].isoformat(), r["campaign"]): r["clicks"] for r in desk.all("channel_daily")} == {
        ("2024-01-01", "a"): 3,
        ("2024-01-01", "b"): 5,
        ("2024-01-03", "a"): 9,
    }
    history = run(
        "SELECT clicks, load_id, closed_by, known_to IS NULL AS open FROM lk.main.channel_daily "
        "WHERE campaign = 'a' ORDER BY known_from, clicks",
        desk.client,
        20,
    )
    assert history.as_dicts() == [
        {"clicks": 1, "load_id": "one", "closed_by": "two", "open": False},
        {"clicks": 3, "load_id": "two", "closed_by": None, "open": True},
        {"clicks": 9, "load_id": "two", "closed_by": None, "open": True},
    ]
    assert sum(r["clicks"] for r in desk.all("measure_daily")) == 17


def test_of_a_key_twice_in_a_file_the_last_row_counts(desk):
    loaded = desk.load(
        "channel_daily", desk.file(ADS, [["2024-01-01", "KR", "a", clicks, 1] for clicks in (1, 2, 3)]), "one"
    )
    assert (loaded.new, loaded.superseded_in_file, total(loaded)) == (1, 2, loaded.read)
    assert [r["clicks"] for r in desk.all("channel_daily")] == [3]


def test_sources_do_not_replace_each_other(desk):
    staged = desk.file(ADS, [["2024-01-01", "KR", "a", 1, 10]])
    desk.load("channel_daily", staged, "one", source="google")
    assert desk.load("channel_daily", staged, "two", source="naver").new == 1
    assert len(desk.all("channel_daily")) == 2


def test_honest_duplicates_stay_and_a_longer_file_adds_only_what_is_new(desk):
    line = ["2024-01-01 10:00:00", "KR", "o1", "p1", 1, 10]
    first = desk.load("order_items", desk.file(ITEMS, [line, line]), "one")
    assert (first.new, first.superseded_in_file) == (2, 0)
    again = desk.load("order_items", desk.file(ITEMS, [line, line]), "two")
    assert (again.new, again.unchanged) == (0, 2)
    longer = desk.load("order_items", desk.file(ITEMS, [line, line, line]), "three")
    assert (longer.new, longer.unchanged) == (1, 2)
    assert len(desk.all("order_items")) == 3


def test_items_with_a_line_number_have_a_business_key(desk):
    header = [*ITEMS, "line"]
    desk.load("order_items", desk.file(header, [["2024-01-01 10:00:00", "KR", "o1", "p1", 1, 10, 1]]), "one")
    second = desk.load("order_items", desk.file(header, [["2024-01-01 10:00:00", "KR", "o1", "p1", 2, 10, 1]]), "two")
    assert (second.new, second.updated) == (0, 1)


def test_orders_are_worked_out_from_their_items(desk):
    header = [*ITEMS, "customer_id", "discount", "coupon"]
    loaded = desk.load(
        "order_items",
        desk.file(
            header,
            [
                ["2024-01-01 10:00:00", "KR", "o1", "p1", 2, 10, "c1", 1, "SPRING"],
                ["2024-01-01 10:05:00", "KR", "o1", "p2", 1, 5, "c1", "", ""],
                ["2024-01-02 09:00:00", "KR", "o2", "p1", -1, 10, "c1", "", ""],
            ],
        ),
        "items",
    )
    assert loaded.new == 3
    found = {r["order_id"]: r for r in desk.all("orders")}
    assert (found["o1"]["value"], found["o1"]["quantity"], found["o1"]["coupon"], found["o1"]["status"]) == (
        24.0,
        3.0,
        "SPRING",
        None,
    )
    assert (found["o2"]["value"], found["o2"]["status"], found["o2"]["currency"]) == (-10.0, "refund", "KRW")


def test_a_currency_that_nobody_names_is_the_markets_own(desk):
    desk.load(
        "channel_daily",
        desk.file([*ADS, "currency"], [["2024-01-01", "KR", "a", 1, 1, ""], ["2024-01-01", "US", "a", 1, 1, "eur"]]),
        "one",
    )
    assert {r["market"]: r["currency"] for r in desk.all("channel_daily")} == {"KR": "KRW", "US": "EUR"}


def test_extra_dimensions_are_part_of_the_key_and_cannot_be_confused(desk):
    staged = desk.file(
        [*ADS, "age", "sex"],
        [["2024-01-01", "KR", "a", 1, 1, "30;x=1", "f"], ["2024-01-01", "KR", "a", 2, 2, "30", "f"]],
    )
    columns = tuple(
        ColumnPlan(c, c, cast=Cast("date" if c == "day" else "number" if c in ("clicks", "cost") else "text"))
        for c in ADS
    )
    from warehouse.loading import load

    loaded = load(
        staged,
        Plan("channel_daily", "shop", columns, breakdown=("age", "sex")),
        desk.tenancy,
        "one",
        lambda done: None,
        "",
    )
    assert loaded.new == 2
    assert {r["breakdown"] for r in desk.all("channel_daily")} == {r"age=30\;x\=1;sex=f", "age=30;sex=f"}


def test_progress_only_grows_and_ends_at_one(desk):
    from warehouse.loading import load

    told: list[float] = []
    staged = desk.file(ADS, [["2024-01-01", "KR", f"c{n}", n, n] for n in range(2000)])
    load(staged, desk.plan("channel_daily", staged), desk.tenancy, "one", told.append, "")
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_plan_that_lacks_a_required_column_says_which(desk):
    staged = desk.file(["market", "clicks"], [["KR", 1]])
    with pytest.raises(PlanIncomplete) as caught:
        desk.load("channel_daily", staged, "one")
    assert caught.value.details == {"columns": ["day"]}


@pytest.mark.parametrize(
    "columns",
    [
        (ColumnPlan("day", "nowhere"), ColumnPlan("market", constant="KR")),
        (ColumnPlan("nothing", "day"), ColumnPlan("market", constant="KR")),
        (ColumnPlan("day", "day"), ColumnPlan("day", "market"), ColumnPlan("market", constant="KR")),
    ],
)
def test_a_plan_that_names_what_does_not_exist_is_refused(desk, columns):
    from warehouse.loading import check

    staged = desk.file(["day", "market"], [["2024-01-01", "KR"]])
    with pytest.raises(PlanIncomplete):
        check(staged, Plan("channel_daily", "shop", columns), desk.tenancy)


def test_a_plan_for_a_table_that_files_cannot_be_is_refused(desk):
    from warehouse.loading import check

    with pytest.raises(PlanIncomplete, match="loads"):
        check(desk.file(["day"], []), Plan("loads", "shop", ()), desk.tenancy)


def test_a_header_only_file_loads_nothing(desk):
    loaded = desk.load("channel_daily", desk.file(ADS, []), "one")
    assert (loaded.read, loaded.new, loaded.first_day) == (0, 0, None)


def test_a_writer_waits_and_then_says_that_the_lake_is_busy(desk):
    with lake_lock(desk.client), pytest.raises(LakeBusy), lake_lock(desk.client, wait_s=0.2):
        pass


KILLED = """
import os, sys
import django
django.setup()
from django.conf import settings
settings.LAKE_DATABASE_URL, settings.LAKE_ROOT = sys.argv[2], __import__('pathlib').Path(sys.argv[3])
from tests.warehouse.conftest import MARKETS, default_cast
from warehouse.loading import load
from warehouse.plan import ColumnPlan, Plan, Staged
from warehouse.scope import Tenancy
header = ("day", "market", "campaign", "clicks", "cost")
plan = Plan("channel_daily", "shop", tuple(ColumnPlan(c, c, cast=default_cast(c)) for c in header))
print("begun", flush=True)
load(Staged(sys.argv[1], header), plan, Tenancy(sys.argv[4], MARKETS, frozenset(MARKETS)), "killed", lambda done: None, "")
print("done", flush=True)
"""


@pytest.mark.parametrize("patience", [0.5, 1.2, 1.8, 2.4, 3.0])
def test_a_killed_worker_leaves_all_of_a_file_or_none(desk, patience):
    from django.conf import settings

    lines = [[f"2024-0{1 + n % 6}-01", "KR", f"c{n}", n, n] for n in range(60_000)]
    staged = desk.file(ADS, lines)
    arguments = [staged.path, settings.LAKE_DATABASE_URL, str(settings.LAKE_ROOT), desk.client]
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
    )
    assert worker.stdout is not None
    worker.stdout.readline()
    time.sleep(patience)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    assert len(desk.all("channel_daily")) in (0, 60_000)
    assert len(desk.all("measure_daily")) == len(desk.all("channel_daily"))
    desk.load("channel_daily", staged, "killed")
    assert len(desk.all("channel_daily")) == len(desk.all("measure_daily")) == 60_000
