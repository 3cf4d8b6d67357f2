"""The bridge's and the KPI's page as files: opened by other libraries, they hold the numbers of the API."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from decimal import Decimal
from typing import Any

import pytest

from kpis.catalogue import CATALOGUE
from kpis.exports.document import Step, Waterfall
from kpis.exports.waterfall import levels_of, waterfall_of
from kpis.models import How
from kpis.pages.why_files import left_over
from kpis.services.definitions import OwnDraft, change_own_kpi, make_own_kpi
from kpis.services.notes import NoteDraft, write_note
from kpis.services.overrides import decide_override, propose_override
from kpis.services.rates import RateCell, set_rates
from tests.kpis.test_exports import opened, squeezed, text_of_pdf

WHY = "/c/acme/kpi/why/file."
KPI = "/c/acme/kpi/definitions/{key}/file."
API = "/c/acme/api/v1/"
NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
OTHERS = ("일본", "미국", "JPY", "USD", "JP", "US")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stays_open")]


@pytest.fixture
def rated(small_lake, alice):
    """Yen of both months, dearer in the second; no rate for dollars. An event in Korea and one in Japan."""
    cells = [RateCell("JPY", dt.date(2026, month, 1), Decimal(rate)) for month, rate in ((9, "9"), (10, "9.5"))]
    set_rates(alice.at("acme"), cells, how=How.TYPED, now=NOW, source="한국은행")
    for market, text in (("KR", "추석 할인"), ("JP", "신제품 출시")):
        day = dt.date(2026, 10, 5)
        given = NoteDraft("annotation", text, "ad_spend", market, day, day, event_type="campaign")
        write_note(alice.at("acme"), given, now=NOW)
    return alice


def cells_of(content: bytes) -> dict[str, list[list[Any]]]:
    return {page.title: [[cell.value for cell in row] for row in page.iter_rows()] for page in opened(content)}


def below(rows: list[list[Any]], head: str) -> list[list[Any]]:
    """The rows under the one whose first cell is this head."""
    place = next(number for number, row in enumerate(rows) if row[0] == head)
    return rows[place + 1 :]


# --- the bridge -----------------------------------------------------------------------------------------------------
QUERIES = (
    {"kpi": "ad_spend", "market": "JP"}, {"kpi": "ad_spend", "market": ""}, {"kpi": "ctr", "market": ""},
    {"kpi": "clicks", "market": "KR", "compare": "market:JP"}, {"kpi": "ctr", "market": "JP", "compare": "market:all"},
)  # fmt: skip


@pytest.mark.parametrize("query", QUERIES, ids=lambda one: "-".join(one.values()))
def test_the_workbook_of_a_bridge_begins_adds_up_and_ends_as_the_api_does(rated, query):
    query = {"period": "2026-10", **query}
    found = rated.get(API + "why/", query).json()
    book = cells_of(rated.get(WHY + "xlsx", query).content)
    rows = below(book["변화 요인 분해"], "이유")
    count = len(found["effects"])
    assert rows[0][3] == found["base"]["value"]
    assert [row[2] for row in rows[1 : count + 1]] == pytest.approx([one["amount"] for one in found["effects"]])
    assert rows[count][3] == pytest.approx(found["now"]["value"])
    assert rows[count + 1][3] == found["now"]["value"]
    change, whole, check = (row[2] for row in rows[count + 2 : count + 5])
    assert change == pytest.approx(found["change"])
    assert (whole, check) == (pytest.approx(change), 0)
    for part, title in (("market", "시장별 기여"), ("channel", "채널별 기여")):
        if part in found["contributions"]:
            body = below(book[title], {"market": "시장", "channel": "채널"}[part])
            amounts = [one["amount"] for one in found["contributions"][part]]
            assert [row[3] for row in body] == pytest.approx([*amounts, sum(amounts)])


def test_numbers_of_a_bridge_stand_under_live_formats(rated):
    book = opened(rated.get(WHY + "xlsx", {"period": "2026-10", "kpi": "ad_spend", "market": "JP"}).content)
    formats = {cell.number_format for row in book["변화 요인 분해"].iter_rows() for cell in row
               if isinstance(cell.value, int | float)}  # fmt: skip
    assert formats == {'"₩"#,##0;-"₩"#,##0', "0.0%", "0.00%"} - ({"0.00%"} - formats)


def test_a_bridge_prints_its_rule_its_rates_of_both_months_and_what_happened(rated):
    query = {"period": "2026-10", "kpi": "ad_spend", "market": "JP"}
    text = squeezed(text_of_pdf(rated.get(WHY + "pdf", query).content))
    for words in ("광고비", "일본", "2026년9월→2026년10월", "KRW,월평균환율", "1JPY=9KRW", "1JPY=9.5KRW", "₩27,000",
                  "₩29,450", "+₩2,450", "변화를이루는것", "신제품출시", "검산"):  # fmt: skip
        assert words in text, words
    assert "추석할인" not in text, "another market's event"
    own = squeezed(text_of_pdf(rated.get(WHY + "pdf", {**query, "policy": "constant", "base": "2026-09"}).content))
    assert "고정환율(2026-09평균)" in own


def test_the_scope_of_a_bridge_is_that_of_both_of_its_sides(rated):
    query = {"period": "2026-10", "kpi": "ad_spend", "market": "JP", "compare": "year"}
    scope = dict(row[:2] for row in cells_of(rated.get(WHY + "xlsx", query).content)["범위"])
    assert scope["기간"] == "2025년 10월 (2025-10-01 – 2025-10-31) · 2026년 10월 (2026-10-01 – 2026-10-31)"
    book = cells_of(rated.get(WHY + "xlsx", {**query, "compare": "previous"}).content)
    assert {"1 JPY = 9 KRW", "1 JPY = 9.5 KRW"} <= set(re.findall(r"1 JPY = [\d.]+ KRW", str(book["범위"])))
    book = cells_of(rated.get(WHY + "xlsx", {**query, "compare": "market:US"}).content)
    assert dict(row[:2] for row in book["범위"])["시장"] == "미국 (US), 일본 (JP)"


def test_a_bridge_that_cannot_be_made_says_why_in_every_kind(rated):
    query = {"period": "2026-10", "kpi": "repeat_rate"}
    assert "합친" in rated.get(API + "why/", query).json()["sentence"]
    for kind in ("xlsx", "pdf"):
        answer = rated.get(WHY + kind, query)
        text = str(cells_of(answer.content)) if kind == "xlsx" else text_of_pdf(answer.content)
        assert squeezed("시장별 값") in squeezed(text), kind


def test_every_kpi_has_a_bridge_file(rated):
    queries = ({}, {"compare": "target"}, {"market": "KR", "compare": "year"})
    for number, one in enumerate(CATALOGUE):
        answer = rated.get(WHY + "xlsx", {"period": "2026-10", "kpi": one.key, **queries[number % 3]})
        assert answer.content.startswith(b"PK"), one.key


@pytest.mark.parametrize("steps", [[], [0.0], [5.0, -9.0, 3.0], [1e-9] * 9])
def test_a_waterfall_of_anything_can_be_drawn_and_leads_to_its_end(steps):
    rungs = [Step(f"아주 긴 이유의 이름 {n} " * 5, amount, str(amount)) for n, amount in enumerate(steps)]
    figure = Waterfall("변화", Step("시작", 10.0, "10"), rungs, Step("끝", 10.0 + sum(steps), "끝"))
    assert levels_of(figure)[-1] == pytest.approx(figure.end.amount)
    assert waterfall_of(figure, 500).height > 0
    assert left_over(Decimal("1e-12"), 10.0, None) == 0
    assert left_over(Decimal(1), 10.0, 12.0) == 1


# --- the KPI --------------------------------------------------------------------------------------------------------
def months_of(person, key: str, codes: tuple[str, ...], **query: str) -> dict[str, list[float | None]]:
    """Values of thirteen months by market, as the board's API gives them."""
    months = [f"{2025 + (9 + n) // 12}-{(9 + n) % 12 + 1:02d}" for n in range(13)]
    found: dict[str, list[float | None]] = {code: [] for code in ("", *codes)}
    for month in months:
        board = person.get(API + "board/", {"period": month, "kpi": key, **query}).json()
        (row,) = (one for stage in board["stages"] for one in stage["rows"])
        for code, cell in zip(("", *codes), [row["total"], *row["cells"]], strict=True):
            found[code].append(cell["actual"]["value"])
    return found


