"""Puts a stage into a lake: what is new is inserted, what changed is replaced with its history, what is the same stays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.engine.ducklake.schema import literal, quoted
from warehouse.loading.derived import is_derived
from warehouse.loading.projection import IRREGULAR, Projection
from warehouse.loading.stage import Stage, broken, first, forget_broken, scan
from warehouse.loading.touching import note_touched
from warehouse.tables import Table

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Merge:
    """One load on its way into one table of a lake."""

    cursor: duckdb.DuckDBPyConnection
    table: Table
    source: str
    load_id: str
    at: dt.datetime

    @property
    def stored(self) -> str:
        return f"lk.main.{quoted(self.table.name)}"

    @property
    def moment(self) -> str:
        return f"TIMESTAMP {literal(self.at.isoformat(sep=' '))}"


@dataclass(frozen=True)
class Merged:
    """What became of the rows of a stage."""

    new: int
    updated: int
    unchanged: int


def load_directly(job: Merge, projection: Projection) -> int | None:
    """Load a file of good rows of a source that has none yet, without a stage; None, with nothing to keep, when it isn't one.

    Inside the caller's transaction, to be rolled back after None.
    """
    import duckdb

    cursor = job.cursor
    if not _is_first(job):
        return None
    forget_broken(cursor)
    try:
        n = _insert(job, f"({projection.regular_sql(scan(projection.staged))})")
    except duckdb.InvalidInputException as error:
        if IRREGULAR in str(error):
            return None
        raise
    mine = f"(SELECT * FROM {job.stored} WHERE source = {literal(job.source)} AND load_id = {literal(job.load_id)})"
    double = f"SELECT count(*) FROM (SELECT row_key FROM {mine} GROUP BY row_key HAVING count(*) > 1)"
    if broken(cursor) or first(cursor, double)[0]:
        return None
    _note_days(job, mine, replaced=False)
    return n


def merge(job: Merge, stage: Stage) -> Merged:
    """Write a stage's rows as versions; fills `written` (row_key, market, day of old and new versions that matter).

    Inside the caller's transaction.
    """
    cursor = job.cursor
    fresh = stage.fresh
    if _is_first(job):
        n = _insert(job, fresh)
        _note_days(job, fresh, replaced=False)
        return Merged(new=n, updated=0, unchanged=0)
    _compare(job, stage, fresh)
    same, changed = first(cursor, "SELECT count(*) FILTER (same), count(*) FILTER (NOT same) FROM hits")
    if changed:
        cursor.execute(
            f"UPDATE {job.stored} SET known_to = {job.moment}, closed_by = {literal(job.load_id)} "
            f"WHERE {_current(job, stage)} AND row_key IN (SELECT row_key FROM hits WHERE NOT same)"
        )
    if same:
        cursor.execute(
            f"INSERT INTO lk.main.claims SELECT {literal(job.table.name)}, {literal(job.source)}, row_key, "
            f"{literal(job.load_id)}, {job.moment} FROM hits WHERE same"
        )
    kept = f"(SELECT f.* FROM {fresh} f ANTI JOIN (SELECT row_key FROM hits WHERE same) h USING (row_key))"
    n = _insert(job, kept)
    _note_days(job, kept, replaced=True)
    return Merged(new=n - changed, updated=changed, unchanged=same)


def _is_first(job: Merge) -> bool:
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {job.stored} WHERE source = {literal(job.source)} AND known_to IS NULL LIMIT 1)"
    return not first(job.cursor, sql)[0]


def _insert(job: Merge, relation: str) -> int:
    row = job.cursor.execute(
        f"INSERT INTO {job.stored} BY NAME SELECT *, {literal(job.load_id)} AS load_id, {job.moment} AS known_from FROM {relation}"
    ).fetchone()
    return int(row[0]) if row else 0


def _current(job: Merge, stage: Stage) -> str:
    """The current rows that the stage may meet; of a table keyed by day only its own days."""
    where = f"source = {literal(job.source)} AND known_to IS NULL"
    if "day" in job.table.key:
        begin, end = first(job.cursor, f"SELECT min(day), max(day) FROM {stage.rows} WHERE state = 0")
        where += f" AND day BETWEEN DATE '{begin or '1970-01-01'}' AND DATE '{end or '1970-01-01'}'"
    if job.table.name == "orders":
        where += f" AND NOT {is_derived(job.source)}"
    return where


def _compare(job: Merge, stage: Stage, fresh: str) -> None:
    """`hits`: rows of the stage that the lake has, whether they say the same, and the day of the old version."""
    given = set(stage.projection.loaded)
    columns = [c.name for c in job.table.columns if c.name not in job.table.key]
    same = " AND ".join(
        f"c.{quoted(name)} IS NOT DISTINCT FROM {f'f.{quoted(name)}' if name in given else 'NULL'}" for name in columns
    )
    day = "c.day" if job.table.has_day else "NULL::DATE"
    job.cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE hits AS SELECT f.row_key, {same or 'true'} AS same, c.market, {day} AS day "
        f"FROM {fresh} f JOIN (SELECT * FROM {job.stored} WHERE {_current(job, stage)}) c ON c.row_key = f.row_key"
    )


def _note_days(job: Merge, relation: str, *, replaced: bool) -> None:
    """`touched_days` and `touched`: the markets with the days and months whose measures this load changes."""
    if not job.table.has_day:
        return
    old = " UNION SELECT market, day FROM hits WHERE NOT same" if replaced else ""
    note_touched(job.cursor, f"SELECT DISTINCT market, day FROM {relation}{old}")
