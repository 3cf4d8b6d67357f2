"""Targets and exchange rates: setting, importing, history, conflicts, and who may."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from kpis.errors import BadRates, BadTargets, UnreadableTable
from kpis.models import ExchangeRate, How, RateChange, Revision, Target, TargetChange
from kpis.queries.choices import chosen_kpis, standing_of
from kpis.services.choices import choose_kpis, forget_choice
from kpis.services.rate_tables import RateCell
from kpis.services.rates import import_rates, set_rates
from kpis.services.target_tables import TargetCell
from kpis.services.targets import import_targets, set_targets, undo_targets
from problems.errors import Conflict, NotAllowed

NOW = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)
OCTOBER = dt.date(2026, 10, 1)

pytestmark = pytest.mark.django_db


def cell(value: str | None, kpi: str = "revenue", market: str = "KR", month: dt.date = OCTOBER, **more) -> TargetCell:
    return TargetCell(kpi, market, month, None if value is None else Decimal(value), **more)


def test_a_target_is_kept_with_its_currency_and_its_history(acme, alice):
    set_targets(alice.at("acme"), [cell("100"), cell("0.025", "cvr", "JP")], how=How.TYPED, now=NOW)
    set_targets(alice.at("acme"), [cell("120")], how=How.PASTED, now=NOW)
    assert {(t.kpi, t.market, t.value, t.currency) for t in Target.objects.all()} == {
        ("revenue", "KR", Decimal(120), "KRW"), ("cvr", "JP", Decimal("0.025"), ""),
    }  # fmt: skip
    first, last = TargetChange.objects.filter(kpi="revenue").order_by("id")
    assert (first.old, first.new, first.how) == (None, Decimal(100), "typed")
    assert (last.old, last.new, last.how, last.who) == (Decimal(100), Decimal(120), "pasted", "Alice")


def test_the_same_value_again_changes_nothing_and_leaves_no_trace(acme, alice):
    set_targets(alice.at("acme"), [cell("100")], how=How.TYPED, now=NOW)
    saved = set_targets(alice.at("acme"), [cell("100.00")], how=How.TYPED, now=NOW)
    assert (saved.changed, saved.unchanged) == (0, 1)
    assert TargetChange.objects.count() == 1


def test_an_emptied_cell_takes_the_target_away_and_undo_brings_it_back(acme, alice):
    access = alice.at("acme")
    set_targets(access, [cell("100")], how=How.TYPED, now=NOW)
    gone = set_targets(access, [cell(None)], how=How.TYPED, now=NOW)
    assert not Target.objects.exists()
    undo_targets(access, gone.batch, now=NOW)
    assert Target.objects.get().value == 100


def test_undo_leaves_alone_what_somebody_has_changed_since(acme, alice):
    access = alice.at("acme")
    first = set_targets(access, [cell("100")], how=How.TYPED, now=NOW)
    set_targets(access, [cell("150")], how=How.TYPED, now=NOW)
    with pytest.raises(Conflict):
        undo_targets(access, first.batch, now=NOW)
    assert Target.objects.get().value == 150


def test_an_editor_who_saw_an_older_value_is_told_who_changed_it(acme, alice):
    access = alice.at("acme")
    set_targets(access, [cell("100")], how=How.TYPED, now=NOW)
    with pytest.raises(Conflict, match="Alice"):
        set_targets(access, [cell("130", was=Decimal(90), check_was=True)], how=How.TYPED, now=NOW)


@pytest.mark.parametrize(
    "bad",
    [
        cell("-1"), cell("1e16"), cell("NaN"), cell("1", kpi="nope"), cell("1", market="DE"),
        cell("1", month=dt.date(2026, 10, 2)), cell("1", kpi="budget_pacing"), cell("0.3", kpi="top5_share"),
    ],
)  # fmt: skip
def test_one_bad_cell_keeps_the_whole_batch_out_and_names_its_place(acme, alice, bad):
    with pytest.raises(BadTargets) as refused:
        set_targets(alice.at("acme"), [cell("100"), bad], how=How.TYPED, now=NOW)
    assert refused.value.details["cells"][0]["why"]
    assert not Target.objects.exists()


@pytest.mark.parametrize("name", ["bob", "vera"])
def test_marketers_and_viewers_may_not_set_targets_or_rates(acme, request, name):
    access = request.getfixturevalue(name).at("acme")
    with pytest.raises(NotAllowed):
        set_targets(access, [cell("100")], how=How.API, now=NOW)
    with pytest.raises(NotAllowed):
        import_targets(access, text="KPI\tmarket\tmonth\tvalue\nrevenue\tKR\t2026-10\t5", how=How.PASTED, now=NOW)
    with pytest.raises(NotAllowed):
        set_rates(access, [RateCell("USD", OCTOBER, Decimal(1300))], how=How.API, now=NOW)


LONG = "KPI\t시장\t월\t목표\n매출\t한국\t2026-10\t1.2억\nCTR\tJP\t2026년 10월\t2.5%\n"
WIDE = "2026 계획\n\nkpi,market,2026-10,Nov 2026\nrevenue,KR,120000000,\nctr,Japan,2.5,3\n"
ACROSS = "KPI\tmonth\tKR\tJP\nctr\t2026-10\t2\t2.5\n"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (LONG, {("revenue", "KR", 10, "120000000"), ("ctr", "JP", 10, "0.025")}),
        (WIDE, {("revenue", "KR", 10, "120000000"), ("ctr", "JP", 10, "0.025"), ("ctr", "JP", 11, "0.03")}),
        (ACROSS, {("ctr", "KR", 10, "0.02"), ("ctr", "JP", 10, "0.025")}),
    ],
)
def test_a_table_is_read_whichever_way_round_it_is(acme, alice, text, kept):
    import_targets(alice.at("acme"), text=text, how=How.PASTED, now=NOW)
    found = {(t.kpi, t.market, t.month.month, f"{t.value.normalize():f}") for t in Target.objects.all()}
    assert found == kept


def test_an_excel_percent_cell_reads_as_percent(acme, alice, tmp_path: Path):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["KPI", "market", dt.date(2026, 10, 1), "2026-11"])
    sheet.append(["cvr", "KR", 0.025, 2.5])
    sheet["C2"].number_format = "0.0%"
    book.save(tmp_path / "plan.xlsx")
    import_targets(alice.at("acme"), path=tmp_path / "plan.xlsx", how=How.IMPORTED, now=NOW)
    assert [t.value for t in Target.objects.order_by("month")] == [Decimal("0.025"), Decimal("0.025")]


def test_a_korean_excel_csv_is_read_in_its_own_encoding(acme, alice, tmp_path: Path):
    (tmp_path / "plan.csv").write_bytes("지표,시장,월,목표\n매출,한국,2026-10,500\n".encode("cp949"))
    import_targets(alice.at("acme"), path=tmp_path / "plan.csv", how=How.IMPORTED, now=NOW)
    assert Target.objects.get().value == 500


def test_a_bad_cell_of_a_table_is_named_by_row_and_nothing_is_kept(acme, alice):
    text = "KPI\tmarket\tmonth\tvalue\nrevenue\tKR\t2026-10\t5\nrevenue\tDE\t2026-10\t5\nrevenue\tKR\tsoon\t5\n"
    with pytest.raises(BadTargets) as refused:
        import_targets(alice.at("acme"), text=text, how=How.PASTED, now=NOW)
    assert [bad["row"] for bad in refused.value.details["cells"]] == [3, 4]
    assert not Target.objects.exists()


@pytest.mark.parametrize("text", ["", "hello", "a\tb\n1\t2", "\x00\x01"])
def test_what_is_no_table_of_targets_says_what_is_missing(acme, alice, text):
    with pytest.raises(UnreadableTable) as refused:
        import_targets(alice.at("acme"), text=text, how=How.PASTED, now=NOW)
    assert str(refused.value.fix)


def test_rates_are_kept_with_source_and_history(acme, alice):
    set_rates(alice.at("acme"), [RateCell("USD", OCTOBER, Decimal("1380.5"))], how=How.TYPED, now=NOW, source="BOK")
    set_rates(alice.at("acme"), [RateCell("USD", OCTOBER, Decimal(1400))], how=How.TYPED, now=NOW)
    assert ExchangeRate.objects.get().rate == 1400
    assert [c.old for c in RateChange.objects.order_by("id")] == [None, Decimal("1380.5")]


@pytest.mark.parametrize(
    ("currency", "rate"), [("KRW", "1"), ("XQZ", "5"), ("USD", "0"), ("USD", "-3"), ("USD", "NaN"), ("USD", "1e12")]
)
def test_a_rate_that_cannot_be_right_is_refused(acme, alice, currency, rate):
    with pytest.raises(BadRates):
        set_rates(alice.at("acme"), [RateCell(currency, OCTOBER, Decimal(rate))], how=How.TYPED, now=NOW)
    assert not ExchangeRate.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["통화\t월\t환율\nUSD\t2026-10\t1,380.5\n", "currency,2026-10\nUSD,1380.5\n", "월\tUSD\n2026-10\t1380.5\n"],
)
def test_rates_are_read_long_and_both_ways_across(acme, alice, text):
    import_rates(alice.at("acme"), text=text, how=How.PASTED, now=NOW)
    assert ExchangeRate.objects.get().rate == Decimal("1380.5")


def test_every_change_counts_its_revision(acme, alice):
    before = dict(standing_of(alice.at("acme")).revisions)
    set_targets(alice.at("acme"), [cell("100")], how=How.TYPED, now=NOW)
    assert dict(standing_of(alice.at("acme")).revisions)["targets"] == before.get("targets", 0) + 1
    assert Revision.objects.get(thing="targets").number >= 1


def test_a_person_picks_kpis_in_order_and_others_keep_the_clients_default(acme, alice, bob):
    choose_kpis(alice.at("acme"), ["revenue", "ctr"], for_all=True)
    choose_kpis(bob.at("acme"), ["sessions"])
    assert chosen_kpis(alice.at("acme")) == ("revenue", "ctr")
    assert chosen_kpis(bob.at("acme")) == ("sessions",)
    forget_choice(bob.at("acme"))
    assert chosen_kpis(bob.at("acme")) == ("revenue", "ctr")
    with pytest.raises(NotAllowed):
        choose_kpis(bob.at("acme"), ["revenue"], for_all=True)
