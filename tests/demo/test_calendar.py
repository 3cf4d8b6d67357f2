from __future__ import annotations

import datetime as dt

import numpy as np

from demo.calendar import Rhythm, Window, demand, sale_days, window_for

FLAT = Rhythm("US", growth=0.0)


def test_the_window_is_24_full_months_and_the_running_one_up_to_yesterday() -> None:
    window = window_for(dt.date(2026, 11, 22))
    assert (window.first, window.end) == (dt.date(2024, 11, 1), dt.date(2026, 11, 22))
    assert len(window.months()) == 25


def test_on_the_first_of_a_month_the_window_ends_with_the_month_before() -> None:
    window = window_for(dt.date(2026, 3, 1))
    assert (window.first, window.end, len(window.months())) == (dt.date(2024, 3, 1), dt.date(2026, 3, 1), 24)


def test_black_friday_is_the_day_after_the_fourth_thursday_of_november() -> None:
    window = Window(dt.date(2025, 11, 1), dt.date(2025, 12, 1))
    curve = demand(FLAT, window)
    assert dt.date(2025, 11, 28) <= window.dates()[int(np.argmax(curve))] <= dt.date(2025, 11, 30)
    assert sale_days("US", window)[window.index(dt.date(2025, 11, 28))]
    assert not sale_days("US", window)[window.index(dt.date(2025, 11, 20))]


def test_koreans_buy_before_chuseok_and_rest_on_it() -> None:
    window = Window(dt.date(2025, 9, 1), dt.date(2025, 11, 1))
    korea, japan = demand(Rhythm("KR", 0.0), window), demand(Rhythm("JP", 0.0), window)
    before, on = window.index(dt.date(2025, 9, 25)), window.index(dt.date(2025, 10, 6))
    assert korea[before] > 1.5 * korea[on]
    assert japan[before] < 1.2 * japan[on]


def test_growth_is_what_a_year_adds() -> None:
    window = Window(dt.date(2025, 1, 1), dt.date(2027, 1, 1))
    grown = demand(Rhythm("XX", 0.5), window) / demand(Rhythm("XX", 0.0), window)
    assert abs(grown[365] / grown[0] - 1.5) < 0.01
