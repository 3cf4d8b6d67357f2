"""What can't be added is never added: every KPI, on board, export and API, for months, quarters and years to date."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from types import SimpleNamespace

import pytest

from journeys.pages import _card
from kpis.catalogue import CATALOGUE, Rollup, kpi
from kpis.catalogue.formula import Needed, Pacing, PeriodRatio, PeriodValue, Ratio, Sum
from kpis.catalogue.measures import MEASURES
from kpis.errors import BadPhasing
from kpis.models import How
from kpis.pages.answers import board_answer
from kpis.pages.board_table import Addresses, Ranking, table_text
from kpis.pages.export import board_rows
from kpis.pages.texts import value_text
from kpis.queries.board import board_values
from kpis.queries.depth import depth_of, grains_of
from kpis.queries.money import Rates
from kpis.queries.pacing import can_be_paced
from kpis.queries.seasonality import can_be_spread
from kpis.queries.why import cell_of
from kpis.services.phasing import PhasingAsk, preview_phasing
from kpis.services.target_tables import TargetCell
from kpis.services.targets import set_targets, takes_targets
from kpis.values import Value
from tests.kpis.lake import DE, FR, MemoryLake, day, in_period, measured, scope_of, use_lake, use_plans
from tests.kpis.test_board import ask
from tests.kpis.test_exports import opened
from warehouse.tables import PERIOD_MEASURES

REFUSED = [one for one in CATALOGUE if not one.rollup.has_total and one.is_measurable]
PERIODS = {
    "2026-10": ("month", "2026-10-01"),
    "2026-Q4": ("quarter", "2026-10-01"),
    "2026-YTD-12": ("ytd", "2026-12-01"),
}
MONTHS = ("2026-10-01", "2026-11-01", "2026-12-01")
ADDRESSES = Addresses("/cell?", "/depth?", "/rank?")


@pytest.fixture
def board(monkeypatch):
    """Two markets with people in every month, quarter and year, none of which is the sum of its parts."""
    daily = [measured(code, month, "events", sessions=9) for code in ("DE", "FR") for month in MONTHS]
    periods = []
    for factor, code in ((1, "DE"), (2, "FR")):
        for place, month in enumerate(MONTHS):
            periods += in_period(
                code, "month", month, **{m: factor * (10 + place + n) for n, m in enumerate(PERIOD_MEASURES)}
            )
        periods += in_period(
            code, "quarter", MONTHS[0], **{m: factor * (17 + 2 * n) for n, m in enumerate(PERIOD_MEASURES)}
        )
        periods += in_period(
            code, "ytd", MONTHS[2], **{m: factor * (23 + 3 * n) for n, m in enumerate(PERIOD_MEASURES)}
        )
    found = {(row["market"], row["grain"], str(row["start"]), row["measure"]): row["value"] for row in periods}

    def compute(period: str, channels=()):
        use_lake(monkeypatch, MemoryLake(daily, periods))
        goals = {
            (one.key, code, month[:7]): (5, "EUR") for one in CATALOGUE for code in ("DE", "FR") for month in MONTHS
        }
        use_plans(monkeypatch, "EUR", {}, goals)
        question = ask(period, tuple(one.key for one in CATALOGUE), (DE, FR), currency="EUR", channels=channels)
        return board_values(scope_of(question), question)

    compute.kept = found
    return compute


def test_the_class_of_every_kpi_is_that_of_its_formula():
    """Only sums of what adds up over days have a total; a formula of distinct people never has one."""
    for one in CATALOGUE:
        if not one.is_measurable:
            assert isinstance(one.formula, Needed) and not one.formula.sums and not one.formula.periods, one.key
        elif one.rollup.has_total:
            assert isinstance(one.formula, Sum | Ratio | Pacing), one.key
            assert all(MEASURES[name].over_time for name in one.formula.sums), one.key
            assert (one.rollup is Rollup.ADDITIVE) == isinstance(one.formula, Sum), one.key
        else:
            assert isinstance(one.formula, PeriodValue | PeriodRatio), one.key
            assert not any(MEASURES[name].over_time for name in one.formula.periods), one.key


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("one", REFUSED, ids=lambda one: one.key)
def test_no_total_of_what_cant_be_added_anywhere(board, one, period):
    found = board(period)
    row = found.row(one.key)
    total = row.total
    assert (total.actual.number, total.target.number, total.reached.number) == (None, None, None)
    assert (total.previous.number, total.last_year.number, total.trend, dict(total.amounts)) == (None, None, (), {})
    assert total.actual.hole.code == "not_additive"
    grain, start = PERIODS[period]
    for cell in row.cells:
        amounts = {name: board.kept[cell.market, grain, start, name] for name in one.formula.periods}
        assert cell.actual.number == one.formula.of_period(amounts).number, (
            "a period's own value, never a sum of months"
        )
        if len(found.ask.span.months) > 1:
            assert cell.target.hole.code == "months_only"

    (answer,) = (r for stage in board_answer(found, "en")["stages"] for r in stage["rows"] if r["kpi"] == one.key)
    assert answer["total"]["actual"]["reason"] == "not_additive"
    assert answer["total"]["actual"]["sentence"]
    assert answer["total"]["actual"]["instead"]
    assert not [
        key for key in ("actual", "target", "achievement", "previous", "year_before") if answer["total"][key]["value"]
    ]
    assert answer["total"]["trend"] == []

    (exported,) = (r for r in board_rows(found, "en") if r[3] == one.key and r[5] == "")
    assert exported[8:13] == [None] * 5
    assert str(one.rollup.rule) in exported[-1]

    table = table_text(found, ADDRESSES, compare="previous", ranking=Ranking(), language="en")
    (text,) = (r for stage in table.stages for r in stage.rows if r.key == one.key)
    assert (text.total.css, text.total.reached, text.total.change, text.total.spark) == ("none", "", "", "")
    assert not any(letter.isdigit() for letter in text.total.value)
    assert str(one.rollup.rule) in text.total.why


@pytest.mark.parametrize("one", REFUSED, ids=lambda one: one.key)
def test_no_value_by_channel_of_what_is_counted_over_all_channels(board, one):
    found = board("2026-10", channels=("search",))
    for cell in found.row(one.key).cells:
        assert cell.actual.hole.code == "not_by_channel"
        assert (cell.previous.number, cell.last_year.number) == (None, None)
        assert not any(number is not None for number in cell.trend)
    answer = board_answer(found, "en")
    rows = [r for stage in answer["stages"] for r in stage["rows"] if r["kpi"] == one.key]
    assert all(cell["actual"]["instead"] for cell in rows[0]["cells"])


@pytest.mark.parametrize("one", REFUSED, ids=lambda one: one.key)
def test_in_depth_has_no_slices_and_no_target_by_day_of_what_cant_be_added(board, one, monkeypatch):
    board("2026-10")
    goals = {(one.key, "DE", day(MONTHS[0])): (5, "EUR")}
    monkeypatch.setattr("kpis.queries.depth.plans_known", lambda *_, **__: (goals, Rates("EUR", {})))
    question = ask("2026-10", (one.key,), (DE,), currency="EUR")
    cell = cell_of(board_values(scope_of(question), question))
    for grain in grains_of(one):
        depth = depth_of(scope_of(question), question, cell, grain)
        assert depth.slices == {}
        if grain != "month":
            assert set(depth.course.targets) == {None}


def test_money_of_markets_in_their_own_currencies_has_no_total(monkeypatch):
    from tests.kpis.lake import KR

    rows = [measured(code, "2026-10-01", "orders", currency=own, orders=2, revenue=100, gross_revenue=120, refunds=3, promo_revenue=9)
            for code, own in (("KR", "KRW"), ("DE", "EUR"))]  # fmt: skip
    use_lake(monkeypatch, MemoryLake(rows))
    use_plans(monkeypatch, "KRW", {}, {})
    question = ask("2026-10", tuple(one.key for one in CATALOGUE), (KR, DE), currency="own")
    found = board_values(scope_of(question), question)
    for row in found.rows:
        if any(MEASURES[name].money for name in row.kpi.formula.sums):
            assert row.total.actual.hole.code == "mixed_currency", row.kpi.key


@pytest.mark.urls("config.urls_client")
@pytest.mark.parametrize("one", REFUSED, ids=lambda one: one.key)
@pytest.mark.parametrize("period", PERIODS)
def test_the_home_page_shows_no_total_but_what_instead_and_between_which_markets_it_lies(board, one, period):
    found = board(period)
    bar = SimpleNamespace(period=found.ask.span.reporting)
    card = _card(one.stage, one.key, found, bar, "ko")
    assert (card.figure.value, card.target, card.achievement, card.changes) == (None, None, None, [])
    assert not any(value is not None for value in card.trend)
    assert card.figure.missing == "합산 불가"
    assert "대신 시장별 값을 보여요." in card.note
    assert "독일" in card.note and "프랑스" in card.note
    forbidden = sum(cell.actual.number for cell in found.row(one.key).cells)
    shown = value_text(one, Value(forbidden), "EUR", "ko", compact=True)
    assert shown not in card.note.split(" ")


@pytest.mark.urls("config.urls_client")
def test_the_home_page_adds_no_money_of_different_currencies(monkeypatch):
    from tests.kpis.lake import KR

    rows = [measured(code, "2026-10-01", "orders", currency=own, orders=2, revenue=100)
            for code, own in (("KR", "KRW"), ("DE", "EUR"))]  # fmt: skip
    use_lake(monkeypatch, MemoryLake(rows))
    use_plans(monkeypatch, "KRW", {}, {})
    for currency, reason in (("own", "통화"), ("KRW", "EUR 2026-10")):
        question = ask("2026-10", ("revenue",), (KR, DE), currency=currency)
        found = board_values(scope_of(question), question)
        card = _card(kpi("revenue").stage, "revenue", found, SimpleNamespace(period=found.ask.span.reporting), "ko")
        if found.row("revenue").total.actual.number is None:
            assert card.figure.value is None
            assert reason in card.note
        else:
            assert found.row("revenue").total.actual.number == 100, "what can't be converted is left out, and named"


@pytest.mark.parametrize("one", [one for one in REFUSED if takes_targets(one)], ids=lambda one: one.key)
def test_targets_of_what_cant_be_added_have_no_year_and_no_pacing(one):
    assert not can_be_spread(one)
    assert not can_be_paced(one)


@pytest.mark.django_db
@pytest.mark.usefixtures("stays_open")
def test_pages_and_files_of_targets_have_each_markets_own_and_no_sum(small_lake, alice):
    """Of users and of money in two currencies: what was typed stands there, and nothing else does."""
    access, month = alice.at("acme"), dt.date(2026, 10, 1)
    typed = {
        ("active_users", "KR"): 4013,
        ("active_users", "JP"): 2029,
        ("revenue", "KR"): 7019,
        ("revenue", "JP"): 3023,
    }
    key = next(one.key for one in REFUSED if takes_targets(one) and one.unit.value in ("count", "people"))
    typed = {(key if name == "active_users" else name, code): value for (name, code), value in typed.items()}
    cells = [TargetCell(name, code, month, Decimal(value)) for (name, code), value in typed.items()]
    set_targets(access, cells, how=How.TYPED, now=dt.datetime(2026, 11, 2, tzinfo=dt.UTC))
    for name in (key, "revenue"):
        values = [value for (one, _code), value in typed.items() if one == name]
        sums = {f"{sum(values)}", f"{sum(values):,}", f"{sum(values) / 2:,.0f}", f"{sum(values) / 2:.0f}"}
        for path in (
            f"kpi/targets/?by=kpi&kpi={name}&year=2026", "kpi/targets/?by=market&market=KR&year=2026",
            "kpi/targets/targets.csv?year=2026", "api/v1/targets/?year=2026", "kpi/targets/approval/?year=2026",
        ):  # fmt: skip
            answer = alice.get(f"/c/acme/{path}")
            assert answer.status_code == 200, path
            text = set(re.findall(r"[\d,]+", answer.content.decode()))
            assert not sums & text, path
        content = alice.get("/c/acme/kpi/targets/targets.xlsx", {"year": "2026"}).content
        numbers = [cell.value for sheet in opened(content) for row in sheet for cell in row if cell.value is not None]
        assert not {sum(values), sum(values) / 2} & {one for one in numbers if isinstance(one, int | float)}
        assert not [one for one in numbers if str(one).startswith("=")], "no cell adds up by itself"
    months = tuple(dt.date(2026, number, 1) for number in range(1, 13))
    with pytest.raises(BadPhasing, match="나눌 수 없"):
        preview_phasing(alice.at("acme"), PhasingAsk(kpi(key), "budget", months, "last_year", {"KR": "100"}))
