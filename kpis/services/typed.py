"""Numbers and months as people type them into a grid or a spreadsheet."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

POWERS = {
    "천": 10**3, "만": 10**4, "백만": 10**6, "천만": 10**7, "억": 10**8, "조": 10**12,
    "k": 10**3, "m": 10**6, "b": 10**9,
}  # fmt: skip
_NUMBER = re.compile(r"^(?P<sign>[-−(]?)(?P<digits>[\d.,\s]*\d)\s*(?P<power>[가-힣a-z]*)\)?\s*(?P<percent>%?)$")
_SIGNS = re.compile(r"[₩¥€£$฿₫￥＄￦]|\b[A-Z]{3}\b|원|엔|달러|유로|[\u00a0\u202f']")
_MONTHS = (
    re.compile(r"^(?P<year>\d{4})\s*[-./년]\s*(?P<month>\d{1,2})\s*월?\.?$"),
    re.compile(r"^(?P<year>\d{4})[-./](?P<month>\d{1,2})[-./]0?1(?:[ T]00:00(?::00)?)?$"),
    re.compile(r"^(?P<year>\d{4})(?P<month>\d{2})$"),
    re.compile(r"^(?P<year>\d{2})\s*년\s*(?P<month>\d{1,2})\s*월$"),
    re.compile(r"^(?P<name>[A-Za-z]{3,9})\.?\s*[-' ]?\s*(?P<year>\d{4}|\d{2})$"),
    re.compile(r"^(?P<month>\d{1,2})[/.](?P<year>\d{4})$"),
)
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LARGEST = Decimal(10) ** 15


def typed_number(text: str, *, percent: bool = False) -> Decimal | None:
    """The number that a person wrote: "1,234.5", "₩1.2억", "2.5 %", "(300)"; None when it is none.

    With `percent` the text is in percent, whether it carries the sign or not, and the answer a rate: "2.5" is 0.025.
    Without, a percent sign makes it no number.
    """
    found = _NUMBER.match(_SIGNS.sub("", text).strip().lower())
    if found is None or (found["percent"] and not percent):
        return None
    power = POWERS.get(found["power"], 1 if not found["power"] else 0)
    digits = _plain(found["digits"].replace(" ", ""))
    if not power or digits is None:
        return None
    number = digits * power * (-1 if found["sign"] else 1)
    if abs(number) >= LARGEST:
        return None
    return number / 100 if percent else number


def _plain(digits: str) -> Decimal | None:
    """Thousands marks out; a comma before one or two last digits is a decimal mark."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}|\d+,\d{1,2}", digits):
        digits = digits.replace(".", "").replace(",", ".")
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def typed_month(text: str) -> dt.date | None:
    """The first day of the month that a person wrote: 2026-10, 2026.10, 202610, 2026년 10월, Oct 2026."""
    text = text.strip()
    for form in _MONTHS:
        found = form.match(text)
        if found is None:
            continue
        parts = found.groupdict()
        number = _month_number(parts)
        year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
        if number and 1990 <= year <= 2100:
            return dt.date(year, number, 1)
    return None


def _month_number(parts: dict[str, str | None]) -> int:
    if parts.get("name"):
        short = str(parts["name"])[:3].lower()
        return _NAMES.index(short) + 1 if short in _NAMES else 0
    number = int(parts["month"] or 0)
    return number if 1 <= number <= 12 else 0


_DAYS = (
    re.compile(
        r"^(?P<year>\d{4})\s*[-./년]\s*(?P<month>\d{1,2})\s*[-./월]\s*(?P<day>\d{1,2})\s*일?\.?(?:[ T]00:00(?::00)?)?$"
    ),
    re.compile(r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})$"),
    re.compile(r"^(?P<day>\d{1,2})[- ](?P<name>[A-Za-z]{3,9})[- ](?P<year>\d{4})$"),
)  # fmt: skip
_YEAR = re.compile(r"^(?:FY)?\s*(\d{4})\s*(?:년|년도)?$", re.IGNORECASE)


def typed_day(text: str) -> dt.date | None:
    """The day that a person wrote: 2026-10-30, 2026.10.30, 20261030, 2026년 10월 30일, 30 October 2026.

    30/10/2026 and 10/30/2026 are not told apart by their look, so neither is read.
    """
    text = text.strip()
    for form in _DAYS:
        found = form.match(text)
        if found is None:
            continue
        parts = found.groupdict()
        try:
            return dt.date(int(parts["year"]), _month_number(parts), int(parts["day"]))
        except ValueError:
            return None
    return None


def typed_year(text: str) -> dt.date | None:
    """1 January of the year that a person wrote: 2026, FY2026, 2026년."""
    found = _YEAR.match(text.strip())
    return dt.date(int(found[1]), 1, 1) if found and int(found[1]) else None
