"""XLSX: sheets, dates, merged headers, formulas, bombs; what may not be opened is refused."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sources.errors import BrokenWorkbook, EmptyFile, NoSuchSheet, NotAFileKind, TooBigInside, TooManyColumns
from sources.reading.shape import Limits
from tests.sources.files import rows, shape, staged


def book(folder: Path, fill: Callable[[Workbook, Worksheet], None], name: str = "book.xlsx") -> Path:
    """A workbook whose first sheet a function fills."""
    made = Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    fill(made, sheet)
    path = folder / name
    made.save(path)
    made.close()
    return path


def _plain(_book: Workbook, sheet: Worksheet) -> None:
    sheet.append(["날짜", "노출수", "비용", "전환율"])
    sheet.append([dt.date(2026, 10, 1), 1234, 5678.9, 0.0123])
    sheet.append([dt.datetime(2026, 10, 2, 9, 30), 99, 1e-05, 0.5])


def test_cells_come_as_a_csv_would_hold_them(tmp_path: Path) -> None:
    path = book(tmp_path, _plain)
    assert shape(path).container == "xlsx"
    assert rows(path) == [["2026-10-01", "1234", "5678.9", "0.0123"], ["2026-10-02 09:30:00", "99", "0.00001", "0.5"]]


def test_hidden_sheets_are_skipped_and_the_person_may_pick(tmp_path: Path) -> None:
    def fill(made: Workbook, sheet: Worksheet) -> None:
        sheet.title = "표지"
        sheet.append(["10월 보고서"])
        hidden = made.create_sheet("숨김")
        hidden.append(["secret", "x"])
        hidden.append(["1", "2"])
        hidden.sheet_state = "hidden"
        for title in ("광고", "주문"):
            other = made.create_sheet(title)
            other.append(["날짜", title])
            other.append(["2026-10-01", 5])

    path = book(tmp_path, fill)
    found = shape(path)
    assert (found.sheet, found.sheets) == ("광고", ("표지", "광고", "주문"))
    assert shape(path, sheet="주문").columns == ("날짜", "주문")
    with pytest.raises(NoSuchSheet) as caught:
        shape(path, sheet="숨김")
    assert "표지, 광고, 주문" in str(caught.value)


def test_a_merged_header_of_two_rows(tmp_path: Path) -> None:
    def fill(_made: Workbook, sheet: Worksheet) -> None:
        sheet.append(["날짜", "노출수", None, "비용"])
        sheet.append([None, "PC", "모바일", None])
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")
        for day in range(1, 6):
            sheet.append([dt.date(2026, 10, day), day * 10, day * 20, day * 3.5])

    found = shape(book(tmp_path, fill))
    assert found.columns == ("날짜", "PC", "모바일", "비용")
    assert found.first_data_row == 3


def test_titles_and_blank_rows_above_the_table(tmp_path: Path) -> None:
    def fill(_made: Workbook, sheet: Worksheet) -> None:
        sheet.append(["캠페인 보고서"])
        sheet.append([])
        sheet.append(["날짜", "캠페인", "클릭수"])
        sheet.append([dt.date(2026, 10, 1), "가을", 3])

    path = book(tmp_path, fill)
    found = shape(path)
    assert (found.header_row, found.first_data_row, found.preamble) == (3, 4, ("캠페인 보고서",))
    assert staged(path).first_row_number == 4
    assert rows(path) == [["2026-10-01", "가을", "3"]]


def test_formulas_are_never_run_and_those_without_result_are_counted(tmp_path: Path) -> None:
    def fill(_made: Workbook, sheet: Worksheet) -> None:
        sheet.append(["date", "clicks", "sum"])
        for row in range(2, 6):
            sheet.append(["2026-10-01", 4, f"=B{row}*2"])

    path = book(tmp_path, fill)
    note = next(note for note in shape(path).notes if note.code == "formulas_without_result")
    assert note.details == {"cells": 4}
    assert rows(path)[0] == ["2026-10-01", "4", ""]


def test_an_empty_workbook(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        shape(book(tmp_path, lambda _book, _sheet: None))


def test_a_cell_far_to_the_right(tmp_path: Path) -> None:
    def fill(_made: Workbook, sheet: Worksheet) -> None:
        sheet.cell(1, 1_999, "x")

    with pytest.raises(TooManyColumns):
        shape(book(tmp_path, fill))


def test_a_bomb_is_refused_before_it_is_inflated(tmp_path: Path) -> None:
    path = book(tmp_path, _plain)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"0" * 30_000_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(TooBigInside):
        shape(path, limits=Limits(shared_strings=10_000_000))


def test_entities_that_multiply_are_refused(tmp_path: Path) -> None:
    path = book(tmp_path, _plain)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    start = sheet.index(b"<worksheet")
    members["xl/worksheets/sheet1.xml"] = sheet[:start] + bomb + sheet[start:]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(BrokenWorkbook):
        shape(path)


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        (["[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"], "xlsm"),
        (["[Content_Types].xml", "xl/workbook.bin"], "xlsb"),
        (["mimetype", "content.xml"], "ods"),
        (["a.csv", "b.csv"], "zip"),
        (["[Content_Types].xml", "word/document.xml"], "document"),
    ],
)
def test_other_archives_are_named(tmp_path: Path, members: list[str], kind: str) -> None:
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name in members:
            archive.writestr(name, b"x")
    with pytest.raises(NotAFileKind) as caught:
        shape(path)
    assert caught.value.details["kind"] == kind


def test_a_damaged_workbook(tmp_path: Path) -> None:
    path = book(tmp_path, _plain)
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(BrokenWorkbook):
        shape(path)
