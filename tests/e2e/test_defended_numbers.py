"""Two people's mornings: bob finds out why Korea's conversion rate fell, alice takes a board to the meeting.

The shop's files are made here, so what happened in it is known, and every number is counted from their rows again.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from python_calamine import CalamineWorkbook

from tests.e2e import two_months
from tests.e2e.conftest import sign_in
from tests.e2e.portal import Portal
from tests.e2e.test_real_files import _client

SLUG, PASSWORD = "defended", "journey-checks-2026"
ELSEWHERE = re.compile(r"일본|독일|Japan|Germany|deutschland|\b(JP|DE|JPY|EUR)\b|¥|€", re.IGNORECASE)
HALF = 0.051  # of the last place that a rate shows, in points
POLICIES = {"monthly": "average rate of each month", "constant": "constant currency: average rate of 2025-12"}


@pytest.fixture(scope="module")
def shop(portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The shop's files, loaded at a client of three markets; alice sees all of them, bob Korea."""
    files = two_months.write_files(tmp_path_factory.mktemp("shop"))
    two_months.give(_client(portal, SLUG, "KRW", two_months.MARKETS), files)
    portal.manage("shell", "-v0", "-c", two_months.MEMBERS.format(slug=SLUG, password=PASSWORD))
    return files


@contextmanager
def _reader(chromium: Browser, portal: Portal, name: str) -> Iterator[Page]:
    """A person's page at the client's home, in their language; what the browser complains about fails the test."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=portal.url)
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    sign_in(page, f"{name}@example.com", PASSWORD)
    page.goto(f"/c/{SLUG}/", wait_until="networkidle")
    yield page
    context.close()
    assert not complaints, complaints


def test_bob_finds_why_korea_sells_less_and_does_something_about_it(
    chromium: Browser, portal: Portal, shop: dict[str, Path]
) -> None:
    with _reader(chromium, portal, "bob") as page:
        _only_korea(page)
        page.get_by_role("link", name="보드 열기").click()
        _marked_down(page)
        page.get_by_role("link", name="왜 변했나요?").click()
        _bridge_adds_up(page, shop)
        _cause_is_named(page, shop)
        _write_an_action(page)


def _only_korea(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    found = ELSEWHERE.search(page.inner_text("body"))
    assert found is None, f"{page.url}: {found}"


def _marked_down(page: Page) -> None:
    """The month opens by itself; the cell says how far below target and that it fell, its drawer from what."""
    expect(page.locator(".scope-bar")).to_contain_text("2026년 10월")
    cell = page.locator(".board tr", has=page.get_by_role("rowheader", name="구매 전환율")).locator("td.bad").last
    expect(cell).to_contain_text("▼")
    _only_korea(page)
    cell.locator("a[data-drawer]").click()
    drawer = page.locator("dialog[open]")
    expect(drawer.locator(".cell-value")).to_contain_text("5.6 %")
    expect(drawer.locator(".cell-changes")).to_contain_text("8.8 %")
    _only_korea(page)


def _bridge_adds_up(page: Page, shop: Mapping[str, Path]) -> None:
    """What the page says: before, the effects one after the other, now; and both sides are those of the rows."""
    before, now = two_months.conversion_rates(shop, "KR", "market")["KR"]
    expect(page.get_by_role("heading", level=1)).to_contain_text("구매 전환율")
    sides = page.locator(".why-sides dd").all_inner_texts()
    shown_before, shown_now, change = (_points(text) for text in sides)
    assert (shown_before, shown_now) == pytest.approx((before * 100, now * 100), abs=HALF)
    chart = page.locator("[data-chart-card]").first
    chart.locator("summary[aria-label='차트 메뉴']").click()
    chart.get_by_role("button", name="표로 보기").click()
    rows = [row.locator("td").all_inner_texts() for row in chart.locator("tbody tr").all()]
    *effects, whole = [_points(row[1]) for row in rows]
    assert len(effects) > 1
    assert shown_before + sum(effects) == pytest.approx(shown_now, abs=HALF * (len(effects) + 2))
    assert sum(effects) == pytest.approx(whole, abs=HALF * len(effects))
    assert change == whole
    _only_korea(page)


def _cause_is_named(page: Page, shop: Mapping[str, Path]) -> None:
    """The campaign that the files made fall leads, with the rates of its rows."""
    before, now = two_months.conversion_rates(shop, "KR", "campaign")["naver-mobile"]
    expect(page.locator(".callout").first).to_contain_text("naver")
    _first_row(page, "채널별 기여", "naver")
    told = _first_row(page, "캠페인별 기여", "naver-mobile")
    assert [_points(text) for text in told[:2]] == pytest.approx([before * 100, now * 100], abs=HALF)
    assert _points(told[2]) < 0


def _first_row(page: Page, title: str, name: str) -> list[str]:
    row = page.get_by_role("table", name=title).locator("tbody tr").first
    expect(row.get_by_role("rowheader")).to_have_text(name)
    return row.locator("td").all_inner_texts()


def _write_an_action(page: Page) -> None:
    due = dt.date.today() + dt.timedelta(days=10)
    page.get_by_role("link", name="과제로 만들기").click()
    form = page.locator("main form")
    expect(form.get_by_label("KPI")).to_have_value("cvr")
    expect(form.get_by_label("시장")).to_have_value("KR")
    form.get_by_label("할 일").fill("네이버 모바일 랜딩의 결제 버튼을 고친다")
    form.get_by_label("담당").select_option("Bob")
    form.get_by_label("기한").fill(due.isoformat())
    _only_korea(page)
    form.get_by_role("button", name="저장").click()
    row = page.locator("tbody tr", has_text="네이버 모바일 랜딩의 결제 버튼을 고친다")
    for words in ("구매 전환율", "한국", "Bob", "시작하면 그날을 기준으로 전후를 비교"):
        expect(row).to_contain_text(words)
    expect(row.locator(f"[data-value='{due}']")).to_be_visible()
    _only_korea(page)


def _points(text: str) -> float:
    """The number of a rate or of a difference of rates, in points: "−3.2 %p" is −3.2."""
    found = re.search(r"([+−-]?)([\d.]+)\s*%", text)
    assert found is not None, text
    return float(found[2]) * (-1 if found[1] in ("−", "-") and found[1] else 1)


@dataclass(frozen=True)
class Shown:
    """A board as alice has it before her: revenue by market code ("" is the total) in full, and both of its files."""

    revenue: Mapping[str, str]
    sentence: str
    workbook: Path
    print: Path


def test_alice_compares_markets_in_won_under_two_policies_and_takes_the_board_along(
    chromium: Browser, portal: Portal, shop: dict[str, Path], tmp_path: Path
) -> None:
    with _reader(chromium, portal, "alice") as page:
        page.get_by_role("link", name="Open the board").click()
        boards = {policy: _under(page, policy, tmp_path) for policy in POLICIES}
    monthly, constant = boards["monthly"].revenue, boards["constant"].revenue
    assert monthly["KR"] == constant["KR"]
    assert all(monthly[code] != constant[code] for code in ("JP", "DE", ""))
    for policy, rate_month in (("monthly", two_months.NOW), ("constant", two_months.BASE)):
        for code in ("KR", "JP", "DE"):
            counted = two_months.revenue_in_won(shop, code, rate_month)
            assert boards[policy].revenue[code] == f"₩{counted:,.0f}", (policy, code)
    for policy, board in boards.items():
        assert POLICIES[policy] in board.sentence
        _workbook_agrees(board, POLICIES[policy])
        _print_agrees(board, POLICIES[policy])


def _under(page: Page, policy: str, folder: Path) -> Shown:
    """The board in won by a policy that is picked on the page."""
    bar = page.locator(".scope-bar")
    expect(bar.get_by_role("combobox", name="Currency")).to_have_value("KRW")
    bar.get_by_role("combobox", name="Rates").select_option(policy)
    page.wait_for_url(re.compile(f"policy={policy}"))
    page.wait_for_load_state("networkidle")
    row = page.locator(".board tr", has=page.get_by_role("rowheader", name="Revenue (net)"))
    cells = [row.locator("td.total"), *row.locator("td:not(.total)").all()]
    revenue = {code: _in_full(page, cell) for code, cell in zip(("", "KR", "JP", "DE"), cells, strict=True)}
    files = {}
    for kind in ("XLSX", "PDF"):
        page.locator("summary", has_text="Export").click()
        with page.expect_download() as coming:
            page.locator(f"a.menu-item[href*='file.{kind.lower()}']").click()
        files[kind] = folder / f"{policy}.{kind.lower()}"
        coming.value.save_as(files[kind])
    return Shown(revenue, page.locator(".page-sentence").inner_text(), files["XLSX"], files["PDF"])


def _in_full(page: Page, cell: Locator) -> str:
    """A cell's whole number, from its drawer."""
    cell.locator("a[data-drawer]").click()
    drawer = page.locator("dialog[open]")
    text = drawer.locator(".cell-value").inner_text().split()[0]
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    return text


