"""Reads a staged file once, typed and judged, into a Parquet file that all later steps work from."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from warehouse.engine.ducklake.catalogue import spill_folder
from warehouse.engine.ducklake.instance import Limits
from warehouse.engine.ducklake.schema import literal, quoted
from warehouse.errors import FileUnreadable, TooLarge
from warehouse.loading.keys import nth_key
from warehouse.loading.mending import LONGEST_LINE, has_blank_lines, mend
from warehouse.loading.projection import BLANK, GOOD, REJECTED, TOTAL, Projection
from warehouse.plan import Staged

if TYPE_CHECKING:
    import duckdb

LOADING_MEMORY = "400MB"  # below it the engine writes the stage with one thread
LOADING_THREADS = 2
STAGE_GROUP = 16_384  # rows: each thread holds one group of every column, and event files have many wide ones
BROKEN = {
    "TOO MANY COLUMNS": "too_many_fields",
    "LINE SIZE OVER MAXIMUM": "line_too_long",
    "UNQUOTED VALUE": "unclosed_quote",
    "INVALID ENCODING": "invalid_encoding",
}


def loading_limits(*folders: Path) -> Limits:
    """What a load may use: a fixed amount of memory whatever the file's size, the rest spills."""
    # A list of words that a cell may be would become a join: slower, and rows would lose their order.
    return Limits(memory=LOADING_MEMORY, threads=LOADING_THREADS, folders=folders, without="in_clause")


@dataclass(frozen=True)
class Counts:
    """Rows of the file by what becomes of them; `broken` couldn't even be split into cells."""

    good: int
    rejected: int
    totals: int
    broken: int
    superseded: int = 0

    @property
    def read(self) -> int:
        return self.good + self.rejected + self.totals + self.broken


@dataclass(frozen=True)
class Stage:
    """A file that was read: `rows` and `fresh` are SQL relations over it.

    `rows`: every row with its position `k`, state and faults. `fresh`: the good ones, once a key.
    """

    projection: Projection
    cursor: duckdb.DuckDBPyConnection
    folder: Path
    counts: Counts
    mended: bool

    @property
    def rows(self) -> str:
        return _rows(self.folder)

    @property
    def fresh(self) -> str:
        names = ", ".join(f"s.{quoted(name)}" for name in self.projection.loaded)
        return (
            f"(SELECT {names}, coalesce(p.new_key, s.row_key) AS row_key FROM {self.rows} s LEFT JOIN picks p ON p.k = s.k "
            f"WHERE s.state = {GOOD} AND coalesce(p.kept, true))"
            if self._has_doubles
            else f"(SELECT {names}, s.row_key FROM {self.rows} s WHERE s.state = {GOOD})"
        )

    @property
    def _has_doubles(self) -> bool:
        row = self.cursor.execute("SELECT count(*) FROM picks").fetchone()
        return bool(row and row[0])


def _rows(folder: Path) -> str:
    path = literal(str(folder / "stage.parquet"))
    return (
        f"(SELECT * EXCLUDE (file_row_number), file_row_number AS k FROM read_parquet({path}, file_row_number = true))"
    )


@contextmanager
def staging_folder() -> Iterator[Path]:
    """A folder for one load's own files, gone at its end."""
    folder = spill_folder() / uuid.uuid4().hex
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def read_into_stage(cursor: duckdb.DuckDBPyConnection, projection: Projection, folder: Path) -> Stage:
    """Read, type and judge the file; broken lines are taken out first when there are any.

    *Errors*: FileUnreadable, TooLarge.
    """
    staged, mended = projection.staged, False
    _copy(cursor, projection, staged, folder)
    if broken(cursor):
        clean = replace(staged, path=str(folder / "clean.csv"), skip_lines=0)
        mend(staged, folder / "clean.csv", folder / "left_out.csv")
        mended = True
        _copy(cursor, projection, clean, folder)
    elif has_blank_lines(staged.path):
        mend(staged, folder / "clean.csv", folder / "left_out.csv")
        (folder / "clean.csv").unlink()
        mended = True
    counts = _counted(cursor, folder, mended=mended)
    superseded = _pick(cursor, folder, has_keyless=bool(projection.table.identity))
    return Stage(projection, cursor, folder, replace(counts, superseded=superseded), mended)


