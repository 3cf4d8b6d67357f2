"""Months, quarters and years to date: what an address says and which days that is.

A fiscal year has the name of the calendar year in which it begins. All windows are [start, end).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from ui import formats
from ui.errors import BadPeriod

KINDS = ("month", "quarter", "ytd")
FIRST_YEAR, LAST_YEAR = 1990, 2100
_MONTH = re.compile(r"^(\d{4})-(\d{2})$", re.ASCII)
_QUARTER = re.compile(r"^(\d{4})-Q([1-4])$", re.ASCII | re.IGNORECASE)
_TO_DATE = re.compile(r"^(\d{4})-YTD-(\d{2})$", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class ReportingPeriod:
    """Whole months from `start` up to, not including, `end`; `text` is how an address writes it."""

    kind: str
    start: dt.date
    end: dt.date
    text: str
    fiscal_start: int = 1

    @property
    def last_month(self) -> dt.date:
        """The first day of its last month."""
        return add_months(self.end, -1)

    @property
    def fiscal_year(self) -> int:
        return fiscal_year_of(self.start, self.fiscal_start)

    def months(self, count: int = 13) -> list[dt.date]:
        """First days of the `count` months that end with its last one, oldest first."""
        return [add_months(self.last_month, -back) for back in range(count - 1, -1, -1)]

    def previous(self) -> ReportingPeriod:
        """The month or quarter before; of a year to date, the same months a year before."""
        if self.kind == "month":
            return month_of(add_months(self.start, -1), self.fiscal_start)
        if self.kind == "quarter":
            return quarter_of(add_months(self.start, -1), self.fiscal_start)
        return self.year_before()

    def following(self) -> ReportingPeriod:
        """The month or quarter after; of a year to date, the same months a year after."""
        if self.kind == "month":
            return month_of(self.end, self.fiscal_start)
        if self.kind == "quarter":
            return quarter_of(self.end, self.fiscal_start)
        return year_to_date(add_months(self.last_month, 12), self.fiscal_start)

    def year_before(self) -> ReportingPeriod:
        """The same months a year before."""
        return _of_kind(self.kind, add_months(self.last_month, -12), self.fiscal_start)

    def label(self, language: str = "ko") -> str:
        """2026년 10월 · 2026년 3분기 · 2026년 1–10월 누계."""
        if self.kind == "month":
            return formats.format_month(self.start, language=language)
        with override(language):
            year = self._year_words()
            if self.kind == "quarter":
                number = months_between(_year_start(self.fiscal_year, self.fiscal_start), self.start) // 3 + 1
                return gettext("%(year)s Q%(number)d") % {"year": year, "number": number} + self._months_words(language)
            return gettext("%(year)s to date, %(month)s") % {"year": year, "month": self._span_words(language)}

    def _year_words(self) -> str:
        if self.fiscal_start == 1:
            return gettext("%(year)d") % {"year": self.fiscal_year}
        return gettext("FY%(year)d") % {"year": self.fiscal_year}

    def _months_words(self, language: str) -> str:
        return "" if self.fiscal_start == 1 else f" ({self._span_words(language)})"

    def _span_words(self, language: str) -> str:
        first, last = (
            formats.format_month_name(self.start, language=language),
            formats.format_month_name(self.last_month, language=language),
        )
        return first if first == last else f"{first}–{last}"


def parse_period(text: str, *, fiscal_start: int = 1) -> ReportingPeriod:
    """The period that an address writes: 2026-10, 2026-Q3, 2026-YTD-10.

    Errors: BadPeriod, with what was written and how to write it.
    """
    text = text.strip()
    for pattern, build in ((_MONTH, _month), (_QUARTER, _quarter), (_TO_DATE, _to_date)):
        found = pattern.match(text)
        if found:
            return build(int(found[1]), int(found[2]), fiscal_start, text)
    raise _bad(text)


def month_of(day: dt.date, fiscal_start: int = 1) -> ReportingPeriod:
    """The month that `day` is in."""
    start = day.replace(day=1)
    return ReportingPeriod("month", start, add_months(start, 1), f"{start:%Y-%m}", fiscal_start)


def quarter_of(day: dt.date, fiscal_start: int = 1) -> ReportingPeriod:
    """The fiscal quarter that `day` is in."""
    year = fiscal_year_of(day, fiscal_start)
    number = months_between(_year_start(year, fiscal_start), day) // 3
    start = add_months(_year_start(year, fiscal_start), 3 * number)
    return ReportingPeriod("quarter", start, add_months(start, 3), f"{year}-Q{number + 1}", fiscal_start)


def year_to_date(day: dt.date, fiscal_start: int = 1) -> ReportingPeriod:
    """From the first day of the fiscal year to the end of the month that `day` is in."""
    year = fiscal_year_of(day, fiscal_start)
    end = add_months(day.replace(day=1), 1)
    return ReportingPeriod("ytd", _year_start(year, fiscal_start), end, f"{year}-YTD-{day:%m}", fiscal_start)


def fiscal_year_of(day: dt.date, fiscal_start: int = 1) -> int:
    """The name of the fiscal year that `day` is in."""
    return day.year if day.month >= fiscal_start else day.year - 1


def add_months(day: dt.date, months: int) -> dt.date:
    """The first day of the month that is `months` after that of `day`."""
    index = day.year * 12 + day.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def months_between(first: dt.date, second: dt.date) -> int:
    """How many months `second` is after `first`."""
    return (second.year - first.year) * 12 + second.month - first.month


def _of_kind(kind: str, last_month: dt.date, fiscal_start: int) -> ReportingPeriod:
    build = {"month": month_of, "quarter": quarter_of, "ytd": year_to_date}[kind]
    return build(last_month, fiscal_start)


def _month(year: int, month: int, fiscal_start: int, text: str) -> ReportingPeriod:
    _check(1 <= month <= 12, year, text)
    return month_of(dt.date(year, month, 1), fiscal_start)


def _quarter(year: int, number: int, fiscal_start: int, text: str) -> ReportingPeriod:
    _check(True, year, text)
    return quarter_of(add_months(_year_start(year, fiscal_start), 3 * (number - 1)), fiscal_start)


def _to_date(year: int, month: int, fiscal_start: int, text: str) -> ReportingPeriod:
    _check(1 <= month <= 12, year, text)
    calendar_year = year if month >= fiscal_start else year + 1
    return year_to_date(dt.date(calendar_year, month, 1), fiscal_start)


def _check(fits: bool, year: int, text: str) -> None:
    if not fits or not FIRST_YEAR <= year <= LAST_YEAR:
        raise _bad(text)


def _bad(text: str) -> BadPeriod:
    return BadPeriod(
        _("“%(text)s” is no period.") % {"text": text[:40]},
        fix=_("Write a month as 2026-10, a quarter as 2026-Q3, a year to date as 2026-YTD-10."),
        text=text[:40],
    )


def _year_start(year: int, fiscal_start: int) -> dt.date:
    return dt.date(year, fiscal_start, 1)
