"""Notes and actions: who may write and read what, whom they tell, and before and after counted a second way."""

from __future__ import annotations

import datetime as dt
import json

import duckdb
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.errors import NoSuchKpi, NoSuchMarket
from kpis.errors_watch import BadNote, NoSuchNote, NotYours
from kpis.models import Action, InboxItem, Note
from kpis.queries.effects import effects_of
from kpis.queries.members import Member
from kpis.queries.notes import annotations_between, marks_between, note_of, threads_of
from kpis.services.actions import ActionDraft, change_action, make_action
from kpis.services.notes import NoteDraft, answer_note, change_note, delete_note, mentioned, write_note
from problems.errors import NotAllowed
from tests.kpis.conftest import ads, put

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
TODAY = NOW.date()
FIRST, LAST = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
END = dt.date(2026, 11, 1)
NOTES = "/c/acme/kpi/notes/"
API = "/c/acme/api/v1/"
HTMX = {"HX-Request": "true"}

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def acme_stays_open(acme):
    from django.core.signals import request_finished

    def reopen(**kwargs: object) -> None:
        connection.set_tenant(acme)

    request_finished.connect(reopen)
    yield
    request_finished.disconnect(reopen)


def event(text: str = "TV campaign", kpi: str = "revenue", market: str = "KR", **more) -> NoteDraft:
    return NoteDraft("annotation", text, kpi, market, more.pop("first", FIRST), more.pop("last", LAST),
                     event_type=more.pop("event_type", "campaign"), **more)  # fmt: skip


def texts(access, kpi: str = "revenue", market: str = "KR") -> list[str]:
    return [thread.note.text for thread in threads_of(access, kpi=kpi, market=market, start=FIRST, end=END)]


def action(access, **more) -> Action:
    given = {"text": "New landing page", "kpi": "clicks", "market": "KR", "owner_id": access.user.pk,
             "due_on": dt.date(2026, 11, 20), **more}  # fmt: skip
    return make_action(access, ActionDraft(**given), now=NOW, today=TODAY)


def test_a_note_stands_on_its_kpi_its_market_and_its_days(alice):
    access = alice.at("acme")
    write_note(access, event(), now=NOW)
    write_note(access, event("outage", kpi="", event_type="outage"), now=NOW)
    write_note(access, event("elsewhere", market="JP"), now=NOW)
    write_note(access, event("long ago", first=dt.date(2026, 1, 1), last=dt.date(2026, 9, 30)), now=NOW)
    assert texts(access) == ["outage", "TV campaign"]
    assert texts(access, kpi="ctr") == ["outage"]
    assert [one.text for one in annotations_between(access, "revenue", "JP", FIRST, END)] == ["elsewhere"]


def test_what_is_on_all_markets_is_read_by_those_who_see_all_unless_it_is_shared(alice, bob, vera):
    write_note(alice.at("acme"), event("board talk", market=""), now=NOW)
    write_note(alice.at("acme"), event("for everybody", market="", shared=True), now=NOW)
    write_note(alice.at("acme"), event("japan only", market="JP"), now=NOW)
    assert texts(bob.at("acme")) == ["for everybody"]
    assert texts(vera.at("acme")) == ["for everybody", "board talk"]
    assert [one.text for one in annotations_between(bob.at("acme"), "revenue", "", FIRST, END)] == ["for everybody"]
    assert {one.market for one in marks_between(bob.at("acme"), ["revenue"], FIRST, END)} == {""}


def test_bob_writes_in_korea_only_and_vera_nowhere(bob, vera):
    assert write_note(bob.at("acme"), event(), now=NOW).who == "Bob"
    for market in ("JP", ""):
        with pytest.raises(NoSuchMarket):
            write_note(bob.at("acme"), event(market=market), now=NOW)
    with pytest.raises(NotAllowed):
        write_note(vera.at("acme"), event(), now=NOW)


def test_bob_neither_reads_nor_answers_nor_deletes_what_is_not_his(alice, bob):
    japan = write_note(alice.at("acme"), event(market="JP"), now=NOW)
    korea = write_note(alice.at("acme"), event(), now=NOW)
    with pytest.raises(NoSuchNote):
        note_of(bob.at("acme"), japan.pk)
    with pytest.raises(NotYours):
        delete_note(bob.at("acme"), korea, now=NOW)
    with pytest.raises(NotYours):
        change_note(bob.at("acme"), korea, "mine now", now=NOW)
    for path in ("answer", "change", "delete"):
        assert bob.post(f"{NOTES}{japan.pk}/{path}/", {"text": "x"}).status_code == 404
        assert bob.get(f"{API}notes/{japan.pk}/").status_code == 404


