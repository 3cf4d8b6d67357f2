"""How numbers and dates are written, decided over a column."""

from __future__ import annotations

import datetime as dt

import pytest

from sources.reading.casting import serial_to_iso
from sources.reading.date_forms import date_form, date_range, formats_of
from sources.reading.number_forms import number_form
from sources.reading.profile import profile_columns


@pytest.mark.parametrize(
    ("cells", "decimal", "thousands"),
    [
        (["1,234.56", "7.10", "12"], ".", ","),
        (["1.234,56", "7,10", "12"], ",", "."),
        (["1 234,56", "7,10"], ",", " "),
        (["1\u202f234,56", "7,10"], ",", "\u202f"),
        (["1'234.50", "8.00"], ".", "'"),
        (["1,234", "25,881"], ".", ","),
        (["12,34,567.00", "1,200.00"], ".", ","),
        (["1.429999948", "58.70"], ".", ","),
        (["0,5", "12,75"], ",", "."),
        (["1.234.567", "12"], ",", "."),
    ],
)
def test_marks(cells: list[str], decimal: str, thousands: str) -> None:
    form = number_form(cells)
    assert (form.share, form.decimal, form.thousands) == (1.0, decimal, thousands)


@pytest.mark.parametrize(
    ("cells", "currency"),
    [
        (["₩1,200", "₩900"], "KRW"),
        (["1.200,50 €", "9,00 €"], "EUR"),
        (["USD 12.50", "USD 8"], "USD"),
        (["1,200원", "900원"], "KRW"),
        (["$5"], ""),
    ],
)
def test_currency_signs(cells: list[str], currency: str) -> None:
    form = number_form(cells)
    assert form.share == 1.0
    assert form.currency == currency


def test_percent_brackets_and_minus() -> None:
    assert number_form(["1.28%", "0%", "77.77%"]).percent
    assert number_form(["(1,200)", "-5", "−7", "3"]).share == 1.0


def test_points_that_could_be_either_stay_a_question() -> None:
    assert number_form(["1.234", "5.678"]).undecided
    assert not number_form(["1.234", "5.67"]).undecided


def test_an_open_column_follows_the_files_clear_ones() -> None:
    rows = [["1.234", "1.234,50"], ["5.678", "7,20"], ["9.012", "88,10"]]
    open_one, clear = profile_columns(["views", "cost"], rows)
    assert (clear.number.decimal, open_one.number.decimal, open_one.number.thousands) == (",", ",", ".")


def test_numbers_with_both_marks_are_counted_as_contradicting() -> None:
    form = number_form(["1,234.5", "2,345.6", "3,456.7", "1.234,5"])
    assert (form.decimal, form.contradicting) == (".", 1)


@pytest.mark.parametrize("word", ["brand", "2026-10-01", "1,23,4", "v1.2.3", "", "12:30", "A-12"])
def test_what_is_not_a_number(word: str) -> None:
    assert number_form([word]).share == 0


@pytest.mark.parametrize(
    ("cell", "form"),
    [
        ("2026-10-03", "%Y-%m-%d"),
        ("2026.10.03", "%Y.%m.%d"),
        ("2026. 10. 3.", "%Y. %m. %d."),
        ("2026.10.03.", "%Y.%m.%d."),
        ("2026/10/3", "%Y/%m/%d"),
        ("20261003", "%Y%m%d"),
        ("2026년 10월 3일", "%Y년 %m월 %d일"),
        ("2026년10월3일", "%Y년%m월%d일"),
        ("Jul 8, 2025", "%b %d, %Y"),
        ("July 8, 2025", "%B %d, %Y"),
        ("8-Jul-25", "%d-%b-%y"),
        ("8 Jul 2025", "%d %b %Y"),
        ("2018.02.26 2:00", "%Y.%m.%d %H:%M"),
        ("2026-10-03T03:05:01Z", "%Y-%m-%dT%H:%M:%S%z"),
        ("2026-10-03T03:05:01+09:00", "%Y-%m-%dT%H:%M:%S%z"),
        ("2021-07-14 15:30:09.224125", "%Y-%m-%d %H:%M:%S.%f"),
        ("2026-10-03 3:05 PM", "%Y-%m-%d %I:%M %p"),
        ("2026-10-03 오후 3:05", "%Y-%m-%d %p %I:%M"),
        ("2026. 10. 3. 오전 9:12:30", "%Y. %m. %d. %p %I:%M:%S"),
        ("25/12/2026", "%d/%m/%Y"),
        ("12/25/2026", "%m/%d/%Y"),
    ],
)
def test_date_forms(cell: str, form: str) -> None:
    assert formats_of(cell) == (form,)


@pytest.mark.parametrize(
    "cell", ["2026-13-01", "31/31/2026", "2026-02-30", "12", "20269903", "1.2.3", "Jux 8, 2025", "2026-10-03 25:00"]
)
def test_what_is_not_a_date(cell: str) -> None:
    assert formats_of(cell) == ()


def test_one_row_decides_day_or_month_first() -> None:
    assert date_form(["03/04/2026", "05/06/2026", "25/06/2026"]).formats == ("%d/%m/%Y",)
    assert date_form(["03/04/2026", "05/06/2026", "06/25/2026"]).formats == ("%m/%d/%Y",)


def test_rows_that_decide_nothing_leave_a_question() -> None:
    form = date_form(["03/04/2026", "05/06/2026"])
    assert form.formats == ("%d/%m/%Y",)
    assert form.question == ("%m/%d/%Y",)


def test_two_forms_in_one_column_are_both_read() -> None:
    assert set(date_form(["2026-10-03", "2026-10-04", "2026.10.05"]).formats) == {"%Y-%m-%d", "%Y.%m.%d"}


def test_weekdays_after_the_date() -> None:
    assert set(date_form(["2026.10.03(토)", "2026.10.04(일)"]).formats) == {"%Y.%m.%d(토)", "%Y.%m.%d(일)"}


def test_spreadsheet_day_numbers_count_only_under_a_dates_name() -> None:
    assert date_form(["45932", "45933"]).share == 0
    assert date_form(["45932", "45933.5"], named_like_date=True).formats == ("excel",)
    # A spreadsheet counts days from 30 December 1899.
    assert serial_to_iso("45933.5") == str(dt.datetime(1899, 12, 30) + dt.timedelta(days=45933, hours=12))
    assert serial_to_iso("later") == "later"


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("July 8, 2025 - July 31, 2025", "2025-07-08", "2025-07-31"),
        ("Date,Jun 2, 2026–Jun 8, 2026", "2026-06-02", "2026-06-08"),
        ("캠페인보고서(2026.10.01.~2026.10.31.)", "2026-10-01", "2026-10-31"),
        ("기간: 2026-10-01 ~ 2026-10-07", "2026-10-01", "2026-10-07"),
        ("report_20261003.csv", "2026-10-03", "2026-10-03"),
        ("2026년 10월 1일 ~ 2026년 10월 5일", "2026-10-01", "2026-10-05"),
    ],
)
def test_the_stretch_that_a_report_covers(line: str, first: str, last: str) -> None:
    assert date_range([line]) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))
