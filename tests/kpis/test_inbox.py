"""The inbox: who is told what in which language, and mails that no failing server loses."""

from __future__ import annotations

import datetime as dt
import json
from smtplib import SMTPException

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.models import InboxItem, InboxPreference
from kpis.services.inbox import choose_delivery, tell
from kpis.services.mailing import MailNotTaken, send_digests, send_item, waiting_items
from tenants.models import Membership, User

NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)  # ten in the morning in Seoul
ABOUT = {
    "kind": "threshold", "kpi": "revenue", "market": "KR", "market_ko": "한국", "market_en": "Korea", "side": "below",
    "currency": "KRW", "grain": "day", "base": "previous", "starts_on": "2026-11-01", "ends_on": "2026-11-01",
    "value": 1200000.0, "expected": 2000000.0,
}  # fmt: skip

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def acme_stays_open(acme):
    from django.core.signals import request_finished

    def reopen(**kwargs: object) -> None:
        connection.set_tenant(acme)

    request_finished.connect(reopen)
    yield
    request_finished.disconnect(reopen)


def told(*people, market: str = "KR", link: str = "kpi/alerts/7/") -> list[InboxItem]:
    about = {**ABOUT, "market": market}
    return tell([one.at("acme").user.pk for one in people], "firing", about, link=link, now=NOW)


def speaks(person, language: str) -> None:
    User.objects.filter(email=person.email).update(language=language)


def test_the_mail_is_in_the_persons_language_and_leads_to_the_place(acme, alice, bob, settings):
    settings.PORTAL_URL = "https://portal.example/"
    speaks(bob, "en")
    for item in told(alice, bob):
        assert send_item(acme, item.pk, NOW)
    korean, english = sorted(mail.outbox, key=lambda one: one.to)
    assert korean.subject == "[아크메] 한국 매출, 11월 1일: ₩1,200,000. 기준 ₩2,000,000보다 낮아요."
    assert english.subject == "[Acme] Revenue (net) in Korea, Nov 1: ₩1,200,000, below ₩2,000,000."
    for one, words in ((korean, "안녕하세요"), (english, "Hello Bob,")):
        assert words in one.body
        assert "https://portal.example/c/acme/kpi/alerts/7/" in one.body
        assert "https://portal.example/c/acme/inbox/" in one.body
        assert "일본" not in one.body


def test_a_mail_server_that_fails_loses_nothing(acme, alice, monkeypatch):
    (item,) = told(alice)

    def refuse(*args, **more):
        raise SMTPException("452 try again later")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        for tries in (1, 2):
            with pytest.raises(MailNotTaken):
                send_item(acme, item.pk, NOW)
            item.refresh_from_db()
            assert (item.mail_state, item.mail_tries) == ("waiting", tries)
        assert "452" in item.mail_problem
        assert "다시 시도" in alice.get("/c/acme/inbox/").content.decode()
    assert waiting_items() == [item.pk]
    from kpis.tasks import send_waiting_mail

    send_waiting_mail()
    assert len(mail.outbox) == 1
    assert not waiting_items()
    assert not send_item(acme, item.pk, NOW)
    assert len(mail.outbox) == 1


def test_the_task_tries_again_and_gives_up_to_the_hourly_round(acme, alice, monkeypatch):
    (item,) = told(alice)
    monkeypatch.setattr(
        "django.core.mail.backends.locmem.EmailBackend.send_messages", lambda *_: (_ for _ in ()).throw(OSError("down"))
    )
    from kpis.tasks import send_mail

    send_mail.app.conf.task_eager_propagates = False
    try:
        send_mail.apply(args=[item.pk])
    finally:
        send_mail.app.conf.task_eager_propagates = True
    item.refresh_from_db()
    assert (item.mail_state, item.mail_tries) == ("waiting", 6)


