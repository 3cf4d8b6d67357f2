"""The door of a client: who gets in, and what stays open behind them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from tenants.models import Client, Membership
from tests.conftest import Person

pytestmark = pytest.mark.django_db


def test_a_member_opens_their_client(alice: Person) -> None:
    answer = alice.get("/c/acme/settings/markets/")
    assert answer.status_code == 200
    assert "일본" in answer.content.decode()


def test_a_stranger_cannot_tell_a_client_from_none(charlie: Person) -> None:
    theirs, none = charlie.get("/c/acme/"), charlie.get("/c/nowhere/")
    assert theirs.status_code == none.status_code == 404
    assert theirs.content.decode().replace("acme", "") == none.content.decode().replace("nowhere", "") or (
        "There is no such client" in theirs.content.decode() or "그런 고객사가 없" in theirs.content.decode()
    )


def test_a_consultant_opens_both_with_one_login(dana: Person) -> None:
    assert dana.get("/c/acme/settings/markets/").status_code == 200
    assert dana.get("/c/globex/settings/markets/").status_code == 200
    page = dana.get("/").content.decode()
    assert "아크메" in page
    assert "글로벡스" in page


def test_links_inside_a_client_carry_its_prefix(alice: Person) -> None:
    page = alice.get("/c/acme/settings/markets/").content.decode()
    assert 'href="/c/acme/settings/tokens/"' in page
    assert 'action="/accounts/logout/"' in page
    assert reverse("tenants:clients") == "/", "the script prefix leaked out of the request"


def test_the_schema_is_closed_after_a_request(alice: Person) -> None:
    alice.get("/c/acme/settings/markets/")
    assert connection.schema_name == "public"


def test_a_market_limited_person_sees_only_their_market(bob: Person) -> None:
    access = bob.at("acme")
    assert access.market_codes == ("KR",)
    assert access.may_load == {"KR"}
    assert "일본" not in bob.get("/c/acme/settings/markets/").content.decode()


def test_a_client_in_preparation_is_not_opened(alice: Person) -> None:
    Client.objects.filter(slug="acme").update(state=Client.State.PREPARING)
    assert alice.get("/c/acme/").status_code == 409


def test_a_former_member_is_out_at_once(alice: Person) -> None:
    Membership.objects.filter(user__email=alice.email, client__slug="acme").delete()
    assert alice.get("/c/acme/settings/markets/").status_code == 404


def test_a_clients_own_host_opens_it(alice: Person, acme: Client, settings) -> None:  # type: ignore[no-untyped-def]
    connection.set_schema_to_public()
    settings.ALLOWED_HOSTS = ["kpi.acme.example"]
    acme.domains.create(domain="kpi.acme.example", is_primary=True)
    page = alice.get("/settings/markets/", headers={"host": "kpi.acme.example"})
    assert page.status_code == 200
    assert 'href="/settings/tokens/"' in page.content.decode()


def test_wrong_logins_are_limited(anonymous: Browser) -> None:
    form = {"login": "alice@example.com", "password": "wrong"}
    statuses = [anonymous.post("/accounts/login/", form).status_code for _try in range(12)]
    page = anonymous.post("/accounts/login/", form)
    assert statuses[0] == 200
    assert page.status_code == 429 or "너무" in page.content.decode()


def test_a_password_is_reset_by_mail(anonymous: Browser, mailoutbox, db: None) -> None:  # type: ignore[no-untyped-def]
    import re

    answer = anonymous.post("/accounts/password/reset/", {"email": "alice@example.com"})
    assert answer.status_code == 302
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mailoutbox[0].body)
    assert link, mailoutbox[0].body
    page = anonymous.get(link[1], follow=True)
    new = "another-good-password-7"
    done = anonymous.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert done.status_code == 302
    assert anonymous.login(email="alice@example.com", password=new)


def test_an_unknown_address_gets_the_same_answer(anonymous: Browser, mailoutbox) -> None:  # type: ignore[no-untyped-def]
    known = anonymous.post("/accounts/password/reset/", {"email": "alice@example.com"})
    unknown = anonymous.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