@pytest.mark.parametrize("key", ["revenue", "ctr", "repeat_rate"])
@pytest.mark.parametrize("currency", ["KRW", "own"])
def test_the_workbook_of_a_kpi_holds_thirteen_months_of_the_boards_numbers(rated, key, currency):
    query = {"period": "2026-10", "currency": currency}
    expected = months_of(rated, key, ("KR", "JP", "US"), currency=currency)
    content = rated.get(KPI.format(key=key) + "xlsx", query).content
    rows = below(cells_of(content)["시장·월별 값"], "시장")
    assert [row[0] for row in rows] == ["모든 시장", "한국", "일본", "미국"]
    for row, values in zip(rows, expected.values(), strict=True):
        for shown, number in zip(row[1:], values, strict=True):
            assert isinstance(shown, str) if number is None else shown == pytest.approx(number)
    if key == "repeat_rate":
        assert {*rows[0][1:]} == {"합산 불가"}
        assert "대신 시장별 값" in str(cells_of(content)["정의"])
    table = rated.get(KPI.format(key=key) + "csv", query).content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(table)))
    assert len(lines) == 13 * 4
    shown = [float(line["실적"]) for line in lines if line["시장 코드"] == "KR" and line["실적"]]
    assert shown == pytest.approx([value for value in expected["KR"] if value is not None])


