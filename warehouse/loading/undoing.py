"""Takes a load back as if it had never been: its versions go, those that it had closed are open again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.engine.ducklake.catalogue import lake_lock
from warehouse.engine.ducklake.instance import instance, transaction
from warehouse.engine.ducklake.schema import literal, quoted
from warehouse.loading.derived import derive_orders
from warehouse.loading.stage import first, loading_limits
from warehouse.loading.touching import begin_touching, note_touched
from warehouse.loading.writing import next_moment
from warehouse.rollup import refresh
from warehouse.rollup.replacing import Change
from warehouse.scope import Tenancy
from warehouse.tables import CANONICAL, Table

if TYPE_CHECKING:
    import duckdb

BY_UNDO = "undo:"


def undo(tenancy: Tenancy, load_id: str) -> int:
    """Take a load back whole, with its measures; answers how many rows went. A load that isn't there counts 0.

    A row that a later load also brought, unchanged, stays and is that load's from then on. The canonical rows are as if
    the load had never been; what measures said while it stood remains in their history, because it was reported.
    *Errors*: LakeBusy, LakeMissing.
    """
    with instance(tenancy.client, loading_limits()) as root, lake_lock(tenancy.client):
        row = root.execute(
            f"SELECT table_name, source FROM lk.main.loads WHERE load_id = {literal(load_id)}"
        ).fetchone()
        if row is None:
            return 0
        table, source = CANONICAL[row[0]], row[1]
        with transaction(root):
            begin_touching(root)
            taken = _take_back(root, table, source, load_id)
            if table.name in ("orders", "order_items"):
                derive_orders(root, source)
            change = Change(next_moment(root), f"{BY_UNDO}{load_id}")
            root.execute(f"DELETE FROM lk.main.loads WHERE load_id = {literal(load_id)}")
            values = f"{literal(load_id)}, {literal(table.name)}, {literal(source)}, {change.moment}"
            root.execute(f"INSERT INTO lk.main.undoings VALUES ({values})")
            refresh(root, tenancy, source=source, table=table.name, change=change)
    return taken


def _take_back(root: duckdb.DuckDBPyConnection, table: Table, source: str, load_id: str) -> int:
    stored, mine = f"lk.main.{quoted(table.name)}", f"source = {literal(source)}"
    of_load = f"{mine} AND load_id = {literal(load_id)}"
    claims = f"lk.main.claims WHERE table_name = {literal(table.name)} AND {mine}"
    root.execute(f"DELETE FROM {claims} AND load_id = {literal(load_id)}")
    # Each version of the load, and the load that brought the same row again while it was current, if any did.
    later = "c.known_from > v.known_from AND (v.known_to IS NULL OR c.known_from < v.known_to)"
    root.execute(
        "CREATE OR REPLACE TEMP TABLE going AS SELECT v.row_key, any_value(v.known_to) AS known_to, any_value(v.closed_by) AS closed_by, "
        f"min(c.known_from) FILTER (WHERE {later}) AS heir_from, arg_min(c.load_id, c.known_from) FILTER (WHERE {later}) AS heir "
        f"FROM (SELECT row_key, known_from, known_to, closed_by FROM {stored} WHERE {of_load}) v "
        f"LEFT JOIN (SELECT row_key, load_id, known_from FROM {claims}) c USING (row_key) GROUP BY v.row_key"
    )
    _note(root, table, stored, mine, load_id)
    heirs = first(root, "SELECT count(*) FROM going WHERE heir IS NOT NULL")[0]
    # What the load had closed passes to whoever comes next: the heir, a later version, or nobody.
    root.execute(
        f"UPDATE {stored} AS t SET known_to = coalesce(g.heir_from, g.known_to), closed_by = coalesce(g.heir, g.closed_by) "
        f"FROM going g WHERE t.{mine} AND t.closed_by = {literal(load_id)} AND t.row_key = g.row_key"
    )
    root.execute(f"DELETE FROM {stored} WHERE {of_load} AND row_key IN (SELECT row_key FROM going WHERE heir IS NULL)")
    if heirs:
        root.execute(
            f"UPDATE {stored} AS t SET load_id = g.heir, known_from = g.heir_from FROM going g "
            f"WHERE t.{mine} AND t.load_id = {literal(load_id)} AND t.row_key = g.row_key AND g.heir IS NOT NULL"
        )
        root.execute(f"DELETE FROM {claims} AND (row_key, load_id) IN (SELECT row_key, heir FROM going)")
    return int(first(root, "SELECT count(*) FROM going")[0])


def _note(root: duckdb.DuckDBPyConnection, table: Table, stored: str, mine: str, load_id: str) -> None:
    """Which months change, and which orders have to be worked out again."""
    concerned = f"FROM {stored} WHERE {mine} AND (load_id = {literal(load_id)} OR closed_by = {literal(load_id)})"
    if table.has_day:
        note_touched(root, f"SELECT DISTINCT market, day {concerned}")
    if table.name in ("orders", "order_items"):
        root.execute(f"CREATE OR REPLACE TEMP TABLE affected_orders AS SELECT DISTINCT market, order_id {concerned}")
