"""Moments are kept in UTC, days are the market's own, whatever summer time does."""

from __future__ import annotations

import datetime as dt

import pytest

from warehouse.plan import Cast

HEADER = ["ordered_at", "market", "order_id", "value"]


@pytest.mark.parametrize(
    ("cell", "market", "zone", "utc", "day"),
    [
        ("2024-01-05 09:00:00", "KR", "", "2024-01-05T00:00:00", "2024-01-05"),
        ("2024-01-05 08:59:59", "KR", "", "2024-01-04T23:59:59", "2024-01-05"),
        ("2024-01-05 20:00:00", "US", "", "2024-01-06T01:00:00", "2024-01-05"),
        ("2024-07-05 20:00:00", "US", "", "2024-07-06T00:00:00", "2024-07-05"),
        ("2024-03-10 02:30:00", "US", "", "2024-03-10T07:30:00", "2024-03-10"),  # skipped by summer time: read as 03:30
        ("2024-11-03 01:30:00", "US", "", "2024-11-03T06:30:00", "2024-11-03"),  # there twice: read as winter time
        ("2024-10-27 02:30:00", "DE", "", "2024-10-27T01:30:00", "2024-10-27"),
        ("2024-01-05 16:00:00", "KR", "UTC", "2024-01-05T16:00:00", "2024-01-06"),  # the file's zone, the market's day
        ("2024-01-05 02:00:00", "US", "Asia/Seoul", "2024-01-04T17:00:00", "2024-01-04"),
        ("2024-01-05T23:30:00Z", "KR", "", "2024-01-05T23:30:00", "2024-01-06"),
        ("2024-01-05T23:30:00+02:00", "US", "", "2024-01-05T21:30:00", "2024-01-05"),
        ("2024-01-05T23:30:00.250-0500", "US", "Asia/Seoul", "2024-01-06T04:30:00.250000", "2024-01-05"),
        ("2024-01-05", "KR", "", "2024-01-04T15:00:00", "2024-01-05"),
    ],
)
def test_a_moment_is_read_on_its_own_clock(desk, cell, market, zone, utc, day):
    desk.load(
        "orders", desk.file(HEADER, [[cell, market, "o1", 1]]), "one", ordered_at=Cast("timestamp", time_zone=zone)
    )
    (order,) = desk.all("orders")
    assert (order["ordered_at"].isoformat(), order["day"].isoformat()) == (utc, day)


def test_korean_halves_of_the_day_are_understood(desk):
    cast = Cast("timestamp", formats=("%Y. %m. %d. %p %I:%M",))
    desk.load("orders", desk.file(HEADER, [["2024. 1. 5. 오후 3:04", "KR", "o1", 1]]), "one", ordered_at=cast)
    assert desk.all("orders")[0]["ordered_at"] == dt.datetime(2024, 1, 5, 6, 4)


def test_rows_of_several_markets_in_one_file_each_keep_their_clock(desk):
    lines = [["2024-01-05 00:30:00", market, market, 1] for market in ("KR", "US", "JP", "DE")]
    desk.load("orders", desk.file(HEADER, lines), "one")
    assert {(r["market"], r["ordered_at"].isoformat(), r["day"].isoformat()) for r in desk.all("orders")} == {
        ("KR", "2024-01-04T15:30:00", "2024-01-05"),
        ("US", "2024-01-05T05:30:00", "2024-01-05"),
        ("JP", "2024-01-04T15:30:00", "2024-01-05"),
        ("DE", "2024-01-04T23:30:00", "2024-01-05"),
    }
