"""Pacing and landing: shapes, forecasts that never see the future, and what a page may show to whom."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from kpis.catalogue import BY_KEY
from kpis.models import How
from kpis.queries import landing
from kpis.queries.landing import BackTest, Curve, DailyParts, Landing, back_test, landing_of, shares_by_day
from kpis.services.target_tables import TargetCell
from kpis.services.targets import set_targets
from kpis.values import Hole
from tests.kpis.conftest import order, put

NOW = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)
OCTOBER = dt.date(2026, 10, 1)
SUM, RATE = Curve(False), Curve(True)


def days(first: str, last: str, *, seed: int = 3, level: float = 1000, noise: float = 60) -> DailyParts:
    """Days with a weekly season and noise; below the line ten times as much."""
    index = pd.date_range(first, last)
    chance = np.random.default_rng(seed)
    season = np.array([1.0, 1.1, 0.9, 1.0, 1.3, 0.7, 0.5])[index.day_of_week]
    above = level * season + chance.normal(0, noise, len(index))
    return DailyParts(index[0].date(), above, above * 10 + chance.normal(0, noise, len(index)))


@pytest.mark.parametrize(("method", "near"), [("SLSQP", 1e-9), ("L-BFGS-B", 1e-5)])
def test_the_forecast_is_that_of_the_library_asked_directly(method, near):
    """By the method that is used, to the digit; by the library's default, as near as both come to the same optimum."""
    known = days("2026-01-01", "2026-10-20")
    found = landing_of(known, SUM, OCTOBER)
    recent = known.above[-182:]
    scale = np.abs(recent).mean()
    fitted = ExponentialSmoothing(
        recent / scale, trend=None, seasonal="add", seasonal_periods=7, initialization_method="estimated"
    ).fit(method=method)
    paths = fitted.simulate(
        11, anchor="end", repetitions=1000, random_errors="bootstrap", rng=np.random.default_rng(landing.SEED)
    )
    ends = known.above[-20:].sum() + np.asarray(paths).sum(axis=0) * scale
    assert isinstance(found, Landing)
    assert np.percentile(found.ends, [10, 50, 90]) == pytest.approx(np.percentile(ends, [10, 50, 90]), rel=near)
    mean = known.above[-20:].sum() + fitted.forecast(11).sum() * scale
    assert float(np.mean(found.ends)) == pytest.approx(mean, rel=0.01), "the paths stand around the point forecast"


def test_what_is_certain_has_a_certain_landing():
    flat = DailyParts(dt.date(2026, 1, 1), np.full(293, 100.0), np.zeros(293))
    found = landing_of(flat, SUM, OCTOBER)
    assert isinstance(found, Landing)
    assert set(found.ends) == {3100.0}


def test_the_forecast_sees_nothing_of_the_future():
    whole = days("2026-01-01", "2026-10-31")
    changed = DailyParts(whole.first, whole.above.copy(), whole.below.copy())
    changed.above[-11:] *= 50
    today = dt.date(2026, 10, 20)
    one, other = (landing_of(parts.until(today), SUM, OCTOBER) for parts in (whole, changed))
    assert isinstance(one, Landing)
    assert isinstance(other, Landing)
    assert (one.ends == other.ends).all()


def test_the_back_tests_forecasts_see_nothing_of_their_future_and_its_errors_do(monkeypatch):
    """Every day after an origin is changed: the forecasts stay as they were, the errors don't."""
    known = days("2025-01-01", "2026-10-20")
    seen: list[tuple[dt.date, bytes]] = []
    forecast = landing.landing_of

    def watched(parts: DailyParts, curve: Curve, month: dt.date):
        found = forecast(parts, curve, month)
        seen.append((parts.last, found.ends.tobytes()))
        return found

    monkeypatch.setattr(landing, "landing_of", watched)
    plain = back_test(known, SUM, OCTOBER, 20)
    first = dict(seen)
    assert list(first) == [dt.date(2026, month, 20) for month in (9, 8, 7, 6, 5, 4)]
    seen.clear()
    september_20 = (dt.date(2026, 9, 20) - known.first).days
    changed = DailyParts(known.first, known.above.copy(), known.below.copy())
    changed.above[september_20 + 1 :] *= 3
    other = back_test(changed, SUM, OCTOBER, 20)
    assert dict(seen) == first
    assert isinstance(plain, BackTest)
    assert isinstance(other, BackTest)
    assert other.error > plain.error


def test_the_back_tests_error_is_computed_by_hand():
    known = days("2025-01-01", "2026-10-20")
    test = back_test(known, SUM, OCTOBER, 20)
    frame = pd.Series(known.above, pd.date_range(known.first, periods=len(known.above)))
    errors, held = [], 0
    for month in pd.period_range("2026-04", "2026-09", freq="M"):
        end = frame[month.start_time : month.end_time].sum()
        found = landing_of(known.until(month.start_time.date().replace(day=20)), SUM, month.start_time.date())
        low, middle, high = np.percentile(found.ends, [10, 50, 90])
        errors.append(abs(middle / end - 1))
        held += low <= end <= high
    assert isinstance(test, BackTest)
    assert (test.error, test.held) == (pytest.approx(np.mean(errors)), held)