def test_an_admin_deletes_anybodys_and_a_deleted_note_stays_while_it_is_answered(alice, bob):
    note = write_note(bob.at("acme"), event("typo"), now=NOW)
    answer_note(alice.at("acme"), note, "which one?", now=NOW)
    delete_note(alice.at("acme"), note, now=NOW)
    (thread,) = threads_of(bob.at("acme"), kpi="revenue", market="KR", start=FIRST, end=END)
    assert thread.note.deleted_by == "Alice"
    assert [one.text for one in thread.replies] == ["which one?"]
    page = bob.get(NOTES, {"kpi": "revenue", "market": "KR", "start": FIRST, "end": END}).content.decode()
    assert "typo" not in page
    delete_note(alice.at("acme"), thread.replies[0], now=NOW)
    assert not texts(bob.at("acme"))
    assert Note.objects.count() == 2


@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (event(""), BadNote), (event("  \x00 "), BadNote), (event("x" * 2001), BadNote),
        (event(first=LAST, last=FIRST), BadNote), (event(event_type="party"), BadNote),
        (event(first=dt.date(1800, 1, 1)), BadNote), (event(kpi="nope"), NoSuchKpi),
        (event(market="XX"), NoSuchMarket), (NoteDraft("poem", "x", "", "KR", FIRST, LAST), BadNote),
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused_and_nothing_is_kept(alice, draft, error):
    with pytest.raises(error) as refused:
        write_note(alice.at("acme"), draft, now=NOW)
    assert str(refused.value.sentence)
    assert not Note.objects.exists()


def member(number: int, name: str) -> Member:
    return Member(number, name, f"{number}@x.example", "ko", "viewer", True, frozenset({"KR"}))


def test_names_are_found_with_particles_behind_and_the_longer_name_wins():
    people = [member(1, "김민"), member(2, "김민수"), member(3, "Ann"), member(4, "Anna")]
    assert [one.user_id for one in mentioned("@김민수님 확인해 주세요", people)] == [2]
    assert [one.user_id for one in mentioned("@anna and @Ann", people)] == [4, 3]
    assert [one.user_id for one in mentioned("@annabel, ann, @4@x.example!", people)] == [4]


def test_who_is_named_or_answered_is_told_if_they_may_read_it(alice, bob, vera):
    note = write_note(alice.at("acme"), event("@Bob @Vera look", market="JP"), now=NOW)
    assert {(item.user_id, item.message) for item in InboxItem.objects.all()} == {
        (vera.at("acme").user.pk, "mentioned")
    }
    InboxItem.objects.all().delete()
    answer_note(alice.at("acme"), note, "talking to myself @Alice", now=NOW)
    assert not InboxItem.objects.exists()
    korea = write_note(bob.at("acme"), event(), now=NOW)
    answer_note(alice.at("acme"), korea, "well done", now=NOW)
    assert [(item.user_id, item.message) for item in InboxItem.objects.all()] == [(bob.at("acme").user.pk, "answered")]


def test_the_fragment_lists_adds_answers_and_deletes(alice):
    place = f"?kpi=revenue&market=KR&start={FIRST}&end={END}"
    sent = {"kind": "annotation", "event_type": "price", "text": "Price up <b>5 %</b>", "starts_on": "2026-10-05"}
    page = alice.post(f"{NOTES}write/{place}", sent, headers=HTMX)
    assert page.status_code == 200
    assert "Price up &lt;b&gt;5 %&lt;/b&gt;" in page.content.decode()
    assert "toast" in json.loads(page["HX-Trigger"])
    note = Note.objects.get()
    assert "again" in alice.post(f"{NOTES}{note.pk}/answer/{place}", {"text": "again"}, headers=HTMX).content.decode()
    assert "edited" in alice.post(f"{NOTES}{note.pk}/change/{place}", {"text": "edited"}, headers=HTMX).content.decode()
    assert "edited" not in alice.post(f"{NOTES}{note.pk}/delete/{place}", headers=HTMX).content.decode()
    bad = alice.post(f"{NOTES}write/{place}", {**sent, "starts_on": "soon"}, headers=HTMX)
    assert bad.status_code == 422
    assert alice.post(f"{NOTES}write/{place}", sent).status_code == 302


@pytest.mark.parametrize(
    "query", ["", "?kpi=nope&start=2026-10-01&end=2026-11-01", "?start=x&end=y", "?start=2026-10-02&end=2026-10-01",
              "?market=XX&start=2026-10-01&end=2026-11-01"],
)  # fmt: skip
def test_a_place_that_is_none_is_answered_with_a_sentence(alice, query):
    assert alice.get(NOTES + query).status_code in (400, 404)


