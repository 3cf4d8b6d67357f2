"""Spreadsheets of targets: out, filled in, back in; and every way in which such a file is wrong."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.utils.translation import override

from kpis.errors import BadTargets
from kpis.models import How, Target
from kpis.services.target_tables import TargetCell
from kpis.services.targets import import_targets, set_targets

NOW = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)
OCTOBER = dt.date(2026, 10, 1)
TEMPLATE = "/c/acme/kpi/targets/targets.xlsx"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stays_open")]


def book_of(person, **query: str):
    answer = person.get(TEMPLATE, query)
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def row_of(sheet, kpi: str, market: str):
    return next(row for row in sheet.iter_rows(min_row=4) if (row[0].value, row[2].value) == (kpi, market))


def load(person, path: Path, **more):
    return import_targets(person.at("acme"), path=path, how=How.IMPORTED, now=NOW, **more)


def sheet_with(tmp_path: Path, *rows: list[object]):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "계획"
    for row in rows:
        sheet.append(row)
    return book, sheet, tmp_path / "plan.xlsx"


def refused(person, path: Path) -> dict[str, str]:
    """Address → why, of a file that must not be kept."""
    with pytest.raises(BadTargets) as found:
        load(person, path)
    assert not Target.objects.exists()
    return {cell["cell"]: cell["why"] for cell in found.value.details["cells"]}


def test_a_template_filled_in_comes_back_as_it_went_out(acme, alice, tmp_path):
    cells = [
        TargetCell("revenue", "KR", OCTOBER, Decimal(120_000_000)), TargetCell("cvr", "JP", OCTOBER, Decimal("0.0275")),
        TargetCell("aov", "US", OCTOBER, Decimal("51.25")), TargetCell("orders", "KR", OCTOBER, Decimal(4000)),
    ]  # fmt: skip
    set_targets(alice.at("acme"), cells, how=How.TYPED, now=NOW, version="forecast")
    book = book_of(alice, version="forecast", year="2026")
    row_of(book.active, "sessions", "KR")[4].value = 1234
    book.save(tmp_path / "plan.xlsx")
    saved = load(alice, tmp_path / "plan.xlsx", version="stretch")
    assert saved.changed == 5
    kept = {(t.kpi, t.market, t.month): t.value for t in Target.objects.filter(version="stretch")}
    assert kept == {(c.kpi, c.market, c.month): c.value for c in cells} | {
        ("sessions", "KR", dt.date(2026, 1, 1)): Decimal(1234)
    }


def test_the_template_is_protected_where_it_must_stay_and_says_its_units(acme, alice):
    sheet = book_of(alice, version="budget", year="2026").active
    assert [cell.value for cell in sheet[3]][:5] == ["KPI", "KPI 이름", "시장", "단위", "2026-01"]
    assert sheet.protection.sheet
    revenue, rate = row_of(sheet, "revenue", "JP"), row_of(sheet, "cvr", "KR")
    assert (revenue[3].value, revenue[4].number_format) == ("JPY", "#,##0")
    assert rate[4].number_format == "0.0##%"
    assert row_of(sheet, "revenue", "US")[4].number_format == "#,##0.00"
    assert revenue[0].protection.locked
    assert not revenue[4].protection.locked
    assert sheet["A3"].comment is not None
    assert "예산" in sheet["A1"].value


def test_bobs_template_has_his_market_only(acme, bob):
    sheet = book_of(bob, year="2026").active
    assert {row[2].value for row in sheet.iter_rows(min_row=4)} == {"KR"}


def test_merged_cells_are_named_and_a_merged_title_is_no_fault(acme, alice, tmp_path):
    rows = (["2026 계획"], ["KPI", "시장", "2026-10"], ["revenue", "KR", 5], ["revenue", "JP", 6])
    book, sheet, path = sheet_with(tmp_path, *rows)
    sheet.merge_cells("A1:C1")
    book.save(path)
    assert load(alice, path).changed == 2
    Target.objects.all().delete()
    sheet.merge_cells("A3:A4")
    book.save(path)
    assert set(refused(alice, path)) == {"계획!A3:A4"}


def test_every_wrong_cell_is_named_by_its_address_and_nothing_is_kept(acme, alice, tmp_path):
    rows = (
        ["KPI", "시장", "2026-10", "2026-13", "1월", "합계"],
        ["revenue", "KR", "많이", 1, None, 9],
        ["revenu", "KR", 5, None, None, 9],
        ["orders", "DE", 5, None, 3, 9],
        ["orders", "KR", 5, None, None, 9],
        ["주문수", "한국", 6, None, None, 9],
        ["xyzzy", "KR", 6, None, None, 9],
    )
    book, _sheet, path = sheet_with(tmp_path, *rows)
    book.save(path)
    with override("ko"):
        found = refused(alice, path)
    assert set(found) == {"계획!D1", "계획!E1", "계획!C2", "계획!A3", "계획!B4", "계획!C6", "계획!A7"}
    assert "매출" in found["계획!A3"]
    assert "연도" in found["계획!E1"]
    assert "계획!C5" in found["계획!C6"]
    with override("en"):
        assert refused(alice, path)["계획!C2"] == "This is no number."


def test_a_market_that_is_not_yours_is_refused_like_one_that_does_not_exist(acme, alice, bob, tmp_path):
    from tenants.models import Membership

    Membership.objects.filter(user__email="bob@example.com").update(role="admin")
    book, _sheet, path = sheet_with(tmp_path, ["KPI", "시장", "2026-10"], ["orders", "KR", 5], ["orders", "JP", 5])
    book.save(path)
    assert set(refused(bob, path)) == {"계획!B3"}


def test_two_columns_of_one_month_are_refused(acme, alice, tmp_path):
    book, _sheet, path = sheet_with(tmp_path, ["KPI", "시장", "2026-10", "2026년 10월"], ["orders", "KR", 5, 6])
    book.save(path)
    assert set(refused(alice, path)) == {"계획!D1", "계획!D2"}


def test_values_that_no_target_can_be_are_named_by_address(acme, alice, tmp_path):
    rows = (["KPI", "시장", "2026-10"], ["orders", "KR", -5], ["budget_pacing", "KR", 1], ["orders", "JP", "#REF!"])
    book, sheet, path = sheet_with(tmp_path, *rows[:3])
    book.save(path)
    assert set(refused(alice, path)) == {"계획!C2", "계획!C3"}
    sheet.append(rows[3])
    book.save(path)
    assert set(refused(alice, path)) == {"계획!C4"}


def test_a_formula_without_its_result_is_refused_and_one_with_it_is_read(acme, alice, tmp_path):
    book, _sheet, path = sheet_with(tmp_path, ["KPI", "시장", "2026-10"], ["orders", "KR", "=2+3"])
    book.save(path)
    assert set(refused(alice, path)) == {"계획!C2"}
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = re.sub(rb"</f><v\s*/>|</f><v></v>|</f>(?=</c>)", b"</f><v>5</v>", parts[name])
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    assert load(alice, path).changed == 1
    assert Target.objects.get().value == 5


def test_the_page_lists_what_is_wrong_with_an_uploaded_file(acme, alice, tmp_path):
    book, _sheet, path = sheet_with(tmp_path, ["KPI", "시장", "2026-10"], ["revenu", "KR", 5])
    book.save(path)
    with path.open("rb") as upload:
        answer = alice.post("/c/acme/kpi/targets/import/?version=budget", {"file": upload})
    assert answer.status_code == 400
    assert "계획!A2" in answer.content.decode()
