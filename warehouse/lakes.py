"""Making and removing a client's lake."""

from __future__ import annotations

import shutil

from warehouse.engine.ducklake.catalogue import drop_catalogue, lake_folder, lake_lock, make_catalogue
from warehouse.engine.ducklake.instance import Limits, instance, transaction
from warehouse.engine.ducklake.reading import forget_engine
from warehouse.engine.ducklake.schema import all_tables, table_ddl

MAKING = Limits(memory="256MB", threads=1)


def create_lake(client: str) -> None:
    """Make a client's lake: role, catalogue, encrypted folder and every canonical table.

    Can be run again at any time: what is there stays, what a killed worker left out is made.
    *Errors*: BadName.
    """
    forget_engine(client)
    make_catalogue(client)
    with lake_lock(client), instance(client, MAKING) as root:
        made = {
            row[0]
            for row in root.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'lk'").fetchall()
        }
        with transaction(root):  # one snapshot: a killed worker leaves all tables or none
            for table in all_tables():
                for statement in table_ddl(table) if table.name not in made else ():
                    root.execute(statement)


def drop_lake(client: str) -> None:
    """Remove a client's lake with everything in it; does nothing where there is none.

    *Errors*: BadName.
    """
    forget_engine(client)
    drop_catalogue(client)
    shutil.rmtree(lake_folder(client), ignore_errors=True)
