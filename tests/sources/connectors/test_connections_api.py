"""Connections and syncs through the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as Browser

from tenants.current import opened
from tenants.services import make_token
from tests.conftest import Person
from tests.sources.connectors.stage import SUBJECTS, Stage, yesterday

ROOT = "/c/acme/api/v1/"
SECRETS = ("api_key", "secret_key")


@pytest.fixture
def stage(acme, alice, lake, settings, tmp_path) -> Iterator[Stage]:
    settings.UPLOAD_ROOT = tmp_path
    settings.CONNECTOR_PRIVATE_HOSTS = ["127.0.0.1"]
    subject = SUBJECTS["naver_searchad"]
    fake = subject.make(10, yesterday())
    with fake.serving() as url:
        settings.CONNECTOR_ADDRESSES = {subject.kind.key: url}
        yield Stage(subject, fake, alice.at("acme"), yesterday())


class Caller:
    """Somebody with a token."""

    def __init__(self, person: Person) -> None:
        _token, raw = make_token(person.at("acme"), "checks")
        self.browser, self.headers = Browser(), {"Authorization": f"Token {raw}"}

    def get(self, path: str) -> Any:
        return self.browser.get(ROOT + path, headers=self.headers)

    def post(self, path: str, body: object = None) -> Any:
        return self.browser.post(ROOT + path, body or {}, content_type="application/json", headers=self.headers)


def test_what_can_be_connected(stage: Stage, alice: Person) -> None:
    naver = Caller(alice).get("connectors/").json()[0]
    assert naver["key"] == "naver_searchad"
    assert [need["key"] for need in naver["needs"] if need["secret"]] == list(SECRETS)
    assert "cost" in naver["streams"][0]["columns"]
    assert naver["kpis"]


def test_starting_watching_and_trying_again(stage: Stage, alice: Person) -> None:
    api, connection = Caller(alice), stage.connect(10)
    shown = api.get(f"connections/{connection.pk}/").json()
    assert (shown["state"], shown["markets"], shown["read_until"]) == ("active", ["KR"], str(stage.until))
    text = api.get("connections/").content.decode()
    assert not [key for key in SECRETS if stage.subject.given[key] in text]
    assert "secret" not in text

    made = api.post(f"connections/{connection.pk}/syncs/")
    assert made.status_code == 201
    assert made["Location"].endswith(f"/syncs/{made.json()['id']}/")
    assert (made.json()["state"], made.json()["read"]) == ("done", 60)
    assert api.get(f"connections/{connection.pk}/syncs/").json()["count"] == 2
    assert api.post(f"syncs/{made.json()['id']}/retry/").status_code == 409
    assert api.post(f"syncs/{made.json()['id']}/cancel/").status_code == 409

    stage.subject.revoke(stage.fake)
    days = {"first": str(stage.until), "last": str(stage.until)}
    failed = api.post(f"connections/{connection.pk}/syncs/", days).json()
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "vendor_key_refused")
    assert failed["problem"]["detail"]
    stage.subject.mend(stage.fake)
    assert api.post(f"syncs/{failed['id']}/retry/").json()["state"] == "done"


@pytest.mark.parametrize(
    "days", [{"first": "2026-10-01"}, {"first": "x", "last": "y"}, {"first": "2026-10-02", "last": "2026-10-01"}]
)
def test_days_that_cannot_be_are_told(stage: Stage, alice: Person, days: dict[str, str]) -> None:
    answer = Caller(alice).post(f"connections/{stage.connect(3).pk}/syncs/", days)
    assert answer.status_code == 400
    assert answer.json()["title"]


def test_others_read_or_find_nothing(stage: Stage, alice: Person, bob: Person, vera: Person) -> None:
    connection = stage.connect(3)
    path = f"connections/{connection.pk}/"
    for person in (bob, vera):
        api = Caller(person)
        assert api.get(path).json()["accounts"][0]["market"] == "KR"
        assert api.post(f"{path}syncs/").status_code == 403
    with opened(stage.access.client):
        connection.accounts[0]["market"] = "JP"
        connection.save()
    api = Caller(bob)
    assert api.get("connections/").json() == []
    assert api.get(path).status_code == 404
    assert api.get(f"{path}syncs/").status_code == 404


def test_rows_of_other_markets_are_never_counted_for_bob(stage: Stage, bob: Person) -> None:
    connection = stage.connect(3)
    connection.rules = [{"pattern": "JP_*", "market": "JP"}]
    connection.save()
    sync = connection.syncs.get()
    told = Caller(bob).get(f"syncs/{sync.pk}/").json()
    assert (told["read"], told["portions"]) == (0, 0)
    assert Caller(bob).get(f"connections/{connection.pk}/").json()["accounts"] == []


def test_charlie_of_another_client_finds_nothing(stage: Stage, charlie: Person) -> None:
    connection = stage.connect(3)
    for path in (f"connections/{connection.pk}/", f"syncs/{connection.syncs.get().pk}/"):
        for client in ("acme", "globex"):
            assert charlie.get(f"/c/{client}/api/v1/{path}").status_code in (403, 404)
