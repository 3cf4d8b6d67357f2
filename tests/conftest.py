"""The cast and the stage: one template database with two clients, copied for every process; each test rolls back."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client as Requests
from django.test import TransactionTestCase
from playwright.sync_api import Browser, sync_playwright

from tenants.access import Access, access_of
from tenants.models import Client, User
from tenants.queries import membership_at
from tests import browser as found
from tests import cast

BUILD_LOCK = 4242
LAKES = ("c_acme", "c_globex")
FRESH: dict[str, str] = {}  # the version of each lake that nothing was written to


def _admin() -> psycopg.Connection:
    database = connection.settings_dict
    return psycopg.connect(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    )


def _fingerprint() -> str:
    """Changes when a migration, the cast or the lake's tables change."""
    digest = hashlib.sha256()
    paths = [path for config in apps.get_app_configs() for path in sorted(Path(config.path, "migrations").glob("*.py"))]
    paths += [
        Path(cast.__file__),
        settings.BASE_DIR / "tenants" / "schemas.py",
        *sorted((settings.BASE_DIR / "warehouse").rglob("*.py")),
    ]
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _use(name: str) -> None:
    """Point Django and the lakes at a database."""
    from warehouse.engine import forget_engines

    forget_engines()
    connections.close_all()
    database = connection.settings_dict
    database["NAME"] = name
    secret = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    settings.LAKE_DATABASE_URL = (
        f"postgresql://{secret}@/{name}?host={quote(database['HOST'], safe='/')}&port={database['PORT']}"
    )


def _build(admin: psycopg.Connection, template: str) -> None:
    draft = f"{template}_draft"
    admin.execute(f"drop database if exists {draft} with (force)")
    admin.execute(f"create database {draft}")
    _use(draft)
    call_command("migrate_schemas", shared=True, verbosity=0)
    cast.make()
    _use("postgres")
    admin.execute(f"alter database {draft} rename to {template}")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    template, name = f"tpl_{_fingerprint()}", f"test_{os.getpid()}"
    settings.LAKE_ROOT = Path(settings.VAR_ROOT) / "lake" / name
    settings.UPLOAD_ROOT = Path(settings.VAR_ROOT) / "uploads" / name
    with django_db_blocker.unblock(), _admin() as admin:  # type: ignore[attr-defined]
        admin.execute("select pg_advisory_lock(%s)", [BUILD_LOCK])
        if not admin.execute("select 1 from pg_database where datname = %s", [template]).fetchone():
            _build(admin, template)
        admin.execute("select pg_advisory_unlock(%s)", [BUILD_LOCK])
        admin.execute(f"create database {name} template {template}")
        _use(name)

    def start_over(self: TransactionTestCase) -> None:
        # A flush is impossible across schemas, and would erase the clients.
        with _admin() as again:
            _use("postgres")
            again.execute(f"drop database {name} with (force)")
            again.execute(f"create database {name} template {template}")
            _use(name)

    TransactionTestCase._fixture_teardown = start_over  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock(), _admin() as admin:  # type: ignore[attr-defined]
        _use("postgres")
        admin.execute(f"drop database {name} with (force)")
    for folder in (settings.LAKE_ROOT, settings.UPLOAD_ROOT):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def acme(db: None) -> Iterator[Client]:
    """The client of alice, bob, dana and vera, opened."""
    client = Client.objects.get(slug="acme")
    connection.set_tenant(client)
    yield client
    connection.set_schema_to_public()


@pytest.fixture
def globex(db: None) -> Client:
    """The client of charlie and dana; not opened."""
    return Client.objects.get(slug="globex")


@pytest.fixture
def lake(acme: Client) -> Iterator[str]:
    """acme's lake for a test that loads: its schema name; what was written is made anew, for a lake doesn't roll back."""
    from warehouse.lakes import create_lake, drop_lake

    for client in LAKES:
        FRESH.setdefault(client, _version(client))
    yield acme.schema_name
    for client in LAKES:
        if _version(client) != FRESH[client]:
            drop_lake(client)
            create_lake(client)
            FRESH[client] = _version(client)


def _version(client: str) -> str:
    """Of a lake's data; empty where a test took the lake away."""
    from problems.errors import Problem
    from warehouse.engine import data_version

    try:
        return data_version(client)
    except Problem:
        return ""


@dataclass
class Person(Requests):
    """One of the cast with a browser: `alice.get("/c/acme/kpi/board/")`."""

    email: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.force_login(User.objects.get(email=self.email))

    def at(self, slug: str) -> Access:
        """What this person may do at a client."""
        membership = membership_at(User.objects.get(email=self.email), slug)
        assert membership is not None, f"{self.email} is not a member of {slug}"
        return access_of(membership)


def _person(name: str) -> Callable[[None], Person]:
    @pytest.fixture(name=name)
    def person(db: None) -> Person:
        return Person(email=cast.email(name))

    return person


alice, bob, charlie, dana, vera, olivia = (
    _person(name) for name in ("alice", "bob", "charlie", "dana", "vera", "olivia")
)


@pytest.fixture
def anonymous(db: None) -> Requests:
    return Requests()


@pytest.fixture(autouse=True)
def outside_any_client(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test inherits the schema that an earlier one left open, nor what one cached."""
    from django.core.cache import cache
    from django.urls import set_script_prefix
    from django.utils import translation

    yield
    set_script_prefix("/")
    translation.activate(settings.LANGUAGE_CODE)
    if "db" in request.fixturenames:
        connection.set_schema_to_public()
        cache.clear()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The one browser of a run: playwright can be started only once a process."""
    path = found.chromium()
    assert path, "there is no Chromium: `make setup-test` installs one"
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=path, args=list(found.ARGUMENTS))
        yield opened
        opened.close()