def test_a_kpis_file_tells_the_definition_in_both_languages_and_where_it_is_used(rated):
    text = squeezed(text_of_pdf(rated.get(KPI.format(key="ctr") + "pdf", {"period": "2026-10"}).content))
    for words in ("클릭률", "CTR", "clicks÷impressions", "클릭수÷노출수", "합의비율", "카탈로그의정의그대로", "쓰이는곳",
                  "높을수록좋음", "google-ads", "2025년10월–2026년10월", "2025-10"):  # fmt: skip
        assert squeezed(words).lower() in text.lower(), words


def test_a_file_of_what_was_known_on_a_day_says_so(rated):
    """Nothing had been loaded then: holes stand in place of values, and both files name the day."""
    for address in (KPI.format(key="revenue"), WHY):
        query = {"period": "2026-10", "known": "2026-10-15"}
        text = squeezed(text_of_pdf(rated.get(address + "pdf", query).content))
        assert "2026-10-15" in text
        assert "₩310,000" not in text


def test_kpis_have_files_also_those_without_a_source(rated):
    for one in (one for one in CATALOGUE if one.number % 12 == 0 or not one.is_measurable):
        answer = rated.get(KPI.format(key=one.key) + "xlsx", {"period": "2026-10"})
        book = cells_of(answer.content)
        assert ("시장·월별 값" in book) is one.is_measurable, one.key
        if not one.is_measurable:
            assert "연결" in str(book["정의"]), one.key
            assert rated.get(KPI.format(key=one.key) + "csv").status_code == 200


def test_an_own_kpi_takes_its_versions_and_the_local_definitions_of_the_readers_markets_along(rated, bob, dana):
    draft = OwnDraft(key="net", name_ko="순이익", name_en="Net", stage="conversion", unit="money", better="higher",
                     formula="revenue - cost")  # fmt: skip
    made = make_own_kpi(rated.at("acme"), draft, now=NOW)
    changed = OwnDraft(
        **{**{n: getattr(draft, n) for n in OwnDraft.__dataclass_fields__}, "formula": "revenue - 2 * cost"}
    )
    change_own_kpi(rated.at("acme"), changed, version=made.version, why="수수료 포함", now=NOW)
    for market, formula in (("KR", "revenue - 3 * cost"), ("JP", "revenue - 4 * cost")):
        asked = propose_override(rated.at("acme"), key="net", market=market, formula=formula, reason="현지", now=NOW)
        decide_override(dana.at("acme"), asked.pk, approve=True, now=NOW)
    query = {"period": "2026-10"}
    book = cells_of(rated.get(KPI.format(key="net") + "xlsx", query).content)
    assert any(row[3] == "수수료 포함" and "revenue - cost" in row for row in book["정의의 이력"])
    rows = {row[0]: row for row in below(book["시장·월별 값"], "시장")}
    assert rows["한국"][-1] == 310_000 - 2 * 155_000
    assert rows["한국 · 현지 정의"][-1] == 310_000 - 3 * 155_000
    assert "revenue - 4 * cost" in str(book)
    mine = cells_of(bob.get(KPI.format(key="net") + "xlsx", query).content)
    assert "revenue - 3 * cost" in str(mine)
    assert "revenue - 4 * cost" not in str(mine)
    table = bob.get(KPI.format(key="net") + "csv", query).content.decode("utf-8-sig")
    assert {line["시장 코드"] for line in csv.DictReader(io.StringIO(table))} == {"", "KR"}


