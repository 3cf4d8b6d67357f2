"""A file's encoding is found, and all of the file is proven to be written in it."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from sources.errors import LineTooLong, MixedEncoding, NotText, WrongEncoding
from sources.reading.encoding import encoding_of
from sources.reading.shape import Limits
from tests.sources.files import shape, staged, write

KOREAN = "날짜,캠페인,노출수,비용\n" + "".join(
    f"2026-10-{d:02d},가을 신상 {d}차 특가,{d}000,{d * 37}\n" for d in range(1, 29)
)
JAPANESE = "日付,キャンペーン,表示回数\n" + "".join(f"2026-10-{d:02d},あきのセール{d},{d}00\n" for d in range(1, 29))
CHINESE_T = "日期,廣告活動,曝光次數\n" + "".join(
    f"2026-10-{d:02d},秋季優惠活動與新品發表會第{d}波,{d}00\n" for d in range(1, 29)
)
FRENCH = "Date,Campagne,Impressions\n" + "".join(f"2026-10-{d:02d},Été à Orléans n°{d},{d}00\n" for d in range(1, 29))


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (KOREAN, "utf-8", "utf-8"),
        (KOREAN, "utf-8-sig", "utf-8"),
        (KOREAN, "cp949", "cp949"),
        (KOREAN, "euc_kr", "cp949"),
        (KOREAN, "utf-16", "utf-16-le"),
        (KOREAN, "utf-16-le", "utf-16-le"),
        (KOREAN, "utf-16-be", "utf-16-be"),
        (JAPANESE, "cp932", "cp932"),
        (CHINESE_T, "big5", "big5"),
        (FRENCH, "latin-1", "cp1252"),
    ],
)
def test_the_encoding_is_found_and_the_letters_come_out_right(
    tmp_path: Path, text: str, written: str, found: str
) -> None:
    path = write(tmp_path, text, encoding=written)
    assert shape(path).encoding == found
    assert Path(staged(path).path).read_text("utf-8-sig") == text


def test_big_endian_with_its_mark(tmp_path: Path) -> None:
    path = write(tmp_path, codecs.BOM_UTF16_BE + KOREAN.encode("utf-16-be"))
    assert shape(path).encoding == "utf-16-be"
    assert staged(path).columns[0] == "날짜"


def test_one_korean_word_late_in_a_file_is_enough(tmp_path: Path) -> None:
    plain = "day,campaign\n" + "2026-10-01,brand\n" * 60_000
    path = write(tmp_path, plain.encode() + "2026-10-02,가을 세일\n".encode("cp949"))
    assert encoding_of(path, Limits()).name == "cp949"


def test_two_files_joined_name_the_first_line_of_the_other(tmp_path: Path) -> None:
    joined = KOREAN.encode("utf-8") + KOREAN.encode("cp949")
    with pytest.raises(MixedEncoding) as caught:
        shape(write(tmp_path, joined))
    assert caught.value.details["line"] == KOREAN.count("\n") + 1
    assert "UTF-8" in str(caught.value)


def test_a_broken_letter_in_a_korean_file_names_its_line(tmp_path: Path) -> None:
    lines = KOREAN.encode("cp949").split(b"\n")
    lines[20] = lines[20][:14] + b"\xff\xff" + lines[20][14:]
    with pytest.raises(MixedEncoding) as caught:
        shape(write(tmp_path, b"\n".join(lines)))
    assert caught.value.details["line"] == 21


def test_a_wrong_choice_says_where_it_fails(tmp_path: Path) -> None:
    with pytest.raises(WrongEncoding) as caught:
        shape(write(tmp_path, KOREAN, encoding="cp949"), encoding="utf-8")
    assert caught.value.details["line"] == 1


def test_a_choice_wins_over_the_guess(tmp_path: Path) -> None:
    assert shape(write(tmp_path, FRENCH, encoding="latin-1"), encoding="cp1252").encoding == "cp1252"


@pytest.mark.parametrize(
    "rubbish", [b"\x00\x01\x02\x03" * 500, bytes(range(256)) * 20, b"\x7fELF\x02\x01\x01" + b"\x00" * 400]
)
def test_binary_rubbish_is_refused(tmp_path: Path, rubbish: bytes) -> None:
    with pytest.raises(NotText):
        shape(write(tmp_path, rubbish))


def test_a_guess_is_told(tmp_path: Path) -> None:
    assert [note.code for note in shape(write(tmp_path, FRENCH, encoding="latin-1")).notes] == ["encoding_guessed"]


def test_a_line_without_end_is_refused_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as sink:
        sink.write(b"a,b\n1,2\n")
        for _ in range(30):
            sink.write(b"x" * 1_000_000)
    with pytest.raises(LineTooLong) as caught:
        shape(path)
    assert caught.value.details["line"] == 3
