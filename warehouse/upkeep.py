"""Housekeeping of a lake: small files become large ones, old snapshots end, what killed workers left behind goes."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from warehouse.engine.ducklake.catalogue import lake_lock, spill_folder
from warehouse.engine.ducklake.instance import instance
from warehouse.loading.stage import loading_limits

SNAPSHOTS_LAST = dt.timedelta(days=1)  # a question that is being answered may stand on an older one
FILES_LAST = dt.timedelta(hours=1)  # after the last snapshot that names them
ORPHANS_LAST = dt.timedelta(days=1)  # a load in flight writes files that no snapshot names yet
REWRITE_AT = 0.3  # share of rows gone from a file that makes writing it anew worth it


def keep_up(client: str, *, now: dt.datetime | None = None) -> int:
    """Compact a client's lake and remove what nobody needs any more; answers how many files went.

    Takes the writers' lock. Readers aren't disturbed.
    *Errors*: LakeBusy, LakeMissing.
    """
    now = now or dt.datetime.now(dt.UTC)
    with instance(client, loading_limits()) as root, lake_lock(client):
        root.execute(f"CALL ducklake_rewrite_data_files('lk', delete_threshold => {REWRITE_AT})")
        root.execute("CALL ducklake_merge_adjacent_files('lk')")
        root.execute(f"CALL ducklake_expire_snapshots('lk', older_than => {_moment(now - SNAPSHOTS_LAST)})")
        gone = root.execute(
            f"CALL ducklake_cleanup_old_files('lk', older_than => {_moment(now - FILES_LAST)})"
        ).fetchall()
        gone += root.execute(
            f"CALL ducklake_delete_orphaned_files('lk', older_than => {_moment(now - ORPHANS_LAST)})"
        ).fetchall()
    return len(gone) + _clear_spill(now - ORPHANS_LAST)


def _moment(at: dt.datetime) -> str:
    return f"TIMESTAMPTZ '{at.astimezone(dt.UTC).isoformat(sep=' ')}'"


def _clear_spill(before: dt.datetime) -> int:
    """Folders of loads whose worker was killed."""
    left: list[Path] = [path for path in spill_folder().iterdir() if path.stat().st_mtime < before.timestamp()]
    for path in left:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(left)
