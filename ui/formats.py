"""Numbers and dates as people write them: full and short, in Korean and English.

Rounding is half away from zero on the decimal that a person sees (2.675 is 2.68), a minus is U+2212, the space
before "%" does not break, and what is not a number is "–".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_skeleton
from babel.numbers import get_currency_precision, get_currency_symbol, is_currency
from babel.units import format_unit
from django.utils.translation import gettext, ngettext, override

Number = int | float | Decimal | None

NOT_APPLICABLE = "–"
MINUS = "\u2212"
GAP = "\u00a0"
UNITS = ("count", "money", "percent", "ratio", "people", "days", "seconds", "rank", "points")

SHORT_FROM = 10_000
_ARITHMETIC = Context(prec=400, rounding=ROUND_HALF_UP)
_ONE = Decimal(1)
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class ChangeText:
    """A change as it is shown; `direction` is up, down, flat or none and follows the digits that are shown."""

    text: str
    direction: str


def format_value(
    value: Number, unit: str, *, currency: str = "KRW", language: str = "ko", compact: bool = False
) -> str:
    """The value in its unit, "–" when there is none.

    Units: percent takes a rate (0.034 is 3.4 %), seconds become words, money shows its currency's own decimals.
    Errors: ValueError for a unit that is not in UNITS.
    """
    if unit not in UNITS:
        raise ValueError(f"no such unit: {unit!r}; there are {', '.join(UNITS)}")
    amount = _decimal(value)
    if amount is None:
        return NOT_APPLICABLE
    sign = MINUS if amount < 0 else ""
    text = _unsigned(abs(amount), unit, currency=currency, language=language, compact=compact)
    return sign + text if any(mark in text for mark in "123456789") else text


def format_change(new: Number, old: Number, unit: str, *, language: str = "ko", compact: bool = False) -> str:
    """The signed change from `old` to `new`: %p for rates, points for ranks and points, % for amounts."""
    return change_of(new, old, unit, language=language, compact=compact).text


def change_of(new: Number, old: Number, unit: str, *, language: str = "ko", compact: bool = False) -> ChangeText:
    """The change and its direction; "–" where it cannot be computed (nothing before, or a change from zero)."""
    after, before = _decimal(new), _decimal(old)
    if after is None or before is None:
        return ChangeText(NOT_APPLICABLE, "none")
    difference = _ARITHMETIC.subtract(after, before)
    if unit == "percent":
        return _signed(_ARITHMETIC.multiply(difference, _HUNDRED), GAP + "%p", _places_under_one, language)
    if unit in ("rank", "points"):
        return _signed(difference, "", lambda _amount: 1, language)
    if before == 0:
        return ChangeText(NOT_APPLICABLE, "none")
    percent = _ARITHMETIC.multiply(_ARITHMETIC.divide(difference, abs(before)), _HUNDRED)
    return _signed(percent, GAP + "%", lambda amount: 0 if compact and amount >= _HUNDRED else 1, language)


def format_achievement(rate: Number, *, language: str = "ko") -> str:
    """Actual against target as whole percent: 0.754 is "75 %"."""
    amount = _decimal(rate)
    if amount is None:
        return NOT_APPLICABLE
    sign = MINUS if amount < 0 else ""
    return sign + _digits(_round(abs(amount) * _HUNDRED, 0), language) + GAP + "%"


def format_month(day: dt.date, *, language: str = "ko") -> str:
    """2026년 10월, October 2026."""
    return _skeleton(day, "yMMMM", language)


def format_month_short(day: dt.date, *, language: str = "ko") -> str:
    """26년 10월, Oct 2026: for axes and narrow places."""
    return babel_date(day, "yy년 M월" if language == "ko" else "MMM y", locale=_locale(language))


def format_month_name(day: dt.date, *, language: str = "ko") -> str:
    """10월, Oct."""
    return babel_date(day, "LLL", locale=_locale(language))


def format_day(day: dt.date, *, language: str = "ko") -> str:
    """2026년 10월 3일, October 3, 2026."""
    return babel_date(day, "long", locale=_locale(language))


def format_day_short(day: dt.date, *, language: str = "ko") -> str:
    """10월 3일, Oct 3."""
    return _skeleton(day, "MMMd", language)


def format_moment(moment: dt.datetime, *, language: str = "ko") -> str:
    """2026년 10월 3일 17:12, Oct 3, 2026 17:12, in the moment's own time zone."""
    day = babel_date(moment, "long" if language == "ko" else "medium", locale=_locale(language))
    return f"{day} {moment:%H:%M}"


def currency_mark(currency: str) -> str:
    """The mark that stands before an amount; a currency without one of its own shows its code and a space."""
    return _currency(currency)[0]


def _decimal(value: Number) -> Decimal | None:
    if value is None:
        return None
    amount = value if isinstance(value, Decimal) else Decimal(repr(float(value)) if isinstance(value, float) else value)
    return amount if amount.is_finite() else None


def _unsigned(amount: Decimal, unit: str, *, currency: str, language: str, compact: bool) -> str:
    if unit == "percent":
        return _percent(amount * _HUNDRED, language, compact) + GAP + "%"
    if unit == "money":
        mark, places = _currency(currency)
        if not places and amount < _HUNDRED:
            # A price of little money: ¥10.4 and ¥10.1 aren't the same.
            amount = _without_zeros(_round(amount, 1)) or amount
            places = 0 if amount == amount.to_integral_value() else 1
        return mark + (_short(amount, language, places) if compact else _plain(amount, places, language))
    if unit == "seconds":
        return _duration(amount, language)
    if unit in ("count", "people"):
        digits = _short(amount, language, 0) if compact else _whole(amount, language)
        return digits if compact or unit == "count" else _with_word(unit, digits, language, plural=amount != 1)
    if unit == "ratio":
        return _short(amount, language, 2) if compact else _plain(amount, 2, language)
    if unit == "rank":
        return _with_word(unit, _digits(_round(amount, 1), language), language, plural=True)
    digits = _digits(_without_zeros(_round(amount, 1)), language)
    if unit == "days":
        return _time_pattern("day", language, plural=amount != 1).format(digits)
    return _with_word(unit, digits, language, plural=amount != 1)


