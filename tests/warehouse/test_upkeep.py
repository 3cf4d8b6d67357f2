"""Housekeeping changes files, never answers."""

from __future__ import annotations

import datetime as dt
import os

from warehouse.engine.ducklake.catalogue import lake_folder, spill_folder
from warehouse.upkeep import keep_up

HEADER = ["day", "market", "campaign", "clicks", "cost"]
LATER = dt.timedelta(days=3)


def files(desk) -> int:
    return sum(1 for _path in lake_folder(desk.client).rglob("*.parquet"))


def test_small_files_become_few_and_every_answer_stays(desk):
    for n in range(8):
        desk.load(
            "channel_daily",
            desk.file(HEADER, [["2024-01-01", "KR", f"c{n % 3}", n, n], ["2024-02-01", "US", "x", n, n]]),
            f"load{n}",
        )
    desk.undo("load3")
    before = (desk.all("channel_daily"), desk.all("measure_daily"), files(desk))
    keep_up(desk.client, now=dt.datetime.now(dt.UTC) + LATER)
    keep_up(desk.client, now=dt.datetime.now(dt.UTC) + LATER)
    assert (desk.all("channel_daily"), desk.all("measure_daily")) == before[:2]
    assert files(desk) < before[2] / 2
    for n in (7, 0, 1, 2, 4, 5, 6):  # history is kept through it: every load can still be taken back
        desk.undo(f"load{n}")
    assert desk.all("channel_daily") == desk.all("measure_daily") == []


def test_what_killed_workers_left_goes_only_when_it_is_old(desk):
    orphan = lake_folder(desk.client) / "orphan.parquet"
    orphan.write_bytes(b"left behind")
    left = spill_folder() / "left-by-a-load"
    left.mkdir(exist_ok=True)
    keep_up(desk.client)
    assert orphan.exists()
    assert left.exists()
    old = (dt.datetime.now() - LATER).timestamp()
    os.utime(left, (old, old))
    keep_up(desk.client, now=dt.datetime.now(dt.UTC) + LATER)
    assert not orphan.exists()
    assert not left.exists()
