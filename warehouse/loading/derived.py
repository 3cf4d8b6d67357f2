"""Orders that are known only by their lines: worked out from the current order items, and never part of anyone's history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.engine.ducklake.schema import literal
from warehouse.loading.keys import row_key
from warehouse.tables import ORDERS

if TYPE_CHECKING:
    import duckdb


def is_derived(source: str) -> str:
    """SQL that is true for an order that was worked out: a load of order items wrote it."""
    return (
        "load_id IN (SELECT load_id FROM lk.main.loads "
        f"WHERE table_name = 'order_items' AND source = {literal(source)})"
    )


def derive_orders(cursor: duckdb.DuckDBPyConnection, source: str) -> int:
    """Work out again the orders named in `affected_orders` (market, order_id), and note their months in `touched`.

    An order that was loaded itself stays as it is. Answers how many orders were taken away first.
    """
    named = "(market, order_id) IN (SELECT market, order_id FROM affected_orders)"
    mine = f"source = {literal(source)} AND {named}"
    old = f"FROM lk.main.orders WHERE {mine} AND {is_derived(source)}"
    cursor.execute(f"INSERT INTO touched SELECT DISTINCT market, date_trunc('month', day)::DATE {old}")
    removed = cursor.execute(f"DELETE {old}").fetchone()
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE worked_out AS {_orders_of_items(mine)}")
    cursor.execute("INSERT INTO lk.main.orders BY NAME SELECT * FROM worked_out")
    cursor.execute("INSERT INTO touched SELECT DISTINCT market, date_trunc('month', day)::DATE FROM worked_out")
    return int(removed[0]) if removed else 0


def _orders_of_items(mine: str) -> str:
    value = "sum(quantity * price - coalesce(discount, 0))"
    return (
        f"SELECT *, {row_key(ORDERS, frozenset(ORDERS.key), prefix='')} AS row_key FROM ("
        "SELECT market, source, order_id, min(ordered_at) AS ordered_at, arg_min(day, ordered_at) AS day, "
        "arg_min(customer_id, ordered_at) AS customer_id, min(currency) AS currency, "
        f"{value}::DECIMAL(18, 6) AS value, sum(discount)::DECIMAL(18, 6) AS discount, sum(quantity)::DECIMAL(18, 6) AS quantity, "
        f"min(coupon) AS coupon, CASE WHEN {value} < 0 THEN 'refund' END AS status, "
        "arg_max(load_id, known_from) AS load_id, max(known_from) AS known_from "
        f"FROM lk.main.order_items WHERE {mine} AND known_to IS NULL GROUP BY market, source, order_id) o "
        f"WHERE NOT EXISTS (SELECT 1 FROM lk.main.orders e WHERE e.{mine.split(' AND ')[0]} AND e.known_to IS NULL "
        "AND e.market = o.market AND e.order_id = o.order_id)"
    )
