"""Months, quarters and years to date."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools

import pytest
from django.utils.translation import override

from ui.errors import BadPeriod
from ui.periods import ReportingPeriod, add_months, month_of, parse_period, quarter_of, year_to_date


def days(period: ReportingPeriod) -> tuple[str, str]:
    return period.start.isoformat(), period.end.isoformat()


@pytest.mark.parametrize(
    ("text", "fiscal_start", "start", "end"),
    [
        ("2026-10", 1, "2026-10-01", "2026-11-01"),
        ("2026-12", 1, "2026-12-01", "2027-01-01"),
        ("2024-02", 4, "2024-02-01", "2024-03-01"),
        ("2026-Q3", 1, "2026-07-01", "2026-10-01"),
        ("2026-q4", 1, "2026-10-01", "2027-01-01"),
        ("2026-Q1", 4, "2026-04-01", "2026-07-01"),
        ("2026-Q4", 4, "2027-01-01", "2027-04-01"),
        ("2026-Q2", 12, "2027-03-01", "2027-06-01"),
        ("2026-YTD-10", 1, "2026-01-01", "2026-11-01"),
        ("2026-YTD-10", 4, "2026-04-01", "2026-11-01"),
        ("2026-YTD-02", 4, "2026-04-01", "2027-03-01"),
        (" 2026-10 ", 1, "2026-10-01", "2026-11-01"),
    ],
)
def test_an_address_names_half_open_days(text: str, fiscal_start: int, start: str, end: str) -> None:
    assert days(parse_period(text, fiscal_start=fiscal_start)) == (start, end)


@pytest.mark.parametrize("fiscal_start", range(1, 13))
def test_what_is_written_is_read_again(fiscal_start: int) -> None:
    for back in range(30):
        day = add_months(dt.date(2026, 11, 1), -back)
        for period in (month_of(day, fiscal_start), quarter_of(day, fiscal_start), year_to_date(day, fiscal_start)):
            assert parse_period(period.text, fiscal_start=fiscal_start) == period
            assert period.start <= day < period.end
            assert period.following().previous() == period if period.kind != "ytd" else True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "october",
        "2026",
        "2026-13",
        "2026-00",
        "2026-Q5",
        "2026-Q0",
        "2026-YTD",
        "2026-YTD-13",
        "0099-01",
        "9999-12",
        "2026-1",
        "2026-10-01",
        "２０２６-10",
        "2026-10'; drop table",
        "x" * 500,
    ],
)
def test_a_bad_period_is_told_with_the_way_to_write_it(text: str) -> None:
    with pytest.raises(BadPeriod) as caught, override("en"):
        parse_period(text)
    with override("en"):
        assert "is no period" in str(caught.value.sentence)
        assert "2026-Q3" in str(caught.value.fix)
    assert caught.value.status == 400
    assert len(caught.value.details["text"]) <= 40


def test_the_period_before_and_the_year_before() -> None:
    assert month_of(dt.date(2026, 1, 15)).previous().text == "2025-12"
    assert parse_period("2026-Q1").previous().text == "2025-Q4"
    assert parse_period("2026-Q1", fiscal_start=4).previous().text == "2025-Q4"
    assert parse_period("2026-YTD-10").previous().text == "2025-YTD-10"
    assert parse_period("2026-YTD-02", fiscal_start=4).year_before().text == "2025-YTD-02"
    assert parse_period("2026-Q3").year_before().text == "2025-Q3"
    assert days(month_of(dt.date(2024, 2, 29)).year_before()) == ("2023-02-01", "2023-03-01")


def test_thirteen_months_end_with_the_last_one() -> None:
    months = parse_period("2026-Q1").months()
    assert [month.isoformat() for month in (months[0], months[-1])] == ["2025-03-01", "2026-03-01"]
    assert len(months) == 13
    for first, second in itertools.pairwise(months):
        assert (second - first).days == calendar.monthrange(first.year, first.month)[1]


@pytest.mark.parametrize(
    ("text", "fiscal_start", "korean", "english"),
    [
        ("2026-10", 1, "2026년 10월", "October 2026"),
        ("2026-Q3", 1, "2026년 3분기", "2026 Q3"),
        ("2026-Q1", 4, "2026 회계연도 1분기 (4월–6월)", "FY2026 Q1 (Apr–Jun)"),
        ("2026-YTD-10", 1, "2026년 1월–10월 누계", "2026 to date, Jan–Oct"),
        ("2026-YTD-01", 1, "2026년 1월 누계", "2026 to date, Jan"),
    ],
)
def test_a_label_is_in_the_readers_language(text: str, fiscal_start: int, korean: str, english: str) -> None:
    period = parse_period(text, fiscal_start=fiscal_start)
    assert (period.label("ko"), period.label("en")) == (korean, english)
