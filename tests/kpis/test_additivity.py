"""What can't be added is never added: every KPI, on board, export and API, for months, quarters and years to date."""

from __future__ import annotations

import pytest

from kpis.catalogue import CATALOGUE, Rollup
from kpis.catalogue.formula import Needed, Pacing, PeriodRatio, PeriodValue, Ratio, Sum
from kpis.catalogue.measures import MEASURES
from kpis.pages.answers import board_answer
from kpis.pages.board_table import Addresses, Ranking, table_text
from kpis.pages.export import board_rows
from kpis.queries.board import board_values
from kpis.queries.depth import depth_of, grains_of
from kpis.queries.money import Rates
from kpis.queries.why import cell_of
from tests.kpis.lake import DE, FR, MemoryLake, day, in_period, measured, scope_of, use_lake, use_plans
from tests.kpis.test_board import ask
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
