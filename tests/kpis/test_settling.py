"""When numbers are settled: the rules at their borders, in their time zones, and what cells and pages say of them."""

from __future__ import annotations

import datetime as dt
import json
import random

import pytest

from kpis.catalogue import kpi
from kpis.queries.settling import Settling
from sources.errors import BadSettling, NoSuchSource
from sources.models import Source
from sources.services.settling import choose_settling
from sources.settling import RULES, guessed, rule_of
from tenants.errors import NotYourJob
from tests.conftest import Person
from tests.kpis.conftest import ads, put

SECOND = dt.timedelta(seconds=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stays_open")]


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("rule", "day", "measure", "market_zone", "moment"),
    [
        # Kakao Moment: 08:00 the next day in Seoul, whatever the market's own zone.
        ("kakao_moment", "2026-03-05", "cost", "America/New_York", "2026-03-05T23:00:00"),
        ("kakao_moment", "2026-03-05", "ad_value", "Asia/Seoul", "2026-03-12T23:00:00"),
        # Search Console: three whole days, Pacific time; summer time begins on 8 March 2026.
        ("search_console", "2026-03-03", "organic_clicks", "Asia/Seoul", "2026-03-07T08:00:00"),
        ("search_console", "2026-03-05", "organic_clicks", "Asia/Seoul", "2026-03-09T07:00:00"),
        ("meta", "2026-03-05", "clicks", "Asia/Seoul", "2026-03-08T15:00:00"),
        ("meta", "2026-03-05", "ad_conversions", "Asia/Seoul", "2026-04-02T15:00:00"),
        ("google_ads", "2026-01-31", "ad_value", "Europe/Berlin", "2026-03-02T23:00:00"),
        ("shop", "2026-03-05", "orders", "Asia/Seoul", "2026-03-06T15:00:00"),
        ("shop", "2026-03-05", "revenue", "Asia/Seoul", "2026-03-19T15:00:00"),
        ("events", "2026-03-05", "sessions", "Asia/Kathmandu", "2026-03-06T18:15:00"),
    ],
)
def test_a_day_settles_at_the_vendors_moment(rule, day, measure, market_zone, moment):
    found = RULES[rule].settles_at(dt.date.fromisoformat(day), measure, market_zone)
    assert found == utc(moment)
    at, one_day = dt.date.fromisoformat(day), dt.timedelta(days=1)
    assert RULES[rule].first_moving(found - SECOND, measure, market_zone) == at, "a second before, the day still moves"
    assert RULES[rule].first_moving(found, measure, market_zone) == at + one_day, "at its moment it is settled"


