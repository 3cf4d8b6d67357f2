"""axe on every page, light and dark, desk and phone: no serious finding, nothing wider than the screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.e2e.api import Api, data_folder
from tests.e2e.conftest import sign_in
from tests.e2e.portal import OPERATOR, PASSWORD, Portal
from tests.e2e.screenshots import CLIENT, ENTRANCE, PORTAL, SIZES, typed
from tests.e2e.test_real_files import BRITAIN, INDIA, _board, _client

SLUG = "reachable"
LOOKS = [("light", "1440"), ("dark", "1440"), ("light", "390")]
USER = "from tenants.models import User"
NOT_OURS = {"api-docs"}  # the documentation page is Swagger UI's own


@pytest.fixture(scope="module")
def pages(portal: Portal) -> dict[str, str]:
    """Every page's address, at a client with a file on its board and one that needs an answer."""
    api = _client(portal, SLUG, "GBP", [BRITAIN, INDIA])
    found = api.upload(data_folder() / "facebook_ads_kag" / "KAG_conversion_data.csv")
    asked = f"/c/{SLUG}/sources/imports/{found['id']}/"
    done = api.confirm(api.map(api.upload(data_folder() / "gsc_miraiyo" / "Chart.csv", name="search.csv"), market="GB"))
    assert _board(api, "2026-06", "organic_impressions")["organic_impressions", "GB"] == 193_809
    inside = {name: f"/c/{SLUG}/{path}" for name, path in CLIENT.items() if name not in NOT_OURS}
    inside["board"] += "?period=2026-06"
    inside["in-depth"] += "?market=GB&kpi=organic_impressions&period=2026-06"
    inside["best-market"] += "?kpi=organic_ctr&period=2026-06"
    inside["why"] += "?kpi=organic_impressions&market=GB&period=2026-06"
    inside["board-known"] = f"{inside['board']}&known={dt.date.today() - dt.timedelta(days=1)}"
    inside |= _worked_with(portal, api)
    return {
        **ENTRANCE,
        **PORTAL,
        **inside,
        "import-asks": asked,
        "import-done": f"/c/{SLUG}/sources/imports/{done['id']}/",
    }


def _worked_with(portal: Portal, api: Api) -> dict[str, str]:
    """What people leave behind: an own KPI, an alert, an action, a target; the pages that show them."""
    found = portal.manage("shell", "-v0", "-c", f"{USER}; print('ID', User.objects.get(email={OPERATOR!r}).pk)")
    operator = next(int(line.split()[1]) for line in found.splitlines() if line.startswith("ID"))
    own = {
        "name_ko": "검색 비중",
        "name_en": "Search share",
        "stage": "acquisition",
        "unit": "percent",
        "better": "higher",
    }
    api.ask("POST", "kpis/", {"key": "search_share", "formula": "organic_clicks / organic_impressions", **own})
    watched = {"kpi": "organic_impressions", "kind": "missing", "limit": 3, "markets": ["GB"], "recipients": [operator]}
    alert = api.ask("POST", "alerts/", watched)
    todo = {"text": "제목과 설명을 고치기", "kpi": "organic_ctr", "market": "GB", "owner_id": operator}
    api.ask("POST", "actions/", {**todo, "due_on": "2026-06-20", "state": "doing", "started_on": "2026-06-10"})
    own_page = f"/c/{SLUG}/kpi/definitions/search_share/"
    return {"alert": f"/c/{SLUG}/kpi/alerts/{alert['id']}/", "own": own_page, "own-change": f"{own_page}edit/"}


@pytest.fixture(params=LOOKS, ids="-".join)
def reader(request: pytest.FixtureRequest, chromium: Browser, portal: Portal) -> Iterator[Page]:
    theme, size = request.param
    width, height = SIZES[size]
    context = chromium.new_context(base_url=portal.url, locale="ko-KR", viewport={"width": width, "height": height})
    context.add_cookies([{"name": "theme", "value": theme, "url": portal.url}])
    page = context.new_page()
    sign_in(page, OPERATOR, PASSWORD)
    yield page
    context.close()


def test_nothing_serious_on_any_page(reader: Page, pages: dict[str, str]) -> None:
    found = {}
    for name, path in pages.items():
        reader.goto(path, wait_until="networkidle")
        found[name] = _findings(reader)
    for name in typed(reader, f"/c/{SLUG}"):
        found[name] = _findings(reader)
    serious = {name: told for name, told in found.items() if told}
    assert not serious, serious


def _findings(reader: Page) -> list[str]:
    found = [_told(v) for v in Axe().run(reader)["violations"] if v["impact"] in ("serious", "critical")]
    wider = reader.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, *([f"{wider} px wider than the screen"] if wider > 1 else [])]


def _told(violation: dict[str, Any]) -> str:
    return f"{violation['id']}: " + " | ".join(node["html"][:140] for node in violation["nodes"][:3])
