"""Cells as people write them, one table a kind: what is read, or why it is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from hashlib import sha256

import pytest

from warehouse.errors import PlanIncomplete
from warehouse.loading.casts import cleaned, reading
from warehouse.plan import Cast
from warehouse.tables import CHANNEL_DAILY, CUSTOMERS, EVENTS, ORDERS, Column

TODAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def cursor():
    import duckdb

    connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    connection.execute("SET TimeZone = 'UTC'")
    yield connection
    connection.close()


def read(cursor, column: Column, cast: Cast, cell: str | None):
    """The value of a cell, and the first reason against it."""
    made = reading(column, cast, "t", TODAY)
    reasons = ", ".join(f"CASE WHEN {fault.when.replace('{v}', 'v')} THEN {fault.reason} END" for fault in made.faults)
    return cursor.execute(
        f"SELECT v, coalesce({reasons or 'NULL'}, NULL) FROM (SELECT t, {made.value} AS v FROM (SELECT {cleaned('c')} AS t FROM (SELECT ?::VARCHAR AS c)))",
        [cell],
    ).fetchone()


COST, CLICKS, SHARE = (CHANNEL_DAILY.column(name) for name in ("cost", "clicks", "impression_share"))
VALUE = ORDERS.column("value")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1234.5", "1234.5"),
        ("1,234.50", "1234.5"),
        ("1,234,567", "1234567"),
        (" 12 ", "12"),
        ("\u00a012\u00a0", "12"),
        ("₩1,234", "1234"),
        ("￦ 1,234원", "1234"),
        ("$1,234.56", "1234.56"),
        ("US$3.20", "3.2"),
        ("€ 5", "5"),
        ("5 €", "5"),
        ("£0.99", "0.99"),
        ("¥1,000", "1000"),
        ("KRW 1,000", "1000"),
        ("1000 KRW", "1000"),
        ("(12.50)", "-12.5"),
        ("(₩1,000)", "-1000"),
        ("-₩1,000", "-1000"),
        ("₩-1,000", "-1000"),
        ("−5", "-5"),
        ("5-", "-5"),
        ("+5", "5"),
        ("1 234 567", "1234567"),
        ("1\u00a0234", "1234"),
        ("1'234", "1234"),
        ("1.5E+05", "150000"),
        ("1e3", "1000"),
        (".5", "0.5"),
        ("5.", "5"),
        ("１２３", "123"),
        ("12.5%", "0.125"),
        ("12,34,567", "1234567"),
        ("1,234회", "1234"),
        ("0.0000004", "0"),
        ("2.5건", "2.5"),
    ],
)
def test_numbers_are_read_as_people_write_them(cursor, cell, value):
    assert read(cursor, VALUE, Cast("number"), cell) == (Decimal(value), None)


@pytest.mark.parametrize(
    "cell", ["", " ", "-", "--", " --", "N/A", "n/a", "null", "NULL", "None", "–", "없음", "#N/A", None]
)
def test_what_says_nothing_is_empty(cursor, cell):
    assert read(cursor, VALUE, Cast("number"), cell) == (None, None)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("abc", "not_a_number"),
        ("1,23", "not_a_number"),
        ("1.234.5", "not_a_number"),
        ("1,234,5", "not_a_number"),
        ("1_000", "not_a_number"),
        ("0x1F", "not_a_number"),
        ("12 34", "not_a_number"),
        ("#DIV/0!", "not_a_number"),
        ("NaN", "not_finite"),
        ("inf", "not_finite"),
        ("-Infinity", "not_finite"),
        ("1e400", "out_of_range"),
        ("1e20", "out_of_range"),
        ("999999999999999999", "out_of_range"),
        ("2024-01-01", "not_a_number"),
        ("1.234,50", "not_a_number"),
        ("--5", "not_a_number"),
        ("$", "not_a_number"),
        ("=1+1", "not_a_number"),
    ],
)
def test_what_is_no_number_is_refused(cursor, cell, reason):
    assert read(cursor, VALUE, Cast("number"), cell) == (None, reason)


@pytest.mark.parametrize(
    ("cell", "value", "reason"),
    [
        ("1.234,50", "1234.5", None),
        ("1234,5", "1234.5", None),
        ("1.234", "1234", None),
        ("1234", "1234", None),
        ("€ 1.234.567,89", "1234567.89", None),
        ("1,234.50", None, "not_a_number"),
        ("12.5", None, "not_a_number"),
        ("-0,5", "-0.5", None),
        ("12,5 %", "0.125", None),
    ],
)
def test_with_a_decimal_comma_points_are_thousands(cursor, cell, value, reason):
    assert read(cursor, VALUE, Cast("number", decimal=",", thousands="."), cell) == (value and Decimal(value), reason)


def test_the_same_mark_for_both_is_refused(cursor):
    with pytest.raises(PlanIncomplete):
        reading(VALUE, Cast("number", decimal=",", thousands=","), "t", TODAY)


@pytest.mark.parametrize(
    ("column", "cell", "value", "reason"),
    [
        (COST, "-1", "-1", "negative"),
        (VALUE, "-1", "-1", None),
        (CLICKS, "1.5", "1.5", "not_whole"),
        (CLICKS, "3.0", "3", None),
        (SHARE, "120%", "1.2", "out_of_range"),
        (SHARE, "< 10%", "0.1", None),
        (SHARE, "> 90%", "0.9", None),
        (SHARE, "0.35", "0.35", None),
    ],
)
def test_columns_have_limits(cursor, column, cell, value, reason):
    assert read(cursor, column, Cast("number"), cell) == (Decimal(value), reason)


def test_a_percent_column_is_divided_whether_it_has_the_sign_or_not(cursor):
    for cell in ("12.5%", "12.5"):
        assert read(cursor, SHARE, Cast("number", percent=True), cell) == (Decimal("0.125"), None)


@pytest.mark.parametrize(
    ("cell", "formats", "value", "reason"),
    [
        ("2024-01-05", (), dt.date(2024, 1, 5), None),
        ("2024.1.5", (), dt.date(2024, 1, 5), None),
        ("20240105", (), dt.date(2024, 1, 5), None),
        ("2024년 1월 5일", (), dt.date(2024, 1, 5), None),
        ("2024. 1. 5.", (), dt.date(2024, 1, 5), None),
        ("1/5/24", ("%m/%d/%y",), dt.date(2024, 1, 5), None),
        ("5/1/2024", ("%d/%m/%Y",), dt.date(2024, 1, 5), None),
        ("Jan 5, 2024", ("%b %d, %Y",), dt.date(2024, 1, 5), None),
        ("2024-02-30", (), None, "not_a_date"),
        ("tomorrow", (), None, "not_a_date"),
        ("0099-01-01", (), dt.date(99, 1, 1), "date_out_of_range"),
        ("2031-01-01", (), dt.date(2031, 1, 1), "date_out_of_range"),
        ("", (), None, None),
    ],
)
def test_dates(cursor, cell, formats, value, reason):
    assert read(cursor, CHANNEL_DAILY.column("day"), Cast("date", formats=formats), cell) == (value, reason)


@pytest.mark.parametrize(
    ("cell", "value", "reason"),
    [
        ("예", True, None),
        ("N", False, None),
        ("1", True, None),
        ("동의", True, None),
        ("maybe", None, "not_yes_or_no"),
        ("", None, None),
    ],
)
def test_yes_and_no(cursor, cell, value, reason):
    assert read(cursor, CUSTOMERS.column("marketing_consent"), Cast("bool"), cell) == (value, reason)


def hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("name", "cell", "value", "reason"),
    [
        ("email_hash", " Bob@Example.COM ", hashed("bob@example.com"), None),
        ("email_hash", hashed("x").upper(), hashed("x"), None),
        ("phone_hash", "010-1234-5678", hashed("01012345678"), None),
        ("phone_hash", "+82 10 1234 5678", hashed("01012345678"), None),
        ("phone_hash", "821012345678", hashed("01012345678"), None),
        ("phone_hash", "+1 (212) 555-0100", hashed("12125550100"), None),
    ],
)
def test_direct_identifiers_are_kept_as_hashes_of_their_normal_form(cursor, name, cell, value, reason):
    assert read(cursor, CUSTOMERS.column(name), Cast("hash"), cell) == (value, reason)


@pytest.mark.parametrize(
    ("name", "cell", "reason"), [("email_hash", "bob", "not_an_email"), ("phone_hash", "12", "not_a_phone")]
)
def test_what_can_be_no_identifier_is_refused(cursor, name, cell, reason):
    assert read(cursor, CUSTOMERS.column(name), Cast("hash"), cell)[1] == reason


def test_mapped_words_are_folded_and_others_refused(cursor):
    cast = Cast("map", values={" Mobile ": "mobile", "데스크톱": "desktop"})
    assert read(cursor, CHANNEL_DAILY.column("device"), cast, "MOBILE") == ("mobile", None)
    assert read(cursor, CHANNEL_DAILY.column("device"), cast, "데스크톱 ") == ("desktop", None)
    assert read(cursor, CHANNEL_DAILY.column("device"), cast, "tablet") == (None, "unmapped")


def test_json_is_checked(cursor):
    assert read(cursor, EVENTS.column("properties"), Cast("json"), '{"a": 1}') == ('{"a": 1}', None)
    assert read(cursor, EVENTS.column("properties"), Cast("json"), "{a")[1] == "not_json"


def test_text_is_trimmed_of_every_kind_of_space(cursor):
    assert read(cursor, CHANNEL_DAILY.column("campaign"), Cast(), "\u3000봄 세일\u00a0") == ("봄 세일", None)
    assert read(cursor, CHANNEL_DAILY.column("campaign"), Cast(), "a\x1fb")[1] == "control_character"
