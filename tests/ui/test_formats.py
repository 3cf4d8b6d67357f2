"""Numbers as people write them."""

from __future__ import annotations

import datetime as dt
import math
import random
from decimal import ROUND_HALF_UP, Decimal

import pytest

from ui import formats
from ui.formats import change_of, format_achievement, format_change, format_value

GAP = "\u00a0"
MINUS = "\u2212"


@pytest.mark.parametrize(
    ("value", "unit", "options", "shown"),
    [
        (1234567, "count", {}, "1,234,567"),
        (0, "count", {}, "0"),
        (12.5, "count", {}, "12.5"),
        (-1234, "count", {}, f"{MINUS}1,234"),
        (1234567, "money", {}, "₩1,234,567"),
        (1234.5, "money", {}, "₩1,235"),
        (1234.5, "money", {"currency": "JPY"}, "¥1,235"),
        (1234.5, "money", {"currency": "VND"}, "₫1,235"),
        (1234.5, "money", {"currency": "USD"}, "$1,234.50"),
        (1234.5, "money", {"currency": "EUR"}, "€1,234.50"),
        (1234.5, "money", {"currency": "THB"}, f"THB{GAP}1,234.50"),
        (-1234.5, "money", {"currency": "USD"}, f"{MINUS}$1,234.50"),
        (0.4, "money", {}, "₩0.4"),
        (0.0042, "money", {"currency": "USD"}, "$0.0042"),
        (0.034, "percent", {}, f"3.4{GAP}%"),
        (0.0084, "percent", {}, f"0.84{GAP}%"),
        (0.00996, "percent", {}, f"1.0{GAP}%"),
        (0.0099, "percent", {}, f"0.99{GAP}%"),
        (0.000004, "percent", {}, f"0.0004{GAP}%"),
        (0, "percent", {}, f"0{GAP}%"),
        (-0.0342, "percent", {}, f"{MINUS}3.4{GAP}%"),
        (11.206, "percent", {}, f"1,120.6{GAP}%"),
        (9.24, "percent", {"compact": True}, f"924{GAP}%"),
        (2.314, "ratio", {}, "2.31"),
        (45678, "people", {}, "45,678명"),
        (45678, "people", {"language": "en"}, "45,678 people"),
        (1, "people", {"language": "en"}, "1 person"),
        (45678, "people", {"compact": True}, "4.57만"),
        (12.5, "days", {}, "12.5일"),
        (12, "days", {}, "12일"),
        (1, "days", {"language": "en"}, "1 day"),
        (12, "days", {"language": "en"}, "12 days"),
        (3.44, "rank", {}, "3.4위"),
        (42, "points", {}, "42점"),
        (42, "points", {"language": "en"}, "42 points"),
    ],
)
def test_a_value_is_written_in_its_unit(value: float, unit: str, options: dict[str, object], shown: str) -> None:
    assert format_value(value, unit, **options) == shown


@pytest.mark.parametrize(
    ("amount", "korean", "english"),
    [
        (9_999, "9,999", "9,999"),
        (9_999.4, "9,999", "9,999"),
        (9_999.6, "1만", "10K"),
        (10_000, "1만", "10K"),
        (145_800, "14.6만", "146K"),
        (842_310, "84.2만", "842K"),
        (999_950, "100만", "1M"),
        (1_234_567, "123만", "1.23M"),
        (12_400_000, "1,240만", "12.4M"),
        (99_994_999, "9,999만", "100M"),
        (99_999_999, "1억", "100M"),
        (120_000_000, "1.2억", "120M"),
        (421_000_000, "4.21억", "421M"),
        (3_890_000_000, "38.9억", "3.89B"),
        (1_234_000_000_000, "1.23조", "1.23T"),
        (9_999_999_999_999_999, "10,000조", "10,000T"),
    ],
)
def test_a_short_value_has_three_digits_and_the_word_of_its_power(amount: float, korean: str, english: str) -> None:
    assert format_value(amount, "count", compact=True) == korean
    assert format_value(amount, "count", compact=True, language="en") == english
    assert format_value(amount, "money", compact=True) == "₩" + korean
    assert format_value(-amount, "count", compact=True) == MINUS + korean


@pytest.mark.parametrize(
    ("seconds", "korean", "english"),
    [
        (0, "0초", "0 sec"),
        (3.44, "3.4초", "3.4 sec"),
        (42, "42초", "42 sec"),
        (59.6, "1분", "1 min"),
        (83, "1분 23초", "1 min 23 sec"),
        (3600, "1시간", "1 hr"),
        (7500, "2시간 5분", "2 hr 5 min"),
        (93_600, "1일 2시간", "1 day 2 hr"),
        (-83, f"{MINUS}1분 23초", f"{MINUS}1 min 23 sec"),
    ],
)
def test_seconds_become_words(seconds: float, korean: str, english: str) -> None:
    assert format_value(seconds, "seconds") == korean
    assert format_value(seconds, "seconds", language="en") == english


