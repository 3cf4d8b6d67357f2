"""A lake in memory: the same expressions, run by DuckDB over a handful of hand-written rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler

from kpis.queries.cells import BoardAsk, MarketColumn
from kpis.queries.money import Rates
from kpis.spans import Span, span_of
from ui.periods import parse_period
from warehouse.engine.ducklake.schema import column_type
from warehouse.scope import Scope
from warehouse.tables import ADDITIVE_MEASURES, MEASURE_DAILY, MEASURE_PERIOD

KR = MarketColumn("KR", "한국", "Korea", "KRW")
DE = MarketColumn("DE", "독일", "Germany", "EUR")
FR = MarketColumn("FR", "프랑스", "France", "EUR")
US = MarketColumn("US", "미국", "United States", "USD")
MEASURES = [name for names in ADDITIVE_MEASURES.values() for name in names]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def measured(market: str, when: str, origin: str, *, currency: str | None = None, **sums: float) -> dict[str, Any]:
    """One row of measure_daily; `source` and `channel` may be given among the sums."""
    named: dict[str, Any] = dict(sums)
    row = {
        "market": market, "source": named.pop("source", origin), "origin": origin, "day": day(when),
        "channel": named.pop("channel", "search"), "medium": "cpc", "campaign": named.pop("campaign", "c"),
        "currency": currency,
    }  # fmt: skip
    return {**row, **{name: named.get(name) for name in MEASURES}}


def every_day(market: str, first: str, last: str, origin: str, **sums: Any) -> list[dict[str, Any]]:
    """The same row on every day from first to last."""
    start, end = day(first), day(last)
    days = [(start + dt.timedelta(days=n)).isoformat() for n in range((end - start).days + 1)]
    return [measured(market, one, origin, **sums) for one in days]


def in_period(market: str, grain: str, start: str, **values: float) -> list[dict[str, Any]]:
    """Rows of measure_period."""
    return [
        {"market": market, "grain": grain, "start": day(start), "measure": name, "value": value}
        for name, value in values.items()
    ]


class MemoryLake:
    """Answers `warehouse.engine.rows` from tables in memory, cut to the scope's markets."""

    def __init__(self, daily: Sequence[Mapping[str, Any]], periods: Sequence[Mapping[str, Any]] = ()) -> None:
        self.con = duckdb.connect()
        self.reads = 0
        for table, rows in ((MEASURE_DAILY, daily), (MEASURE_PERIOD, periods)):
            columns = ", ".join(f'"{c.name}" {column_type(table, c)}' for c in table.columns)
            self.con.execute(f"create table all_{table.name} ({columns})")
            values = [tuple(row[c.name] for c in table.columns) for row in rows]
            if values:
                marks = ", ".join("?" * len(table.columns))
                self.con.executemany(f"insert into all_{table.name} values ({marks})", values)

    def rows(self, expr: Any, scope: Scope, timeout: float = 0) -> list[dict[str, Any]]:
        self.reads += 1
        for name in ("measure_daily", "measure_period"):
            codes = ", ".join(f"'{code}'" for code in scope.markets)
            self.con.execute(f"create or replace view {name} as select * from all_{name} where market in ({codes})")
        found = self.con.execute(DuckDBCompiler().to_sqlglot(expr.as_table()).sql("duckdb"))
        names = [column[0] for column in found.description]
        return [
            {name: float(v) if isinstance(v, Decimal) else v for name, v in zip(names, row, strict=True)}
            for row in found.fetchall()
        ]


def use_lake(monkeypatch: pytest.MonkeyPatch, lake: MemoryLake) -> MemoryLake:
    monkeypatch.setattr("warehouse.engine.rows", lake.rows)
    return lake


def use_plans(
    monkeypatch: pytest.MonkeyPatch,
    home: str,
    rates: Mapping[tuple[str, str], float],
    goals: Mapping[tuple[str, str, str], tuple[float, str]],
) -> None:
    """Rates and targets by texts of months; a board of one channel asks for no targets."""
    known = {(currency, day(month + "-01")): rate for (currency, month), rate in rates.items()}
    aims = {(kpi, market, day(month + "-01")): value for (kpi, market, month), value in goals.items()}
    monkeypatch.setattr(
        "kpis.queries.board.plans_known", lambda keys, *_, **__: (aims if keys else {}, Rates(home, known))
    )


def span(text: str, fiscal_start: int = 1) -> Span:
    return span_of(parse_period(text, fiscal_start=fiscal_start))


def scope_of(ask: BoardAsk) -> Scope:
    return Scope(client="acme", markets=ask.codes, period=ask.span.period, channels=ask.channels)
