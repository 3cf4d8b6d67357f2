"""A day without orders is a day of no orders; a day without visits is a hole."""

from __future__ import annotations

import datetime as dt

from kpis.catalogue import BY_KEY
from kpis.queries.amounts import Amounts
from kpis.queries.depth import _fill_quiet_days, _fill_quiet_slices, _value

DAYS = [dt.date(2026, 10, day) for day in range(1, 6)]
CVR = BY_KEY["cvr"].formula


def _measured(**by_day: dict[str, float]) -> dict[tuple[str, dt.date], Amounts]:
    return {("KR", DAYS[int(name[1:]) - 1]): Amounts(sums=dict(sums)) for name, sums in by_day.items()}


def test_a_day_without_orders_between_others_converts_nobody() -> None:
    amounts = _measured(
        d1={"sessions": 10},
        d2={"sessions": 10, "orders": 1},
        d3={"sessions": 20},
        d4={"sessions": 10, "orders": 2},
        d5={"sessions": 5},
    )
    _fill_quiet_days(amounts, CVR, "KR", DAYS)
    shown = [_value(CVR, amounts.get(("KR", day))).number for day in DAYS]
    assert shown == [None, 0.1, 0.0, 0.2, None], "before the first and after the last order nobody can tell"


def test_a_day_without_visits_stays_a_hole() -> None:
    amounts = _measured(d1={"sessions": 10, "orders": 1}, d3={"sessions": 20, "orders": 1})
    _fill_quiet_days(amounts, CVR, "KR", DAYS[:3])
    assert [_value(CVR, amounts.get(("KR", day))).number for day in DAYS[:3]] == [0.1, None, 0.05]


def test_a_channel_without_orders_sold_nothing_only_where_orders_know_channels() -> None:
    known = {
        ("KR", "search"): Amounts(sums={"sessions": 10, "orders": 1}),
        ("KR", "video"): Amounts(sums={"sessions": 8}),
    }
    _fill_quiet_slices(known, CVR)
    assert _value(CVR, known["KR", "video"]).number == 0.0
    apart = {("KR", "shop"): Amounts(sums={"orders": 1}), ("KR", "web"): Amounts(sums={"sessions": 8})}
    _fill_quiet_slices(apart, CVR)
    assert _value(CVR, apart["KR", "web"]).number is None
