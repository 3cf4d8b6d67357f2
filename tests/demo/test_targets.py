from __future__ import annotations

import datetime as dt

import pytest

from demo.money import rates
from demo.months import monthly_sums
from demo.story import RATE_MISSING
from demo.targets import KPIS, PlannedTarget, planned_targets
from demo.telling import Tale
from tests.demo.conftest import SEED

LAST_FULL = dt.date(2026, 10, 1)


@pytest.fixture(scope="module")
def plan(whole: dict[str, Tale]) -> dict[tuple[str, str, dt.date], PlannedTarget]:
    return {(t.kpi, t.market, t.month): t for t in planned_targets(list(whole.values()), seed=SEED)}


def test_the_grid_is_full_to_the_end_of_the_year(plan: dict[tuple[str, str, dt.date], PlannedTarget]) -> None:
    assert len(plan) == len(KPIS) * 8 * 26
    assert max(month for _, _, month in plan) == dt.date(2026, 12, 1)
    assert min(t.value for t in plan.values()) > 0


def test_money_is_planned_in_the_market_s_own_currency(plan: dict[tuple[str, str, dt.date], PlannedTarget]) -> None:
    assert plan["revenue", "DE", LAST_FULL].currency == "EUR"
    assert plan["orders", "DE", LAST_FULL].currency == ""


def test_plans_follow_the_season(plan: dict[tuple[str, str, dt.date], PlannedTarget]) -> None:
    november, august = plan["revenue", "US", dt.date(2025, 11, 1)], plan["revenue", "US", dt.date(2025, 8, 1)]
    assert float(november.value) > 1.25 * float(august.value)


def test_germany_misses_its_conversion_plan_since_the_leak_and_korea_doesn_t(
    whole: dict[str, Tale], plan: dict[tuple[str, str, dt.date], PlannedTarget]
) -> None:
    def reached(code: str) -> list[float]:
        sums, months = monthly_sums(whole[code], SEED), whole[code].window.months()
        return [
            sums["orders"][i] / sums["sessions"][i] / float(plan["cvr", code, months[i]].value) for i in range(18, 24)
        ]

    assert max(reached("DE")) < 0.85
    assert 0.9 < sum(reached("KR")) / 6 < 1.15


def test_rates_are_complete_but_for_one_currency_of_the_running_month() -> None:
    months = [dt.date(2026, 10, 1), dt.date(2026, 11, 1)]
    found = {(currency, month) for currency, month, _ in rates(months, dt.date(2026, 11, 1), SEED)}
    assert (RATE_MISSING, months[1]) not in found
    assert len(found) == 6 * 2 - 1
