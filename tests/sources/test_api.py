"""Imports through the API, with a token."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from tenants.models import Client
from tenants.services import make_token
from tests.conftest import Person
from tests.sources.test_imports import ADS

ROOT = "/c/acme/api/v1/imports/"


class Caller:
    """Somebody with a token."""

    def __init__(self, person: Person) -> None:
        _token, raw = make_token(person.at("acme"), "checks")
        self.browser, self.headers = Browser(), {"Authorization": f"Token {raw}"}

    def get(self, path: str = "") -> Any:
        return self.browser.get(ROOT + path, headers=self.headers)

    def post(self, path: str = "") -> Any:
        return self.browser.post(ROOT + path, headers=self.headers)

    def put(self, path: str, body: object) -> Any:
        return self.browser.put(ROOT + path, body, content_type="application/json", headers=self.headers)

    def upload(self, content: str, name: str = "ads.csv") -> Any:
        file = SimpleUploadedFile(name, content.encode())
        return self.browser.post(ROOT, {"file": file}, headers=self.headers)


def test_upload_map_confirm_rejects_undo(lake: str, alice: Person) -> None:
    api = Caller(alice)
    made = api.upload(ADS.replace("2026-10-02,한국", "언젠가,한국"))
    assert made.status_code == 201
    found = made.json()
    assert made["Location"].endswith(f"/imports/{found['id']}/")
    assert (found["state"], found["check_result"]["rejected"], found["questions"]) == ("ready", 1, [])

    plan = {**found["plan"], "source": "agency"}
    assert api.put(f"{found['id']}/mapping/", plan).json()["plan"]["source"] == "agency"
    done = api.post(f"{found['id']}/confirm/").json()
    assert (done["state"], done["loaded"]["new"], done["source"]) == ("done", 29, "agency")

    rejects = api.get(f"{found['id']}/rejects/?limit=5").json()
    assert [(one["row"], one["column"], one["value"], one["code"]) for one in rejects] == [
        (5, "날짜", "언젠가", "not_a_date")
    ]
    assert b"".join(api.get(f"{found['id']}/rejects.csv").streaming_content).startswith(b"\xef\xbb\xbf")
    assert api.post(f"{found['id']}/undo/").json()["state"] == "undone"
    assert api.get().json()["count"] == 1


def test_a_bad_mapping_is_a_problem_with_its_place(acme: Client, alice: Person) -> None:
    api = Caller(alice)
    found = api.upload(ADS).json()
    plan = {**found["plan"], "columns": [*found["plan"]["columns"], {"target": "reach", "column": "없는 열"}]}
    answer = api.put(f"{found['id']}/mapping/", plan)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["details"] == {"column": "없는 열"}
    for rubbish in (
        {},
        [],
        {"table": "nope", "source": "a", "columns": []},
        {"table": "orders", "source": "a", "columns": [{"x": 1}]},
    ):
        assert api.put(f"{found['id']}/mapping/", rubbish).status_code == 400


def test_a_file_is_read_again_with_corrections(acme: Client, alice: Person) -> None:
    api = Caller(alice)
    found = api.upload(ADS).json()
    again = api.put(f"{found['id']}/reading/", {"header_row": 0})
    assert again.status_code == 202
    assert again.json()["shape"]["header_row"] == 0


def test_without_a_file_or_a_right(acme: Client, alice: Person, vera: Person) -> None:
    assert Caller(alice).post().status_code == 400
    assert Caller(vera).upload(ADS).status_code == 403
    assert Browser().get(ROOT).status_code in (401, 403)
    assert Caller(alice).get().json()["count"] == 0


def test_a_token_for_korea_loads_and_sees_korea(acme: Client, alice: Person, bob: Person) -> None:
    everywhere = Caller(alice).upload(ADS).json()
    mine = Caller(bob)
    assert mine.get(f"{everywhere['id']}/").status_code == 404
    found = mine.upload(ADS).json()
    assert (found["check_result"]["loadable"], found["check_result"]["reasons"][0]["code"]) == (
        10,
        "market_not_allowed",
    )
    assert mine.get().json()["count"] == 1


def test_giving_up(acme: Client, alice: Person) -> None:
    api = Caller(alice)
    found = api.upload(ADS).json()
    assert api.browser.delete(f"{ROOT}{found['id']}/", headers=api.headers).status_code == 204
    assert api.get(f"{found['id']}/").json()["state"] == "cancelled"
