"""Alerts: what fires and what doesn't, once, told to those who may read it; the test run is the daily check."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection

from kpis.errors import NoSuchKpi, NoSuchMarket
from kpis.errors_watch import BadAlert
from kpis.messages import firing_text
from kpis.models import Alert, AlertEvent, How, InboxItem
from kpis.queries.alerts import rehearse
from kpis.queries.rules import findings, firings, lookback
from kpis.queries.windows import Readings, readings_of
from kpis.services.alerts import (
    AlertDraft,
    change_alert,
    checked_rule,
    make_alert,
    mute_alert,
    rule_of_draft,
    switch_alert,
)  # fmt: skip
from kpis.services.checking import check_alert
from kpis.services.target_tables import TargetCell
from kpis.services.targets import set_targets
from problems.errors import NotAllowed
from sources.models import Restatement
from tenants.models import Membership
from tests.kpis.conftest import order, put

TODAY = dt.date(2026, 11, 2)
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


def at(day: dt.date) -> dt.datetime:
    """Noon in Seoul."""
    return dt.datetime(day.year, day.month, day.day, 3, tzinfo=dt.UTC)


def made(person, *, today: dt.date = TODAY, **more) -> Alert:
    access = person.at("acme")
    given = {"kpi": "clicks", "kind": "threshold", "limit": 20.0, "recipients": (access.user.pk,), **more}
    return make_alert(access, AlertDraft(**given), now=at(today), today=today)


def check(acme, alert, today: dt.date = TODAY):
    return check_alert(acme, alert.pk, now=at(today))


def fired(alert) -> list[tuple[str, str, float | None]]:
    return [(e.market, e.starts_on.isoformat(), e.value) for e in alert.events.order_by("market", "starts_on")]


def test_a_period_fires_once_however_often_it_is_checked(acme, alice, clicks):
    clicks("KR", dt.date(2026, 10, 1), [30] * 31 + [12])
    alert = made(alice)
    assert check(acme, alert).new == 1
    assert check(acme, alert).new == 0
    assert check(acme, alert, TODAY + DAY).new == 0
    assert fired(alert) == [("KR", "2026-11-01", 12)]
    assert InboxItem.objects.filter(message="firing").count() == 1
    alert.refresh_from_db()
    assert alert.last_state == "firing"
    clicks("KR", dt.date(2026, 11, 2), [40])
    assert check(acme, alert, TODAY + DAY).state == "quiet"


def test_a_day_that_still_runs_or_is_not_loaded_yet_is_not_judged(acme, alice, clicks):
    clicks("KR", dt.date(2026, 10, 1), [30] * 31)
    alert = made(alice)
    assert check(acme, alert).new == 0
    clicks("KR", dt.date(2026, 11, 1), [30, 3])
    assert check(acme, alert).new == 0
    assert check(acme, alert, TODAY + DAY).new == 1


def test_each_recipient_is_told_of_their_own_markets_only(acme, alice, bob, clicks):
    clicks("KR", dt.date(2026, 10, 1), [5] * 32)
    clicks("JP", dt.date(2026, 10, 1), [7] * 32, "JPY")
    people = (alice.at("acme").user.pk, bob.at("acme").user.pk)
    alert = made(alice, name="도쿄 클릭", recipients=people)
    assert check(acme, alert).new == 2
    told = {(item.user_id, item.market) for item in InboxItem.objects.all()}
    assert told == {(people[0], "KR"), (people[0], "JP"), (people[1], "KR")}
    for path in (PAGES, f"{PAGES}{alert.pk}/", "/c/acme/inbox/", "/c/acme/api/v1/inbox/", API, f"{API}events/",
                 f"{API}{alert.pk}/"):  # fmt: skip
        answer = bob.get(path)
        assert answer.status_code == 200, path
        text = answer.content.decode()
        assert not [word for word in ("일본", "JP", "도쿄") if word in text], path
    assert bob.get(f"{API}events/").json()["count"] == 1
    assert alice.get(f"{API}events/").json()["count"] == 2
    assert "도쿄" in alice.get(PAGES).content.decode()


def test_bob_reads_only_alerts_that_are_his_or_tell_him(alice, bob, clicks):
    alert = made(alice)
    assert bob.get(f"{PAGES}{alert.pk}/").status_code == 404
    assert bob.get(f"{API}{alert.pk}/").status_code == 404
    assert bob.post(f"{PAGES}{alert.pk}/delete/").status_code == 404
    own = made(bob, markets=("KR",))
    assert [one["id"] for one in bob.get(API).json()] == [own.pk]
    with pytest.raises(NoSuchMarket):
        made(bob, markets=("JP",))


def test_vera_reads_and_changes_nothing(alice, vera):
    alert = made(alice)
    with pytest.raises(NotAllowed):
        made(vera)
    assert vera.get(f"{PAGES}{alert.pk}/").status_code == 200
    for path in ("change", "mute", "switch", "delete"):
        assert vera.post(f"{PAGES}{alert.pk}/{path}/", {"for": "day"}).status_code == 403, path
    assert vera.post(f"{PAGES}new/", {}).status_code == 403
    assert vera.delete(f"{API}{alert.pk}/").status_code == 403
    assert Alert.objects.count() == 1


def test_a_muted_alert_keeps_what_happens_and_tells_nobody(acme, alice, clicks):
    clicks("KR", dt.date(2026, 10, 1), [5] * 33)
    alert = made(alice)
    mute_alert(alice.at("acme"), alert, TODAY, now=at(TODAY), today=TODAY)
    assert check(acme, alert).new == 1
    assert AlertEvent.objects.get().muted
    assert not InboxItem.objects.exists()
    assert check(acme, alert, TODAY + DAY).new == 1
    assert InboxItem.objects.count() == 1
    for until in (TODAY - DAY, TODAY + 400 * DAY):
        with pytest.raises(BadAlert):
            mute_alert(alice.at("acme"), alert, until, now=at(TODAY), today=TODAY)


def test_one_that_is_switched_off_is_not_checked(acme, alice, clicks):
    clicks("KR", dt.date(2026, 10, 1), [5] * 32)
    alert = made(alice)
    switch_alert(alice.at("acme"), alert, active=False, now=at(TODAY), today=TODAY)
    assert check(acme, alert) is None


def test_changes_are_held_against_what_they_name(acme, alice, clicks):
    first = dt.date(2025, 10, 27)
    numbers = [100] * 371
    numbers[-8], numbers[-2], numbers[-1 - 364] = 130, 120, 80
    clicks("KR", first, numbers)
    assert first + 370 * DAY == TODAY - DAY
    for base, share in (("previous", -1 / 6), ("weekday", -3 / 13), ("year", 0.25)):
        side = "either"
        alert = made(alice, kind="change", limit=0.15, base=base, side=side)
        assert check(acme, alert).new == 1, base
        assert alert.events.get().about["share"] == pytest.approx(share)
    assert check(acme, made(alice, kind="change", limit=0.15, base="year", side="below")).new == 0


def test_a_week_and_a_month_are_judged_when_they_are_whole(acme, alice, clicks):
    clicks("KR", dt.date(2026, 9, 1), [10] * 62)
    week = made(alice, grain="week", limit=71, today=dt.date(2026, 10, 20))
    month = made(alice, grain="month", limit=311, today=dt.date(2026, 10, 20))
    check(acme, week)
    check(acme, month)
    assert fired(week) == [("KR", "2026-10-19", 70), ("KR", "2026-10-26", 70)]
    assert fired(month) == [("KR", "2026-10-01", 310)]


def test_a_week_with_a_day_missing_is_no_low_week(acme, alice, clicks):
    clicks("KR", dt.date(2026, 10, 19), [10, 10, 10, None, 10, 10, 10])
    alert = made(alice, grain="week", limit=65, today=dt.date(2026, 10, 20))
    assert check(acme, alert).new == 0


def test_a_month_behind_its_target_fires_once_with_what_was_due(acme, alice, clicks):
    clicks("KR", dt.date(2026, 10, 1), [10] * 4 + [8] * 20)
    cells = [TargetCell("clicks", "KR", dt.date(2026, 10, 1), Decimal(310))]
    set_targets(alice.at("acme"), cells, how=How.TYPED, now=at(TODAY))
    alert = made(alice, kind="pacing", limit=0.1, today=dt.date(2026, 10, 5))
    assert check(acme, alert, dt.date(2026, 10, 20)).new == 1
    (event,) = alert.events.all()
    # 40 of 40 by the 4th; each day 2 more are lacking: 8 of 80 (10 %) are on the 8th.
    assert (event.starts_on, event.ends_on) == (dt.date(2026, 10, 1), dt.date(2026, 10, 8))
    assert (event.value, event.expected) == (72, pytest.approx(80))


def test_a_silence_fires_once_and_again_only_after_data_came(acme, alice, clicks):
    clicks("KR", dt.date(2026, 10, 1), [10] * 20)
    alert = made(alice, kind="missing", limit=3, today=dt.date(2026, 10, 21))
    for n in (21, 23, 24, 26, 30):
        check(acme, alert, dt.date(2026, 10, n))
    (event,) = alert.events.all()
    assert event.starts_on == dt.date(2026, 10, 21)
    assert InboxItem.objects.count() == 1
    clicks("KR", dt.date(2026, 10, 29), [10])
    for n in (31, 34):
        check(acme, alert, dt.date(2026, 10, 1) + n * DAY)
    assert [e.starts_on.day for e in alert.events.order_by("starts_on")] == [21, 30]


RULES = [
    {"kind": "threshold", "limit": 80.0}, {"kind": "threshold", "limit": 620.0, "grain": "week"},
    {"kind": "threshold", "limit": 2700.0, "grain": "month", "side": "above"},
    {"kind": "threshold", "limit": 0.095, "kpi": "ctr"},
    {"kind": "change", "limit": 0.3, "side": "either"}, {"kind": "change", "limit": 0.2, "base": "weekday"},
    {"kind": "change", "limit": 0.1, "grain": "week", "side": "either"}, {"kind": "change", "limit": 0.2, "base": "year"},
    {"kind": "pacing", "limit": 0.05}, {"kind": "anomaly", "limit": 3.0, "side": "either"},
    {"kind": "missing", "limit": 1.0},
]  # fmt: skip


def noisy(seed: str) -> list[int | None]:
    """Seven months of days with a weekday's pattern, noise and a few days missing."""
    chance = random.Random(seed)
    return [
        None if chance.random() < 0.03 else max(1, round(chance.gauss(85 + 10 * (n % 7 < 5), 14))) for n in range(210)
    ]


