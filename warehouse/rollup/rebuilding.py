"""Works out every measure of a client anew from the canonical rows: the second opinion on what loads have kept right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.engine.ducklake.catalogue import lake_lock
from warehouse.engine.ducklake.instance import instance, transaction
from warehouse.engine.ducklake.schema import literal
from warehouse.loading.stage import loading_limits
from warehouse.loading.touching import begin_touching, note_touched
from warehouse.loading.writing import next_moment
from warehouse.rollup import refresh
from warehouse.rollup.replacing import Change
from warehouse.scope import Tenancy

if TYPE_CHECKING:
    import duckdb

BY_REBUILD = "rebuild"
CANONICAL_OF = ("channel_daily", "orders", "events")


def rebuild(tenancy: Tenancy) -> int:
    """Work out all measures of all days again; answers how many rows of measures said something else before.

    Where loads and undos have kept the measures right, that is none and nothing is written.
    *Errors*: LakeBusy, LakeMissing, TooLarge.
    """
    with instance(tenancy.client, loading_limits()) as root, lake_lock(tenancy.client):
        change = Change(next_moment(root), BY_REBUILD)
        with transaction(root):
            for origin in CANONICAL_OF:
                for source in _sources(root, origin):
                    begin_touching(root)
                    _touch_all(root, origin, source)
                    refresh(root, tenancy, source=source, table=origin, change=change)
            return _written(root, change)


def _sources(root: duckdb.DuckDBPyConnection, origin: str) -> list[str]:
    found = root.execute(
        f"SELECT source FROM lk.main.{origin} WHERE known_to IS NULL UNION "
        f"SELECT source FROM lk.main.measure_daily WHERE origin = {literal(origin)} ORDER BY 1"
    )
    return [row[0] for row in found.fetchall()]


def _touch_all(root: duckdb.DuckDBPyConnection, origin: str, source: str) -> None:
    mine = f"source = {literal(source)}"
    note_touched(
        root,
        f"SELECT market, day FROM lk.main.{origin} WHERE {mine} AND known_to IS NULL "
        f"UNION SELECT market, day FROM lk.main.measure_daily WHERE {mine} AND origin = {literal(origin)}",
    )


def _written(root: duckdb.DuckDBPyConnection, change: Change) -> int:
    """Rows of measures that are new, and those that went without a successor."""
    counted = [
        f"SELECT count(*) FROM lk.main.{table} WHERE known_from = {change.moment} AND load_id = {literal(change.by)}"
        for table in ("measure_daily", "measure_period")
    ]
    counted += [
        f"SELECT count(*) FROM lk.main.{table} WHERE known_to = {change.moment} AND closed_by = {literal(change.by)}"
        for table in ("measure_daily_history", "measure_period_history")
    ]
    return sum(int(row[0]) for sql in counted for row in root.execute(sql).fetchall())
