"""A data admin connects Naver, watches the back-fill, loses the key, reads what to do, mends it; no day is missing."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from sources.connectors.naver_searchad import fake as naver
from tests.e2e.portal import Portal

DAYS = 120


def test_a_vendor_is_connected_watched_and_mended(page: Page, portal: Portal) -> None:
    yesterday = dt.datetime.now(ZoneInfo("Asia/Seoul")).date() - dt.timedelta(days=1)
    vendor = naver.sample(DAYS, yesterday)
    with vendor.serving(portal.vendor_port):
        _make_client(page, "connecting")
        page.goto("/c/connecting/sources/")
        page.locator(".page-actions").get_by_role("link", name="소스 연결").click()
        page.locator(".connector", has_text="네이버 검색광고").get_by_role("link", name="연결").click()
        _type_keys(page, naver.SECRET_KEY)
        expect(page.locator("#preview")).to_contain_text("대한민국")
        page.fill("[name=since]", str(yesterday - dt.timedelta(days=DAYS - 1)))
        expect(page.locator("#preview")).to_contain_text("2개 구간")
        _everybody_can_use(page)
        page.get_by_role("button", name="연결하고 읽기").click()
        expect(page).to_have_url(re.compile(r"/sources/connections/[0-9a-f-]+/"))
        _wait_until_read(page, "정상")
        _no_day_is_missing(page)
        address = page.url
        for part in ("choices/", "keys/", ""):
            page.goto(address + part)
            _everybody_can_use(page)
        page.locator("#syncs-table tbody th a").first.click()
        expect(page.locator(".sync-log")).to_contain_text("끝났어요")
        _everybody_can_use(page)
        page.goto(address)

        vendor.secret = "taken-away-by-the-vendor"
        page.get_by_role("button", name="지금 동기화").click()
        _wait_until_read(page, "확인 필요")
        expect(page.locator(".health-card")).to_contain_text("인증 정보를 거부")
        _everybody_can_use(page)
        page.locator(".health-card").get_by_role("link", name="키 바꾸기").click()
        vendor.secret = "the-new-secret-key"
        _type_keys(page, vendor.secret)
        page.locator(".health-card").get_by_role("button", name="다시 시도").click()
        _wait_until_read(page, "정상")
        _no_day_is_missing(page)


def _type_keys(page: Page, secret: str) -> None:
    page.fill("[name=customer_id]", naver.CUSTOMER)
    page.fill("[name=api_key]", naver.API_KEY)
    page.fill("[name=secret_key]", secret)
    page.locator("form.card button[type=submit]").click()
    expect(page.locator("[name=secret_key]")).to_have_count(0)


def _wait_until_read(page: Page, state: str) -> None:
    expect(page.locator("#sync-progress")).to_have_count(0, timeout=90_000)
    expect(page.locator("main")).to_contain_text(state)


def _no_day_is_missing(page: Page) -> None:
    expect(page.locator(".matrix .matrix-day")).to_have_count(60)
    expect(page.locator(".matrix .matrix-day:is(.complete, .moving)")).to_have_count(60)


def _everybody_can_use(page: Page) -> None:
    """axe finds nothing serious, at a desk and on a phone, light and dark; nothing is wider than the screen."""
    for width, theme in ((390, "dark"), (1440, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        page.wait_for_timeout(400)  # colours fade over
        serious = [v for v in Axe().run(page)["violations"] if v["impact"] in ("serious", "critical")]
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert not serious, [(v["id"], [node["html"][:200] for node in v["nodes"][:3]]) for v in serious]
        assert wider <= 1, f"{page.url} is {wider} px too wide at {width}"


def _make_client(page: Page, slug: str) -> None:
    page.goto("/clients/new/")
    page.fill("[name=name]", "연결 시험")
    page.fill("[name=slug]", slug)
    page.select_option("[name=markets-0-country]", "KR")
    expect(page.locator("[name=markets-0-code]")).to_have_value("KR")
    page.get_by_role("button", name="고객사 만들기").click()
    page.locator("#client-progress a.button.primary").click(timeout=60_000)
    expect(page).to_have_url(re.compile(rf"/c/{slug}/$"))
