"""The first journey in a browser: a client, a real file, confirmed, seen on the board, taken back."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
from playwright.sync_api import Page, expect

from tests.e2e.api import data_folder

FILE = "facebook_ads_kag/KAG_conversion_data.csv"


def test_a_new_client_sees_its_real_ad_file_on_the_board(page: Page) -> None:
    path = data_folder() / FILE
    _make_client(page, "first-light")
    page.goto("/c/first-light/sources/import/")
    page.set_input_files("input[type=file]", path)
    page.locator("form[data-upload] button[type=submit]").click()
    day = page.locator("[name=constant-day]")
    day.wait_for()
    expect(page.locator("main")).to_contain_text("파일에 날짜 열이 없어요")
    day.fill("2026-10-15")
    day.blur()
    confirm = page.locator("form[action$='/confirm/'] button").first
    confirm.wait_for()
    confirm.click()
    page.get_by_text("되돌리기").first.wait_for()
    expect(page.locator("main")).to_contain_text("1,143")

    page.goto("/c/first-light/kpi/board/?period=2026-10")
    expected = _totals(path)
    assert expected["impressions"] == 213_434_828
    board = page.locator(".board")
    expect(board).to_contain_text(_in_hundred_millions(expected["impressions"]))
    _cell_says(page, "노출수", f"{expected['impressions']:,}")
    _cell_says(page, "광고비", f"${expected['cost']:,.2f}")

    page.goto("/c/first-light/sources/")
    page.get_by_role("link", name=Path(FILE).name).first.click()
    page.get_by_text("되돌리기").first.click()
    page.locator("form[action$='/undo/'] button.danger").click()
    expect(page.locator(".callout")).to_contain_text("되돌", timeout=60_000)
    page.goto("/c/first-light/kpi/board/?period=2026-10")
    expect(page.locator("main")).not_to_contain_text(_in_hundred_millions(expected["impressions"]))


def _make_client(page: Page, slug: str) -> None:
    page.goto("/clients/new/")
    page.fill("[name=name]", "첫 빛")
    page.fill("[name=slug]", slug)
    page.select_option("[name=home_currency]", "USD")
    page.select_option("[name=markets-0-country]", "US")
    expect(page.locator("[name=markets-0-code]")).to_have_value("US")
    page.get_by_role("button", name="고객사 만들기").click()
    page.locator("#client-progress a.button.primary").click(timeout=60_000)
    expect(page).to_have_url(re.compile(rf"/c/{slug}/$"))


def _totals(path: Path) -> dict[str, float]:
    with duckdb.connect() as own:
        row = own.execute("select sum(Impressions), sum(Clicks), sum(Spent) from read_csv(?)", [str(path)]).fetchone()
    assert row is not None
    return {"impressions": int(row[0]), "clicks": int(row[1]), "cost": round(row[2], 2)}


def _in_hundred_millions(value: float) -> str:
    return f"{value / 1e8:.2f}억"


def _cell_says(page: Page, kpi: str, text: str) -> None:
    """The drawer of a KPI's market cell shows the whole number."""
    page.locator(".board tr", has=page.get_by_role("rowheader", name=kpi)).locator("td a[data-drawer]").last.click()
    drawer = page.locator("dialog[open]")
    expect(drawer).to_contain_text(text)
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
