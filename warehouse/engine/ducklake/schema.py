"""The DDL of a DuckLake lake, made from `warehouse.tables`."""

from __future__ import annotations

from collections.abc import Iterator

from warehouse.tables import (
    BOOKS,
    CANONICAL,
    HOUSEKEEPING,
    MEASURE_HISTORY,
    MEASURE_HOUSEKEEPING,
    MEASURE_VERSIONS,
    MEASURES,
    Column,
    Kind,
    Table,
)

OF_MEASURES = frozenset({*MEASURES, *MEASURE_VERSIONS, *(t.name for t in MEASURE_HISTORY.values())})

TYPES: dict[Kind, str] = {
    "text": "VARCHAR",
    "count": "BIGINT",
    "money": "DECIMAL(18, 6)",
    "number": "DECIMAL(18, 6)",
    "ratio": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "json": "VARCHAR",
    "bool": "BOOLEAN",
    "key": "UUID",
}

SUM_OF_MONEY = "DECIMAL(24, 6)"  # a day's sum outgrows what one row may be


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def stored_columns(table: Table) -> tuple[Column, ...]:
    """A table's columns as they lie in the lake: canonical ones and measures with their housekeeping."""
    if table.name in CANONICAL:
        return (*table.columns, *HOUSEKEEPING)
    return (*table.columns, *MEASURE_HOUSEKEEPING) if table.name in MEASURES else table.columns


def column_type(table: Table, column: Column) -> str:
    """The DuckDB type of a column."""
    if table.name in OF_MEASURES and column.kind in ("money", "number"):
        return SUM_OF_MONEY
    return TYPES[column.kind]


def all_tables() -> tuple[Table, ...]:
    """Every table of a lake; the books come last, so that whoever finds them finds everything."""
    return (*CANONICAL.values(), *MEASURES.values(), *MEASURE_HISTORY.values(), *BOOKS.values())


def table_ddl(table: Table) -> Iterator[str]:
    """The statements that make a table where it isn't there yet."""
    columns = ", ".join(f"{quoted(c.name)} {column_type(table, c)}" for c in stored_columns(table))
    yield f"CREATE TABLE IF NOT EXISTS lk.main.{quoted(table.name)} ({columns})"
    if table.has_day:
        # Daily figures are read by the year: few large files beat many small ones. Behaviour is read by the month.
        yearly = table.name == "channel_daily" or table.name in OF_MEASURES
        span = 'year("day")' if yearly else 'year("day"), month("day")'
        yield f"ALTER TABLE lk.main.{quoted(table.name)} SET PARTITIONED BY ({span})"


def missing_columns(table: Table, there: frozenset[str]) -> Iterator[str]:
    """The statements that give a table of an older release the columns that it lacks; they are empty in its rows."""
    for column in stored_columns(table):
        if column.name not in there:
            name = f"{quoted(column.name)} {column_type(table, column)}"
            yield f"ALTER TABLE lk.main.{quoted(table.name)} ADD COLUMN {name}"
