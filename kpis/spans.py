"""The whole months that a board is about, those it compares with and those its small lines show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from ui.periods import ReportingPeriod, add_months
from warehouse.scope import Period

TREND_MONTHS = 13


def month_start(day: dt.date) -> dt.date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def days_in(month: dt.date) -> int:
    """How many days this month has."""
    return (add_months(month, 1) - month_start(month)).days


@dataclass(frozen=True)
class Span:
    """A reporting period as its months' first days, in order."""

    reporting: ReportingPeriod
    months: tuple[dt.date, ...]

    @property
    def grain(self) -> str:
        return self.reporting.kind

    @property
    def start(self) -> dt.date:
        return self.reporting.start

    @property
    def end(self) -> dt.date:
        """The day after the last."""
        return self.reporting.end

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @cached_property
    def trend(self) -> tuple[dt.date, ...]:
        """Thirteen months that end with this span's last."""
        return tuple(self.reporting.months(TREND_MONTHS))

    @cached_property
    def previous(self) -> Span:
        """The month or quarter before; of a year to date, the same months a year before."""
        return span_of(self.reporting.previous())

    @cached_property
    def last_year(self) -> Span:
        return span_of(self.reporting.year_before())

    @property
    def first_needed(self) -> dt.date:
        """The first day of anything that a board of this span shows or compares with."""
        return min(self.trend[0], self.last_year.start)


def span_of(reporting: ReportingPeriod) -> Span:
    """The months of a reporting period."""
    count = (reporting.end.year - reporting.start.year) * 12 + reporting.end.month - reporting.start.month
    return Span(reporting, tuple(reporting.months(count)))
