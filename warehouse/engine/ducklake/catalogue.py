"""The PostgreSQL side of a lake: a role and a schema of the client's own, and the lock that orders its writers."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from psycopg import conninfo, errors, sql

from warehouse.errors import BadName, LakeBusy

NAME = re.compile(r"[a-z][a-z0-9_]{2,30}")
LOCK_WAIT_S = 600


def catalogue_name(client: str) -> str:
    """The name of a client's catalogue schema and role.

    *Errors*: BadName unless the client's schema is 3 to 31 of a-z, 0-9 and _, beginning with a letter.
    """
    if client == "public" or not NAME.fullmatch(client):
        raise BadName(
            _("“%(name)s” can't name a data lake.") % {"name": client},
            fix=_("Use 3 to 31 small letters, digits and underscores, beginning with a letter."),
            name=client,
        )
    return f"lake_{client}"


def lake_folder(client: str) -> Path:
    """Where a client's files lie."""
    catalogue_name(client)
    return Path(settings.LAKE_ROOT).resolve() / client


def spill_folder() -> Path:
    """Where queries and loads spill to; made when it is first asked for."""
    folder = Path(settings.LAKE_ROOT).resolve() / "tmp"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def role_password(client: str) -> str:
    """The password of a client's role: derived, so that no process has to store it."""
    return hmac.new(settings.LAKE_SECRET.encode(), catalogue_name(client).encode(), hashlib.sha256).hexdigest()


def place() -> dict[str, str]:
    """Host, port, database and so on of the catalogues' server."""
    return {key: str(value) for key, value in conninfo.conninfo_to_dict(settings.LAKE_DATABASE_URL).items()}


@contextmanager
def admin() -> Iterator[psycopg.Connection]:
    """A throw-away connection that may make roles and schemas."""
    with psycopg.connect(settings.LAKE_DATABASE_URL, autocommit=True) as connection:
        yield connection


def make_catalogue(client: str) -> None:
    """The role and the empty schema of a lake; does nothing to those that are there."""
    name = sql.Identifier(catalogue_name(client))
    password = sql.Literal(role_password(client))
    with admin() as connection, connection.transaction():
        # Roles belong to the whole server: two databases may make the same one at the same time.
        connection.execute("select pg_advisory_xact_lock(hashtext('lake roles'))")
        known = connection.execute("select 1 from pg_roles where rolname = %s", [catalogue_name(client)]).fetchone()
        change = "ALTER ROLE {} LOGIN PASSWORD {}" if known else "CREATE ROLE {} LOGIN NOINHERIT PASSWORD {}"
        connection.execute(sql.SQL(change).format(name, password))
        # PostgreSQL 16 and newer: who may make a role isn't a member of it, and only members give it a schema.
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(name, name))
        connection.execute(sql.SQL("REVOKE ALL ON SCHEMA {} FROM PUBLIC").format(name))
        role = catalogue_name(client)
        row = connection.execute("select has_schema_privilege(%s, 'public', 'create')", [role]).fetchone()
        if row and row[0]:  # what PostgreSQL before 15 gives to everybody
            connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")


def drop_catalogue(client: str) -> None:
    """Removes schema and role; a role that another database of the server still needs stays."""
    name = sql.Identifier(catalogue_name(client))
    with admin() as connection:
        # Idle sessions hold no lock. Ending them by force would abort the process whose engine has one open.
        connection.execute("set lock_timeout = '60s'")
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
        if not connection.execute("select 1 from pg_roles where rolname = %s", [catalogue_name(client)]).fetchone():
            return
        connection.execute(sql.SQL("DROP OWNED BY {}").format(name))
        try:
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(name))
        except errors.DependentObjectsStillExist:
            return


def has_catalogue(client: str) -> bool:
    """Whether the lake was ever finished: its books are the last table that is made."""
    with admin() as connection:
        row = connection.execute("select to_regclass(%s)", [f"{catalogue_name(client)}.ducklake_table"]).fetchone()
    return bool(row and row[0])


@contextmanager
def lake_lock(client: str, *, exclusive: bool = True, wait_s: float = LOCK_WAIT_S) -> Iterator[None]:
    """Holds the client's writers' lock; PostgreSQL lets it go even when the process is killed.

    *Errors*: LakeBusy when another writer holds it for longer than `wait_s`.
    """
    call = "pg_advisory_lock" if exclusive else "pg_advisory_lock_shared"
    with admin() as connection:
        connection.execute("select set_config('lock_timeout', %s, false)", [f"{int(wait_s * 1000)}ms"])
        try:
            connection.execute(f"select {call}(hashtext(%s))", [f"lake:{catalogue_name(client)}"])
        except errors.LockNotAvailable:
            raise LakeBusy(client) from None
        yield
