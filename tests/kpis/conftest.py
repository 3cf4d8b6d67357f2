"""A small lake through the real load, whose numbers are counted by hand in the tests."""

from __future__ import annotations

import csv
import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from sources.scope import tenancy_for
from tenants.models import Client
from tests.conftest import Person
from warehouse.loading import load
from warehouse.plan import Cast, ColumnPlan, Plan, Staged

NUMBERS = {"impressions", "clicks", "cost", "conversions", "value", "quantity", "price", "refund"}


def put(access: Any, folder: Path, table: str, source: str, rows: Sequence[dict[str, object]]) -> str:
    """Load rows as a file of one source; answers the load's id."""
    load_id = str(uuid.uuid4())
    columns = tuple(rows[0])
    path = folder / f"{table}-{uuid.uuid4().hex}.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, columns)
        writer.writeheader()
        writer.writerows(rows)
    plans = tuple(ColumnPlan(target=name, column=name, cast=_cast(name)) for name in columns)
    load(
        Staged(str(path), columns), Plan(table, source, plans), tenancy_for(access), load_id,
        lambda share: None, str(folder / "rejects.csv"),
    )  # fmt: skip
    return load_id


def _cast(name: str) -> Cast:
    if name in NUMBERS:
        return Cast("number")
    if name == "day":
        return Cast("date", formats=("%Y-%m-%d",))
    if name == "ordered_at":
        return Cast("timestamp", formats=("%Y-%m-%d %H:%M",))
    return Cast("text")


def ads(market: str, currency: str, first: dt.date, days: int, **amounts: float) -> list[dict[str, object]]:
    """The same ad row on every day."""
    return [
        {
            "market": market, "day": (first + dt.timedelta(days=n)).isoformat(), "channel": "search",
            "campaign": "brand", "currency": currency, **amounts,
        }
        for n in range(days)
    ]  # fmt: skip


def order(market: str, currency: str, day: str, number: int, value: float) -> dict[str, object]:
    return {
        "market": market, "order_id": f"{market}-{day}-{number}", "ordered_at": f"{day} 12:00",
        "customer_id": f"c{number}",
        "currency": currency, "value": value,
    }  # fmt: skip


@pytest.fixture
def small_lake(lake: str, alice: Person, tmp_path: Path) -> str:
    """September and October 2026: ads every day in Korea and Japan, orders in Korea, Japan and the US."""
    access = alice.at("acme")
    first = dt.date(2026, 9, 1)
    rows = ads("KR", "KRW", first, 61, impressions=1000, clicks=20, cost=5000)
    rows += ads("JP", "JPY", first, 61, impressions=500, clicks=30, cost=100)
    put(access, tmp_path, "channel_daily", "google-ads", rows)
    orders = [order("KR", "KRW", f"2026-10-{day:02d}", 1, 10000) for day in range(1, 32)]
    orders += [order("JP", "JPY", f"2026-10-{day:02d}", 1, 2000) for day in range(1, 32)]
    orders += [order("US", "USD", "2026-10-31", 1, 50)]
    put(access, tmp_path, "orders", "shop", orders)
    return lake


@pytest.fixture
def stays_open(acme: Client) -> Iterator[None]:
    """A request closes the client that it opened; tests that look into acme afterwards open it again."""
    from django.core.signals import request_finished

    def reopen(**kwargs: object) -> None:
        connection.set_tenant(acme)

    request_finished.connect(reopen)
    yield
    request_finished.disconnect(reopen)


@pytest.fixture
def clicks(lake: str, alice: Person, tmp_path: Path) -> Callable[..., None]:
    """Load one ad row a day, with the clicks given."""

    def load(market: str, first: dt.date, numbers: Sequence[int | None], currency: str = "KRW") -> None:
        rows = [
            row
            for n, number in enumerate(numbers)
            if number is not None
            for row in ads(
                market, currency, first + dt.timedelta(days=n), 1, impressions=1000, clicks=number, cost=5000
            )
        ]
        put(alice.at("acme"), tmp_path, "channel_daily", "google-ads", rows)

    return load