@pytest.fixture
def seven_months(alice, clicks):
    clicks("KR", TODAY - 210 * DAY, noisy("seven months"))
    months = [dt.date(2026, month, 1) for month in (8, 9, 10, 11)]
    cells = [TargetCell("clicks", "KR", month, Decimal(2900)) for month in months]
    set_targets(alice.at("acme"), cells, how=How.TYPED, now=at(TODAY))


def as_known_on(readings: Readings, day: dt.date) -> Readings:
    """The readings of a lake that holds nothing after a day."""
    return replace(
        readings,
        days={code: {one: rows for one, rows in some.items() if one <= day} for code, some in readings.days.items()},
        there={place: {one for one in some if one <= day} for place, some in readings.there.items()},
        extents={place: replace(one, last=min(one.last, day)) for place, one in readings.extents.items()},
    )


def test_the_test_run_is_what_the_daily_check_would_have_found(acme, alice, seven_months):
    """Each day judged by itself, on a lake that ends with it: together they find what the test run finds."""
    access, first, last, times = alice.at("acme"), TODAY - 90 * DAY, TODAY - DAY, {}
    for more in RULES:
        rule = rule_of_draft(checked_rule(access, AlertDraft(**{"kpi": "clicks", "limit": 1.0, **more})))
        run = rehearse(access, rule, ("KR",), today=TODAY)
        window = (first - lookback(rule) * DAY, TODAY)
        whole = readings_of(access, rule.kpi, ("KR",), window, currency="own", last=last)
        days = [first + n * DAY for n in range(90)]
        daily = [one for day in days for one in findings(rule, as_known_on(whole, day), "KR", day, day)]
        assert firings(daily) == list(run.fired["KR"]), more
        assert (run.first, run.last) == (first, last)
        times[more["kind"]] = times.get(more["kind"], 0) + run.times
    assert all(times.values()), times


