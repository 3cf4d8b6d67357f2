"""Making and removing a client's lake."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from warehouse.engine.ducklake.catalogue import drop_catalogue, lake_folder, lake_lock, make_catalogue
from warehouse.engine.ducklake.instance import Limits, instance, transaction
from warehouse.engine.ducklake.reading import forget_engine
from warehouse.engine.ducklake.schema import all_tables, missing_columns, table_ddl

if TYPE_CHECKING:
    import duckdb

MAKING = Limits(memory="256MB", threads=1)


def create_lake(client: str) -> None:
    """Make a client's lake: role, catalogue, encrypted folder and every canonical table.

    Can be run again at any time: what is there stays, what a killed worker left out is made, and a lake of an older
    release gets the tables and columns that it lacks.
    *Errors*: BadName.
    """
    forget_engine(client)
    make_catalogue(client)
    with lake_lock(client), instance(client, MAKING) as root:
        made = _columns_there(root)
        with transaction(root):  # one snapshot: a killed worker leaves all tables or none
            for table in all_tables():
                there = made.get(table.name)
                for statement in table_ddl(table) if there is None else missing_columns(table, frozenset(there)):
                    root.execute(statement)


def _columns_there(root: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    told = "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'lk' AND schema_name = 'main'"
    for table, column in root.execute(told).fetchall():
        found.setdefault(table, set()).add(column)
    return found


def drop_lake(client: str) -> None:
    """Remove a client's lake with everything in it; does nothing where there is none.

    *Errors*: BadName.
    """
    forget_engine(client)
    drop_catalogue(client)
    shutil.rmtree(lake_folder(client), ignore_errors=True)
