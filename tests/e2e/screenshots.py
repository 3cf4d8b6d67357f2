"""`make screenshots`: every page, Korean and English, light and dark, desk and phone, into var/screenshots/."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, sync_playwright

from tests import browser as found
from tests.e2e.conftest import sign_in
from tests.e2e.portal import BASE, running

TARGET = BASE / "var" / "screenshots"
README_PICTURE = BASE / "docs" / "images" / "hq-board.png"
SIZES = {"1440": (1440, 900), "390": (390, 844)}
LOOKS = [(language, theme, size) for language in ("ko", "en") for theme in ("light", "dark") for size in SIZES]
ENTRANCE = {"sign-in": "/accounts/login/", "password-reset": "/accounts/password/reset/"}
PORTAL = {"clients": "/", "client-new": "/clients/new/", "account": "/account/", "not-found": "/nowhere/"}
CLIENT = {
    "home": "", "board": "kpi/board/", "in-depth": "kpi/in-depth/", "targets": "kpi/targets/", "rates": "kpi/rates/",
    "catalogue": "kpi/definitions/", "sources": "sources/", "import": "sources/import/", "markets": "settings/markets/",
    "market-new": "settings/markets/new/", "members": "settings/members/", "tokens": "settings/tokens/",
    "audit": "settings/audit/",
    "api-docs": "api/v1/docs/",
}  # fmt: skip

ASKED_NAME = "campaigns_without_a_date.csv"
ASKED = """Country,Campaign name,Impressions,Clicks,Amount spent,Results
KR,Brand | Search,"12,400",310,"182,300",12
JP,Prospecting | Reels,"8,230",190,"21,410",7
XX,Retargeting,900,44,"3,200",1
"""


def _pages(slug: str) -> Iterator[tuple[str, str]]:
    yield from PORTAL.items()
    for name, path in CLIENT.items():
        yield name, f"/c/{slug}/{path}"


def photograph(page: Page, name: str, look: tuple[str, str, str]) -> None:
    """One picture of the page, whole, with every chart drawn: they are when they come into view."""
    for chart in page.locator("[data-chart]:visible").all():
        chart.scroll_into_view_if_needed()
        chart.locator(".main-svg").first.wait_for()
    page.evaluate("window.scrollTo(0, 0)")
    language, theme, size = look
    folder = TARGET / f"{language}-{theme}-{size}"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=size == "1440")


def _look(browser: Browser, url: str, look: tuple[str, str, str], email: str, password: str, slug: str) -> None:
    language, theme, size = look
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=url, locale="ko-KR" if language == "ko" else "en-GB", viewport={"width": width, "height": height}
    )
    context.add_cookies(
        [{"name": "theme", "value": theme, "url": url}, {"name": "django_language", "value": language, "url": url}]
    )
    page = context.new_page()
    for name, path in ENTRANCE.items():
        page.goto(path, wait_until="networkidle")
        photograph(page, name, look)
    sign_in(page, email, password)
    for name, path in _pages(slug):
        page.goto(path, wait_until="networkidle")
        photograph(page, name, look)
    _inside(page, slug, look)
    context.close()


def _inside(page: Page, slug: str, look: tuple[str, str, str]) -> None:
    """Pages that are reached by a click: a board cell's drawer, an import's result."""
    page.goto(f"/c/{slug}/kpi/board/", wait_until="networkidle")
    page.locator(".board td a[data-drawer]:visible").nth(2).click()
    page.locator("dialog[open]").wait_for()
    page.wait_for_load_state("networkidle")
    photograph(page, "board-drawer", look)
    page.goto(f"/c/{slug}/sources/", wait_until="networkidle")
    page.goto(page.get_by_role("link", name="google_ads_ad_groups.csv").first.get_attribute("href") or "")
    photograph(page, "import-result", look)
    page.goto(f"/c/{slug}/sources/import/")
    page.set_input_files("input[type=file]", {"name": ASKED_NAME, "mimeType": "text/csv", "buffer": ASKED.encode()})
    page.locator("form[data-upload] button[type=submit]").click()
    page.locator("[name=constant-day]").wait_for()
    page.wait_for_load_state("networkidle")
    photograph(page, "import-mapping", look)


def main() -> None:
    from demo.logins import DEMO_SLUG, LOADER, login_named
    from demo.logins import PASSWORD as DEMO_PASSWORD

    shutil.rmtree(TARGET, ignore_errors=True)
    path = found.chromium()
    with running(BASE / "var" / "screens", demo=True) as portal, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(found.ARGUMENTS))
        for look in LOOKS:
            _look(browser, portal.url, look, login_named(LOADER).email, DEMO_PASSWORD, DEMO_SLUG)
            sys.stdout.write("-".join(look) + "\n")
        browser.close()
    README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(TARGET / "ko-light-1440" / "board.png", README_PICTURE)


if __name__ == "__main__":
    main()