def test_the_interval_holds_about_as_often_as_it_says():
    held = tried = 0
    for seed in range(8):
        test = back_test(days("2025-01-01", "2026-10-15", seed=seed), SUM, OCTOBER, 15)
        assert isinstance(test, BackTest)
        held, tried = held + test.held, tried + len(test.months)
    assert 0.6 <= held / tried <= 0.95


def test_a_ratios_landing_moves_with_both_of_its_sums():
    known = days("2026-01-01", "2026-10-20")
    found = landing_of(known, RATE, OCTOBER)
    assert isinstance(found, Landing)
    low, high = np.percentile(found.ends, [10, 90])
    assert 0.098 < low < high < 0.102, "above is a tenth of below on every day, so the ratio hardly moves"


@pytest.mark.parametrize(
    ("first", "holes", "code"),
    [("2026-09-10", 0, "too_few_days"), ("2026-01-01", 40, "too_many_gaps")],
)
def test_without_enough_days_there_is_a_reason_and_no_number(first, holes, code):
    known = days(first, "2026-10-20")
    known.above[-holes - 1 : -1] = np.nan
    found = landing_of(known, SUM, OCTOBER)
    assert isinstance(found, Hole)
    assert found.code == code


def test_with_few_months_the_method_is_not_said_to_be_tried_out():
    test = back_test(days("2026-05-01", "2026-10-20"), SUM, OCTOBER, 20)
    assert isinstance(test, Hole)
    assert test.code == "too_few_months"


def test_a_few_missing_days_are_filled_by_their_weekday():
    series = np.tile(np.arange(1.0, 8.0), 10)
    broken = series.copy()
    broken[[3, 20]] = np.nan
    assert (landing.filled(broken) == series).all()


def test_the_expected_share_is_that_of_an_independent_computation():
    known = days("2025-01-01", "2026-10-20")
    frame = pd.Series(known.above, pd.date_range(known.first, periods=len(known.above)))
    october = pd.date_range("2026-10-01", "2026-10-31")
    weekdays = frame["2026-08-06":"2026-09-30"].groupby(lambda day: day.day_of_week).mean()
    one = pd.Series(weekdays.loc[october.day_of_week].values, october)
    two = pd.Series(frame["2025-10-02":"2025-11-01"].values, october)
    expected = (one.cumsum() / one.sum() + two.cumsum() / two.sum()) / 2
    assert shares_by_day(known, OCTOBER) == pytest.approx(tuple(expected))
    assert shares_by_day(known, OCTOBER)[-1] == pytest.approx(1)


def test_without_a_past_the_days_of_the_calendar_count():
    assert shares_by_day(days("2026-09-25", "2026-10-20"), OCTOBER)[9] == pytest.approx(10 / 31)


def aim(person, kpi: str, value: str, *, market: str = "KR", **more) -> None:
    cell = TargetCell(kpi, market, OCTOBER, Decimal(value))
    set_targets(person.at("acme"), [cell], how=How.TYPED, now=NOW, **more)


# --- over a lake ------------------------------------------------------------------------------------------------
@pytest.fixture
def running_month(lake, alice, tmp_path):
    """Ads in Korea and Japan from January 2026 to 20 October, orders in Korea; targets of October."""
    chance = np.random.default_rng(5)
    ads, orders = [], []
    for number in range((dt.date(2026, 10, 20) - dt.date(2026, 1, 1)).days + 1):
        day = dt.date(2026, 1, 1) + dt.timedelta(days=number)
        clicks = int(200 + 80 * (day.weekday() < 5) + chance.integers(-20, 20))
        for market, currency in (("KR", "KRW"), ("JP", "JPY")):
            ads.append({
                "market": market, "day": day.isoformat(), "channel": "search", "campaign": "b", "currency": currency,
                "impressions": clicks * 40, "clicks": clicks, "cost": clicks * 300,
            })  # fmt: skip
        orders.append(order("KR", "KRW", day.isoformat(), 1, 10000 + int(chance.integers(0, 3000))))
    put(alice.at("acme"), tmp_path, "channel_daily", "google-ads", ads)
    put(alice.at("acme"), tmp_path, "orders", "shop", orders)
    aim(alice, "clicks", "8000")
    aim(alice, "clicks", "4000", market="JP")
    return pd.DataFrame(ads)