@pytest.mark.parametrize("nothing", [None, math.nan, math.inf, -math.inf, Decimal("NaN"), Decimal("Infinity")])
@pytest.mark.parametrize("unit", formats.UNITS)
@pytest.mark.parametrize("compact", [False, True])
def test_what_is_no_number_is_not_applicable(nothing: float | None, unit: str, compact: bool) -> None:
    assert format_value(nothing, unit, compact=compact) == "–"
    assert format_change(nothing, 1, unit) == "–"
    assert format_change(1, nothing, unit) == "–"


@pytest.mark.parametrize(
    ("value", "shown"), [(2.675, "2.68"), (2.665, "2.67"), (1.005, "1.01"), (0.125, "0.13"), (2.5, "2.50")]
)
def test_half_way_is_rounded_away_from_zero_as_a_person_would(value: float, shown: str) -> None:
    assert format_value(value, "ratio") == shown
    assert format_value(-value, "ratio") == MINUS + shown
    assert format_value(Decimal(str(value)), "ratio") == shown


def test_rounding_agrees_with_the_decimal_module_on_many_numbers() -> None:
    chance = random.Random(7)
    for _ in range(2000):
        value = round(chance.uniform(-1e7, 1e7), chance.randint(0, 4))
        expected = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        shown = format_value(value, "money", currency="USD").replace(MINUS, "-").replace("$", "").replace(",", "")
        assert Decimal(shown) == expected or expected == 0


def test_a_small_value_is_never_shown_as_zero_and_zero_has_no_sign() -> None:
    assert format_value(0.004, "ratio") == "0.004"
    assert format_value(-0.004, "ratio") == f"{MINUS}0.004"
    assert format_value(-0.0, "money") == "₩0"
    assert format_value(-1e-30, "count") == "0"


@pytest.mark.parametrize("unit", formats.UNITS)
@pytest.mark.parametrize("value", [1e18, 1e60, 1.7e308, -1e300, 10**50])
def test_a_huge_value_is_written_and_does_not_fail(unit: str, value: float) -> None:
    assert format_value(value, unit)
    assert format_value(value, unit, compact=True, language="en")


def test_an_unknown_unit_names_the_ones_there_are() -> None:
    with pytest.raises(ValueError, match="no such unit: 'won'; there are count, money"):
        format_value(1, "won")


@pytest.mark.parametrize(
    ("new", "old", "unit", "shown", "direction"),
    [
        (112, 100, "money", f"+12.0{GAP}%", "up"),
        (88, 100, "count", f"{MINUS}12.0{GAP}%", "down"),
        (100, 100, "count", f"0.0{GAP}%", "flat"),
        (100.04, 100, "count", f"0.0{GAP}%", "flat"),
        (0.0231, 0.0142, "percent", f"+0.89{GAP}%p", "up"),
        (0.612, 0.5, "percent", f"+11.2{GAP}%p", "up"),
        (0.0179, 0.0184, "percent", f"{MINUS}0.05{GAP}%p", "down"),
        (0.02, 0, "percent", f"+2.0{GAP}%p", "up"),
        (2.1, 2.6, "rank", f"{MINUS}0.5", "down"),
        (45, 42, "points", "+3.0", "up"),
        (90, 60, "seconds", f"+50.0{GAP}%", "up"),
        (-50, -100, "money", f"+50.0{GAP}%", "up"),
        (-150, -100, "money", f"{MINUS}50.0{GAP}%", "down"),
        (5, 0, "count", "–", "none"),
        (0, 0, "count", "–", "none"),
    ],
)
def test_a_change_is_signed_and_in_the_unit_of_its_kind(
    new: float, old: float, unit: str, shown: str, direction: str
) -> None:
    assert change_of(new, old, unit) == formats.ChangeText(shown, direction)
    assert format_change(new, old, unit) == shown


def test_a_large_change_drops_its_decimals_when_it_is_short() -> None:
    assert format_change(1234.56, 100, "count", language="en", compact=True) == f"+1,135{GAP}%"
    assert format_change(1234.56, 100, "count", language="en") == f"+1,134.6{GAP}%"


def test_achievement_is_whole_percent() -> None:
    assert [format_achievement(rate) for rate in (0.754, 1.045, 0, None)] == [
        f"75{GAP}%",
        f"105{GAP}%",
        f"0{GAP}%",
        "–",
    ]


def test_days_and_months_follow_the_language() -> None:
    day = dt.date(2026, 10, 3)
    assert formats.format_month(day) == "2026년 10월"
    assert formats.format_month(day, language="en") == "October 2026"
    assert formats.format_month_short(day) == "26년 10월"
    assert formats.format_month_short(day, language="en") == "Oct 2026"
    assert formats.format_month_name(day) == "10월"
    assert formats.format_day(day) == "2026년 10월 3일"
    assert formats.format_day(day, language="en") == "October 3, 2026"
    assert formats.format_day_short(day) == "10월 3일"
    assert formats.format_day_short(day, language="en") == "Oct 3"
    moment = dt.datetime(2026, 10, 3, 17, 5, tzinfo=dt.UTC)
    assert formats.format_moment(moment) == "2026년 10월 3일 17:05"
    assert formats.format_moment(moment, language="en") == "Oct 3, 2026 17:05"
