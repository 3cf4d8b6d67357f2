"""`make screenshots`: every page, Korean and English, light and dark, desk and phone, into var/screenshots/."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import sys
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import browser as found
from tests.e2e.conftest import sign_in
from tests.e2e.portal import BASE, running

TARGET = BASE / "var" / "screenshots"
README_PICTURE = BASE / "docs" / "images" / "hq-board.png"
SEOUL = ZoneInfo("Asia/Seoul")  # where the demo client is
SIZES = {"1440": (1440, 900), "390": (390, 844)}
LOOKS = [(language, theme, size) for language in ("ko", "en") for theme in ("light", "dark") for size in SIZES]
ENTRANCE = {"sign-in": "/accounts/login/", "password-reset": "/accounts/password/reset/"}
PORTAL = {"clients": "/", "client-new": "/clients/new/", "account": "/account/", "not-found": "/nowhere/"}
CLIENT = {
    "home": "", "board": "kpi/board/", "in-depth": "kpi/in-depth/", "best-market": "kpi/best-market/",
    "why": "kpi/why/", "pacing": "kpi/pacing/", "targets": "kpi/targets/", "approval": "kpi/targets/approval/",
    "phasing": "kpi/targets/phasing/", "targets-history": "kpi/targets/history/", "alerts": "kpi/alerts/",
    "alert-new": "kpi/alerts/new/?kind=pacing", "actions": "kpi/actions/", "action-new": "kpi/actions/new/",
    "inbox": "inbox/", "restatements": "kpi/restatements/", "rates": "kpi/rates/",
    "rates-daily": "kpi/rates/?kind=daily", "rates-budget": "kpi/rates/?kind=budget",
    "catalogue": "kpi/definitions/", "definition": "kpi/definitions/cvr/", "own-new": "kpi/definitions/own/new/",
    "sources": "sources/", "connect": "sources/connect/", "connect-keys": "sources/connect/naver_searchad/",
    "settling": "sources/settling/", "import": "sources/import/",
    "markets": "settings/markets/", "market-new": "settings/markets/new/", "members": "settings/members/",
    "tokens": "settings/tokens/", "audit": "settings/audit/", "api-docs": "api/v1/docs/",
}  # fmt: skip
ASKED_FOR = ".htmx-request, [hx-trigger*=intersect] > :only-child > [colspan]"  # parts that are still being fetched
FETCHED_MS = 120_000  # the first forecasts of a machine take their time
BROKEN_FORMULA, GOOD_FORMULA = "revenue / sesions", "revenue / sessions"

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
    """One picture of the page, whole, with everything drawn that is fetched when it comes into view."""
    settle(page)
    language, theme, size = look
    folder = TARGET / f"{language}-{theme}-{size}"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=size == "1440")


def settle(page: Page) -> None:
    """Bring every part into view that is fetched or drawn when it is seen, and wait for it."""
    for part in page.locator("[hx-trigger*=intersect]:visible").all():
        part.scroll_into_view_if_needed()
        page.wait_for_timeout(50)  # the observer has to see it
    expect(page.locator(ASKED_FOR)).to_have_count(0, timeout=FETCHED_MS)
    for chart in page.locator("[data-chart]:visible").all():
        chart.scroll_into_view_if_needed()
        chart.locator(".main-svg").first.wait_for()
    page.evaluate("document.querySelectorAll('.data-table-wrap').forEach((box) => box.scrollTo(0, 0))")
    page.evaluate("window.scrollTo(0, 0)")


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
    """Pages that are reached by a click or show what somebody has typed."""
    for step in (_drawer, _then, _watched, typed, _imports):
        for name in step(page, f"/c/{slug}"):
            photograph(page, name, look)


def _drawer(page: Page, client: str) -> Iterator[str]:
    page.goto(f"{client}/kpi/board/", wait_until="networkidle")
    page.locator(".board td a[data-drawer]:visible").nth(2).click()
    page.locator("dialog[open]").wait_for()
    page.wait_for_load_state("networkidle")
    yield "board-drawer"


def _then(page: Page, client: str) -> Iterator[str]:
    """The board as it was known yesterday, and one of the restatements since."""
    yesterday = dt.datetime.now(SEOUL).date() - dt.timedelta(days=1)
    page.goto(f"{client}/kpi/board/?known={yesterday}", wait_until="networkidle")
    yield "board-known"
    page.goto(f"{client}/kpi/restatements/", wait_until="networkidle")
    page.goto(page.locator("main a[href*='/kpi/restatements/']").first.get_attribute("href") or "")
    yield "restatement"


def _watched(page: Page, client: str) -> Iterator[str]:
    page.goto(f"{client}/kpi/alerts/", wait_until="networkidle")
    fired = page.locator("main tbody tr", has_text=re.compile("울림|Fired")).locator("a").first
    page.goto(fired.get_attribute("href") or "", wait_until="networkidle")
    yield "alert"
    page.goto(f"{client}/kpi/alerts/new/?kind=anomaly&kpi=sessions&market=KR", wait_until="networkidle")
    page.locator("[hx-post*=rehearsal] .card").first.wait_for()
    yield "alert-tried"


def typed(page: Page, client: str) -> Iterator[str]:
    """A formula with a mistake, and one that can be read, with last month's values."""
    page.goto(f"{client}/kpi/definitions/own/new/", wait_until="networkidle")
    page.fill("[data-formula]", BROKEN_FORMULA)
    page.locator(".formula-says.bad").wait_for()
    yield "own-new-wrong"
    page.fill("[data-formula]", GOOD_FORMULA)
    page.locator("[data-formula-preview] table").wait_for()
    yield "own-new-tried"


def _imports(page: Page, client: str) -> Iterator[str]:
    page.goto(f"{client}/sources/", wait_until="networkidle")
    page.goto(page.get_by_role("link", name="google_ads_ad_groups.csv").first.get_attribute("href") or "")
    yield "import-result"
    page.goto(f"{client}/sources/import/")
    page.set_input_files("input[type=file]", {"name": ASKED_NAME, "mimeType": "text/csv", "buffer": ASKED.encode()})
    page.locator("form[data-upload] button[type=submit]").click()
    page.locator("[name=constant-day]").wait_for()
    page.wait_for_load_state("networkidle")
    yield "import-mapping"


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
