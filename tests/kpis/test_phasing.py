"""Spreading a year over months: exact sums, last year's season, and what keeps it from being made."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest

from kpis.catalogue import BY_KEY
from kpis.errors import BadPhasing, NoSuchMarket
from kpis.models import How, Target, TargetChange
from kpis.queries.seasonality import Season, past_months
from kpis.services.phasing import PhasingAsk, apportioned, preview_phasing, save_phasing, spread
from kpis.services.target_tables import TargetCell
from kpis.services.targets import set_targets
from problems.errors import Conflict, NotAllowed
from tests.kpis.conftest import put
from ui.periods import add_months

NOW = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)
MONTHS = tuple(dt.date(2027, month, 1) for month in range(1, 13))


def season(values, weights=None, incomplete=()) -> Season:
    months = tuple(add_months(month, -12) for month in MONTHS)
    return Season(months, tuple(values), tuple(weights or [0.0] * 12), tuple(incomplete))


@pytest.mark.parametrize("seed", range(60))
def test_parts_add_up_to_the_whole_exactly_and_stay_within_a_step_of_their_share(seed):
    chance = random.Random(seed)
    weights = [Fraction(chance.choice([0, chance.random(), chance.random() * 1e6])) for _ in range(12)]
    if not sum(weights):
        weights[0] = Fraction(1)
    step = chance.choice([Decimal(1), Decimal("0.01")])
    whole = Decimal(chance.randrange(0, 10 ** chance.randrange(1, 14))) * chance.choice([Decimal(1), step])
    parts = apportioned(whole, weights, step)
    assert sum(parts) == whole
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(part) - Fraction(whole) * weight / sum(weights)) < Fraction(step)


def test_a_whole_that_is_finer_than_the_step_still_adds_up():
    parts = apportioned(Decimal("100.37"), [Fraction(1)] * 12, Decimal(1))
    assert sum(parts) == Decimal("100.37")


def test_a_ratios_months_have_the_years_value_as_their_weighted_mean():
    chance = random.Random(7)
    values, weights = [chance.uniform(0.01, 0.04) for _ in range(12)], [chance.uniform(1e3, 1e5) for _ in range(12)]
    parts = spread(BY_KEY["cvr"], Decimal("0.03"), season(values, weights), "", 12)
    frame = pd.DataFrame({"part": [float(part) for part in parts], "weight": weights, "past": values})
    assert (frame.part * frame.weight).sum() / frame.weight.sum() == pytest.approx(0.03, abs=1e-6)
    assert (frame.part / frame.past).std() < 1e-3, "every month is scaled by the same factor"


def test_without_a_season_every_month_gets_the_same():
    assert set(spread(BY_KEY["orders"], Decimal(1200), None, "", 12)) == {Decimal(100)}
    assert set(spread(BY_KEY["cvr"], Decimal("0.02"), None, "", 12)) == {Decimal("0.02")}


def test_the_latest_twelve_months_are_those_that_are_over():
    past = past_months(MONTHS, "latest", dt.date(2026, 10, 30))
    assert past[8] == dt.date(2026, 9, 1)
    assert past[9:] == (dt.date(2025, 10, 1), dt.date(2025, 11, 1), dt.date(2025, 12, 1))
    assert past_months(MONTHS, "last_year", dt.date(2026, 10, 30))[11] == dt.date(2026, 12, 1)


@pytest.fixture
def year_lake(lake, alice, tmp_path):
    """Korea: ads every day from November 2024 to October 2026, heavier in some months; Japan: from July 2026 only."""
    rows = []
    for number in range(730):
        day = dt.date(2024, 11, 1) + dt.timedelta(days=number)
        rows.append({
            "market": "KR", "day": day.isoformat(), "channel": "search", "campaign": "b", "currency": "KRW",
            "impressions": 1000 + 37 * day.month * day.month, "clicks": 20 + day.month, "cost": 5000 + 100 * day.day,
        })  # fmt: skip
        if day >= dt.date(2026, 7, 10):
            rows.append({**rows[-1], "market": "JP", "currency": "JPY"})
    put(alice.at("acme"), tmp_path, "channel_daily", "google-ads", rows)
    return pd.DataFrame(rows).assign(month=lambda frame: frame.day.str[:7])


def ask(kpi: str = "impressions", shape="latest", months=MONTHS, **typed: str) -> PhasingAsk:
    return PhasingAsk(BY_KEY[kpi], "budget", tuple(months), shape, typed)


@pytest.mark.django_db
def test_the_season_is_that_of_an_independent_computation(year_lake, acme, alice):
    year = [dt.date(2026, month, 1) for month in range(1, 13)]
    preview = preview_phasing(alice.at("acme"), ask(shape="last_year", months=year, KR="10,000,000"))
    korea = year_lake[(year_lake.market == "KR") & year_lake.month.str.startswith("2025")]
    by_month = korea.groupby("month").impressions.sum()
    expected = by_month / by_month.sum() * 10_000_000
    parts = preview.markets[0].after
    assert sum(parts) == 10_000_000
    assert max(abs(float(part) - one) for part, one in zip(parts, expected, strict=True)) < 1


@pytest.mark.django_db
def test_a_ratios_season_is_that_of_an_independent_computation(year_lake, acme, alice):
    preview = preview_phasing(alice.at("acme"), ask("ctr", KR="3"))
    korea = year_lake[(year_lake.market == "KR") & (year_lake.month >= "2025-11")]
    sums = korea.groupby("month")[["clicks", "impressions"]].sum()
    months = [f"{month:%Y-%m}" for month in preview.markets[0].season.months]
    rate = (sums.clicks / sums.impressions).loc[months]
    factor = 0.03 / (sums.clicks.sum() / sums.impressions.sum())
    assert [float(part) for part in preview.markets[0].after] == pytest.approx(list(rate * factor), abs=1e-6)


@pytest.mark.django_db
def test_an_incomplete_past_is_named_and_spread_evenly_only_when_asked(year_lake, acme, alice):
    with pytest.raises(BadPhasing, match=r"2026-07.*|2025-11") as refused:
        preview_phasing(alice.at("acme"), ask(KR="100", JP="100"))
    assert [bad["cell"] for bad in refused.value.details["cells"]] == ["JP"]
    assert "2026-07" in refused.value.details["cells"][0]["why"], "a month that begins on its 10th is not whole"
    even = preview_phasing(alice.at("acme"), ask(shape="even", KR="1200", JP="1200"))
    assert {part for one in even.markets for part in one.after} == {Decimal(100)}
    with pytest.raises(BadPhasing, match="2026-11"):
        preview_phasing(alice.at("acme"), ask(shape="last_year", KR="100"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kpi", "typed"), [("impressions", "lots"), ("impressions", "-5"), ("ctr", "4000"), ("active_users", "5")]
)
def test_a_yearly_value_that_cannot_be_right_is_refused(year_lake, acme, alice, kpi, typed):
    with pytest.raises(BadPhasing):
        preview_phasing(alice.at("acme"), ask(kpi, KR=typed))


@pytest.mark.django_db
def test_the_preview_says_from_what_to_what_and_saving_keeps_exactly_that(year_lake, acme, alice):
    access = alice.at("acme")
    old = TargetCell("impressions", "KR", MONTHS[0], Decimal(7))
    set_targets(access, [old], how=How.TYPED, now=NOW)
    preview = preview_phasing(access, ask(KR="1000000"))
    assert preview.markets[0].before[:2] == (Decimal(7), None)
    save_phasing(access, ask(KR="1000000"), seen=preview.seen, now=NOW)
    kept = dict(Target.objects.values_list("month", "value"))
    assert kept == dict(zip(MONTHS, preview.markets[0].after, strict=True))
    assert set(TargetChange.objects.exclude(how="typed").values_list("how", flat=True)) == {"phased"}


@pytest.mark.django_db
def test_a_preview_that_is_out_of_date_saves_nothing(year_lake, acme, alice):
    access = alice.at("acme")
    preview = preview_phasing(access, ask(KR="1000"))
    set_targets(access, [TargetCell("orders", "KR", MONTHS[0], Decimal(7))], how=How.TYPED, now=NOW)
    with pytest.raises(Conflict):
        save_phasing(access, ask(KR="1000"), seen=preview.seen, now=NOW)
    assert Target.objects.count() == 1


@pytest.mark.django_db
def test_who_may_not_set_targets_may_not_spread_them(year_lake, acme, alice, bob):
    from tenants.models import Membership

    with pytest.raises(NotAllowed):
        preview_phasing(bob.at("acme"), ask(KR="5"))
    Membership.objects.filter(user__email="bob@example.com").update(role="admin")
    with pytest.raises(NoSuchMarket):
        preview_phasing(bob.at("acme"), ask(JP="5"))


@pytest.mark.django_db
def test_the_page_previews_then_saves(year_lake, acme, alice):
    query = "?kpi=impressions&version=forecast&year=2027"
    form = {"shape": "latest", "year-KR": "1,000,000"}
    page = alice.post(f"/c/acme/kpi/targets/phasing/preview/{query}", form)
    text = page.content.decode()
    assert page.status_code == 200
    assert "월 합계: 1,000,000" in text
    seen = text.split('name="seen" value="')[1].split('"')[0]
    done = alice.post(f"/c/acme/kpi/targets/phasing/save/{query}", {**form, "seen": seen})
    assert done.status_code == 302
    bad = alice.post(f"/c/acme/kpi/targets/phasing/preview/{query}", {"shape": "latest", "year-KR": "x"})
    assert bad.status_code == 400
