"""When people buy: week-days, months, holidays and sales, as data and as a curve of daily demand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from demo.arrays import Bools, Floats, Ints

DayOf = Callable[[int], dt.date | None]

FULL_MONTHS = 24


@dataclass(frozen=True)
class Window:
    """The days told, from `first` up to, not including, `end`."""

    first: dt.date
    end: dt.date

    @property
    def days(self) -> int:
        return (self.end - self.first).days

    def dates(self) -> list[dt.date]:
        return [self.first + dt.timedelta(days=i) for i in range(self.days)]

    def index(self, day: dt.date) -> int:
        return (day - self.first).days

    def months(self) -> list[dt.date]:
        """The first day of every month that has at least one day in the window."""
        found, month = [], self.first.replace(day=1)
        while month < self.end:
            found.append(month)
            month = add_months(month, 1)
        return found


def add_months(day: dt.date, months: int) -> dt.date:
    """The first day of the month that many months away."""
    index = day.year * 12 + day.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def window_for(today: dt.date) -> Window:
    """24 full months that end with last month, and the running month up to yesterday."""
    return Window(add_months(today, -FULL_MONTHS), today)


def _fixed(month: int, day: int) -> DayOf:
    return lambda year: dt.date(year, month, day)


def _thanksgiving(offset: int) -> DayOf:
    """Days after the fourth Thursday of November."""

    def day_of(year: int) -> dt.date:
        first = dt.date(year, 11, 1)
        return first + dt.timedelta(days=(3 - first.weekday()) % 7 + 21 + offset)

    return day_of


def _second_sunday(month: int) -> DayOf:
    def day_of(year: int) -> dt.date:
        first = dt.date(year, month, 1)
        return first + dt.timedelta(days=(6 - first.weekday()) % 7 + 7)

    return day_of


# Lunar holidays can't be computed with a few lines; outside these years they have no effect.
_SEOLLAL = {
    2023: (1, 22),
    2024: (2, 10),
    2025: (1, 29),
    2026: (2, 17),
    2027: (2, 7),
    2028: (1, 27),
    2029: (2, 13),
    2030: (2, 3),
    2031: (1, 23),
    2032: (2, 11),
}
_CHUSEOK = {
    2023: (9, 29),
    2024: (9, 17),
    2025: (10, 6),
    2026: (9, 25),
    2027: (9, 15),
    2028: (10, 3),
    2029: (9, 22),
    2030: (9, 12),
    2031: (10, 1),
    2032: (9, 19),
}


def _lunar(table: Mapping[int, tuple[int, int]]) -> DayOf:
    return lambda year: dt.date(year, *table[year]) if year in table else None


@dataclass(frozen=True)
class Occasion:
    """Days around a date that lift (or lower) demand; `sale` days also bring coupons."""

    name: str
    day_of: DayOf
    lift: Mapping[str, float]
    first_offset: int = 0
    last_offset: int = 0
    sale: bool = False


def _all(lift: float, codes: str = "KR JP US DE FR VN TH GB") -> dict[str, float]:
    return dict.fromkeys(codes.split(), lift)


OCCASIONS: tuple[Occasion, ...] = (
    Occasion("New Year sale", _fixed(1, 1), {"JP": 1.7, "KR": 1.15, "FR": 1.1, "GB": 1.2}, 0, 3, sale=True),
    Occasion("Seollal gifts", _lunar(_SEOLLAL), {"KR": 1.4, "VN": 1.5}, -15, -4, sale=True),
    Occasion("Seollal days", _lunar(_SEOLLAL), {"KR": 0.55, "VN": 0.4}, -1, 2),
    Occasion("Winter sales", _fixed(1, 10), {"FR": 1.35, "DE": 1.15}, 0, 9, sale=True),
    Occasion("Valentine's Day", _fixed(2, 14), {"US": 1.35, "GB": 1.3, "FR": 1.25, "JP": 1.2, "KR": 1.1}, -5, 0),
    Occasion("White Day", _fixed(3, 14), {"KR": 1.3, "JP": 1.35}, -4, 0),
    Occasion("Songkran", _fixed(4, 13), {"TH": 0.7}, 0, 3),
    Occasion("Golden Week", _fixed(5, 1), {"JP": 0.82}, -2, 4),
    Occasion("Mother's Day", _second_sunday(5), {"US": 1.45, "JP": 1.35, "DE": 1.3}, -7, -1),
    Occasion("Parents' Day", _fixed(5, 8), {"KR": 1.35}, -6, -1),
    Occasion("Brand anniversary sale", _fixed(6, 10), _all(1.5), 0, 6, sale=True),
    Occasion("Independence Day", _fixed(7, 4), {"US": 1.25}, -2, 0, sale=True),
    Occasion("Obon", _fixed(8, 13), {"JP": 0.78}, 0, 3),
    Occasion("9.9", _fixed(9, 9), {"VN": 1.8, "TH": 1.9}, 0, 0, sale=True),
    Occasion("Chuseok gifts", _lunar(_CHUSEOK), {"KR": 1.45}, -15, -4, sale=True),
    Occasion("Chuseok days", _lunar(_CHUSEOK), {"KR": 0.55}, -1, 2),
    Occasion("10.10", _fixed(10, 10), {"VN": 1.6, "TH": 1.7}, 0, 0, sale=True),
    Occasion("11.11", _fixed(11, 11), {"KR": 2.1, "VN": 2.6, "TH": 2.6, "JP": 1.25}, -1, 0, sale=True),
    Occasion("Black Friday", _thanksgiving(1), {**_all(2.3, "US DE FR GB"), "KR": 1.5, "JP": 1.5}, -1, 2, sale=True),
    Occasion("Cyber Monday", _thanksgiving(4), _all(1.9, "US DE FR GB"), 0, 0, sale=True),
    Occasion("12.12", _fixed(12, 12), {"VN": 1.9, "TH": 2.0, "KR": 1.3}, 0, 0, sale=True),
    Occasion("Christmas gifts", _fixed(12, 20), _all(1.35, "US DE FR GB KR"), -14, 0),
    Occasion("Christmas days", _fixed(12, 25), _all(0.55, "US DE FR GB"), -1, 1),
    Occasion("Boxing Day", _fixed(12, 27), {"GB": 1.7}, 0, 2, sale=True),
)

# Cosmetics: gift months are strong, late summer is weak. January first.
_MONTH = (0.96, 0.94, 1.02, 1.03, 1.08, 0.99, 0.93, 0.90, 1.00, 1.04, 1.16, 1.12)
_WEEKDAY_OFFICE = (1.06, 1.05, 1.02, 1.00, 0.92, 0.90, 1.05)  # Monday first: shops from the desk
_WEEKDAY_WEEKEND = (0.97, 0.94, 0.94, 0.96, 0.98, 1.07, 1.14)


@dataclass(frozen=True)
class Rhythm:
    """How a market's demand moves: `growth` a year, and which days of the week are strong."""

    code: str
    growth: float
    office: bool = False