def test_an_action_tells_its_owner_and_goes_through_its_states(alice, bob):
    access = alice.at("acme")
    made = action(access, owner_id=bob.at("acme").user.pk)
    (item,) = InboxItem.objects.all()
    assert (item.user_id, item.message) == (bob.at("acme").user.pk, "given")
    draft = ActionDraft("New landing page", "", "", made.owner_id, made.due_on, state="doing")
    doing = change_action(bob.at("acme"), made, draft, now=NOW, today=TODAY)
    assert (doing.state, doing.started_on, doing.done_on) == ("doing", TODAY, None)
    done = change_action(
        bob.at("acme"), doing, ActionDraft("x", "", "", made.owner_id, made.due_on, state="done"), now=NOW, today=TODAY
    )
    assert (done.started_on, done.done_on) == (TODAY, TODAY)


@pytest.mark.parametrize(
    "more", [{"owner_id": 0}, {"kpi": "nope"}, {"market": "XX"}, {"state": "someday"}, {"window_days": 0},
             {"text": " "}, {"started_on": dt.date(2026, 10, 9), "done_on": dt.date(2026, 10, 1), "state": "done"}],
)  # fmt: skip
def test_an_action_that_cannot_be_kept_leaves_nothing(alice, more):
    with pytest.raises((BadNote, NoSuchKpi, NoSuchMarket)):
        action(alice.at("acme"), **more)
    assert not Action.objects.exists()
    assert not Note.objects.exists()


def test_an_action_of_japan_cannot_be_bobs_to_own_nor_to_see(alice, bob):
    with pytest.raises(BadNote):
        action(alice.at("acme"), market="JP", owner_id=bob.at("acme").user.pk)
    made = action(alice.at("acme"), market="JP", text="Secret of Tokyo")
    assert bob.get(f"/c/acme/kpi/actions/{made.pk}/").status_code == 404
    assert bob.get(f"{API}actions/{made.pk}/").status_code == 404
    assert "Secret" not in bob.get("/c/acme/kpi/actions/?state=all").content.decode()
    assert bob.get(f"{API}actions/").json()["count"] == 0
    assert bob.get("/c/acme/kpi/board/marks/?period=2026-11").json() == {"cells": {}}


def test_before_and_after_equal_an_independent_count(lake, alice, tmp_path):
    access = alice.at("acme")
    rows = []
    for n in range(80):
        day = dt.date(2026, 8, 1) + dt.timedelta(days=n)
        rows += ads("KR", "KRW", day, 1, impressions=1000 + 7 * n, clicks=20 + n % 5, cost=100 * n)
    put(access, tmp_path, "channel_daily", "google-ads", rows)
    start = dt.date(2026, 9, 10)
    made = [action(access, kpi=kpi, started_on=start, state="doing") for kpi in ("clicks", "ctr", "cpc")]
    found = effects_of(access, made)
    con = duckdb.connect()
    con.execute("create table t (day date, impressions double, clicks double, cost double)")
    con.executemany(
        "insert into t values (?, ?, ?, ?)", [(r["day"], r["impressions"], r["clicks"], r["cost"]) for r in rows]
    )
    for one, sql in zip(made, ("sum(clicks)", "sum(clicks)/sum(impressions)", "sum(cost)/sum(clicks)"), strict=True):
        for value, first in ((found[one.pk].before, start - dt.timedelta(days=28)), (found[one.pk].after, start)):
            last = first + dt.timedelta(days=27)
            (expected,) = con.execute(f"select {sql} from t where day between ? and ?", [first, last]).fetchone()
            assert value.number == pytest.approx(expected, rel=1e-12)


def test_before_and_after_say_why_there_is_none(lake, alice, tmp_path):
    access = alice.at("acme")
    rows = ads("KR", "KRW", dt.date(2026, 8, 1), 80, impressions=1000, clicks=20)
    put(access, tmp_path, "channel_daily", "google-ads", [r for r in rows if r["day"] != "2026-08-20"])
    cases = {
        "too_early": action(access, started_on=dt.date(2026, 10, 1), state="doing"),
        "not_started": action(access),
        "one_market": action(access, market="", started_on=dt.date(2026, 9, 1), state="doing"),
        "missing_days": action(access, started_on=dt.date(2026, 9, 10), state="doing"),
        "no_data": action(access, market="JP", started_on=dt.date(2026, 9, 10), state="doing"),
        "whole_periods": action(access, kpi="active_users", started_on=dt.date(2026, 9, 10), state="doing"),
    }
    found = effects_of(access, cases.values())
    holes = {name: found[one.pk].after.hole or found[one.pk].before.hole for name, one in cases.items()}
    assert {name: hole.code for name, hole in holes.items()} == {name: name for name in cases}
    assert holes["missing_days"].facts == ("27", "28")
    ratio = action(access, kpi="ctr", started_on=dt.date(2026, 9, 10), state="doing")
    assert effects_of(access, [ratio])[ratio.pk].before.number == pytest.approx(0.02)


