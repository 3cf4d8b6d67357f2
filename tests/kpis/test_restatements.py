"""A settled number that a load changed is told of: how far, why, and to whom."""

from __future__ import annotations

import datetime as dt

import pytest

from kpis.errors import BadThreshold
from kpis.queries.restatements import restatements_since
from kpis.services.restatements import moved_by, note_restatements, set_threshold
from sources.models import Restatement, Source
from sources.scope import tenancy_for
from sources.signals import lake_changed
from tenants.errors import NotYourJob
from tests.conftest import Person
from tests.kpis.conftest import put
from tests.kpis.test_known import age, meta
from warehouse.loading import undo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stays_open")]


def told(**only: object) -> dict[tuple[str, str], Restatement]:
    return {(one.market, one.kpi): one for one in Restatement.objects.filter(**only)}


@pytest.fixture
def march(lake: str, alice: Person, tmp_path) -> str:
    """Meta of March in Korea and Japan, loaded and settled long ago."""
    Source.objects.create(key="meta", name="Meta")
    rows = meta("KR", "KRW", 3900) + meta("JP", "JPY", 2000)
    load_id = put(alice.at("acme"), tmp_path, "channel_daily", "meta", rows)
    assert note_restatements(alice.at("acme").client, load_id, undone=False) == 0, "a first report restates nothing"
    age(lake, 150)
    return lake


def restate(access, folder, value: float = 2600, days: int = 12, market: str = "KR") -> str:
    currency = {"KR": "KRW", "JP": "JPY"}[market]
    return put(access, folder, "channel_daily", "meta", meta(market, currency, value, days=days))


def test_meta_restated_twelve_days(alice, march, tmp_path):
    access = alice.at("acme")
    load_id = restate(access, tmp_path)
    assert note_restatements(access.client, load_id, undone=False) > 0
    one = told()["KR", "roas"]
    after = (12 * 2600 + 19 * 3900) / 31_000
    assert (one.old, one.new) == (pytest.approx(3.9), pytest.approx(after))
    assert (one.source, one.month, one.days, one.load_id) == ("meta", dt.date(2026, 3, 1), 12, load_id)
    assert ("KR", "ctr") not in told(), "clicks and impressions are as they were"
    assert not [market for market, _kpi in told() if market != "KR"]
    assert note_restatements(access.client, load_id, undone=False) == 0, "told once"

    page = alice.get("/c/acme/kpi/restatements/?kpi=roas", headers={"accept-language": "en"}).content.decode()
    assert "390" in page
    assert "Meta" in page
    home = alice.get("/c/acme/").content.decode()
    assert "/kpi/restatements/" in home
    days = alice.get(f"/c/acme/kpi/restatements/{one.pk}/").content.decode()
    assert days.count("<tr") == 1 + 12
    answer = alice.get("/c/acme/api/v1/restatements/?kpi=roas&market=KR&month=2026-03").json()
    assert [found["id"] for found in answer] == [one.pk]
    assert answer[0]["sentence"]


def test_a_load_that_is_taken_back_restates_too(alice, march, tmp_path):
    access = alice.at("acme")
    load_id = restate(access, tmp_path)
    note_restatements(access.client, load_id, undone=False)
    undo(tenancy_for(access), load_id)
    assert note_restatements(access.client, load_id, undone=True) > 0
    one = told(undone=True)["KR", "roas"]
    assert one.new == pytest.approx(3.9)


def test_the_load_task_tells_after_its_work(alice, march, tmp_path):
    load_id = restate(alice.at("acme"), tmp_path)
    answers = lake_changed.send_robust(sender=object, load_id=load_id, undone=False)
    assert not [answer for _receiver, answer in answers if isinstance(answer, Exception)]
    assert ("KR", "roas") in told()


def test_months_that_still_move_and_small_changes_are_not_told(alice, lake, tmp_path):
    access = alice.at("acme")
    Source.objects.create(key="meta", name="Meta")
    last = dt.datetime.now(dt.UTC).date().replace(day=1) - dt.timedelta(days=1)
    first = last.replace(day=1)
    put(access, tmp_path, "channel_daily", "meta", meta("KR", "KRW", 3900, days=last.day, first=first))
    put(access, tmp_path, "channel_daily", "meta", meta("JP", "JPY", 2000))
    moving = put(access, tmp_path, "channel_daily", "meta", meta("KR", "KRW", 100, days=5, first=first))
    note_restatements(access.client, moving, undone=False)
    assert ("KR", "roas") not in told(), "conversions of last month are still coming in"
    small = put(access, tmp_path, "channel_daily", "meta", meta("JP", "JPY", 2030, days=31))
    assert note_restatements(access.client, small, undone=False) == 0, "1.5 % is below the threshold"
    set_threshold(access, "1")
    assert note_restatements(access.client, small, undone=False) > 0
    assert ("JP", "roas") in told()


def test_bob_of_korea_hears_of_korea_only(alice, bob, march, tmp_path):
    access = alice.at("acme")
    for market, value in (("KR", 2600), ("JP", 1000)):
        note_restatements(access.client, restate(access, tmp_path, value, market=market), undone=False)
    assert {"KR", "JP"} == {market for market, _kpi in told()}
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    assert {one.market for one in restatements_since(bob.at("acme"), long_ago)} == {"KR"}
    assert {one.market for one in restatements_since(access, long_ago)} == {"KR", "JP"}
    japan = told()["JP", "roas"]
    assert bob.get(f"/c/acme/kpi/restatements/{japan.pk}/").status_code == 404
    for address in ("kpi/restatements/", "kpi/restatements/?market=JP", "api/v1/restatements/", "?", "kpi/board/"):
        text = bob.get(f"/c/acme/{address}").content.decode()
        assert "일본" not in text
        assert '"JP"' not in text.replace('value="JP"', "")
    assert bob.get("/c/acme/api/v1/restatements/?market=JP").json() == []


def test_the_threshold_is_an_admins_and_a_percentage(alice, bob):
    access = alice.at("acme")
    for text in ("", "many", "-1", "1001", "NaN", "1e9", "Infinity"):
        with pytest.raises(BadThreshold):
            set_threshold(access, text)
    assert set_threshold(access, "0,5 %") == 0.5
    with pytest.raises(NotYourJob):
        set_threshold(bob.at("acme"), "1")
    assert alice.post("/c/acme/kpi/restatements/threshold/", {"percent": "x"}).status_code == 400
    assert alice.post("/c/acme/kpi/restatements/threshold/", {"percent": "3"}).status_code == 302


@pytest.mark.parametrize("query", ["month=2026", "month=x", "month=2026-Q1", "page=x", "market=ZZ", "kpi=nothing"])
def test_odd_addresses_give_a_sentence_or_an_empty_list(alice, acme, query):
    assert alice.get(f"/c/acme/kpi/restatements/?{query}").status_code in (200, 400)
    assert alice.get(f"/c/acme/api/v1/restatements/?{query}").status_code in (200, 400)
    assert alice.get("/c/acme/api/v1/restatements/?since=yesterday").status_code == 400


def test_how_far_a_value_has_moved():
    assert moved_by(3.9, 3.4) == pytest.approx(0.128, abs=1e-3)
    assert moved_by(0, 0) == 0
    assert moved_by(0, 1) == moved_by(1, None) == float("inf")
    assert moved_by(-10, -9) == pytest.approx(0.1)