def demand(rhythm: Rhythm, window: Window) -> Floats:
    """Expected demand by day, 1.0 being an ordinary day of the first year."""
    weekday = np.array(_WEEKDAY_OFFICE if rhythm.office else _WEEKDAY_WEEKEND)
    dates = window.dates()
    years = np.arange(window.days) / 365.25
    curve = weekday[[d.weekday() for d in dates]] * np.array(_MONTH)[[d.month - 1 for d in dates]]
    curve = curve * (1 + rhythm.growth) ** years
    for occasion, days in _occurrences(rhythm.code, window):
        curve[days] *= occasion.lift[rhythm.code]
    return np.asarray(curve, dtype=np.float64)


def sale_days(code: str, window: Window) -> Bools:
    """True for the days on which the market's shop has a sale."""
    found = np.zeros(window.days, dtype=np.bool_)
    for occasion, days in _occurrences(code, window):
        if occasion.sale:
            found[days] = True
    return found


def past_occasions(code: str, window: Window) -> list[tuple[Occasion, dt.date, dt.date]]:
    """What was special in a market and is over: the occasion with its first and last day, in the order of its end."""
    found = [
        (occasion, window.first + dt.timedelta(days=int(days[0])), window.first + dt.timedelta(days=int(days[-1])))
        for occasion, days in _occurrences(code, window)
        if days.size == occasion.last_offset - occasion.first_offset + 1
    ]
    return sorted(found, key=lambda one: one[2])


def _occurrences(code: str, window: Window) -> list[tuple[Occasion, Ints]]:
    found = []
    for occasion in OCCASIONS:
        if code not in occasion.lift:
            continue
        for year in range(window.first.year - 1, window.end.year + 2):
            day = occasion.day_of(year)
            if day is None:
                continue
            at = window.index(day) + np.arange(occasion.first_offset, occasion.last_offset + 1)
            at = at[(at >= 0) & (at < window.days)]
            if at.size:
                found.append((occasion, at))
    return found
