"""The form of alerts with its test run, and their API."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import connection

from kpis.models import Alert

DAY = dt.timedelta(days=1)
PAGES = "/c/acme/kpi/alerts/"
API = "/c/acme/api/v1/alerts/"

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def acme_stays_open(acme):
    from django.core.signals import request_finished

    def reopen(**kwargs: object) -> None:
        connection.set_tenant(acme)

    request_finished.connect(reopen)
    yield
    request_finished.disconnect(reopen)


FORM = {"kpi": "ctr", "side": "below", "limit": "1,5 %", "grain": "day", "by_mail": "on"}


def test_the_form_shows_its_test_run_and_keeps_the_alert(alice, clicks):
    user = str(alice.at("acme").user.pk)
    today = dt.datetime.now(tz=dt.UTC).date()
    clicks("KR", today - 30 * DAY, [20] * 20 + [10] * 5)
    run = alice.post(f"{PAGES}rehearsal/?kind=threshold", {**FORM, "markets": "KR"}, headers={"HX-Request": "true"})
    assert "90일 동안 5번" in run.content.decode()
    assert alice.post(f"{PAGES}new/?kind=threshold", {**FORM, "recipients": user}).status_code == 302
    alert = Alert.objects.get()
    assert (alert.limit, alert.name) == (pytest.approx(0.015), "")
    assert "클릭률" in alice.get(f"{PAGES}{alert.pk}/").content.decode()
    assert 'value="1.5"' in alice.get(f"{PAGES}{alert.pk}/change/").content.decode()
    changed = alice.post(f"{PAGES}{alert.pk}/change/", {**FORM, "limit": "2", "recipients": user, "name": "Low CTR"})
    assert changed.status_code == 302
    for data in ({"for": "day"}, {"for": "week"}, {"for": "none"}, {"for": "until", "until": str(today + 9 * DAY)}):
        assert alice.post(f"{PAGES}{alert.pk}/mute/", data).status_code == 302
    assert alice.post(f"{PAGES}{alert.pk}/mute/", {"for": "until", "until": "soon"}).status_code == 400
    assert alice.post(f"{PAGES}{alert.pk}/switch/", {"active": "0"}).status_code == 302
    assert not Alert.objects.get().active
    assert alice.post(f"{PAGES}{alert.pk}/delete/").status_code == 302
    assert not Alert.objects.exists()


@pytest.mark.parametrize("kind", ["threshold", "change", "pacing", "anomaly", "missing", "nonsense"])
def test_every_kind_has_its_form_and_its_test_run(small_lake, alice, kind):
    assert alice.get(f"{PAGES}new/", {"kind": kind, "kpi": "clicks", "market": "KR"}).status_code == 200
    sent = {"kpi": "clicks", "side": "below", "base": "previous", "grain": "day", "limit": "5", "markets": ["KR", "US"]}
    for kpi, limit in (("clicks", "5"), ("clicks", "many"), ("clicks", "0"), ("revenue", "5")):
        answer = alice.post(f"{PAGES}rehearsal/?kind={kind}", {**sent, "kpi": kpi, "limit": limit})
        assert answer.status_code in (200, 400), (kpi, limit)
    bad = alice.post(f"{PAGES}new/?kind={kind}", {**sent, "limit": "many"})
    assert bad.status_code == 200
    assert "많" in bad.content.decode() or "숫자" in bad.content.decode()
    assert not Alert.objects.exists()


def test_a_period_without_data_is_said_on_the_test_run(alice, lake):
    answer = alice.post(f"{PAGES}rehearsal/?kind=threshold", {**FORM, "kpi": "clicks", "limit": "5"})
    assert "90일 동안 0번" in answer.content.decode()
    assert "이 90일 동안" in answer.content.decode()


def test_the_api_makes_rehearses_changes_and_deletes(alice, bob, clicks):
    clicks("KR", dt.datetime.now(tz=dt.UTC).date() - 20 * DAY, [20] * 10 + [4] * 5)
    body = {"kpi": "clicks", "kind": "threshold", "limit": 5, "markets": ["KR"], "recipients": [bob.at("acme").user.pk]}

    def send(method, path, body):
        return method(API + path, json.dumps(body), content_type="application/json")

    assert send(bob.post, "rehearsal/", body).json()["times"] == 5
    answer = send(bob.post, "", body)
    assert answer.status_code == 201
    number = answer.json()["id"]
    assert send(bob.patch, f"{number}/", {"limit": 3, "muted_until": None}).json()["limit"] == 3
    assert send(bob.patch, f"{number}/", {"active": False}).json()["state"] == "off"
    for bad in ({}, {**body, "limit": "x"}, {**body, "kind": "nothing"}, {**body, "recipients": []}):
        assert send(bob.post, "", bad).status_code == 400
    assert send(bob.post, "rehearsal/", {"kpi": "clicks"}).status_code == 400
    assert alice.get(f"{API}events/", {"alert": "x"}).json()["count"] == 0
    assert bob.delete(f"{API}{number}/").status_code == 204
