"""Making clients, markets, members and tokens."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django_tenants.utils import schema_context

from problems.errors import Problem
from tenants import services
from tenants.access import RULES
from tenants.models import AuditEntry, Client, Membership, User
from tenants.schemas import TEMPLATE
from tests import cast
from tests.conftest import Person

DRAFT = services.ClientDraft(
    "initech", "이니텍", "Initech", home_currency="USD", time_zone="America/New_York", fiscal_year_start=4
)


def _tables(schema: str) -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name, data_type from information_schema.columns"
            " where table_schema = %s order by 1, ordinal_position",
            [schema],
        )
        return list(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_a_new_client_is_ready_and_equal_to_the_template() -> None:
    maker = User.objects.get(email=cast.email("olivia"))
    client = services.create_client(draft=DRAFT, markets=[cast.KOREA, cast.JAPAN], by=maker)
    client.refresh_from_db()
    assert client.state == Client.State.READY
    assert _tables(client.schema_name) == _tables(TEMPLATE) != []
    assert Membership.objects.get(client=client).role == "owner"
    assert [m.code for m in client.markets.all()] == ["KR", "JP"]
    with schema_context(client.schema_name), connection.cursor() as cursor:
        cursor.execute("select count(*) from django_migrations")
        assert cursor.fetchone()[0] > 0


@pytest.mark.django_db(transaction=True)
def test_preparing_twice_does_no_harm() -> None:
    client = services.create_client(draft=DRAFT, markets=[cast.KOREA], by=None)
    Client.objects.filter(pk=client.pk).update(state=Client.State.PREPARING)
    client.refresh_from_db()
    assert services.prepare(client).state == Client.State.READY


@pytest.mark.django_db(transaction=True)
def test_a_removed_client_leaves_nothing() -> None:
    client = services.create_client(draft=DRAFT, markets=[cast.KOREA], by=None)
    services.remove_client(client, by=None)
    assert not Client.objects.filter(slug="initech").exists()
    assert _tables(client.schema_name) == _tables("lake_" + client.schema_name) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [({"slug": "acme"}, "slug"), ({"slug": "Bad Slug"}, "slug"), ({"home_currency": "XQX"}, "currency"),
     ({"time_zone": "Mars/Base"}, "time_zone"), ({"fiscal_year_start": 13}, "fiscal_year_start")],
)  # fmt: skip
def test_bad_values_are_refused_with_their_field(change: dict[str, object], field: str) -> None:
    from dataclasses import replace

    with pytest.raises(Problem) as caught:
        services.create_client(draft=replace(DRAFT, **change), markets=[], by=None)  # type: ignore[arg-type]
    assert caught.value.details["field"] == field
    assert not Client.objects.filter(slug="initech").exists()


@pytest.mark.django_db
def test_a_token_opens_its_own_client_only(dana: Person) -> None:
    from django.test import Client as Browser

    _token, raw = services.make_token(dana.at("acme"), "report")
    headers = {"Authorization": f"Token {raw}"}
    assert [m["code"] for m in Browser().get("/c/acme/api/v1/markets/", headers=headers).json()] == ["KR", "JP", "US"]
    assert Browser().get("/c/globex/api/v1/markets/", headers=headers).status_code == 401
    assert Browser().get("/c/acme/api/v1/markets/", headers={"Authorization": "Token yj_wrong"}).status_code == 401


@pytest.mark.django_db
def test_a_revoked_token_opens_nothing_and_no_token_is_kept_in_clear(alice: Person) -> None:
    from django.test import Client as Browser

    access = alice.at("acme")
    token, raw = services.make_token(access, "report")
    assert raw not in json.dumps(list(type(token).objects.values()), default=str)
    services.revoke_token(access, token.pk)
    assert Browser().get("/c/acme/api/v1/markets/", headers={"Authorization": f"Token {raw}"}).status_code == 401


@pytest.mark.django_db
def test_a_token_of_a_limited_person_is_as_limited(bob: Person) -> None:
    from django.test import Client as Browser

    _token, raw = services.make_token(bob.at("acme"), "report")
    headers = {"Authorization": f"Token {raw}"}
    assert [m["code"] for m in Browser().get("/c/acme/api/v1/markets/", headers=headers).json()] == ["KR"]
    assert Browser().get("/c/acme/api/v1/markets/JP/", headers=headers).status_code == 404


@pytest.mark.django_db
def test_each_rule_both_answers_and_raises(vera: Person, dana: Person) -> None:
    for rule in RULES:
        assert dana.at("acme").can(rule)  # type: ignore[arg-type]
        dana.at("acme").check(rule)  # type: ignore[arg-type]
        assert not vera.at("acme").can(rule)  # type: ignore[arg-type]
        with pytest.raises(Problem):
            vera.at("acme").check(rule)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_an_invited_person_becomes_a_member_with_history(dana: Person) -> None:
    access = dana.at("acme")
    services.add_member(access, email="New@Example.com", role="marketer", market_codes=["JP"])
    membership = Membership.objects.get(user__email="new@example.com")
    assert [m.code for m in membership.markets.all()] == ["JP"]
    assert AuditEntry.objects.filter(action="member.added", subject="new@example.com").count() == 1


@pytest.mark.django_db
def test_the_last_owner_stays(dana: Person) -> None:
    access = dana.at("acme")
    own = Membership.objects.get(pk=access.membership_id)
    with pytest.raises(Problem):
        services.remove_member(access, own)
    with pytest.raises(Problem):
        services.change_member(access, own, role="viewer", market_codes=None)


@pytest.mark.django_db
def test_a_schema_name_that_is_no_clients_is_refused() -> None:
    from tenants.schemas import create_schema

    for name in ("public", "c_a; drop schema public", "pg_catalog", "c_"):
        with pytest.raises(Problem):
            create_schema(name)
