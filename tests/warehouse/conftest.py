"""A client with four markets, and a way to write small files and load them."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from warehouse.engine import rows, table
from warehouse.loading import check, load, undo
from warehouse.plan import Cast, Check, ColumnPlan, Loaded, Plan, Staged
from warehouse.scope import MarketFacts, Period, Scope, Tenancy

MARKETS = {
    "KR": MarketFacts("KR", "KRW", "Asia/Seoul"),
    "US": MarketFacts("US", "USD", "America/New_York"),
    "JP": MarketFacts("JP", "JPY", "Asia/Tokyo"),
    "DE": MarketFacts("DE", "EUR", "Europe/Berlin"),
}
NUMBERS = {
    "impressions",
    "clicks",
    "cost",
    "views",
    "conversions",
    "value",
    "position",
    "impression_share",
    "discount",
    "tax",
    "shipping",
    "refund",
    "quantity",
    "price",
    "engagement_ms",
}
KINDS = {"day": "date", "ordered_at": "timestamp", "occurred_at": "timestamp", "joined_at": "timestamp"}


def default_cast(target: str) -> Cast:
    if target in NUMBERS:
        return Cast("number")
    return Cast(KINDS.get(target, "text"))  # type: ignore[arg-type]


@dataclass
class Desk:
    """Where a test lays files down: headers are canonical names, so that a plan follows from them."""

    client: str
    folder: Path
    loadable: frozenset[str] = frozenset(MARKETS)
    fiscal_start: int = 1
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def tenancy(self) -> Tenancy:
        return Tenancy(self.client, MARKETS, self.loadable, fiscal_start=self.fiscal_start)

    def file(self, header: Sequence[str], lines: Sequence[Sequence[Any]]) -> Staged:
        path = self.folder / f"{next(self.numbers)}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([header, *lines])
        return Staged(str(path), tuple(header))

    def raw(self, header: Sequence[str], text: str) -> Staged:
        path = self.folder / f"{next(self.numbers)}.csv"
        path.write_text(",".join(header) + "\n" + text, encoding="utf-8")
        return Staged(str(path), tuple(header))

    def plan(self, name: str, staged: Staged, source: str = "shop", **casts: Cast) -> Plan:
        columns = tuple(ColumnPlan(c, c, cast=casts.get(c, default_cast(c))) for c in staged.columns)
        return Plan(name, source, columns)

    def check(self, name: str, staged: Staged, **casts: Cast) -> Check:
        return check(staged, self.plan(name, staged, **casts), self.tenancy)

    def load(self, name: str, staged: Staged, load_id: str, source: str = "shop", **casts: Cast) -> Loaded:
        rejects = str(self.folder / f"{load_id}-rejects.csv")
        return load(staged, self.plan(name, staged, source, **casts), self.tenancy, load_id, lambda done: None, rejects)

    def undo(self, load_id: str) -> int:
        return undo(self.tenancy, load_id)

    def scope(self, *markets: str) -> Scope:
        return Scope(self.client, markets or tuple(MARKETS), Period(dt.date(2024, 1, 1), dt.date(2026, 1, 1)))

    def all(self, name: str, *markets: str) -> list[dict[str, Any]]:
        found = rows(table(name), self.scope(*markets))
        return sorted(found, key=lambda row: tuple(str(value) for value in row.values()))

    def rejects(self, load_id: str) -> list[dict[str, str]]:
        with (self.folder / f"{load_id}-rejects.csv").open(encoding="utf-8-sig", newline="") as made:
            return list(csv.DictReader(made))


@pytest.fixture
def desk(lake: str, tmp_path: Path) -> Desk:
    return Desk(lake, tmp_path)