# --- who gets what --------------------------------------------------------------------------------------------------
BASES = (WHY, KPI.format(key="ad_spend"), API + "why.", API + "kpis/ad_spend.", API + "board.", API + "in-depth.")


@pytest.mark.parametrize("base", BASES)
def test_every_kind_answers_and_an_unknown_one_is_not_found(rated, vera, base):
    for person in (rated, vera):
        for kind, begins in (("xlsx", b"PK"), ("pdf", b"%PDF"), ("png", b"\x89PNG"), ("csv", b"\xef\xbb\xbf")):
            answer = person.get(base + kind, {"period": "2026-10"})
            assert answer.content.startswith(begins)
            assert "attachment" in answer["Content-Disposition"]
    assert rated.get(base + "exe").status_code == 404
    assert rated.get(base + "pdf", {"period": "soon"}).status_code == 400
    assert rated.get(base + "pdf", {"policy": "x"}).status_code == 400


@pytest.mark.parametrize("base", BASES)
def test_bob_of_korea_takes_nothing_of_another_market_along(rated, bob, base):
    before = {kind: bob.get(base + kind, {"period": "2026-10"}).content for kind in ("xlsx", "pdf", "csv")}
    for kind, content in before.items():
        if kind == "xlsx":
            text = str(cells_of(content))
        else:
            text = text_of_pdf(content) if kind == "pdf" else content.decode("utf-8-sig")
        assert "한국" in text or "course" in base or "depth" in base
        assert not [word for word in (*OTHERS, "신제품") if word in text], (kind, base)
    if "why" in base:
        query = {"period": "2026-10", "kpi": "ad_spend"}
        assert "추석 할인" in str(cells_of(bob.get(base + "xlsx", query).content))
        for query in ({"market": "JP"}, {"market": "KR", "compare": "market:JP"}):
            assert bob.get(base + "pdf", query).status_code == 404
    elif "in-depth" not in base:
        assert bob.get(base + "pdf", {"market": "JP"}).status_code == 400


def test_the_menus_offer_the_files_of_the_address(rated):
    page = rated.get(
        "/c/acme/kpi/why/", {"period": "2026-10", "kpi": "ad_spend", "policy": "constant"}
    ).content.decode()
    for kind in ("xlsx", "pdf", "png"):
        assert f"/c/acme/kpi/why/file.{kind}?kpi=ad_spend" in page
    assert "policy=constant" in page.split("/c/acme/kpi/why/file.pdf", 1)[1][:200]
    page = rated.get("/c/acme/kpi/definitions/ctr/", {"period": "2026-10"}).content.decode()
    for kind in ("xlsx", "pdf", "png", "csv"):
        assert f"/c/acme/kpi/definitions/ctr/file.{kind}?period=2026-10" in page


def test_the_description_of_the_api_names_the_files(rated):
    paths = rated.get(API + "schema/", headers={"accept": "application/json"}).json()["paths"]
    for path in ("/api/v1/why.{kind}", "/api/v1/kpis/{key}.{kind}", "/api/v1/board.{kind}"):
        given = {one["name"]: one for one in paths[path]["get"]["parameters"]}
        assert {"period", "policy", "known", "kind"} <= set(given)
        assert given["kind"]["schema"]["enum"] == ["csv", "pdf", "png", "xlsx"]
        assert "text/csv" in paths[path]["get"]["responses"]["200"]["content"]
