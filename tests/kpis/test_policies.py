"""Money by each policy, against pandas over the raw rows; and what each says where a rate is missing."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pandas as pd
import pytest

from kpis.catalogue import in_order
from kpis.queries.amounts import Reporting
from kpis.queries.board import board_values
from kpis.queries.cells import Board, BoardAsk
from kpis.queries.depth import depth_of
from kpis.queries.money import Conversion, Rates, in_ranges, usual_base
from kpis.values import Hole
from tests.kpis.lake import DE, FR, KR, US, MemoryLake, day, measured, scope_of, span, use_lake
from ui.periods import parse_period

MARKETS = (KR, DE, FR, US)
OWN = {market.code: market.currency for market in MARKETS}
CODES = ("EUR", "USD")
MONEY = ("cost", "revenue")


def conversion(policy: str, base: str = "", fiscal: int = 1) -> Conversion:
    return Conversion(policy, day(base + "-01") if base else None, fiscal)


def known_rates(policy: str, seed: int = 3) -> dict[tuple[str, dt.date], float]:
    """Rates of two years; daily closes on weekdays only, as a market gives them."""
    chance = random.Random(seed)
    days = [dt.date(2024, 12, 20) + dt.timedelta(days=n) for n in range(720)]
    if policy == "daily":
        kept = [one for one in days if one.weekday() < 5]
    elif policy == "budget":
        kept = [dt.date(year, 1, 1) for year in (2024, 2025, 2026)]
    else:
        kept = sorted({one.replace(day=1) for one in days})
    return {(code, one): chance.uniform(1200, 1700) for code in CODES for one in kept}


def random_rows(seed: int) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    rows = []
    for market, own in OWN.items():
        for one in pd.date_range("2025-01-01", "2026-10-31"):
            for origin, measure in (("channel_daily", "cost"), ("orders", "revenue")):
                if chance.random() < 0.35:
                    currency = chance.choice([own, own, "USD", "EUR", None])
                    rows.append(
                        measured(
                            market, f"{one:%Y-%m-%d}", origin, currency=currency, **{measure: chance.randint(1, 5000)}
                        )
                    )
    return rows


def board_of(
    monkeypatch: pytest.MonkeyPatch,
    question: BoardAsk,
    rows: list[Any],
    known: dict[tuple[str, dt.date], float],
    goals: Any = (),
) -> Board:
    aims = {(kpi, market, day(month + "-01")): value for (kpi, market, month), value in dict(goals).items()}
    rates = Rates("KRW", known, question.conversion)
    monkeypatch.setattr("kpis.queries.board.plans_known", lambda *_, **__: (aims, rates))
    monkeypatch.setattr("kpis.queries.depth.plans_known", lambda *_, **__: (aims, rates))
    use_lake(monkeypatch, MemoryLake(rows))
    return board_values(scope_of(question), question)


def ask(period: str, how: Conversion, currency: str = "KRW", keys: tuple[str, ...] = ("ad_spend", "revenue", "roas")):
    return BoardAsk(span(period), in_order(keys), MARKETS, currency, "KRW", conversion=how)


def by_pandas(
    rows: list[Any], known: dict[tuple[str, dt.date], float], policy: str, base: str, into: str
) -> pd.DataFrame:
    """Every row with its month and its amounts converted: the second way, table by table and never shared code."""
    frame = pd.DataFrame(rows)[["market", "day", "currency", *MONEY]].astype(dict.fromkeys(MONEY, float))
    frame["day"] = pd.to_datetime(frame["day"])
    frame["currency"] = frame["currency"].fillna(frame["market"].map(OWN))
    table = pd.DataFrame(
        [(code, pd.Timestamp(when), rate) for (code, when), rate in known.items()], columns=["code", "when", "rate"]
    )
    for column, wanted in (("above", frame["currency"]), ("below", pd.Series(into, index=frame.index))):
        asked = pd.DataFrame({"code": wanted, "when": frame["day"], "row": frame.index})
        if policy == "daily":
            found = pd.merge_asof(
                asked.sort_values("when"), table.sort_values("when"), on="when", by="code",
                tolerance=pd.Timedelta(days=7),
            )  # fmt: skip
        else:
            if policy == "monthly":
                asked["when"] = asked["when"].dt.to_period("M").dt.to_timestamp()
            elif policy == "budget":
                asked["when"] = asked["when"].dt.to_period("Y").dt.to_timestamp()
            else:
                asked["when"] = pd.Timestamp(base + "-01")
            found = asked.merge(table, on=["code", "when"], how="left")
        rate = found.set_index("row")["rate"].reindex(frame.index)
        frame[column] = rate.where(wanted != "KRW", 1.0)
    for name in MONEY:
        frame[name] = frame[name] * frame["above"] / frame["below"]
    frame["month"] = frame["day"].dt.strftime("%Y-%m")
    return frame


@pytest.mark.parametrize("into", ["KRW", "USD"])
@pytest.mark.parametrize(("policy", "base"), [("monthly", ""), ("daily", ""), ("budget", ""), ("constant", "2025-12")])
def test_every_amount_of_every_policy_equals_pandas_over_the_raw_rows(monkeypatch, policy, base, into):
    rows, known = random_rows(5), known_rates(policy)
    found = board_of(monkeypatch, ask("2026-Q3", conversion(policy, base), into), rows, known)
    frame = by_pandas(rows, known, policy, base, into)
    shown = frame[frame["month"].isin(["2026-07", "2026-08", "2026-09"])]
    year_ago = frame[frame["month"].isin(["2025-07", "2025-08", "2025-09"])]
    sums, before = shown.groupby("market")[list(MONEY)].sum(), year_ago.groupby("market")[list(MONEY)].sum()
    for row, measure in ((found.row("ad_spend"), "cost"), (found.row("revenue"), "revenue")):
        for one in row.cells:
            assert one.actual.number == pytest.approx(sums.loc[one.market, measure])
            assert one.last_year.number == pytest.approx(before.loc[one.market, measure])
            trend = frame[frame["market"] == one.market].groupby("month")[measure].sum()
            months = [f"{month:%Y-%m}" for month in found.ask.span.trend]
            assert one.trend == pytest.approx([trend[month] for month in months])
        assert row.total.actual.number == pytest.approx(sums[measure].sum())


def test_constant_currency_leaves_no_change_where_only_the_rate_moved(monkeypatch):
    rows = [measured("DE", f"2026-{m:02d}-15", "orders", currency="EUR", revenue=100, orders=1) for m in (8, 9)]
    known = {("EUR", day("2025-12-01")): 1500.0, ("EUR", day("2026-08-01")): 1600.0, ("EUR", day("2026-09-01")): 1700.0}
    constant = board_of(monkeypatch, ask("2026-09", conversion("constant", "2025-12")), rows, known)
    monthly = board_of(monkeypatch, ask("2026-09", conversion("monthly")), rows, known)
    one, other = (found.row("revenue").cells[1] for found in (constant, monthly))
    assert (one.actual.number, one.previous.number) == (150_000, 150_000)
    assert (other.actual.number, other.previous.number) == (170_000, 160_000)


@pytest.mark.parametrize(
    ("period", "fiscal", "base"),
    [("2026-10", 1, "2025-12"), ("2026-Q1", 4, "2026-03"), ("2026-02", 4, "2025-03"), ("2026-YTD-10", 1, "2025-12")],
)
def test_the_usual_base_is_the_last_month_before_the_fiscal_year(period, fiscal, base):
    assert f"{usual_base(parse_period(period, fiscal_start=fiscal)):%Y-%m}" == base


def test_a_budget_rate_is_of_the_fiscal_year_that_the_day_is_in():
    rates = Rates("KRW", {("USD", day("2025-01-01")): 1300.0, ("USD", day("2026-01-01")): 1400.0},
                  conversion("budget", fiscal=4))  # fmt: skip
    assert rates.factor("USD", "KRW", day("2026-03-31")) == 1300
    assert rates.factor("USD", "KRW", day("2026-04-01")) == 1400
    assert rates.factor("USD", "KRW", day("2027-04-01")) == Hole("missing_rate", ("USD 2027",))


def test_a_close_holds_seven_days_and_no_longer():
    rates = Rates("KRW", {("USD", day("2026-10-02")): 1400.0}, conversion("daily"))
    assert rates.factor("USD", "KRW", day("2026-10-09")) == 1400
    assert rates.factor("USD", "KRW", day("2026-10-10")) == Hole("missing_rate", ("USD 2026-10-10",))
    assert rates.factor("USD", "KRW", day("2026-10-01")) == Hole("missing_rate", ("USD 2026-10-01",))


def test_missing_days_are_named_as_ranges_on_the_cell_and_on_the_board(monkeypatch):
    rows = [measured("DE", f"2026-10-{n:02d}", "orders", currency="EUR", revenue=10, orders=1) for n in range(1, 32)]
    known = {("EUR", day("2026-10-01")): 1600.0, ("EUR", day("2026-10-20")): 1650.0}
    found = board_of(monkeypatch, ask("2026-10", conversion("daily")), rows, known)
    hole = Hole("missing_rate", ("EUR 2026-10-09–10-19", "EUR 2026-10-28–10-31"))
    assert found.row("revenue").cells[1].actual.hole == hole
    assert found.row("revenue").total.actual.hole == hole
    assert found.missing_rates == hole.facts


def test_money_over_money_of_which_some_days_have_a_rate_is_a_hole_and_no_mixture(monkeypatch):
    rows = [
        measured("DE", f"2026-10-{n:02d}", "channel_daily", currency="EUR", cost=n, ad_value=2 * n) for n in (1, 20)
    ]
    roas = ask("2026-10", conversion("daily"), keys=("roas",))
    some = board_of(monkeypatch, roas, rows, {("EUR", day("2026-10-01")): 1600.0})
    assert some.row("roas").cells[1].actual.hole == Hole("missing_rate", ("EUR 2026-10-20",))
    none = board_of(monkeypatch, roas, rows, {})
    assert none.row("roas").cells[1].actual.number == 2  # all as booked, in one currency: the ratio is right


def test_a_target_under_daily_closes_takes_the_mean_of_the_months_closes(monkeypatch):
    rows = [measured("DE", "2026-10-02", "orders", currency="EUR", revenue=10, orders=1)]
    known = {("EUR", day("2026-10-01")): 1500.0, ("EUR", day("2026-10-02")): 1700.0, ("EUR", day("2026-09-30")): 1.0}
    goals = {("revenue", "DE", "2026-10"): (100, "EUR")}
    found = board_of(monkeypatch, ask("2026-10", conversion("daily")), rows, known, goals)
    assert found.row("revenue").cells[1].target.number == pytest.approx(160_000)
    assert found.row("revenue").cells[1].actual.number == 17_000


def test_the_rates_used_stand_with_the_board_by_market_and_measure(monkeypatch):
    rows = [
        measured("DE", "2026-09-15", "orders", currency="EUR", revenue=100, orders=1),
        measured("KR", "2026-09-15", "orders", currency="KRW", revenue=100, orders=1),
        measured("US", "2026-09-15", "channel_daily", currency="USD", cost=5),
    ]
    known = {("EUR", day("2026-09-01")): 1600.0, ("USD", day("2026-09-01")): 1280.0}
    found = board_of(monkeypatch, ask("2026-09", conversion("monthly")), rows, known)
    (euro,) = found.rates_of(("revenue",), "DE")
    assert (euro.currency, euro.into, euro.when, euro.rate) == ("EUR", "KRW", "2026-09", 1600)
    assert found.rates_of(("revenue",), "KR") == ()
    assert [rate.currency for rate in found.rates_of(("revenue", "cost"))] == ["EUR", "USD"]


@pytest.mark.parametrize("policy", ["monthly", "daily", "budget", "constant"])
def test_the_course_by_day_and_the_slices_add_up_to_the_cell(monkeypatch, policy):
    rows = [row for row in random_rows(8) if row["market"] == "DE"]
    how = conversion(policy, "2025-12" if policy == "constant" else "")
    one = BoardAsk(span("2026-09"), in_order(("revenue",)), (DE,), "KRW", "KRW", conversion=how)
    board = board_of(monkeypatch, one, rows, known_rates(policy))
    cell = board.rows[0].cells[0]
    depth = depth_of(scope_of(one), one, cell, "day")
    assert sum(value.number or 0 for value in depth.course.values) == pytest.approx(cell.actual.number)
    for part in ("channel", "source", "campaign"):
        assert sum(piece.actual.number or 0 for piece in depth.slices[part]) == pytest.approx(cell.actual.number)


def test_days_in_a_row_are_one_range_over_month_and_year_ends():
    days = ["EUR 2026-12-30", "EUR 2026-12-31", "EUR 2027-01-01", "EUR 2027-01-05", "USD 2026-10", "USD 2026"]
    assert in_ranges(days) == ("USD 2026-10", "USD 2026", "EUR 2026-12-30–2027-01-01", "EUR 2027-01-05")


def test_nothing_is_converted_one_to_one():
    reporting = Reporting("KRW", OWN, Rates("KRW", {}, conversion("budget")))
    assert reporting.rates.factor("EUR", "USD", day("2026-10-01")) == Hole("missing_rate", ("EUR 2026", "USD 2026"))
