"""Makes stored measures say what was worked out anew: only rows that really differ are written, the old go to history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.engine.ducklake.schema import column_type, literal, quoted
from warehouse.tables import MEASURE_HISTORY, MEASURES, Table

if TYPE_CHECKING:
    import duckdb

# Sums of floating point depend on the order of addition: a difference this small is none.
SAME_WITHIN = 1e-12


@dataclass(frozen=True)
class Change:
    """What makes measures change, and when: a load's id, "undo:" and a load's id, or "rebuild"."""

    at: dt.datetime
    by: str

    @property
    def moment(self) -> str:
        return f"TIMESTAMP {literal(self.at.isoformat(sep=' '))}"

    @property
    def stamp(self) -> str:
        return f"{self.moment} AS known_from, {literal(self.by)} AS load_id"


def replace_measures(
    cursor: duckdb.DuckDBPyConnection,
    name: str,
    fresh: Iterable[str],
    *,
    where: str,
    values: tuple[str, ...],
    change: Change,
) -> None:
    """Make the rows of `where` in a measure table say what the statements `fresh` answer; `values` are what they measure.

    Rows that say the same stay as they are, with the date since when they say it; where nothing differs, nothing is
    written. Inside the caller's transaction.
    """
    table, stored = MEASURES[name], f"lk.main.{name}"
    if cursor.execute(f"SELECT 1 FROM {stored} WHERE {where} LIMIT 1").fetchone() is None:
        for sql in fresh:
            cursor.execute(f"INSERT INTO {stored} BY NAME SELECT *, {change.stamp} FROM ({sql})")
        return
    _collect(cursor, table, fresh)
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE standing AS SELECT rowid AS old_at, * FROM {stored} WHERE {where}")
    _compare(cursor, table, values)
    if _any(cursor, "gone"):
        columns = ", ".join(quoted(c.name) for c in table.columns)
        ended = f"{change.moment} AS known_to, {literal(change.by)} AS closed_by"
        cursor.execute(
            f"INSERT INTO lk.main.{MEASURE_HISTORY[name].name} BY NAME SELECT {columns}, known_from, load_id, {ended} "
            "FROM standing WHERE old_at IN (SELECT old_at FROM gone)"
        )
        cursor.execute(f"DELETE FROM {stored} WHERE {where} AND rowid IN (SELECT old_at FROM gone)")
    cursor.execute("DELETE FROM fresh WHERE rowid IN (SELECT new_at FROM same)")
    if _any(cursor, "fresh"):
        cursor.execute(f"INSERT INTO {stored} BY NAME SELECT *, {change.stamp} FROM fresh")
    for temporary in ("fresh", "standing", "same", "gone"):
        cursor.execute(f"DROP TABLE {temporary}")


def _collect(cursor: duckdb.DuckDBPyConnection, table: Table, fresh: Iterable[str]) -> None:
    """`fresh`: what was worked out anew."""
    columns = ", ".join(f"{quoted(c.name)} {column_type(table, c)}" for c in table.columns)
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE fresh ({columns})")
    for sql in fresh:
        cursor.execute(f"INSERT INTO fresh BY NAME {sql}")


def _compare(cursor: duckdb.DuckDBPyConnection, table: Table, values: tuple[str, ...]) -> None:
    """`same`: pairs of an old and a new row that say the same. `gone`: old rows that nothing says any more."""
    keys = " AND ".join(f"o.{quoted(name)} IS NOT DISTINCT FROM n.{quoted(name)}" for name in table.key)
    alike = " AND ".join(_alike(table, name) for name in values)
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE same AS SELECT o.old_at, n.rowid AS new_at FROM standing o "
        f"JOIN (SELECT rowid, * FROM fresh) n ON {keys} WHERE {alike}"
    )
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE gone AS SELECT old_at FROM standing WHERE old_at NOT IN (SELECT old_at FROM same)"
    )


def _alike(table: Table, name: str) -> str:
    old, new = f"o.{quoted(name)}", f"n.{quoted(name)}"
    if column_type(table, table.column(name)) != "DOUBLE":
        return f"{old} IS NOT DISTINCT FROM {new}"
    near = f"abs({old} - {new}) <= {SAME_WITHIN} * greatest(abs({old}), abs({new}))"
    return f"(({old} IS NULL AND {new} IS NULL) OR coalesce({near}, false))"


def _any(cursor: duckdb.DuckDBPyConnection, table: str) -> bool:
    return cursor.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None