def test_checks_that_come_late_find_the_same_as_the_test_run(acme, alice, seven_months):
    access, first = alice.at("acme"), TODAY - 90 * DAY
    for more in ({"kind": "threshold", "limit": 80.0}, {"kind": "pacing", "limit": 0.05}):
        alert = made(alice, today=first + DAY, markets=("KR",), **more)
        for n in (*range(8, 90, 27), 90):
            check(acme, alert, first + n * DAY)
        draft = checked_rule(access, AlertDraft("clicks", **more))
        run = rehearse(access, rule_of_draft(draft), ("KR",), today=TODAY)
        expected = sorted((one.starts_on.isoformat(), one.value.number) for one in run.fired["KR"])
        assert sorted((day, value) for _market, day, value in fired(alert)) == expected


def test_a_restated_month_fires_once_on_the_day_that_it_became_known(acme, alice, clicks):
    clicks("KR", dt.date(2026, 10, 1), [30] * 32)
    Restatement.objects.bulk_create(
        Restatement(
            market=market, source="ads", kpi="clicks", month=dt.date(2026, month, 1), old=old, new=new, days=3,
            load_id="second", known_from=at(TODAY),
        )
        for market, month, old, new in (("KR", 8, 100.0, 99.0), ("KR", 9, 100.0, 90.0), ("JP", 9, 1.0, 9.0))
    )  # fmt: skip
    alert = made(alice, kind="restated", limit=0.05, markets=("KR",))
    assert [check(acme, alert, TODAY + n * DAY).new for n in (0, 1, 2)] == [0, 1, 0]
    event = alert.events.get()
    assert (event.value, event.expected) == (90.0, 100.0)
    assert "2026년 9월" in firing_text(event.about)