def test_the_first_moving_day_is_the_first_that_settles_later_on_any_clock():
    rng = random.Random(7)
    for _again in range(400):
        rule = rng.choice(list(RULES.values()))
        zone = rng.choice(["Asia/Seoul", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"])
        measure = rng.choice(["cost", "ad_value", "revenue", "second_buyers_90d"])
        now = utc("2026-01-01T00:00:00") + dt.timedelta(minutes=rng.randint(0, 525_600))
        days = [now.date() + dt.timedelta(days=back) for back in range(-130, 3)]
        slow = next(day for day in days if rule.settles_at(day, measure, zone) > now)
        assert rule.first_moving(now, measure, zone) == slow


@pytest.mark.parametrize(
    ("source", "origin", "rule"),
    [
        ("google-ads", "channel_daily", "google_ads"), ("메타-광고", "channel_daily", "meta"),
        ("kakao", "channel_daily", "kakao_moment"), ("naver-store", "orders", "shop"), ("ga4", "events", "ga4"),
        ("agency", "channel_daily", "ads"), ("web", "events", "events"), ("gsc", "channel_daily", "search_console"),
    ],
)  # fmt: skip
def test_a_sources_name_suggests_its_rule(source, origin, rule):
    assert guessed(source, origin).key == rule


def test_what_an_admin_chose_goes_before_the_catalogue():
    rule = rule_of("agency", "channel_daily", {"vendor": "meta", "late_days": 7})
    assert (rule.key, rule.days, rule.late_days) == ("meta", 3, 7)
    assert rule_of("agency", "channel_daily", {"vendor": "gone"}).key == "ads"


def test_a_ratio_moves_as_long_as_any_of_its_sources():
    settling = Settling(utc("2026-11-10T00:00:00"), {}, {"KR": "Asia/Seoul"})
    sources = {("KR", "channel_daily"): ("meta", "kakao")}
    october = dt.date(2026, 10, 31)
    assert settling.moving("KR", kpi("ctr").formula, sources, october) is None
    roas = settling.moving("KR", kpi("roas").formula, sources, october)
    assert roas is not None
    assert (roas.since, roas.source) == (dt.date(2026, 10, 13), "meta")
    assert roas.until.isoformat() == "2026-11-29T00:00:00+09:00"


@pytest.fixture
def ended(lake: str, alice: Person, tmp_path) -> dt.date:
    """Ads of Korea and Japan to the end of last month; conversions of a month of Google Ads still move for 30 days."""
    last = dt.datetime.now(dt.UTC).date().replace(day=1) - dt.timedelta(days=1)
    first = last.replace(day=1)
    rows = ads("KR", "KRW", first, last.day, impressions=1000, clicks=20, cost=5000, value=20000)
    rows += ads("JP", "JPY", first, last.day, impressions=500, clicks=30, cost=100, value=300)
    put(alice.at("acme"), tmp_path, "channel_daily", "google-ads", rows)
    Source.objects.create(key="google-ads", name="Google Ads")
    return first


def cells_of(person: Person, month: dt.date, *kpis: str, **more: str) -> dict[str, dict]:
    asked = "&".join(["kpi=" + key for key in kpis] + [f"{name}={value}" for name, value in more.items()])
    answer = person.get(f"/c/acme/api/v1/board/?period={month:%Y-%m}&currency=own&{asked}")
    assert answer.status_code == 200, answer.content
    rows = [row for stage in answer.json()["stages"] for row in stage["rows"]]
    return {row["kpi"]: {cell["market"]: cell for cell in row["cells"]} for row in rows}


def test_cells_say_whether_they_are_settled_and_the_board_marks_those_that_move(alice, ended):
    cells = cells_of(alice, ended, "roas")
    cell = cells["roas"]["KR"]
    days = (dt.datetime.now(dt.UTC).date() - (ended.replace(day=28) + dt.timedelta(days=4)).replace(day=1)).days
    assert cell["settled"] is (days > 30)
    if days < 29:
        assert cell["settles_on"].startswith(str((ended.replace(day=28) + dt.timedelta(days=4)).replace(day=1).year))
        page = alice.get(f"/c/acme/kpi/board/?period={ended:%Y-%m}").content.decode()
        assert "moving" in page
        drawer = alice.get(f"/c/acme/kpi/board/cell/?period={ended:%Y-%m}&cell=roas.KR", headers={"hx-request": "true"})
        assert "google-ads" in drawer.content.decode()
    depth = alice.get(f"/c/acme/api/v1/in-depth/?period={ended:%Y-%m}&market=KR&kpi=roas&grain=day").json()
    assert [point["settled"] for point in depth["course"]] == sorted(
        (point["settled"] for point in depth["course"]), reverse=True
    ), "settled days come before those that move"


def test_an_admins_choice_changes_the_cells_at_once(alice, ended):
    assert cells_of(alice, ended, "roas")["roas"]["KR"]["settled"] in (True, False)
    choose_settling(alice.at("acme"), "google-ads", {"vendor": "google_ads", "days": "0", "late_days": "120"})
    cell = cells_of(alice, ended, "roas")["roas"]["KR"]
    assert (cell["settled"], cell["moving_since"] is not None) == (False, True)
    choose_settling(alice.at("acme"), "google-ads", {"days": "0", "late_days": "0"})
    assert cells_of(alice, ended, "roas")["roas"]["KR"]["settled"] is True


@pytest.mark.parametrize(
    "sent", [{"days": "-1"}, {"days": "1.5"}, {"late_days": "121"}, {"late_days": "٣"}, {"vendor": "nobody"}]
)
def test_what_is_no_rule_is_refused_and_nothing_is_kept(alice, ended, sent):
    with pytest.raises(BadSettling):
        choose_settling(alice.at("acme"), "google-ads", sent)
    assert Source.objects.get(key="google-ads").settling == {}


def test_only_admins_of_the_whole_client_change_rules(alice, bob, vera, ended):
    for person in (bob, vera):
        with pytest.raises(NotYourJob):
            choose_settling(person.at("acme"), "google-ads", {"days": "1"})
        assert person.post("/c/acme/sources/settling/", {"source": "google-ads", "days": "1"}).status_code == 403
    with pytest.raises(NoSuchSource):
        choose_settling(alice.at("acme"), "elsewhere", {"days": "1"})
    assert alice.post("/c/acme/sources/settling/", {"source": "google-ads", "days": "2"}).status_code == 302
    assert Source.objects.get(key="google-ads").settling == {"days": 2}
    page = alice.get("/c/acme/sources/settling/").content.decode()
    assert "google-ads" in page


def test_the_api_tells_rules_and_takes_an_admins(alice, bob, ended):
    assert [line["rule"] for line in alice.get("/c/acme/api/v1/sources/settling/").json()] == ["google_ads"]
    sent = json.dumps({"source": "google-ads", "late_days": "7"})
    assert bob.put("/c/acme/api/v1/sources/settling/", sent, content_type="application/json").status_code == 403
    answer = alice.put("/c/acme/api/v1/sources/settling/", sent, content_type="application/json")
    assert (answer.status_code, answer.json()["late_days"]) == (200, 7)
