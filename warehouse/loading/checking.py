"""What loading a file would do, without doing it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from warehouse.engine.ducklake.instance import instance
from warehouse.engine.ducklake.schema import quoted
from warehouse.loading.projection import Projection
from warehouse.loading.rejects import reasons
from warehouse.loading.stage import Stage, loading_limits, read_into_stage, staging_folder
from warehouse.plan import Check, Plan, Staged
from warehouse.scope import Tenancy


def check(staged: Staged, plan: Plan, tenancy: Tenancy, preview: int = 50) -> Check:
    """Read a whole file as `load` would; nothing is written.

    *Shape*: read = loadable + rejected + totals_skipped + duplicates.
    *Errors*: PlanIncomplete, FileUnreadable, TooLarge, LakeMissing.
    """
    projection = Projection(staged, plan, tenancy, today=dt.datetime.now(dt.UTC).date())
    folder_of_file = Path(staged.path).resolve().parent
    with staging_folder() as folder, instance(tenancy.client, loading_limits(folder_of_file)) as root:
        stage = read_into_stage(root, projection, folder)
        counts = stage.counts
        return Check(
            read=counts.read,
            loadable=counts.good - counts.superseded,
            rejected=counts.rejected + counts.broken,
            totals_skipped=counts.totals,
            reasons=reasons(stage),
            preview=_preview(stage, preview),
            duplicates=counts.superseded,
        )


def _preview(stage: Stage, most: int) -> tuple[dict[str, str | None], ...]:
    names = [name for name in stage.projection.loaded if name != "source"]
    shown = ", ".join(f"{quoted(name)}::VARCHAR" for name in names)
    found = stage.cursor.execute(
        f"SELECT {shown} FROM {stage.rows} WHERE state = 0 ORDER BY k LIMIT {int(most)}"
    ).fetchall()
    return tuple(dict(zip(names, row, strict=True)) for row in found)
