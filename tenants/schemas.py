"""PostgreSQL schemas of clients: copied from a prepared template, because running every migration takes seconds."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from django_tenants.utils import schema_context

from tenants.errors import UnusableValue
from tenants.models import Client

TEMPLATE = "yj_template_schema"  # a name that occurs nowhere else in the dump
SCHEMA_NAME = re.compile(r"^c_[a-z][a-z0-9_]{1,24}$")
_ddl: dict[tuple[str, int], str] = {}


def schema_name_for(slug: str) -> str:
    """The schema of a client: prefixed, so that no address can name a schema of PostgreSQL's or ours."""
    return "c_" + slug.replace("-", "_")


def ensure_template() -> Client:
    """The row whose schema `migrate_schemas` keeps up to date and new clients are copied from."""
    template: Client | None = Client.objects.filter(schema_name=TEMPLATE).first()
    if template is None:
        template = Client(schema_name=TEMPLATE, slug="template", name="template", is_template=True)
        template.auto_create_schema = True
        template.save(verbosity=0)
    return template


def _state_of_template() -> int:
    with schema_context(TEMPLATE), connection.cursor() as cursor:
        cursor.execute("select max(id) from django_migrations")
        return int(cursor.fetchone()[0])


def create_schema(schema: str) -> None:
    """Make a client's schema, its tables and what its migrations put in them. Doing it again makes it anew.

    Errors: UnusableValue for a name that isn't a client's.
    """
    if not SCHEMA_NAME.match(schema):
        raise UnusableValue(f"{schema!r} is not the name of a client's schema.")
    sql = re.sub(rf"\b{TEMPLATE}\b", schema, _template_ddl())
    with _own_connection() as own, own.transaction():
        own.execute(f'drop schema if exists "{schema}" cascade')
        own.execute(sql.encode())


@contextmanager
def schema_lock(schema: str) -> Iterator[None]:
    """One at a time at a client's schema, whichever process; PostgreSQL lets go when the process dies."""
    with _own_connection() as own:
        own.execute("select pg_advisory_lock(hashtext(%s))", [f"schema:{schema}"])
        yield


def drop_schema(schema: str) -> None:
    """Remove a client's schema and all in it."""
    if not SCHEMA_NAME.match(schema):
        raise UnusableValue(f"{schema!r} is not the name of a client's schema.")
    with _own_connection() as own:
        own.execute(f'drop schema if exists "{schema}" cascade')


def _own_connection() -> psycopg.Connection:
    """A throw-away connection: the dump's SET lines must not reach the one that requests use."""
    database = connection.settings_dict
    return psycopg.connect(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=database["NAME"],
        autocommit=True,
        **({"sslmode": s} if (s := database["OPTIONS"].get("sslmode")) else {}),
    )


def _template_ddl() -> str:
    """The template as SQL, dumped anew in a process whenever a migration has been run on it."""
    database = connection.settings_dict
    state = (str(database["NAME"]), _state_of_template())
    if state not in _ddl:
        done = subprocess.run(
            [
                Path(settings.PG_DUMP),
                "--schema",
                TEMPLATE,
                "--no-owner",
                "--no-privileges",
                "--inserts",
                "-h",
                database["HOST"],
                "-p",
                str(database["PORT"]),
                "-U",
                database["USER"],
                database["NAME"],
            ],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PGPASSWORD": database["PASSWORD"]},
        )
        # pg_dump 18 brackets its output by psql's \restrict, which a server doesn't know.
        _ddl[state] = "\n".join(line for line in done.stdout.split("\n") if not line.startswith("\\"))
    return _ddl[state]
