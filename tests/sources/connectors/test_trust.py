"""Days that can't be believed are marked, told of, and cleared when better numbers come; nothing is deleted for them."""

from __future__ import annotations

import datetime as dt

import pytest

from sources.connectors.naver_searchad.fake import Numbers
from sources.models import DayFault, SyncKind
from sources.services.syncs.trust import (
    DayNumbers,
    clicks_above_impressions,
    few_rows,
    missing_day,
    spend_without_impressions,
)
from tests.sources.connectors.test_contract import stage  # noqa: F401 (a fixture)

DAY = dt.date(2026, 10, 31)


def past(days: int, rows: int = 100, *, without: tuple[int, ...] = ()) -> dict[dt.date, DayNumbers]:
    return {DAY - dt.timedelta(days=n): DayNumbers(rows, 1000, 50, 10) for n in range(1, days + 1) if n not in without}


@pytest.mark.parametrize(
    ("days", "doubted"),
    [
        (past(28), True),
        (past(28, without=tuple(range(1, 8))), False),  # a source that rests for weeks has no missing day
        (past(6), False),  # too young to say
        ({**past(28), DAY: DayNumbers(1)}, False),
    ],
)
def test_a_missing_day_is_one_of_a_source_that_has_rows_nearly_every_day(days, doubted):
    assert (missing_day(DAY, days) is not None) is doubted


@pytest.mark.parametrize(("rows", "doubted"), [(19, True), (20, False), (100, False)])
def test_few_rows_are_few_against_the_same_weekday(rows, doubted):
    assert (few_rows(DAY, {**past(28), DAY: DayNumbers(rows)}) is not None) is doubted


def test_a_small_source_is_never_said_to_have_few_rows():
    assert few_rows(DAY, {**past(28, rows=10), DAY: DayNumbers(1)}) is None


def test_spend_without_impressions_and_clicks_above_them():
    assert spend_without_impressions(DAY, {DAY: DayNumbers(1, 0, 0, 5)}) == {"cost": 5}
    assert spend_without_impressions(DAY, {DAY: DayNumbers(1, 1, 0, 5)}) is None
    assert clicks_above_impressions(DAY, {DAY: DayNumbers(1, 10, 11, 0)}) == {"clicks": 11, "impressions": 10}
    assert clicks_above_impressions(DAY, {DAY: DayNumbers(1, 10, 10, 0)}) is None


def test_a_sync_marks_the_day_that_the_vendor_left_out_and_a_later_one_clears_it(stage):  # noqa: F811
    lost = stage.until - dt.timedelta(days=3)
    kept = {place: stage.fake.days.pop(place) for place in [one for one in stage.fake.days if one[1] == lost]}
    connection = stage.connect(60)
    fault = DayFault.objects.get()
    assert (fault.code, fault.day, fault.market, fault.cleared_at) == ("missing_day", lost, "KR", None)
    assert connection.syncs.get().lines.filter(code="doubted", details__days=1).exists()
    stage.fake.days.update(kept)
    stage.sync(connection, 10, SyncKind.SCHEDULED)
    fault.refresh_from_db()
    assert fault.cleared_at is not None


@pytest.mark.parametrize("stage", ["naver_searchad"], indirect=True)
def test_a_day_in_doubt_stands_on_its_connection_and_on_charts_of_its_market_only(stage, alice, bob):  # noqa: F811
    lost = stage.until - dt.timedelta(days=3)
    for place in [one for one in stage.fake.days if one[1] == lost]:
        stage.fake.days.pop(place)
    connection = stage.connect(60)
    page = f"/c/acme/sources/connections/{connection.pk}/"
    chart = f"/c/acme/kpi/in-depth/?kpi=impressions&market=KR&period={lost:%Y-%m}&grain=day"
    for person in (alice, bob):
        assert "의심되는 날" in person.get(page).content.decode()
        assert "데이터 점검" in person.get(chart).content.decode()
    elsewhere = alice.get(chart.replace("market=KR", "market=JP")).content.decode()
    orders = alice.get(chart.replace("kpi=impressions", "kpi=orders")).content.decode()
    assert "데이터 점검" not in elsewhere + orders


@pytest.mark.parametrize("stage", ["naver_searchad"], indirect=True)
def test_numbers_that_contradict_themselves_are_marked_and_stay(stage):  # noqa: F811
    group = next(iter(stage.fake.days))[0]
    day = stage.until - dt.timedelta(days=2)
    for place in [one for one in stage.fake.days if one[1] == day]:
        stage.fake.days.pop(place)
    stage.fake.days[group, day, "PC"] = Numbers(impressions=0, clicks=3, cost=500, conversions=0, value=0)
    stage.connect(60)
    assert set(DayFault.objects.values_list("code", "day")) == {("spend_without_impressions", day)}
    assert day in stage.days()
