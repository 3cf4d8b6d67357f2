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
    "catalogue": "kpi/catalogue/", "sources": "sources/", "import": "sources/import/", "markets": "settings/markets/",
    "market-new": "settings/markets/new/", "members": "settings/members/", "tokens": "settings/tokens/",
    "audit": "settings/audit/",
    "api-docs": "api/v1/docs/",
}  # fmt: skip


def _pages(slug: str) -> Iterator[tuple[str, str]]:
    yield from PORTAL.items()
    for name, path in CLIENT.items():
        yield name, f"/c/{slug}/{path}"


def photograph(page: Page, name: str, look: tuple[str, str, str]) -> None:
    """One picture of the page as it stands, whole."""
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
    link = page.locator("a[href*='/sources/imports/']:visible").first
    if link.count():
        page.goto(link.get_attribute("href") or "", wait_until="networkidle")
        photograph(page, "import-result", look)


def main() -> None:
    from demo.logins import DEMO_SLUG, LOGINS
    from demo.logins import PASSWORD as DEMO_PASSWORD

    shutil.rmtree(TARGET, ignore_errors=True)
    path = found.chromium()
    with running(BASE / "var" / "screens", demo=True) as portal, sync_playwright() as play:
        portal.manage("shell", "-v0", "-c", _may_add_clients(LOGINS[0].email))
        browser = play.chromium.launch(executable_path=path, args=list(found.ARGUMENTS))
        for look in LOOKS:
            _look(browser, portal.url, look, LOGINS[0].email, DEMO_PASSWORD, DEMO_SLUG)
            sys.stdout.write("-".join(look) + "\n")
        browser.close()
    README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(TARGET / "ko-light-1440" / "board.png", README_PICTURE)


def _may_add_clients(email: str) -> str:
    return f"from tenants.models import User; User.objects.filter(email='{email}').update(is_staff=True)"


if __name__ == "__main__":
    main()
