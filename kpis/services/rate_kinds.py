"""Where each kind of exchange rate is kept, what it is kept under, and how that is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kpis.models import BudgetRate, DailyRate, ExchangeRate, RateKind
from kpis.services.typed import typed_day, typed_month, typed_year
from ui.periods import add_months

FIRST = dt.date(1990, 1, 1)
YEARS_AHEAD = 5  # how far ahead a budget may be planned
MONTHS_AHEAD = 24


@dataclass(frozen=True, slots=True)
class Shelf:
    """`field` of `model` names what a rate is kept under; `typed` reads it as people write it, `written` writes it."""

    kind: RateKind
    model: type[Any]
    field: str
    typed: Callable[[str], dt.date | None]
    written: Callable[[dt.date], str]

    def kept(self, when: dt.date) -> Any:
        """The field's value."""
        return when.year if self.kind is RateKind.BUDGET else when

    def when(self, kept: Any) -> dt.date:
        """The date that a field's value stands for."""
        return dt.date(kept, 1, 1) if self.kind is RateKind.BUDGET else kept

    def no_place(self) -> str:
        """What is said of a text that isn't what rates are kept under."""
        if self.kind is RateKind.DAILY:
            return _("This is no day; write it as 2026-10-30.")
        if self.kind is RateKind.BUDGET:
            return _("This is no year; write it as 2026.")
        return _("This is no month; write it as 2026-10.")

    def wrong_place(self, when: dt.date, today: dt.date) -> str:
        """Why a rate can't be kept under this date; empty where it can."""
        if self.kind is RateKind.MONTHLY and when.day != 1:
            return _("A rate is of a whole month: give its first day.")
        if when < FIRST:
            return _("Rates are kept from 1990 on.")
        if self.kind is RateKind.BUDGET:
            last = today.year + YEARS_AHEAD
            return _("A budget rate is of a year up to %(year)d.") % {"year": last} if when.year > last else ""
        if self.kind is RateKind.MONTHLY:
            # Targets of months to come are converted too, so a plan's averages may be entered ahead.
            latest = add_months(today, MONTHS_AHEAD)
            too_late = _("A monthly rate is of a month up to %(month)s.") % {"month": f"{latest:%Y-%m}"}
            return too_late if when > latest else ""
        return _("This lies in the future: its rate isn't known yet.") if when > today else ""


SHELVES: dict[str, Shelf] = {
    RateKind.MONTHLY.value: Shelf(RateKind.MONTHLY, ExchangeRate, "month", typed_month, lambda d: f"{d:%Y-%m}"),
    RateKind.DAILY.value: Shelf(RateKind.DAILY, DailyRate, "day", typed_day, lambda d: d.isoformat()),
    RateKind.BUDGET.value: Shelf(RateKind.BUDGET, BudgetRate, "year", typed_year, lambda d: f"{d:%Y}"),
}
