"""A planted secret is looked for wherever something is kept or said: it must be nowhere but sealed."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery.signals import before_task_publish, task_prerun
from django.apps import apps
from django.conf import settings as live
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection as database
from django.test import Client as Browser

from sources.connectors.fakes import Asked, Reply
from sources.models import Connection, Sync
from sources.secrets import unseal
from sources.services.syncs.rotating import rotate_secrets
from tenants.current import opened
from tenants.models import Client
from tenants.services import make_token
from tests.conftest import Person
from tests.sources.connectors.stage import SUBJECTS, Stage, yesterday
from tests.sources.connectors.test_connection_pages import CONNECT, HOME, SECOND, choices

PLANTED_KEY = "PLANTED-access-licence-4f1d0b8e6a"
PLANTED_SECRET = "PLANTED-secret-key-9c27e5d3a1"
PLANTED = (PLANTED_KEY, PLANTED_SECRET)
API = "/c/acme/api/v1/"


def test_a_planted_secret_is_found_nowhere(
    acme, alice: Person, lake, settings, tmp_path, monkeypatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.UPLOAD_ROOT = tmp_path
    settings.CONNECTOR_PRIVATE_HOSTS = ["127.0.0.1"]
    caplog.set_level(logging.DEBUG)
    tasks: list[Any] = []
    heard = lambda **told: tasks.append(told)  # noqa: E731 - kept alive for as long as it listens
    task_prerun.connect(heard)
    before_task_publish.connect(heard)
    subject = SUBJECTS["naver_searchad"]
    fake = subject.make(5, yesterday())
    monkeypatch.setattr("sources.connectors.naver_searchad.fake.API_KEY", PLANTED_KEY)
    fake.secret = PLANTED_SECRET
    fake.customers[SECOND] = "second"
    given = {**subject.given, "api_key": PLANTED_KEY, "secret_key": PLANTED_SECRET}
    seen: list[str] = []

    with fake.serving() as url:
        settings.CONNECTOR_ADDRESSES = {subject.kind.key: url}
        stage = Stage(subject, fake, alice.at("acme"), yesterday())
        asking = _Walk(alice, seen)
        asking.post(CONNECT, {**given, "customer_id": "x"})
        fake.answer = _say_it_back
        asking.post(CONNECT, given)
        del fake.answer
        asking.post(CONNECT, given)
        _search_kept(tmp_path)  # the draft of the wizard lies somewhere now
        asking.get(f"{CONNECT}choose/")
        address = asking.post(f"{CONNECT}choose/", choices(stage))["Location"]
        fake.answer = _say_it_back
        asking.post(f"{address}read/", {})
        with opened(Client.objects.get(slug="acme")):
            assert Sync.objects.filter(state="failed").exists()
        asking.post(f"{address}keys/", given)
        _walk_everything(asking, address)
    task_prerun.disconnect(heard)
    before_task_publish.disconnect(heard)

    said = "\n".join([*seen, *(record.getMessage() for record in caplog.records), caplog.text, repr(tasks)])
    assert any("sources.run_sync" in repr(told) for told in tasks)
    assert "***" in said, "the vendor said the secret back, and it was blotted out"
    assert not [word for word in PLANTED if word in said]
    _search_kept(tmp_path)
    with opened(Client.objects.get(slug="acme")):
        assert unseal(Connection.objects.get().secret)["secret_key"] == PLANTED_SECRET


class _Walk:
    """A person whose every answer is kept."""

    def __init__(self, person: Person, seen: list[str]) -> None:
        self.person, self.seen = person, seen
        self.person.raise_request_exception = False

    def get(self, path: str, **named: Any) -> Any:
        return self._kept(self.person.get(path, **named))

    def post(self, path: str, sent: dict[str, Any]) -> Any:
        return self._kept(self.person.post(path, sent))

    def _kept(self, answer: Any) -> Any:
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        self.seen.append(f"{dict(answer.headers)}\n{body.decode('utf-8', 'replace')}")
        return answer


def _say_it_back(_asked: Asked) -> Reply:
    """A vendor that repeats credentials in its error."""
    return Reply({"code": 1002, "message": f"licence {PLANTED_KEY} with {PLANTED_SECRET} may not"}, 400)


def _walk_everything(asking: _Walk, address: str) -> None:
    """Every page and answer that tells of connections, and an error page of our own making."""
    with opened(Client.objects.get(slug="acme")):
        ids = [str(pk) for pk in Sync.objects.values_list("pk", flat=True)]
        _token, raw = make_token(asking.person.at("acme"), "checks")
    pages = [HOME, f"{HOME}connect/", CONNECT, address, f"{address}progress/", f"{address}keys/", f"{address}choices/"]
    pages += [f"{HOME}syncs/{pk}/" for pk in ids] + ["/c/acme/settings/audit/", "/c/acme/search/?q=naver"]
    for page in pages:
        asking.get(page)
    headers = {"Authorization": f"Token {raw}"}
    number = address.rstrip("/").split("/")[-1]
    for path in (
        "connectors/",
        "connections/",
        f"connections/{number}/",
        f"connections/{number}/syncs/",
        *(f"syncs/{pk}/" for pk in ids),
    ):
        answer = Browser().get(API + path, headers=headers)
        assert answer.status_code == 200, path
        asking.seen.append(answer.content.decode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sources.views.connections.change_keys", _broken)
        sent = {"customer_id": "1234567", "api_key": PLANTED_KEY, "secret_key": PLANTED_SECRET}
        assert asking.post(f"{address}keys/", sent).status_code == 500


def _broken(*_given: Any) -> None:
    raise RuntimeError("nobody foresaw this")


def _search_kept(uploads: Path) -> None:
    """No column of no table, no session, no file and nothing in the cache has it."""
    for row in Session.objects.all():
        assert not [word for word in PLANTED if word in json.dumps(row.get_decoded())]
    _search_cache()
    tables = {model._meta.db_table for model in apps.get_models()}
    with opened(Client.objects.get(slug="acme")), database.cursor() as cursor:
        cursor.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_schema in (current_schema(), 'public') and table_type = 'BASE TABLE'"
        )
        for schema, name in cursor.fetchall():
            if name in tables or name.startswith("sources"):
                for word in PLANTED:
                    cursor.execute(f'select count(*) from "{schema}"."{name}" t where t::text like %s', [f"%{word}%"])
                    assert cursor.fetchone()[0] == 0, (schema, name)
    for folder in (uploads, Path(live.LAKE_ROOT)):
        for path in folder.rglob("*"):
            if path.is_file():
                assert not [word for word in PLANTED if word.encode() in path.read_bytes()], path


def _search_cache() -> None:
    from django.core.cache import cache

    assert not [word for word in PLANTED if word.encode() in b"".join(cache._cache.values())]  # of the checks' own


@pytest.fixture
def connected(acme, alice: Person, lake, settings, tmp_path) -> Iterator[Connection]:
    settings.UPLOAD_ROOT, settings.CONNECTOR_PRIVATE_HOSTS = tmp_path, ["127.0.0.1"]
    subject = SUBJECTS["naver_searchad"]
    fake = subject.make(3, yesterday())
    with fake.serving() as url:
        settings.CONNECTOR_ADDRESSES = {subject.kind.key: url}
        yield Stage(subject, fake, alice.at("acme"), yesterday()).connect(3)


def test_rotating_puts_every_credential_under_the_first_key(connected: Connection, settings, capsys) -> None:
    old = list(settings.CONNECTION_KEYS)
    before = unseal(connected.secret)
    settings.CONNECTION_KEYS = ["a-new-word-of-the-operator", *old]
    call_command("rotate_keys")
    assert "1 connections" in capsys.readouterr().out
    settings.CONNECTION_KEYS = ["a-new-word-of-the-operator"]
    with opened(Client.objects.get(slug="acme")):
        connected.refresh_from_db()
        assert unseal(connected.secret) == before


def test_rotating_names_what_no_key_opens_and_leaves_it_alone(connected: Connection, settings) -> None:
    sealed = connected.secret
    settings.CONNECTION_KEYS = ["a-word-that-never-sealed-anything"]
    assert rotate_secrets().lost == (connected.name,)
    with pytest.raises(CommandError, match=connected.name):
        call_command("rotate_keys")
    with opened(Client.objects.get(slug="acme")):
        connected.refresh_from_db()
    assert connected.secret == sealed


def test_pages_older_than_the_operator_keeps_them_go_at_night(connected: Connection, settings, tmp_path) -> None:
    from sources.tasks import nightly_upkeep

    pages = tmp_path / "c_acme" / "pages"
    assert list(pages.rglob("*.page"))
    nightly_upkeep()
    assert list(pages.rglob("*.page"))
    settings.PAGES_KEPT_DAYS = -1
    nightly_upkeep()
    assert not list(pages.glob("*"))