def _percent(percent: Decimal, language: str, compact: bool) -> str:
    if percent == 0:
        return "0"
    if compact and percent >= _HUNDRED:
        return _digits(_round(percent, 0), language)
    return _plain(percent, _places_under_one(percent), language)


def _places_under_one(amount: Decimal) -> int:
    """Two decimals under one, else one; 0.996 is shown as 1.0."""
    return 2 if _round(amount, 2) < _ONE else 1


def _plain(amount: Decimal, places: int, language: str) -> str:
    """Rounded to `places`, but what is not zero is never shown as zero."""
    rounded = _round(amount, places)
    if rounded == 0 and amount != 0:
        rounded = _without_zeros(_round(amount, min(2 - amount.adjusted() - 1, 8)))
    return _digits(rounded, language)


def _whole(amount: Decimal, language: str) -> str:
    """Counts have no decimals; an average of counts keeps one."""
    return _digits(_without_zeros(_round(amount, 1)), language)


def _short(amount: Decimal, language: str, places: int) -> str:
    """Three digits and the locale's word for the power: 만, 억, 조 or K, M, B, T."""
    steps = _short_steps(language)
    if _round(amount, 0) < SHORT_FROM:
        whole = amount >= 1000 or amount == amount.to_integral_value()
        return _plain(amount, 0 if whole else places, language)
    for index, (power, word) in enumerate(steps):
        scaled = amount / power
        digits = _without_zeros(_round(scaled, max(0, 2 - max(scaled.adjusted(), 0))))
        last = index + 1 == len(steps)
        if last or digits * power < steps[index + 1][0]:
            return _digits(digits, language) + word
    raise AssertionError("the last step takes every amount")


def _signed(amount: Decimal, ending: str, places: Callable[[Decimal], int], language: str) -> ChangeText:
    rounded = _round(abs(amount), places(abs(amount)))
    text = _digits(rounded, language) + ending
    if rounded == 0:
        return ChangeText(text, "flat")
    return ChangeText("+" + text, "up") if amount > 0 else ChangeText(MINUS + text, "down")


def _duration(seconds: Decimal, language: str) -> str:
    if seconds < 10:
        return _time_pattern("second", language).format(_digits(_without_zeros(_round(seconds, 1)), language))
    left = int(_round(seconds, 0))
    parts = [("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)]
    at = next(index for index, (_name, size) in enumerate(parts) if left >= size)
    words = []
    for name, size in parts[at : at + 2]:
        count, left = divmod(left, size)
        if count:
            words.append(_time_pattern(name, language, plural=count != 1).format(_digits(Decimal(count), language)))
    return " ".join(words)


def _round(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(_ONE.scaleb(-places), context=_ARITHMETIC)


def _without_zeros(amount: Decimal) -> Decimal:
    return amount.quantize(_ONE, context=_ARITHMETIC) if amount == amount.to_integral_value() else amount.normalize()


def _digits(amount: Decimal, language: str) -> str:
    text = f"{amount:,f}"
    group, point = _marks(language)
    if (group, point) == (",", "."):
        return text
    return text.translate({ord(","): group, ord("."): point})


def _skeleton(day: dt.date, skeleton: str, language: str) -> str:
    return format_skeleton(skeleton, day, locale=_locale(language))


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))


@lru_cache(maxsize=32)
def _marks(language: str) -> tuple[str, str]:
    symbols = _locale(language).number_symbols["latn"]
    return symbols["group"], symbols["decimal"]


@lru_cache(maxsize=256)
def _currency(currency: str) -> tuple[str, int]:
    # English marks in every language: Korean Babel writes US$, and people here write $.
    code = currency.upper()
    mark = get_currency_symbol(code, locale="en") if is_currency(code) else code
    return (mark + GAP if mark.isalpha() else mark), get_currency_precision(code)


@lru_cache(maxsize=32)
def _short_steps(language: str) -> tuple[tuple[Decimal, str], ...]:
    """The powers at which the locale changes its word, least first."""
    found: dict[str, Decimal] = {}
    formats = _locale(language).compact_decimal_formats["short"]["other"]
    for power in sorted(formats, key=int):
        word = formats[power].pattern.strip("0 \u00a0")
        if word and word not in found and int(power) >= 1_000:
            found[word] = Decimal(power)
    return tuple((power, word) for word, power in found.items())


@lru_cache(maxsize=128)
def _time_pattern(unit: str, language: str, *, plural: bool = True) -> str:
    number = 2 if plural else 1
    text = format_unit(number, f"duration-{unit}", length="short", locale=_locale(language))
    return text.replace(str(number), "{}", 1)


@lru_cache(maxsize=64)
def _word_pattern(unit: str, language: str, plural: bool) -> str:
    number = 2 if plural else 1
    with override(language):
        patterns = {
            "people": ngettext("%(n)s person", "%(n)s people", number),
            "rank": gettext("place %(n)s"),
            "points": ngettext("%(n)s point", "%(n)s points", number),
        }
    return patterns[unit]


def _with_word(unit: str, digits: str, language: str, *, plural: bool) -> str:
    return _word_pattern(unit, language, plural) % {"n": digits}
