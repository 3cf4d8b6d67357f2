"""The sample client's other plans, and how far each is agreed: the budget, a forecast handed in, an open stretch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal

from demo.staff import Staff
from demo.story import LEAK
from demo.targets import PlannedTarget, rounded
from kpis.models import How, Version
from kpis.services.approvals import approve_months, submit_months
from kpis.services.target_tables import TargetCell
from kpis.services.targets import set_targets

_FORECAST = ("sessions", "orders", "cvr", "revenue", "ad_spend")
_STRETCH = {"orders": 1.10, "revenue": 1.12, "cvr": 1.04}
_FORECAST_SUBMITTED = ("KR", "JP")
_LOWERED = 0.94


def set_sample_versions(staff: Staff, planned: Sequence[PlannedTarget]) -> None:
    """Forecast and stretch from the running month to the year's end, and the approvals of the running year."""
    running = staff.today.replace(day=1)
    ahead = [one for one in planned if one.month >= running]
    forecast = [_cell(one, one.reached) for one in ahead if one.kpi in _FORECAST]
    stretch = [_cell(one, _STRETCH[one.kpi]) for one in ahead if one.kpi in _STRETCH]
    for version, cells, ago in ((Version.FORECAST, forecast, 9), (Version.STRETCH, stretch, 40)):
        set_targets(staff["hq"], cells, how=How.IMPORTED, now=staff.at(staff.ago(ago)), version=version.value)
    _agree(staff, {one.month for one in planned if one.month.year == running.year}, running)
    submit_months(
        staff["hq"], Version.FORECAST.value, _FORECAST_SUBMITTED, sorted({one.month for one in ahead}),
        now=staff.at(staff.ago(8)),
    )  # fmt: skip
    _lower(staff, next(one for one in ahead if (one.kpi, one.market) == ("revenue", LEAK.market)))


def _agree(staff: Staff, months: Collection[dt.date], running: dt.date) -> None:
    """The months that have begun are approved; those to come wait for it."""
    markets, budget = staff["hq"].market_codes, Version.BUDGET.value
    begun = [month for month in sorted(months) if month <= running]
    submit_months(staff["hq"], budget, markets, begun, now=staff.at(staff.ago(35)))
    approve_months(staff["owner"], budget, markets, begun, now=staff.at(staff.ago(33)))
    to_come = sorted(set(months) - set(begun))
    if to_come:
        submit_months(staff["hq"], budget, markets, to_come, now=staff.at(staff.ago(5)))


def _lower(staff: Staff, one: PlannedTarget) -> None:
    """A month that was changed after it had been approved."""
    set_targets(
        staff["owner"], [_cell(one, _LOWERED)], how=How.TYPED, now=staff.at(staff.ago(2)),
        reason="결제 단계 수정이 다음 달로 밀려, 독일과 합의해 목표를 낮춤",
    )  # fmt: skip


def _cell(one: PlannedTarget, factor: float) -> TargetCell:
    value: Decimal = rounded(float(one.value) * factor, one.currency)
    return TargetCell(one.kpi, one.market, one.month, value)