def _copy(cursor: duckdb.DuckDBPyConnection, projection: Projection, staged: Staged, folder: Path) -> None:
    import duckdb

    forget_broken(cursor)
    target = literal(str(folder / "stage.parquet"))
    try:
        cursor.execute(
            f"COPY ({projection.sql(scan(staged))}) TO {target} (FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE {STAGE_GROUP})"
        )
    except duckdb.OutOfMemoryException as error:
        raise TooLarge from error
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise FileUnreadable(
            _("The file can't be read as rows and columns."),
            fix=_("Save it again as CSV (UTF-8) and import that."),
            why=str(error).split("\n")[0][:300],
        ) from error


def scan(staged: Staged) -> str:
    """The file as a relation of text columns; broken lines go to `reject_errors`."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in staged.columns)
    quote = literal(staged.quote)
    return (
        f"read_csv({literal(staged.path)}, delim = {literal(staged.delimiter)}, quote = {quote}, escape = {quote}, "
        f"header = true, skip = {staged.skip_lines}, all_varchar = true, auto_detect = false, columns = {{{columns}}}, "
        f"store_rejects = true, max_line_size = {LONGEST_LINE}, buffer_size = {LONGEST_LINE * 4})"
    )


def forget_broken(cursor: duckdb.DuckDBPyConnection) -> None:
    """Begin to count broken lines anew."""
    cursor.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")


def broken(cursor: duckdb.DuckDBPyConnection) -> int:
    """How many lines the last scan couldn't split into cells."""
    row = cursor.execute("SELECT count(*) FROM reject_errors").fetchone()
    return int(row[0]) if row else 0


def left_out(folder: Path) -> str:
    """The records that `mend` took out, as a relation: ordinal, reason, value."""
    path = literal(str(folder / "left_out.csv"))
    columns = "{'ordinal': 'BIGINT', 'reason': 'VARCHAR', 'value': 'VARCHAR'}"
    return f"read_csv({path}, header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = {columns})"


def _counted(cursor: duckdb.DuckDBPyConnection, folder: Path, *, mended: bool) -> Counts:
    found = dict(cursor.execute(f"SELECT state, count(*) FROM {_rows(folder)} GROUP BY state").fetchall())
    found.pop(BLANK, None)
    lost = first(cursor, f"SELECT count(*) FROM {left_out(folder)} WHERE reason <> ''")[0] if mended else 0
    return Counts(good=found.get(GOOD, 0), rejected=found.get(REJECTED, 0), totals=found.get(TOTAL, 0), broken=lost)


def _pick(cursor: duckdb.DuckDBPyConnection, folder: Path, *, has_keyless: bool) -> int:
    """Decide about keys that the file has twice: honest duplicates get a key each, of a business key the last row counts.

    Fills `picks` (k, kept, new_key) and answers how many rows a later one supersedes.
    """
    rows = _rows(folder)
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE doubles AS SELECT row_key FROM {rows} WHERE state = {GOOD} GROUP BY row_key HAVING count(*) > 1"
    )
    keyless = "keyless" if has_keyless else "false"
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE picks AS "
        f"SELECT k, keyless OR n = last AS kept, CASE WHEN keyless THEN {nth_key('row_key', 'n')} ELSE row_key END AS new_key FROM ("
        f"SELECT k, row_key, {keyless} AS keyless, row_number() OVER (PARTITION BY row_key ORDER BY k) AS n, "
        f"count(*) OVER (PARTITION BY row_key) AS last FROM {rows} WHERE state = {GOOD} AND row_key IN (SELECT row_key FROM doubles))"
    )
    row = cursor.execute("SELECT count(*) FROM picks WHERE NOT kept").fetchone()
    return int(row[0]) if row else 0


Progress = Callable[[float], None]


def first(cursor: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    """The one row that a statement is sure to give."""
    row = cursor.execute(sql).fetchone()
    assert row is not None  # noqa: S101 (aggregates always answer)
    return tuple(row)
