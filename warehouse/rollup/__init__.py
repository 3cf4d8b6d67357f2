"""Keeps the measures right: whatever a load or an undo touched is worked out again, in the same transaction.

The caller has filled the temp tables `touched_days` (market, day) and `touched` (market, month).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.engine.ducklake.schema import literal
from warehouse.rollup.daily import ads_sql, events_sql, orders_sql
from warehouse.rollup.flags import EVENT_FLAGS, ORDER_FLAGS, measured, note_newly_measured
from warehouse.rollup.order_periods import refresh_order_periods
from warehouse.rollup.person_periods import refresh_person_periods
from warehouse.rollup.replacing import Change, replace_measures
from warehouse.rollup.sessions import make_sessions, replace_person_days
from warehouse.scope import Tenancy
from warehouse.tables import ADDITIVE_MEASURES

if TYPE_CHECKING:
    import duckdb

ORIGINS = {"channel_daily": "channel_daily", "orders": "orders", "order_items": "orders", "events": "events"}


def refresh(cursor: duckdb.DuckDBPyConnection, tenancy: Tenancy, *, source: str, table: str, change: Change) -> None:
    """Work out again what `touched` names: measure_daily of the source, measure_period of its markets.

    What really changes is noted with its time in the history of measures. Inside the caller's transaction.
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
    if origin == "channel_daily":  # ads of a day depend on that day only
        mine = f"source = {literal(source)} AND {_days(cursor)}"
    if origin == "events":
        make_sessions(cursor, source)
    fresh = {"channel_daily": ads_sql(mine), "orders": orders_sql(mine), "events": events_sql(source)}[origin]
    where, values = f"origin = {literal(origin)} AND {mine}", ADDITIVE_MEASURES[origin]
    replace_measures(cursor, "measure_daily", (fresh,), where=where, values=values, change=change)
    if origin == "orders":
        refresh_order_periods(cursor, tenancy.fiscal_start, change)
    if origin == "events":
        replace_person_days(cursor, source, mine)
        refresh_person_periods(cursor, tenancy.fiscal_start, change)


def _days(cursor: duckdb.DuckDBPyConnection) -> str:
    """The touched days, with their bounds for files that hold none of them."""
    first, last = cursor.execute("SELECT min(day), max(day) FROM touched_days").fetchone() or (None, None)
    named = "(market, day) IN (SELECT market, day FROM touched_days)"
    return f"day BETWEEN DATE '{first}' AND DATE '{last}' AND {named}"


def _widen(cursor: duckdb.DuckDBPyConnection) -> None:
    """A session may begin before midnight: what happens on a month's edge concerns its neighbour too."""
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT market, unnest([month, (month - INTERVAL 1 MONTH)::DATE, "
        "(month + INTERVAL 1 MONTH)::DATE]) AS month FROM touched"
    )