def test_the_actions_page_filters_and_marks_what_is_overdue(small_lake, alice, bob):
    access = alice.at("acme")
    action(access, text="Old one", due_on=dt.date(2026, 1, 5))
    action(access, text="Bobs", owner_id=bob.at("acme").user.pk)
    action(access, text="Finished", state="done", started_on=dt.date(2026, 9, 29))
    path = "/c/acme/kpi/actions/"
    page = alice.get(path).content.decode()
    assert "기한 지남" in page
    assert "Finished" not in page
    assert "Old one" not in alice.get(path, {"owner": str(bob.at("acme").user.pk)}).content.decode()
    assert "Finished" in alice.get(path, {"state": "done"}).content.decode()
    for query in ("?state=x&market=y&owner=z", "?owner=" + "9" * 30):
        assert alice.get(path + query).status_code == 200
    new = {"text": "Call", "kpi": "clicks", "market": "KR", "owner_id": access.user.pk, "due_on": "2026-12-01",
           "window_days": "28"}  # fmt: skip
    assert alice.post(path + "new/", new).status_code == 302
    assert alice.post(path + "new/", {**new, "window_days": "2"}).status_code == 400
    one = Action.objects.get(note__text="Call")
    assert alice.get(f"{path}{one.pk}/").status_code == 200
    assert alice.post(f"{path}{one.pk}/", {**new, "state": "dropped"}).status_code == 302
    assert Action.objects.get(pk=one.pk).state == "dropped"


def test_events_are_marked_on_the_chart_and_listed_under_it(small_lake, alice):
    write_note(
        alice.at("acme"), event("Seoul pop-up", first=dt.date(2026, 10, 12), last=dt.date(2026, 10, 12)), now=NOW
    )
    page = alice.get("/c/acme/kpi/in-depth/", {"period": "2026-10", "market": "KR", "kpi": "revenue"}).content.decode()
    assert "Seoul pop-up" in page
    assert '"x0": "2026-10-12"' in page


def test_the_marks_of_a_board_cost_one_query_of_notes(small_lake, alice):
    write_note(alice.at("acme"), event(), now=NOW)
    action(alice.at("acme"))
    marks = "/c/acme/kpi/board/marks/?period=2026-10"
    with CaptureQueriesContext(connection) as asked:
        cells = alice.get(marks).json()["cells"]
    assert (cells["revenue.KR"]["events"], cells["clicks.KR"]["actions"]) == (1, 1)
    assert sum("kpis_note" in query["sql"] for query in asked.captured_queries) == 1


def test_the_api_writes_reads_and_deletes(small_lake, alice, bob, vera):
    def send(method, path, body):
        return method(API + path, json.dumps(body), content_type="application/json")

    body = {"kind": "annotation", "event_type": "other", "kpi": "revenue", "market": "KR", "starts_on": "2026-10-03",
            "text": "x"}  # fmt: skip
    made = send(bob.post, "notes/", body)
    assert made.status_code == 201
    number = made.json()["id"]
    assert send(vera.post, "notes/", body).status_code == 403
    assert send(bob.post, "notes/", {**body, "market": "JP"}).status_code == 404
    assert send(bob.post, "notes/", {**body, "starts_on": "never"}).status_code == 400
    assert send(alice.post, f"notes/{number}/", {"text": "ok"}).status_code == 201
    assert send(bob.patch, f"notes/{number}/", {"text": "y"}).json()["text"] == "y"
    assert vera.get(API + "notes/", {"market": "KR", "from": "2026-10-01"}).json()["count"] == 2
    assert vera.get(API + "notes/", {"from": "2026-99-01"}).status_code == 400
    assert bob.delete(f"{API}notes/{number}/").status_code == 204
    plan = {"text": "Do", "kpi": "clicks", "market": "KR", "owner_id": bob.at("acme").user.pk, "due_on": "2026-12-01"}
    done = send(bob.post, "actions/", plan)
    assert done.status_code == 201
    changed = send(bob.patch, f"actions/{done.json()['id']}/", {"state": "doing", "started_on": "2026-10-01"}).json()
    assert changed["effect"]["before"]["value"] == 28 * 20
    assert changed["effect"]["after"]["value"] == 28 * 20
    assert alice.get(API + "actions/", {"state": "doing"}).json()["count"] == 1
