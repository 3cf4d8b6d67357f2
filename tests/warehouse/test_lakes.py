"""A lake is made whole, can be made again, and is closed to every other client."""

from __future__ import annotations

import psycopg
import pytest
from django.conf import settings
from psycopg import conninfo

from warehouse.engine import data_version, rows, table
from warehouse.engine.ducklake.catalogue import (
    catalogue_name,
    drop_catalogue,
    lake_folder,
    make_catalogue,
    role_password,
)
from warehouse.engine.ducklake.reading import run
from warehouse.engine.ducklake.schema import all_tables
from warehouse.errors import BadName, LakeMissing
from warehouse.lakes import create_lake, drop_lake


def test_a_lake_has_every_canonical_table(desk):
    names = {
        name
        for (name,) in run("SELECT table_name FROM duckdb_tables() WHERE database_name = 'lk'", desk.client, 20).rows
    }
    assert names == {t.name for t in all_tables()}


def test_making_a_lake_again_keeps_what_is_in_it(desk):
    desk.load("channel_daily", desk.file(["day", "market", "clicks"], [["2024-01-01", "KR", 5]]), "first")
    create_lake(desk.client)
    assert [row["clicks"] for row in desk.all("channel_daily")] == [5]


def test_a_lake_that_a_killed_worker_left_half_made_is_made_whole(desk):
    drop_lake(desk.client)
    make_catalogue(desk.client)  # role and schema are there, nothing else
    create_lake(desk.client)
    assert desk.all("orders") == []


def test_a_removed_lake_is_gone_with_its_files_and_role(desk):
    desk.load("channel_daily", desk.file(["day", "market", "clicks"], [["2024-01-01", "KR", 5]]), "first")
    drop_lake(desk.client)
    assert not lake_folder(desk.client).exists()
    with pytest.raises(LakeMissing):
        desk.all("orders")
    drop_lake(desk.client)  # again does nothing


@pytest.mark.parametrize("name", ["public", "", "ab", "Acme", "a-b", "1acme", "acme; drop", "a" * 32])
def test_only_plain_names_can_name_a_lake(name):
    with pytest.raises(BadName):
        create_lake(name)


def test_a_role_that_may_make_roles_and_schemas_is_enough(settings):
    at = conninfo.conninfo_to_dict(settings.LAKE_DATABASE_URL)
    with psycopg.connect(settings.LAKE_DATABASE_URL, autocommit=True) as boss:
        boss.execute("create role plain_admin login createrole password 'plain-admin'")
        boss.execute(f'grant create on database "{at["dbname"]}" to plain_admin')
        settings.LAKE_DATABASE_URL = conninfo.make_conninfo(**at | {"user": "plain_admin", "password": "plain-admin"})
        try:
            make_catalogue("c_plain")
            make_catalogue("c_plain")  # again changes nothing
            own = at | {"user": catalogue_name("c_plain"), "password": role_password("c_plain")}
            with psycopg.connect(**own) as connection:
                connection.execute(f"create table {catalogue_name('c_plain')}.own (n int)")
            drop_catalogue("c_plain")
            assert (
                boss.execute("select 1 from pg_roles where rolname = %s", [catalogue_name("c_plain")]).fetchone()
                is None
            )
        finally:
            boss.execute("drop owned by plain_admin cascade")
            boss.execute("drop role plain_admin")


def test_a_clients_role_sees_no_other_catalogue(desk):
    at = conninfo.conninfo_to_dict(settings.LAKE_DATABASE_URL) | {
        "user": catalogue_name(desk.client),
        "password": role_password(desk.client),
    }
    with psycopg.connect(**at) as connection:
        connection.execute(f"select count(*) from {catalogue_name(desk.client)}.ducklake_table")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"select * from {catalogue_name('c_globex')}.ducklake_table")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "ATTACH '/tmp/other.duckdb'",
        "SET enable_external_access = true",
        "INSTALL spatial",
        "SELECT * FROM read_text('/proc/self/environ')",
    ],
)
def test_an_instance_reaches_nothing_outside_its_lake(desk, statement):
    import duckdb

    with pytest.raises((duckdb.Error, Exception), match=r"(?i)permission|disabled|locked|not allowed|cannot|busy"):
        run(statement, desk.client, 20)


def test_files_at_rest_are_encrypted(desk):
    desk.load(
        "channel_daily", desk.file(["day", "market", "campaign"], [["2024-01-01", "KR", "secret-campaign"]]), "first"
    )
    parquet = list(lake_folder(desk.client).rglob("*.parquet"))
    assert parquet
    assert all(path.read_bytes()[:4] == b"PARE" and b"secret-campaign" not in path.read_bytes() for path in parquet)


def test_the_data_version_changes_with_each_write_only(desk):
    before = data_version(desk.client)
    assert data_version(desk.client) == before
    desk.load("channel_daily", desk.file(["day", "market", "clicks"], [["2024-01-01", "KR", 5]]), "first")
    after = data_version(desk.client)
    assert after != before
    rows(table("channel_daily"), desk.scope())
    assert data_version(desk.client) == after