def test_who_lost_the_market_in_the_meantime_gets_no_mail_and_reads_nothing(acme, bob):
    (item,) = told(bob)
    Membership.objects.get(user=bob.at("acme").user, client=acme).markets.set(acme.markets.filter(code="JP"))
    assert not send_item(acme, item.pk, NOW)
    item.refresh_from_db()
    assert item.mail_state == "cancelled"
    assert not mail.outbox
    assert bob.get("/c/acme/api/v1/inbox/").json()["count"] == 0
    assert bob.get(f"/c/acme/inbox/{item.pk}/").status_code == 404
    assert "매출" not in bob.get("/c/acme/inbox/").content.decode().split("page-body")[1]


def test_each_person_chooses_how_they_are_told(acme, alice, bob, vera):
    choose_delivery(alice.at("acme"), "inbox")
    choose_delivery(bob.at("acme"), "digest")
    told(alice, bob, vera)
    told(alice, bob, vera)
    states = dict(InboxItem.objects.values_list("user_id", "mail_state"))
    assert [states[one.at("acme").user.pk] for one in (alice, bob, vera)] == ["none", "digest", "waiting"]
    assert send_digests(acme, NOW - dt.timedelta(hours=3)) == 0
    assert send_digests(acme, NOW) == 1
    (one,) = mail.outbox
    assert one.to == [bob.email]
    assert one.subject == "[아크메] 확인할 것이 2건 있어요"
    told(bob)
    assert send_digests(acme, NOW + dt.timedelta(hours=2)) == 0
    assert send_digests(acme, NOW + dt.timedelta(days=1)) == 1


def test_the_page_shows_marks_and_keeps_the_choice(alice, bob):
    first, _second = told(alice), told(alice)
    theirs = told(bob)[0]
    assert "한국 매출" in alice.get("/c/acme/inbox/").content.decode()
    assert ">2<" in alice.get("/c/acme/inbox/bell/").content.decode()
    answer = alice.get(f"/c/acme/inbox/{first[0].pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/c/acme/kpi/alerts/7/")
    assert ">1<" in alice.get("/c/acme/inbox/bell/").content.decode()
    assert alice.get(f"/c/acme/inbox/{theirs.pk}/").status_code == 404
    alice.post("/c/acme/inbox/read/", {"item": str(theirs.pk)})
    assert InboxItem.objects.get(pk=theirs.pk).read_at is None
    alice.post("/c/acme/inbox/read/")
    assert alice.get("/c/acme/inbox/bell/").content.decode().strip() == ""
    assert alice.post("/c/acme/inbox/delivery/", {"delivery": "digest"}).status_code == 302
    assert InboxPreference.objects.get().delivery == "digest"
    assert alice.post("/c/acme/inbox/delivery/", {"delivery": "pigeon"}).status_code == 400
    for item in ("x", "9" * 40):
        assert alice.post("/c/acme/inbox/read/", {"item": item}).status_code == 302


def test_the_bell_adds_no_query_to_a_page(alice):
    with CaptureQueriesContext(connection) as asked:
        page = alice.get("/c/acme/kpi/definitions/")
    assert "/c/acme/inbox/bell/" in page.content.decode()
    assert not [query for query in asked.captured_queries if "inbox" in query["sql"]]


def test_the_api_lists_and_marks(alice):
    told(alice)
    api = "/c/acme/api/v1/inbox/"
    (one,) = alice.get(api, {"unread": "true"}).json()["results"]
    assert (one["kind"], one["link"], one["market"]) == ("firing", "kpi/alerts/7/", "KR")
    sent = alice.post(api, json.dumps({"id": one["id"], "delivery": "inbox"}), content_type="application/json")
    assert sent.json() == {"read": 1, "delivery": "inbox"}
    assert alice.get(api, {"unread": "true"}).json()["count"] == 0
    assert alice.post(api, json.dumps({"delivery": "x"}), content_type="application/json").status_code == 400


def test_charlie_has_no_inbox_here(charlie):
    for path in ("inbox/", "inbox/bell/", "api/v1/inbox/", "kpi/alerts/", "kpi/actions/", "kpi/notes/"):
        assert charlie.get(f"/c/acme/{path}").status_code == 404
