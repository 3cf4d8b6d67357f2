"""Why rows were rejected: as reasons with samples for the screen, as a spreadsheet for the person who mends them."""

from __future__ import annotations

import shutil
from pathlib import Path

from warehouse.engine.ducklake.schema import literal
from warehouse.loading.stage import Stage, left_out
from warehouse.plan import RejectReason

SAMPLES = 5
BOM = b"\xef\xbb\xbf"  # Excel takes a CSV without it for the machine's own code page


def reasons(stage: Stage) -> tuple[RejectReason, ...]:
    """Each reason and column once, most frequent first."""
    parts = [f"SELECT fault.reason, fault.column, fault.value FROM ({stage.projection.faults_sql(stage.rows)})"]
    if stage.mended:
        parts.append(f"SELECT reason, '' AS column, value FROM {left_out(stage.folder)} WHERE reason <> ''")
    found = stage.cursor.execute(
        f'SELECT reason, "column", count(*) AS n, list_sort(list_distinct(list(value) FILTER (value IS NOT NULL)))[:{SAMPLES}] '
        f"FROM ({' UNION ALL BY NAME '.join(parts)}) GROUP BY ALL ORDER BY n DESC, 1, 2"
    ).fetchall()
    return tuple(
        RejectReason(code, column, n, tuple(str(v)[:200] for v in sample or ())) for code, column, n, sample in found
    )


def write_rejects(stage: Stage, path: str) -> None:
    """Write the rejected rows, with their row in the person's file, so that they can be mended and loaded again.

    *Shape*: row, column, value, reason; UTF-8 with BOM; what a spreadsheet would take for a formula begins with '.
    """
    faulty = (
        f"SELECT {_row_number(stage)} AS row, fault.column, fault.value, fault.reason "
        f"FROM ({stage.projection.faults_sql(stage.rows)})"
    )
    broken = ""
    if stage.mended:
        start = stage.projection.staged.first_row_number
        broken = f" UNION ALL BY NAME SELECT {start} + ordinal AS row, '' AS column, value, reason FROM {left_out(stage.folder)} WHERE reason <> ''"
        _prepare_gaps(stage)
    safe = r"CASE WHEN regexp_matches(value, '^\s*[=+\-@]') THEN '''' || value ELSE value END AS value"
    target = stage.folder / "rejects.csv"
    stage.cursor.execute(
        f'COPY (SELECT row, "column", {safe}, reason FROM ({faulty}{broken}) ORDER BY row, "column") '
        f"TO {literal(str(target))} (FORMAT csv, HEADER, DELIMITER ',')"
    )
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with Path(path).open("wb") as out, target.open("rb") as made:
        out.write(BOM)
        shutil.copyfileobj(made, out)


def _prepare_gaps(stage: Stage) -> None:
    """`gaps`: from which readable row on how many records were left out before it."""
    stage.cursor.execute(
        "CREATE OR REPLACE TEMP TABLE gaps AS SELECT threshold, max(nth) AS before FROM ("
        f"SELECT row_number() OVER (ORDER BY ordinal) AS nth, ordinal - row_number() OVER (ORDER BY ordinal) + 1 AS threshold "
        f"FROM {left_out(stage.folder)}) GROUP BY threshold"
    )


def _row_number(stage: Stage) -> str:
    start = stage.projection.staged.first_row_number
    if not stage.mended:
        return f"{start} + k"
    return f"{start} + k + coalesce((SELECT max(before) FROM gaps WHERE threshold <= k), 0)"