def test_alice_cuts_the_board_to_a_channel_and_moves_the_base_month(
    chromium: Browser, portal: Portal, shop: dict[str, Path]
) -> None:
    """The scope bar by keyboard and on a phone; freshness stands on every page."""
    with _reader(chromium, portal, "alice") as page:
        expect(page.locator(".freshness.in-bar")).to_have_text(re.compile(r"Complete through Oct(ober)? 31"))
        page.goto(f"/c/{SLUG}/kpi/board/?policy=constant", wait_until="networkidle")
        row = page.locator(".board tr", has=page.get_by_role("rowheader", name="Revenue (net)"))
        page.get_by_role("combobox", name="Rates of").select_option(two_months.BEFORE)
        page.wait_for_url(re.compile(f"base={two_months.BEFORE}"))
        expect(page.locator(".page-sentence")).to_contain_text(f"average rate of {two_months.BEFORE}")
        counted = two_months.revenue_in_won(shop, "JP", two_months.BEFORE)
        assert _in_full(page, row.locator("td").nth(2)) == f"₩{counted:,.0f}"
        page.set_viewport_size({"width": 390, "height": 844})
        expect(page.locator(".freshness.below")).to_be_visible()
        _pick_with_keys(page, "All channels", "naver")
        expect(page.locator(".page-sentence")).to_contain_text("channels: naver")
        assert _in_full(page, row.locator("td").nth(1)) == f"₩{two_months.revenue_in_won(shop, 'KR', '', 'naver'):,.0f}"
        expect(row.locator("td.missing")).to_have_text(["Not by channel", "Not by channel"])
        serious = [found for found in Axe().run(page)["violations"] if found["impact"] in ("serious", "critical")]
        assert not serious, serious
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def _pick_with_keys(page: Page, chip: str, name: str) -> None:
    """Open a list of the scope bar, find the name by typing, tick it, close the list: all without a mouse."""
    page.locator("summary.chip", has_text=chip).focus()
    page.keyboard.press("Enter")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(f"channel={name}"))
    page.wait_for_load_state("networkidle")


