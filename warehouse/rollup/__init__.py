"""Keeps the measures right: whatever a load or an undo touched is worked out again, in the same transaction.

The caller has filled the temp table `touched` (market, month).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.engine.ducklake.schema import literal
from warehouse.rollup.daily import ads_sql, events_sql, orders_sql
from warehouse.rollup.flags import EVENT_FLAGS, ORDER_FLAGS, measured, note_newly_measured
from warehouse.rollup.order_periods import refresh_order_periods
from warehouse.rollup.person_periods import refresh_person_periods
from warehouse.rollup.sessions import make_sessions, replace_person_days
from warehouse.scope import Tenancy

if TYPE_CHECKING:
    import duckdb

ORIGINS = {"channel_daily": "channel_daily", "orders": "orders", "order_items": "orders", "events": "events"}


def refresh(cursor: duckdb.DuckDBPyConnection, tenancy: Tenancy, *, source: str, table: str) -> None:
    """Work out again what `touched` names: measure_daily of the source, measure_period of its markets.

    Inside the caller's transaction.
    """
    origin = ORIGINS.get(table)
    if origin is None:
        return
    if origin == "orders":
        note_newly_measured(cursor, source, origin, measured(source, origin, ORDER_FLAGS))
    if origin == "events":
        _widen(cursor)
        note_newly_measured(cursor, source, origin, measured(source, origin, EVENT_FLAGS))
    row = cursor.execute("SELECT min(month), (max(month) + INTERVAL 1 MONTH)::DATE FROM touched").fetchone()
    if row is None or row[0] is None:
        return
    span = f"day >= DATE '{row[0]}' AND day < DATE '{row[1]}'"
    named = "(market, date_trunc('month', day)::DATE) IN (SELECT market, month FROM touched)"
    mine = f"source = {literal(source)} AND {span} AND {named}"
    cursor.execute(f"DELETE FROM lk.main.measure_daily WHERE origin = {literal(origin)} AND {mine}")
    if origin == "channel_daily":
        cursor.execute(f"INSERT INTO lk.main.measure_daily BY NAME {ads_sql(mine)}")
    elif origin == "orders":
        cursor.execute(f"INSERT INTO lk.main.measure_daily BY NAME {orders_sql(mine)}")
        refresh_order_periods(cursor, tenancy.fiscal_start)
    else:
        make_sessions(cursor, source)
        cursor.execute(f"INSERT INTO lk.main.measure_daily BY NAME {events_sql(source)}")
        replace_person_days(cursor, source, mine)
        refresh_person_periods(cursor, tenancy.fiscal_start)


def _widen(cursor: duckdb.DuckDBPyConnection) -> None:
    """A session may begin before midnight: what happens on a month's edge concerns its neighbour too."""
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT market, unnest([month, (month - INTERVAL 1 MONTH)::DATE, "
        "(month + INTERVAL 1 MONTH)::DATE]) AS month FROM touched"
    )
