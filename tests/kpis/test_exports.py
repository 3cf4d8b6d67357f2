"""Files opened by other libraries: the same numbers as the board, Hangul intact, and nothing that runs."""

from __future__ import annotations

import datetime as dt
import io
import re
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest

from kpis.catalogue import BY_KEY
from kpis.exports.answers import file_answer
from kpis.exports.document import Column, Course, Document, Figure, Item, Line, Sheet
from kpis.exports.drawing import runs_of
from kpis.exports.pdf import pdf_of, text_of
from kpis.exports.png import png_of
from kpis.exports.xlsx import number_format, xlsx_of
from kpis.models import How
from kpis.services.rate_tables import RateCell
from kpis.services.rates import choose_policy, set_rates

OCTOBER = dt.date(2026, 10, 1)
NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
DANGEROUS = ("=1+1", "+SUM(A1)", "-2+3", "@now", '=HYPERLINK("http://x","y")', "\tx", "=cmd|' /C calc'!A0")


def document(rows: list[Line], *, paper: str = "A4", **more: Any) -> Document:
    columns = [
        Column("이름", width=2),
        Column("매출", "원", unit="money", currency="KRW"),
        Column("비율", unit="percent"),
    ]
    return Document(
        title="시장별 매출", subtitle=["2026년 10월 · 월평균 환율"], sheets=[Sheet("표: 시장/매출", columns, rows)],
        footer="KRW, 월평균 환율", paper=paper, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def opened(content: bytes) -> Any:
    import openpyxl

    return openpyxl.load_workbook(io.BytesIO(content))


def text_of_pdf(content: bytes) -> str:
    import pypdfium2

    book = pypdfium2.PdfDocument(content)
    try:
        return "\n".join(book[number].get_textpage().get_text_range() for number in range(len(book)))
    finally:
        book.close()


def squeezed(text: str) -> str:
    """Without any space: where a line broke doesn't matter."""
    return re.sub(r"\s", "", text)


def test_a_workbook_holds_numbers_with_live_formats_and_holes_as_words():
    rows = [
        Line([Item("한국"), Item(1234567.0), Item(0.0345)]),
        Line([Item("독일"), Item(hole="환율 없음"), Item(0.0012)]),
    ]
    sheet = opened(xlsx_of(document(rows))).worksheets[0]
    assert sheet.title == "표  시장 매출"
    table = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert table == [["한국", 1234567.0, 0.0345], ["독일", "환율 없음", 0.0012]]
    assert sheet["B5"].number_format == '"₩"#,##0;-"₩"#,##0'
    assert (sheet["C5"].number_format, sheet["C6"].number_format) == ("0.0%", "0.00%")
    assert sheet.freeze_panes == "B5"


@pytest.mark.parametrize(
    ("unit", "currency", "value", "expected"),
    [
        ("money", "USD", 5.5, '"$"#,##0.00;-"$"#,##0.00'), ("money", "JPY", 5.0, '"¥"#,##0;-"¥"#,##0'),
        ("count", "", 5.0, "#,##0"), ("count", "", 5.5, "#,##0.##"), ("ratio", "", 3.4, "0.00"),
    ],
)  # fmt: skip
def test_every_unit_has_its_format(unit, currency, value, expected):
    assert number_format(unit, currency, value) == expected


@pytest.mark.parametrize("text", [*DANGEROUS, "bad\x00\x07mark"])
def test_no_cell_of_a_workbook_can_run(text):
    sheet = opened(xlsx_of(document([Line([Item(text), Item(1), Item(0.1)])]))).worksheets[0]
    cell = sheet["A5"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\x00", "").replace("\x07", "")
    assert cell.quotePrefix == text.startswith(("=", "+", "-", "@", "\t"))


def test_hangul_in_a_pdf_is_text_that_can_be_copied_and_searched():
    rows = [Line([Item("한국 <b>&amp; 뷁"), Item(1234567.0, state="good", detail="97 %"), Item(0.0345)])]
    found = squeezed(text_of_pdf(pdf_of(document(rows, notes=["환율이 없어요: EUR 2026-10."]))))
    for text in ("시장별매출", "2026년10월·월평균환율", "한국<b>&amp;뷁", "₩1,234,567", "○97%", "3.5%",
                 "환율이없어요:EUR2026-10.", "○목표달성", "1/1"):  # fmt: skip
        assert text in found, text


def test_a_long_table_repeats_its_head_and_counts_its_pages():
    rows = [Line([Item(f"시장 {number}"), Item(number), Item(0.5)]) for number in range(200)]
    found = text_of_pdf(pdf_of(document(rows)))
    pages = int(re.findall(r"1 / (\d+)", found)[0])
    assert pages > 2
    assert found.count("이름") == pages
    assert f"{pages} / {pages}" in found
    assert found.count("KRW, 월평균 환율") == pages


def test_a_picture_shows_the_first_pages_and_a_chart_keeps_its_gaps():
    from PIL import Image

    figure = Figure("추이", ["1일", "2일", "3일", "4일"],
                    [Course("매출", [1.0, None, 3.0, 4.0]), Course("목표", [2.0] * 4, dashed=True)], "money", "KRW")  # fmt: skip
    assert runs_of(figure.courses[0]) == [[(0, 1.0)], [(2, 3.0), (3, 4.0)]]
    picture = Image.open(io.BytesIO(png_of(pdf_of(document([], paper="A3", figures=[figure])))))
    assert picture.format == "PNG"
    assert picture.width > picture.height > 1000
    assert len(picture.convert("L").getcolors() or []) > 5


@pytest.mark.parametrize("values", [[], [None], [0.0], [-5.0, 3.0], [1e15] * 400])
def test_a_chart_of_anything_can_be_drawn(values):
    figure = Figure("추이", [str(n) for n in range(len(values))], [Course("매출", values)], "count")
    assert pdf_of(document([], figures=[figure])).startswith(b"%PDF")


def test_a_file_name_in_korean_is_written_so_that_browsers_read_it():
    answer = file_answer(document([]), "xlsx", '보드 "a"/2026-10')
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    assert unquote(answer["Content-Disposition"]).endswith('보드 "a"/2026-10.xlsx')


def test_a_named_font_is_embedded_and_one_that_cannot_be_is_passed_over(settings, tmp_path):
    from kpis.exports import fonts

    (tmp_path / "broken.ttf").write_bytes(b"\x00\x01\x00\x00nothing")
    for name in (str(tmp_path / "broken.ttf"), str(tmp_path / "gone.ttc") + "#1"):
        settings.PDF_FONT = name
        fonts.korean_font.cache_clear()
        assert fonts.korean_font() in (fonts.NAME, fonts.CID)
    fonts.korean_font.cache_clear()


# --- the board and the market in depth --------------------------------------------------------------------------
BOARD = "/c/acme/kpi/board/file."
DEPTH = "/c/acme/kpi/in-depth/file."
API = "/c/acme/api/v1/"
portal = pytest.mark.usefixtures("small_lake")


@pytest.fixture
def rated(alice, acme):
    """Rates for Japan; none for the United States."""
    set_rates(alice.at("acme"), [RateCell("JPY", OCTOBER, Decimal(9))], how=How.TYPED, now=NOW, source="한국은행")
    return alice


@pytest.mark.django_db
@portal
def test_the_workbook_of_the_board_holds_the_boards_numbers(rated):
    query = {"period": "2026-10", "kpi": ["revenue", "ctr", "orders", "cpm"]}
    board = rated.get(API + "board/", query).json()
    book = opened(rated.get(BOARD + "xlsx", query).content)
    assert book.sheetnames == ["보드", "값", "정의", "범위"]
    names = [cell.value for cell in next(row for row in book["보드"].iter_rows() if row[0].value == "KPI")]
    assert [str(name).split("\n")[0] for name in names] == ["KPI", "단위", "전체", "한국", "일본", "미국"]
    values = {row[0].value: [cell.value for cell in row[2:]] for row in book["보드"].iter_rows()}
    compared = 0
    for row in (row for stage in board["stages"] for row in stage["rows"]):
        shown = values[BY_KEY[row["kpi"]].name.ko]
        for cell, found in zip([row["total"], *row["cells"]], shown, strict=True):
            number = cell["actual"]["value"]
            assert isinstance(found, str) if number is None else found == pytest.approx(number)
            compared += 1
    assert compared == 16
    scope = "\n".join(str(cell.value) for row in book["범위"].iter_rows() for cell in row)
    assert "JPY 2026-10: 1 JPY = 9 KRW" in scope
    assert "한국은행" in scope
    assert "USD 2026-10" in scope
    assert "Alice" in scope
    assert "Σ" in "".join(str(cell.value) for row in book["정의"].iter_rows() for cell in row)


@pytest.mark.django_db
@portal
def test_the_pdf_of_the_board_holds_the_same_numbers_and_its_rule(rated):
    answer = rated.get(BOARD + "pdf", {"period": "2026-10"})
    assert answer["Content-Type"] == "application/pdf"
    found = squeezed(text_of_pdf(answer.content))
    for text in ("시장별KPI", "한국", "일본", "미국", "₩310,000", "₩558,000", "환율없음", "KRW,월평균환율",
                 "환율이없어요:USD2026-10.", "1JPY=9KRW", "1/1"):  # fmt: skip
        assert text in found, text


@pytest.mark.django_db
@portal
@pytest.mark.parametrize("policy", ["monthly", "daily", "budget", "constant"])
def test_every_policy_exports_its_own_numbers_in_every_kind(rated, policy):
    set_rates(rated.at("acme"), [RateCell("JPY", dt.date(2026, 1, 1), Decimal(8))], how=How.API, now=NOW, kind="budget")
    set_rates(rated.at("acme"), [RateCell("JPY", dt.date(2025, 12, 1), Decimal(7))], how=How.API, now=NOW)
    closes = [RateCell("JPY", OCTOBER + dt.timedelta(days=n), Decimal(10 + n % 2)) for n in range(31)]
    set_rates(rated.at("acme"), closes, how=How.API, now=NOW, kind="daily")
    expected = 2000 * {"monthly": 31 * 9, "daily": 16 * 10 + 15 * 11, "budget": 31 * 8, "constant": 31 * 7}[policy]
    query = {"period": "2026-10", "policy": policy, "kpi": ["revenue"], "market": "JP"}
    board = rated.get(API + "board/", query).json()
    assert board["stages"][0]["rows"][0]["cells"][0]["actual"]["value"] == expected
    assert board["policy"] == policy
    assert board["rates"][0]["currency"] == "JPY"
    sheet = opened(rated.get(BOARD + "xlsx", query).content)["보드"]
    assert next(row for row in sheet.iter_rows() if row[0].value == "매출")[3].value == expected
    assert f"₩{expected:,}" in squeezed(text_of_pdf(rated.get(BOARD + "pdf", query).content))
    assert rated.get(BOARD + "png", query).content.startswith(b"\x89PNG")
    one = {"period": "2026-10", "policy": policy, "kpi": "revenue", "market": "JP"}
    assert f"₩{expected:,}" in squeezed(text_of_pdf(rated.get(DEPTH + "pdf", one).content))
    depth = opened(rated.get(DEPTH + "xlsx", one).content).worksheets[0]
    days = [row[1].value for row in depth.iter_rows(min_row=4) if isinstance(row[1].value, int | float)]
    assert sum(days) == pytest.approx(expected)


@pytest.mark.django_db
@portal
def test_bob_of_korea_exports_his_market_alone(rated, bob):
    for kind in ("xlsx", "pdf"):
        for base in (BOARD, DEPTH, API + "board.", API + "in-depth."):
            answer = bob.get(base + kind, {"period": "2026-10"} | ({"market": "KR"} if "depth" in base else {}))
            assert answer.status_code == 200
            if kind == "pdf":
                text = text_of_pdf(answer.content)
            else:
                text = str([cell.value for sheet in opened(answer.content) for row in sheet for cell in row])
            assert "한국" in text
            assert not [word for word in ("일본", "미국", "JPY", "USD", "558,000", "558000") if word in text]
    assert bob.get(DEPTH + "pdf", {"market": "JP"}).status_code == 404
    assert bob.get(BOARD + "xlsx", {"market": "JP"}).status_code == 400


@pytest.mark.django_db
@portal
@pytest.mark.parametrize("base", [BOARD, DEPTH, API + "board.", API + "in-depth."])
def test_every_kind_answers_and_an_unknown_one_is_not_found(rated, base):
    for kind, begins in (("xlsx", b"PK"), ("pdf", b"%PDF"), ("png", b"\x89PNG")):
        answer = rated.get(base + kind, {"period": "2026-10"})
        assert answer.content.startswith(begins)
        assert "attachment" in answer["Content-Disposition"]
    assert rated.get(base + "exe").status_code == 404
    assert rated.get(base + "pdf", {"period": "soon"}).status_code == 400


@pytest.mark.django_db
@portal
@pytest.mark.parametrize(
    "query", ["policy=x", "policy=constant&base=soon", "base=2026-Q3", "policy=daily&currency=XXX"]
)
def test_a_policy_that_does_not_exist_is_told(rated, query):
    for base in ("/c/acme/kpi/board/?", "/c/acme/kpi/in-depth/?", API + "board/?", BOARD + "pdf?"):
        assert rated.get(base + query).status_code == 400


@pytest.mark.django_db
@portal
def test_the_policy_stands_in_the_sentence_and_with_each_number(rated):
    page = rated.get("/c/acme/kpi/board/?period=2026-10").content.decode()
    assert "KRW, 월평균 환율" in page
    assert 'title="KRW, 월평균 환율. JPY 2026-10: 1 JPY = 9 KRW, 월평균; 출처: 한국은행"' in page
    constant = rated.get("/c/acme/kpi/board/?period=2026-10&policy=constant&base=2026-10").content.decode()
    assert "고정 환율(2026-10 평균)" in constant
    assert '<option value="2026-10" selected>' in constant
    assert "환율 기준월" not in page, "other policies have no base month"


def test_a_hole_is_printed_as_its_words():
    assert text_of(Item(hole="환율 없음"), Column("매출", unit="money"), "ko") == "환율 없음"
    assert text_of(Item(), Column("매출", unit="money"), "ko") == "–"


@pytest.mark.django_db
@portal
def test_the_clients_policy_holds_for_everybody_also_where_there_is_nothing_to_choose(rated, bob):
    choose_policy(rated.at("acme"), "daily", now=NOW)
    for person in (rated, bob):
        assert person.get(API + "board/", {"period": "2026-10"}).json()["policy"] == "daily"
    assert 'name="policy"' not in bob.get("/c/acme/kpi/board/?period=2026-10").content.decode()
    kept = bob.get("/c/acme/kpi/board/?period=2026-10&policy=budget").content.decode()
    assert '<input type="hidden" name="policy" value="budget">' in kept
