"""The DDL of a DuckLake lake, made from `warehouse.tables`."""

from __future__ import annotations

from collections.abc import Iterator

from warehouse.tables import BOOKS, CANONICAL, HOUSEKEEPING, MEASURES, Column, Kind, Table

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
    """A table's columns as they lie in the lake: canonical ones with their housekeeping."""
    return (*table.columns, *HOUSEKEEPING) if table.name in CANONICAL else table.columns


def column_type(table: Table, column: Column) -> str:
    """The DuckDB type of a column."""
    if table.name in MEASURES and column.kind in ("money", "number"):
        return SUM_OF_MONEY
    return TYPES[column.kind]


def all_tables() -> tuple[Table, ...]:
    """Every table of a lake; the books come last, so that whoever finds them finds everything."""
    return (*CANONICAL.values(), *MEASURES.values(), *BOOKS.values())


def table_ddl(table: Table) -> Iterator[str]:
    """The statements that make a table where it isn't there yet."""
    columns = ", ".join(f"{quoted(c.name)} {column_type(table, c)}" for c in stored_columns(table))
    yield f"CREATE TABLE IF NOT EXISTS lk.main.{quoted(table.name)} ({columns})"
    if table.has_day:
        # Daily figures are read by the year: few large files beat many small ones. Behaviour is read by the month.
        span = 'year("day")' if table.name in ("channel_daily", "measure_daily") else 'year("day"), month("day")'
        yield f"ALTER TABLE lk.main.{quoted(table.name)} SET PARTITIONED BY ({span})"
