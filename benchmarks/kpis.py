"""KPIs after a restated day and over everything: 30 markets × 24 months × all KPIs over five million rows of ads."""

from __future__ import annotations

import csv
import datetime as dt
import resource
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks import stage
from benchmarks.board import MONTHS, all_days, events, months_back, orders, owners_access, put, tenancy_of
from benchmarks.board_goals import set_goals
from benchmarks.figures import Figure, median
from kpis.catalogue import CATALOGUE
from kpis.queries.asked import BoardQuestion, DataState, ask_of, scope_of, state_of_data
from kpis.queries.board import board_values
from tenants.access import Access
from tenants.current import opened
from ui.periods import parse_period
from warehouse.loading import writing
from warehouse.rollup import refresh
from warehouse.rollup.rebuilding import rebuild
from warehouse.scope import Tenancy

MARKETS = 30
ROUNDS = 5
HEADER = [
    "market", "day", "channel", "medium", "campaign", "ad_group", "ad",
    "impressions", "clicks", "cost", "views", "conversions", "value",
]  # fmt: skip
ADS = """
    SELECT market, day::DATE AS day, ['google', 'meta', 'naver', 'kakao'][1 + ad % 4] AS channel, 'cpc' AS medium,
        'campaign ' || (ad // 4 % 6) AS campaign, 'group ' || (ad // 24 % 5) AS ad_group, 'ad ' || ad AS ad,
        2000 + seed % 88000 AS impressions, 10 + seed % 2000 AS clicks, 100 + seed % 3000 AS cost,
        seed % 9000 AS views, seed % 70 AS conversions, 200 + seed % 9000 AS value
    FROM (SELECT *, (hash(market, day, ad) % 1000003)::BIGINT AS seed FROM (
        SELECT 'M' || lpad(m::VARCHAR, 3, '0') AS market, d.day, ad
        FROM range({markets}) t(m), range({ads}) a(ad),
            (SELECT unnest(generate_series(DATE '{first}', DATE '{last}', INTERVAL 1 DAY)) AS day) d))
"""


def run(size: int = 5_000_000) -> list[Figure]:
    """*Figures*: one_day_s, all_s with their parts, and bare DuckDB summing the same rows; `size` is rows of ads."""
    with stage.client("bench-kpis", stage.market_drafts(MARKETS)) as (client, owner), stage.folder() as folder:
        access = owners_access(client, owner)
        tenancy = tenancy_of(access)
        rows = _fill(tenancy, folder, size)
        with opened(client):
            set_goals(access, months_back())
            days = [_one_day(access, tenancy, folder, turn) for turn in range(ROUNDS)]
            began = time.perf_counter()
            mended = rebuild(tenancy)
            measures = time.perf_counter() - began
            values = _values(access, months_back())
        if mended:
            raise RuntimeError(f"A full recompute found {mended} rows of measures that loads had left wrong.")
        bare = _bare(folder)
    measured, valued, loads = zip(*days, strict=True)
    told = f"{MARKETS} markets × {len(CATALOGUE)} KPIs over {rows:,} rows of ads"
    return [
        Figure("one_day_s", median([a + b for a, b in zip(measured, valued, strict=True)]), "s", 1, told),
        Figure("all_s", measures + values, "s", 20, f"all measures anew, and every KPI of {MONTHS} months"),
        Figure("one_day_measures_s", median(measured), "s", note="the measures of a restated day, with their history"),
        Figure("one_day_values_s", median(valued), "s", note="every KPI of its month, quarter and year to date"),
        Figure("all_measures_s", measures, "s"),
        Figure("all_values_s", values, "s"),
        Figure("load_s", median(loads), "s", note="the whole load of the restated day, measures included"),
        Figure("duckdb_s", bare, "s", note="bare DuckDB: the same rows of ads summed by day, market, campaign"),
        Figure("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB", note="resident, all of it"),
    ]


def _fill(tenancy: Tenancy, folder: Path, size: int) -> int:
    """Ads by ad, orders and behaviour of every day; answers how many rows of ads."""
    import duckdb

    days = all_days()
    ads = max(1, round(size / MARKETS / len(days)))
    path = folder / "channel_daily.csv"
    sql = ADS.format(markets=MARKETS, first=days[0], last=days[-1], ads=ads)
    with duckdb.connect(config={"threads": 2, "memory_limit": "400MB"}) as made:
        made.execute(f"COPY ({sql}) TO '{path}' (HEADER)")
    loaded = put(tenancy, "channel_daily", path, HEADER, "bench-ads")
    for table, rows in (("orders", orders), ("events", events)):
        header, lines = rows(tenancy, days)
        put(tenancy, table, _written(folder / f"{table}.csv", header, lines), header, f"bench-{table}")
    return loaded.new


def _written(path: Path, header: list[str], lines: Iterable[Iterable[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        writer.writerows(lines)
    return path


def _one_day(access: Access, tenancy: Tenancy, folder: Path, turn: int) -> tuple[float, float, float]:
    """Seconds of the measures, of the KPIs' values, and of the whole load of a file that restates a day."""
    import duckdb

    day = stage.TODAY - dt.timedelta(days=40 + turn)
    path = folder / f"restated-{turn}.csv"
    with duckdb.connect() as made:
        restated = (
            f"SELECT * REPLACE (cost + {turn + 1} AS cost) FROM read_csv('{folder / 'channel_daily.csv'}') "
            f"WHERE day = DATE '{day}'"
        )
        made.execute(f"COPY ({restated}) TO '{path}' (HEADER)")
    spent: list[float] = []

    def timed(*given: Any, **named: Any) -> None:
        began = time.perf_counter()
        refresh(*given, **named)
        spent.append(time.perf_counter() - began)

    began = time.perf_counter()
    with patch.object(writing, "refresh", timed):
        loaded = put(tenancy, "channel_daily", path, HEADER, f"bench-restated-{turn}")
    whole = time.perf_counter() - began
    if not loaded.updated:
        raise RuntimeError("The restated day changed nothing.")
    quarter = (day.month + 2) // 3
    return spent[0], _values(access, (f"{day:%Y-%m}", f"{day.year}-Q{quarter}", f"{day.year}-YTD-{day:%m}")), whole


def _values(access: Access, periods: Iterable[str]) -> float:
    """Seconds of every KPI of every market in these periods, nothing of it remembered from before."""
    began = time.perf_counter()
    state = state_of_data(access)
    for period in periods:
        _board(access, state, period)
    return time.perf_counter() - began


def _board(access: Access, state: DataState, period: str) -> None:
    keys = tuple(kpi.key for kpi in CATALOGUE)
    question = BoardQuestion(parse_period(period), access.market_codes, access.client.home_currency, keys)
    board = board_values(scope_of(access, question), ask_of(access, question, state))
    if len(board.rows) != len(CATALOGUE) or not board.has_data:
        raise RuntimeError(f"The board of {period} is empty.")


def _bare(folder: Path) -> float:
    """Seconds of plain DuckDB summing the ads from Parquet, the least that a recompute of all of them can take."""
    import duckdb

    parquet = folder / "ads.parquet"
    with duckdb.connect(config={"threads": 2, "memory_limit": "400MB"}) as bare:
        bare.execute(f"COPY (SELECT * FROM read_csv('{folder / 'channel_daily.csv'}')) TO '{parquet}'")
        began = time.perf_counter()
        bare.execute(
            "CREATE TABLE daily AS SELECT market, day, channel, medium, campaign, sum(impressions), sum(clicks), "
            f"sum(cost), sum(views), sum(conversions), sum(value) FROM '{parquet}' GROUP BY ALL"
        )
        return time.perf_counter() - began
