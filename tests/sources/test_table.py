"""Delimiter, quotation marks, preamble, header and unique names."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from sources.errors import (
    BrokenArchive,
    EmptyFile,
    HeaderOnly,
    LineTooLong,
    NoColumns,
    NotAFileKind,
    TooBigInside,
    TooManyColumns,
)
from sources.reading.shape import Limits, Shape
from tests.sources.files import rows, shape, staged, write


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, end: str) -> None:
    lines = [["날짜", "캠페인", "노출수"], *[[f"2026-10-{d:02d}", f"가을 {d}", str(d * 100)] for d in range(1, 10)]]
    path = write(tmp_path, end.join(delimiter.join(line) for line in lines) + end)
    found = shape(path)
    assert (found.delimiter, found.columns, found.header_row, found.first_data_row) == (
        delimiter,
        ("날짜", "캠페인", "노출수"),
        1,
        2,
    )
    assert rows(path)[0] == ["2026-10-01", "가을 1", "100"]


def test_semicolons_with_decimal_commas(tmp_path: Path) -> None:
    path = write(tmp_path, "Datum;Kosten;Wert\n" + "".join(f"{d:02d}.10.2026;1.234,5{d};{d},9\n" for d in range(1, 10)))
    assert shape(path).delimiter == ";"
    assert rows(path)[0] == ["01.10.2026", "1.234,51", "1,9"]


def test_one_column_of_text_in_quotes(tmp_path: Path) -> None:
    path = write(tmp_path, 'keyword,clicks\n"shoes, red",3\n"a ""big"" one",4\n')
    assert rows(path) == [["shoes, red", "3"], ['a "big" one', "4"]]


def test_apostrophes_as_quotation_marks(tmp_path: Path) -> None:
    path = write(tmp_path, "keyword,clicks\n'shoes, red',3\n'hats, blue',4\n'bags, new',4\n")
    assert shape(path).quote == "'"
    assert rows(path)[0] == ["shoes, red", "3"]


def test_a_quoted_line_break_stays_in_its_cell(tmp_path: Path) -> None:
    path = write(tmp_path, 'query,clicks\n"git clone x\nodysseus",22\nplain,5\n')
    assert rows(path) == [["git clone x\nodysseus", "22"], ["plain", "5"]]


def test_titles_above_the_table_are_passed_over_and_kept(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '캠페인 보고서\n"2026.10.01.~2026.10.31."\n\n날짜,노출수,클릭수\n2026-10-01,"1,200",3\n2026-10-02,90,1\n',
    )
    found = shape(path)
    assert (found.header_row, found.first_data_row) == (4, 5)
    assert found.preamble == ("캠페인 보고서", "2026.10.01.~2026.10.31.")
    assert rows(path)[0] == ["2026-10-01", "1,200", "3"]


def test_without_a_header_columns_get_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, "2026-10-01,brand,120\n2026-10-02,brand,130\n2026-10-03,generic,80\n")
    found = shape(path)
    assert (found.columns, found.header_row, found.first_data_row) == (("Column 1", "Column 2", "Column 3"), 0, 1)
    assert len(rows(path)) == 3


def test_the_person_says_where_the_header_is(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b\nc,d\ne,f\n")
    assert shape(path, header_row=2).columns == ("c", "d")
    assert shape(path, header_row=0).columns == ("Column 1", "Column 2")


def test_repeated_and_empty_names_become_unique(tmp_path: Path) -> None:
    path = write(tmp_path, "Date,Clicks,clicks,,Clicks\n2026-10-01,1,2,3,4\n2026-10-02,5,6,7,8\n")
    found = shape(path)
    assert found.columns == ("Date", "Clicks", "clicks (2)", "Column 4", "Clicks (3)")
    assert {note.code for note in found.notes} == {"names_repeated", "names_missing"}
    assert rows(path)[1] == ["2026-10-02", "5", "6", "7", "8"]


def test_short_rows_are_filled_and_blank_lines_keep_the_numbering(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,c\n1,2,3\n4\n\n7,8,9\n\n\n")
    assert Path(staged(path).path).read_text() == "a,b,c\n1,2,3\n4,,\n,,\n7,8,9\n"


def test_a_plain_file_is_used_where_it_lies(tmp_path: Path) -> None:
    path = write(tmp_path, "date,clicks\n2026-10-01,1\n2026-10-02,2\n")
    assert staged(path).path == str(path)
    assert staged(path).first_row_number == 2


def test_a_compressed_file(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress(b"date,clicks\n2026-10-01,1\n"), "a.csv.gz")
    assert shape(path).container == "gzip"
    assert rows(path) == [["2026-10-01", "1"]]


def test_a_truncated_compressed_file(tmp_path: Path) -> None:
    with pytest.raises(BrokenArchive):
        shape(write(tmp_path, gzip.compress(b"date,clicks\n" + b"2026-10-01,1\n" * 500)[:-20], "a.csv.gz"))


def test_a_compressed_file_that_swells_is_stopped(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress(b"a,b\n" + b"0," * 3_000_000), "a.csv.gz")
    with pytest.raises(TooBigInside):
        shape(path, limits=Limits(inflated=1_000_000))


@pytest.mark.parametrize("empty", [b"", b"\n\n\n", b"\xef\xbb\xbf", b" \t \r\n"])
def test_an_empty_file(tmp_path: Path, empty: bytes) -> None:
    with pytest.raises(EmptyFile):
        shape(write(tmp_path, empty))


def test_a_header_and_nothing_below(tmp_path: Path) -> None:
    with pytest.raises(HeaderOnly) as caught:
        shape(write(tmp_path, "날짜,노출수,클릭수\n"))
    assert caught.value.details["line"] == 1


def test_two_thousand_columns(tmp_path: Path) -> None:
    header = ",".join(f"c{i}" for i in range(2_000))
    with pytest.raises(TooManyColumns) as caught:
        shape(write(tmp_path, f"{header}\n{','.join('1' for _ in range(2_000))}\n"))
    assert caught.value.details == {"columns": 2_000, "limit": 500}


def test_prose_is_not_a_table(tmp_path: Path) -> None:
    with pytest.raises(NoColumns):
        shape(write(tmp_path, "Dear all\nplease find the numbers of the last month below as agreed\n" * 8))


def test_a_quotation_mark_that_never_closes(tmp_path: Path) -> None:
    path = write(tmp_path, 'a,b\n1,"2\n' + "3,4\n" * 400_000)
    with pytest.raises((LineTooLong, Exception)) as caught:
        shape(path)
    assert caught.value.details["line"] == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "xls"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"PAR1....", "parquet"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"BZh91AY", "bzip2"),
        (b"<html><table><tr><td>1</td></tr></table>", "html"),
        (b'{"a": 1}\n{"a": 2}\n', "json"),
    ],
)
def test_other_kinds_are_named_with_what_to_do(tmp_path: Path, start: bytes, kind: str) -> None:
    with pytest.raises(NotAFileKind) as caught:
        shape(write(tmp_path, start))
    assert caught.value.details["kind"] == kind
    assert str(caught.value.fix)


def test_a_shape_survives_being_stored(tmp_path: Path) -> None:
    import json

    found = shape(write(tmp_path, "a,b,b\n1,2,3\n"))
    assert Shape.from_json(json.loads(json.dumps(found.as_json()))) == found
