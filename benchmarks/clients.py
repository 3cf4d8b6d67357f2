"""How long a new client takes: the first, the 200th, and the same by running every migration."""

from __future__ import annotations

import time

from django.core.management import call_command
from django.db import connection

from benchmarks.figures import Figure, median
from benchmarks.stage import market_drafts, migrated
from tenants.current import close_schema
from tenants.models import Client
from tenants.services import ClientDraft, create_client, prepare, remove_client
from warehouse.lakes import create_lake, drop_lake

BY_MIGRATION = "c_bench_by_migration"


def run(size: int = 200) -> list[Figure]:
    """*Figures*: create_s, create_200th_s, by_migration_s: schema and lake, the last by running every migration."""
    migrated()
    made: list[Client] = []
    seconds: list[float] = []
    try:
        for number in range(size):
            began = time.perf_counter()
            made.append(
                prepare(
                    create_client(
                        draft=ClientDraft(f"bench-{number}", f"bench {number}"), markets=market_drafts(8), by=None
                    )
                )
            )
            seconds.append(time.perf_counter() - began)
        by_migration = median([_by_migration() for _again in range(3)])
    finally:
        close_schema()
        for client in made:
            remove_client(client, by=None)
    last = seconds[-5:]
    return [
        Figure("create_s", seconds[0], "s", 1.5, "the first client: schema, lake and 8 markets"),
        Figure("create_200th_s", median(last), "s", 1.5, f"the last of {size}, median of the last {len(last)}"),
        Figure("create_median_s", median(seconds), "s", note=f"median of all {size}"),
        Figure("by_migration_s", by_migration, "s", note="the same schema by running every migration, and the lake"),
    ]


def _by_migration() -> float:
    began = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'create schema "{BY_MIGRATION}"')
        call_command("migrate_schemas", tenant=True, schema_name=BY_MIGRATION, verbosity=0)
        create_lake(BY_MIGRATION)
        return time.perf_counter() - began
    finally:
        close_schema()
        drop_lake(BY_MIGRATION)
        with connection.cursor() as cursor:
            cursor.execute(f'drop schema if exists "{BY_MIGRATION}" cascade')