def _workbook_agrees(board: Shown, policy: str) -> None:
    """Numbers in the first sheet are those of the screen; policy and rates stand in the workbook."""
    workbook = CalamineWorkbook.from_path(board.workbook)
    rows = workbook.get_sheet_by_index(0).to_python()
    revenue = next(row for row in rows if row[0] == "Revenue (net)")
    numbers = [f"₩{value:,.0f}" for value in revenue[2:6]]
    assert numbers == [board.revenue[code] for code in ("", "KR", "JP", "DE")]
    words = " ".join(str(value) for name in workbook.sheet_names for row in workbook.get_sheet_by_name(name).to_python()
                     for value in row)  # fmt: skip
    assert policy in words
    _rates_are_named(words, policy)


def _print_agrees(board: Shown, policy: str) -> None:
    """The print holds the same numbers, as text that can be searched."""
    document = pypdfium2.PdfDocument(board.print)
    words = " ".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", " ")
    document.close()
    assert all(number in words for number in board.revenue.values()), (board.revenue, words)
    assert policy in words
    _rates_are_named(words, policy)


def _rates_are_named(words: str, policy: str) -> None:
    month = two_months.BASE if policy == POLICIES["constant"] else two_months.NOW
    for currency in ("JPY", "EUR"):
        rate = two_months.RATES[currency, month]
        found = re.search(rf"{currency} {month}: 1 {currency} = ([\d,.]+) KRW", words)
        assert found is not None, words
        assert float(found[1].replace(",", "")) == float(rate)