def test_quiet_days_of_orders_are_days_of_no_orders(acme, alice, lake, tmp_path):
    access = alice.at("acme")
    rows = [order("KR", "KRW", f"2026-10-{day:02d}", 1, 100) for day in (1, 2, 3, 5, 6)]
    rows += [order("JP", "JPY", f"2026-10-{day:02d}", 1, 100) for day in range(1, 8)]
    put(access, tmp_path, "orders", "shop", rows)
    alert = made(alice, kpi="orders", limit=1, markets=("KR",), today=dt.date(2026, 10, 2))
    check(acme, alert, dt.date(2026, 10, 20))
    assert fired(alert) == [("KR", "2026-10-04", 0), ("KR", "2026-10-07", 0)]


def breaks(acme, alert) -> str:
    assert check(acme, alert).state == "broken"
    assert check(acme, alert).state == "broken"
    assert InboxItem.objects.filter(message="broken").count() == 1
    alert.refresh_from_db()
    return alert.broken_reason


def test_an_alert_whose_kpi_is_gone_says_so_once_and_recovers(acme, alice, clicks):
    clicks("KR", dt.date(2026, 10, 1), [30] * 32)
    alert = made(alice)
    Alert.objects.update(kpi="gone_kpi")
    assert breaks(acme, alert) == "kpi_gone"
    page = alice.get(PAGES).content.decode()
    assert "gone_kpi" in page
    assert "gone_kpi" in alice.get("/c/acme/inbox/").content.decode()
    Alert.objects.update(kpi="clicks")
    assert check(acme, alert).state == "quiet"


def test_an_alert_without_data_its_market_its_owner_or_its_readers_says_so(acme, alice, bob, clicks):
    clicks("KR", dt.date(2026, 10, 1), [30] * 32)
    reasons = {}
    for name, change in (
        ("no_data", {"kpi": "orders"}),
        ("no_target", {"kind": "pacing", "limit": 0.1}),
        ("market_gone", {"markets": ("KR",)}),
    ):
        alert = made(alice, **change)
        if name == "market_gone":
            Alert.objects.filter(pk=alert.pk).update(markets=["XX"])
        reasons[name] = breaks(acme, alert)
        InboxItem.objects.all().delete()
    alert = made(bob, recipients=(bob.at("acme").user.pk,))
    Membership.objects.filter(user=bob.at("acme").user, client=acme).delete()
    reasons["owner_left"] = breaks(acme, alert)
    assert reasons == {name: name for name in reasons}
    assert "Dana" not in InboxItem.objects.get(message="broken").about["what"]


