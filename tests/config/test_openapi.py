"""The API's description can be called as it stands."""

from __future__ import annotations

from tenants.models import Client
from tests.conftest import Person


def test_the_description_names_the_root_of_the_open_client(acme: Client, alice: Person) -> None:
    description = alice.get("/c/acme/api/v1/schema/", headers={"accept": "application/json"}).json()
    assert description["servers"] == [{"url": "/c/acme"}]
    paths = [path for path, methods in description["paths"].items() if "get" in methods and "{" not in path]
    assert len(paths) >= 6
    for path in paths:
        assert alice.get("/c/acme" + path).status_code < 400, path
