"""Loads a file into a lake, in one transaction."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.engine.ducklake.catalogue import lake_lock
from warehouse.engine.ducklake.instance import instance, transaction
from warehouse.engine.ducklake.schema import literal
from warehouse.loading.derived import derive_orders
from warehouse.loading.merging import Merge, Merged, load_directly, merge
from warehouse.loading.projection import Projection
from warehouse.loading.rejects import write_rejects
from warehouse.loading.stage import Counts, Progress, first, loading_limits, read_into_stage, staging_folder
from warehouse.loading.touching import begin_touching
from warehouse.plan import Loaded, Plan, Staged
from warehouse.rollup import refresh
from warehouse.rollup.replacing import Change
from warehouse.scope import Tenancy

if TYPE_CHECKING:
    import duckdb

_known_at: ContextVar[dt.datetime | None] = ContextVar("known_at", default=None)
READING, MERGING, ROLLING_UP = (0.0, 0.6), (0.6, 0.85), (0.85, 0.98)  # how long each step takes of the whole


def load(staged: Staged, plan: Plan, tenancy: Tenancy, load_id: str, progress: Progress, rejects_path: str) -> Loaded:
    """Load a file whole or not at all: rows, their history and all measures; a load that is already there isn't repeated.

    *Shape*: read = new + updated + unchanged + rejected + totals_skipped + superseded_in_file.
    *Errors*: PlanIncomplete, FileUnreadable, TooLarge, LakeBusy, LakeMissing.
    """
    projection = Projection(staged, plan, tenancy, today=dt.datetime.now(dt.UTC).date())
    limits = loading_limits(Path(staged.path).resolve().parent)
    with instance(tenancy.client, limits) as root, lake_lock(tenancy.client):
        job = Merge(root, projection.table, plan.source, load_id, next_moment(root))
        loaded = (
            _loaded_before(root, load_id)
            or _load_directly(job, projection, tenancy, progress)
            or _load_by_stage(job, projection, tenancy, progress, rejects_path)
        )
    progress(1.0)
    return replace(loaded, rejects_path=rejects_path if loaded.rejected else None)


def _load_directly(job: Merge, projection: Projection, tenancy: Tenancy, progress: Progress) -> Loaded | None:
    """The short way, for a source's first file when every row of it is good."""
    with suppress(_IrregularFile), transaction(job.cursor):
        begin_touching(job.cursor)
        with _told(job.cursor, progress, READING):
            n = load_directly(job, projection)
        if n is None:
            raise _IrregularFile
        mine = f"(SELECT * FROM {job.stored} WHERE source = {literal(job.source)} AND load_id = {literal(job.load_id)})"
        return _finish(job, _result(job, Counts(n, 0, 0, 0), Merged(n, 0, 0), mine), tenancy, progress, mine)
    return None


class _IrregularFile(Exception):
    """Rolls the short way back."""


def _load_by_stage(
    job: Merge, projection: Projection, tenancy: Tenancy, progress: Progress, rejects_path: str
) -> Loaded:
    with staging_folder() as folder:
        with _told(job.cursor, progress, READING):
            stage = read_into_stage(job.cursor, projection, folder)
        if stage.counts.rejected + stage.counts.broken:
            write_rejects(stage, rejects_path)
        with transaction(job.cursor):
            begin_touching(job.cursor)
            with _told(job.cursor, progress, MERGING):
                loaded = _result(job, stage.counts, merge(job, stage), stage.fresh)
            return _finish(job, loaded, tenancy, progress, stage.fresh)


def _finish(job: Merge, loaded: Loaded, tenancy: Tenancy, progress: Progress, rows: str) -> Loaded:
    """Enter the load in the books and bring what follows from it up to date."""
    root, name = job.cursor, job.table.name
    result = literal(json.dumps(asdict(loaded), ensure_ascii=False))
    values = f"{literal(job.load_id)}, {literal(name)}, {literal(job.source)}, {job.moment}, {result}"
    root.execute(f"INSERT INTO lk.main.loads VALUES ({values})")
    if name in ("orders", "order_items"):
        root.execute(f"CREATE OR REPLACE TEMP TABLE affected_orders AS SELECT DISTINCT market, order_id FROM {rows}")
        derive_orders(root, job.source)
    with _told(root, progress, ROLLING_UP):
        refresh(root, tenancy, source=job.source, table=name, change=Change(job.at, job.load_id))
    return loaded


def _result(job: Merge, counts: Counts, merged: Merged, rows: str) -> Loaded:
    span = (None, None)
    if job.table.has_day:
        span = first(job.cursor, f"SELECT min(day)::VARCHAR, max(day)::VARCHAR FROM {rows}")
    return Loaded(
        read=counts.read,
        new=merged.new,
        updated=merged.updated,
        unchanged=merged.unchanged,
        rejected=counts.rejected + counts.broken,
        totals_skipped=counts.totals,
        superseded_in_file=counts.superseded,
        rejects_path=None,
        first_day=span[0],
        last_day=span[1],
    )


@contextmanager
def known_at(moment: dt.datetime) -> Iterator[None]:
    """Enter the loads of this block as known since a past moment: history that is told after it happened."""
    before = _known_at.set(min(moment.astimezone(dt.UTC), dt.datetime.now(dt.UTC)))
    try:
        yield
    finally:
        _known_at.reset(before)


def next_moment(root: duckdb.DuckDBPyConnection) -> dt.datetime:
    """Now, but later than every load and undo before: versions must be in order whatever the clock does."""
    books = "SELECT known_from FROM lk.main.loads UNION ALL SELECT known_from FROM lk.main.undoings"
    latest = first(root, f"SELECT max(known_from) FROM ({books})")[0]
    now = (_known_at.get() or dt.datetime.now(dt.UTC)).replace(tzinfo=None)
    return now if latest is None or now > latest else latest + dt.timedelta(microseconds=1)


def _loaded_before(root: duckdb.DuckDBPyConnection, load_id: str) -> Loaded | None:
    # Without parameters: to bind the first one, duckdb imports pandas.
    row = root.execute(f"SELECT result FROM lk.main.loads WHERE load_id = {literal(load_id)}").fetchone()
    return Loaded(**json.loads(row[0])) if row else None


@contextmanager
def _told(root: duckdb.DuckDBPyConnection, progress: Progress, span: tuple[float, float]) -> Iterator[None]:
    """Tells how far the engine's running statement is, mapped into `span`, and never backwards."""
    done, (begin, end) = threading.Event(), span

    def watch() -> None:
        reached = begin
        while not done.wait(0.5):
            percent = root.query_progress()
            if percent and percent > 0:
                reached = max(reached, begin + (end - begin) * min(percent, 100.0) / 100)
                progress(reached)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
    progress(end)