def test_an_alert_whose_only_reader_lost_its_market_says_so(acme, alice, bob, clicks):
    clicks("KR", dt.date(2026, 10, 1), [3] * 32)
    alert = made(alice, markets=("KR",), recipients=(bob.at("acme").user.pk,))
    Membership.objects.get(user=bob.at("acme").user, client=acme).markets.set(acme.markets.filter(code="JP"))
    assert breaks(acme, alert) == "no_readers"
    assert not AlertEvent.objects.exists()


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"kpi": "nope"}, NoSuchKpi), ({"markets": ("XX",)}, NoSuchMarket), ({"kind": "nothing"}, BadAlert),
        ({"kind": "magic"}, BadAlert), ({"limit": float("nan")}, BadAlert), ({"limit": float("inf")}, BadAlert),
        ({"kind": "change", "limit": 0}, BadAlert), ({"kind": "change", "limit": -0.1}, BadAlert),
        ({"kind": "pacing", "limit": 0}, BadAlert), ({"kind": "anomaly", "limit": 1}, BadAlert),
        ({"kind": "missing", "limit": 1.5}, BadAlert), ({"kind": "missing", "limit": 0}, BadAlert),
        ({"grain": "hour"}, BadAlert), ({"side": "either"}, BadAlert), ({"recipients": ()}, BadAlert),
        ({"recipients": (999999,)}, BadAlert), ({"kind": "change", "grain": "week", "base": "weekday", "limit": 1}, BadAlert),
        ({"kpi": "repeat_rate", "limit": 0.2}, BadAlert), ({"kpi": "active_users", "kind": "pacing", "limit": 0.1}, BadAlert),
        ({"kpi": "revenue", "currency": "EUR"}, BadAlert), ({"name": "x" * 121}, BadAlert),
    ],
)  # fmt: skip
def test_what_cannot_be_watched_is_refused_and_nothing_is_kept(alice, more, error):
    with pytest.raises(error) as refused:
        made(alice, **more)
    assert str(refused.value.sentence)
    assert not Alert.objects.exists()


def test_a_recipient_who_sees_none_of_the_markets_is_named(alice, bob):
    with pytest.raises(BadAlert, match="Bob"):
        made(alice, markets=("JP",), recipients=(bob.at("acme").user.pk,))


ABOUT = {"kpi": "revenue", "market": "KR", "market_ko": "한국", "market_en": "Korea", "currency": "KRW", "grain": "day",
         "starts_on": "2026-10-03", "ends_on": "2026-10-03", "value": 1000.0, "expected": 2000.0, "base": "weekday",
         "share": -0.5, "month": "2026-10-01", "score": -4.2, "days": 3, "side": "below"}  # fmt: skip


@pytest.mark.parametrize("kind", ["threshold", "change", "pacing", "anomaly", "missing", "restated"])
def test_every_firing_is_a_sentence_in_both_languages(kind):
    from django.utils.translation import override

    with override("ko"):
        korean = firing_text({**ABOUT, "kind": kind})
    with override("en"):
        english = firing_text({**ABOUT, "kind": kind})
    assert "한국" in korean
    assert "Korea" in english
    assert korean != english
    assert "%(" not in korean + english


def test_a_change_of_an_alert_begins_anew(acme, alice, clicks):
    clicks("KR", dt.date(2026, 10, 1), [30] * 32)
    alert = made(alice)
    draft = AlertDraft("clicks", "change", 50.0, recipients=(alice.at("acme").user.pk,))
    changed = change_alert(alice.at("acme"), alert, draft, now=at(TODAY), today=TODAY)
    assert (changed.kind, changed.limit) == ("threshold", 50.0)
    assert check(acme, changed).new == 1


def test_a_load_has_alerts_checked_and_so_has_every_hour(acme, alice, clicks, django_capture_on_commit_callbacks):
    from config.tasks import alerts_of_every_client
    from sources.signals import lake_changed

    today = dt.datetime.now(tz=dt.UTC).date()
    clicks("KR", today - 30 * DAY, [5] * 30)
    alert = made(alice, today=today)
    with django_capture_on_commit_callbacks(execute=True):
        lake_changed.send(None, load_id="none", undone=False)
    assert alert.events.exists()
    AlertEvent.objects.all().delete()
    connection.set_schema_to_public()
    alerts_of_every_client()
    connection.set_tenant(acme)
    assert alert.events.exists()


def test_a_check_that_breaks_is_said_on_the_alert_and_raised(acme, alice, clicks, monkeypatch):
    from kpis.tasks import check_alert as task

    alert = made(alice)

    def explode(*args, **more):
        raise ZeroDivisionError("nobody foresaw this")

    monkeypatch.setattr("kpis.services.checking.readings_of", explode)
    with pytest.raises(ZeroDivisionError):
        task.delay(alert.pk)
    alert.refresh_from_db()
    assert (alert.last_state, alert.broken_reason) == ("broken", "broke")
    assert InboxItem.objects.get().message == "broken"