def api(person, **query):
    answer = person.get("/c/acme/api/v1/pacing/", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.django_db
@pytest.mark.usefixtures("stays_open")
class TestTheRunningMonth:
    def test_the_numbers_are_those_of_the_lake_and_of_the_target(self, running_month, alice):
        korea, japan = (one for one in api(alice, kpi="clicks", market=["KR", "JP"]))
        frame = running_month[running_month.market == "KR"]
        so_far = frame[frame.day >= "2026-10"].clicks.sum()
        assert (korea["through"], korea["actual"]["value"], korea["target"]["value"]) == ("2026-10-20", so_far, 8000)
        assert korea["gap"]["value"] == pytest.approx(so_far - korea["expected"]["value"])
        assert korea["needed"]["value"] == pytest.approx((8000 - so_far) / 11)
        assert korea["low"] < korea["landing"]["value"] < korea["high"]
        assert so_far < korea["low"]
        assert korea["back_test"]["months"] == [f"2026-{month:02d}" for month in (9, 8, 7, 6, 5, 4)]
        assert korea["back_test"]["error"] < 0.05
        assert (korea["chance"]["value"], japan["chance"]["value"]) == (pytest.approx(0, abs=0.3), 1.0)

    def test_a_ratio_needs_what_the_remaining_days_must_have(self, running_month, alice):
        aim(alice, "ctr", "0.03")
        korea = api(alice, kpi="ctr", market="KR")[0]
        assert korea["actual"]["value"] == pytest.approx(0.025)
        assert korea["expected"]["value"] == pytest.approx(0.03)
        assert korea["needed"]["value"] > 0.03
        assert korea["landing"]["value"] == pytest.approx(0.025, abs=1e-4)

    def test_a_version_is_picked_by_the_address(self, running_month, alice):
        aim(alice, "clicks", "9000", version="stretch")
        assert api(alice, kpi="clicks", market="KR", version="stretch")[0]["target"]["value"] == 9000

    def test_the_page_comes_at_once_and_fetches_rows_and_chart(self, running_month, alice):
        page = alice.get("/c/acme/kpi/pacing/?kpi=clicks&market=KR").content.decode()
        assert "/c/acme/kpi/pacing/rows/?kpi=" in page
        htmx = {"hx-request": "true"}
        rows = alice.get("/c/acme/kpi/pacing/rows/?kpi=clicks&market=KR&open=clicks", headers=htmx).content.decode()
        assert "일본" in rows
        assert "개 월 중" in rows
        chart = alice.get("/c/acme/kpi/pacing/course/?kpi=clicks&market=KR", headers=htmx).content.decode()
        assert "tonexty" in chart
        assert "80 %" in chart

    def test_bob_sees_his_market_only(self, running_month, bob):
        assert {one["market"] for one in api(bob, kpi="clicks")} == {"KR"}
        rows = bob.get("/c/acme/kpi/pacing/rows/?kpi=clicks", headers={"hx-request": "true"}).content.decode()
        assert "일본" not in rows
        assert bob.get("/c/acme/kpi/pacing/course/?kpi=clicks&market=JP").status_code == 404
        assert bob.get("/c/acme/api/v1/pacing/?kpi=clicks&market=JP").status_code == 404

    def test_a_kpi_whose_days_make_no_month_is_refused(self, running_month, alice):
        assert alice.get("/c/acme/api/v1/pacing/?kpi=active_users").status_code == 400
        assert alice.get("/c/acme/api/v1/pacing/?kpi=nope").status_code == 404

    def test_the_boards_drawer_leads_to_it(self, running_month, alice):
        address = "/c/acme/kpi/board/cell/?period=2026-10&cell=clicks.KR"
        drawer = alice.get(address, headers={"hx-request": "true"}).content.decode()
        assert "/c/acme/kpi/pacing/?kpi=clicks&amp;market=KR" in drawer

    def test_money_without_its_rate_is_a_hole_in_the_forecast_too(self, running_month, alice, tmp_path):
        row = {"market": "KR", "day": "2026-10-05", "channel": "x", "campaign": "x", "currency": "USD", "cost": 5}
        put(alice.at("acme"), tmp_path, "channel_daily", "meta", [row])
        korea = api(alice, kpi="ad_spend", market="KR")[0]
        assert korea["landing"]["value"] is None
        assert korea["landing"]["reason"] == "missing_rate"


@pytest.mark.django_db
def test_a_month_that_is_over_has_landed(small_lake, acme, alice):
    korea = api(alice, kpi="clicks", market="KR")[0]
    assert korea["landing"]["value"] == korea["low"] == korea["high"] == korea["actual"]["value"] == 620
    assert korea["back_test"]["reason"] == "month_over"


def test_only_sums_and_their_ratios_have_a_pace():
    from kpis.queries.pacing import can_be_paced

    assert [can_be_paced(BY_KEY[key]) for key in ("revenue", "ctr", "active_users", "budget_pacing")] == [
        True, True, False, False,
    ]  # fmt: skip
