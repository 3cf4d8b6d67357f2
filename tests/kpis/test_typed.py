"""Numbers and months as people type them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from kpis.services.typed import typed_month, typed_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.5", "1234.5"), ("1234", "1234"), ("₩1,200", "1200"), ("1.2억", "120000000"), ("3만", "30000"),
        ("1.234.567,89", "1234567.89"), ("12,5", "12.5"), ("(300)", "-300"), ("−5", "-5"), ("2.5K", "2500"),
        ("1 234 567", "1234567"), ("EUR 12.50", "12.50"), ("0", "0"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_was_meant(text, number):
    assert typed_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "abc", "12-3", "1,2,3", "NaN", "inf", "2.5%", "9" * 16, "=1+1", "1e5", "5톤"])
def test_what_is_no_number_is_none(text):
    assert typed_number(text) is None


@pytest.mark.parametrize("text", ["2.5", "2.5%", "2.5 %", "2,5"])
def test_a_percent_is_kept_as_a_rate_with_or_without_its_sign(text):
    assert typed_number(text, percent=True) == Decimal("0.025")


@pytest.mark.parametrize(
    "text",
    ["2026-10", "2026.10", "2026/10", "202610", "2026년 10월", "26년 10월", "Oct 2026", "October 2026", "10/2026",
     "2026-10-01", "2026-10-01 00:00:00", "Oct-26"],
)  # fmt: skip
def test_a_month_is_read_in_every_usual_form(text):
    assert typed_month(text) == dt.date(2026, 10, 1)


@pytest.mark.parametrize("text", ["", "2026-13", "10", "202613", "2026-10-15", "Foo 2026", "0099-10"])
def test_what_is_no_month_is_none(text):
    assert typed_month(text) is None
