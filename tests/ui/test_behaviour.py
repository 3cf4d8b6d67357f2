"""The gallery in a real browser, under the strict content security policy: keyboard, menus, charts, tables, files."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.template import Context, engines
from django.test import RequestFactory
from django.utils.translation import override
from playwright.sync_api import Browser, Page

from ui.frame import face
from ui.gallery import gallery_frame, gallery_page

pytestmark = pytest.mark.e2e

# As the portal sends it; the hash is of the empty style element that plotly fills by script.
POLICY = (
    "default-src 'self'; script-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
    "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
)
FRAGMENTS = {"/gallery/drawer/": "ui/_gallery_drawer.html", "/gallery/progress/": "ui/_gallery_progress.html"}


def rendered(template: str, language: str, theme: str) -> bytes:
    request = RequestFactory().get("/gallery/")
    request.COOKIES = {"theme": theme}
    with override(language):
        context: dict[str, Any] = {**face(request), "request": request, "csp_nonce": "unused", "messages": []}
        if template == "ui/gallery.html":
            context |= {**gallery_frame(request), "page": gallery_page(request)}
        return engines["django"].engine.get_template(template).render(Context(context)).encode()


class Pages(BaseHTTPRequestHandler):
    """`/gallery/?ko-dark` in a language and theme, its fragments, and the static files."""

    def do_GET(self) -> None:
        path, _mark, query = self.path.partition("?")
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            body = Path(str(found)).read_bytes() if found else b""
            self._answer(200 if found else 404, mimetypes.guess_type(path)[0] or "text/plain", body)
        else:
            language, _dash, theme = ("ko-light" if "=" in query or not query else query).partition("-")
            body = rendered(FRAGMENTS.get(path, "ui/gallery.html"), language, theme)
            self._answer(200, "text/html; charset=utf-8", body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(204, "text/plain", b"")

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/gallery/"
        server.shutdown()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page whose console must stay silent: no error, no refused style or script."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    context.close()
    assert said == []


def draw_all(page: Page) -> None:
    charts = page.locator("[data-chart]")
    for place in range(charts.count()):
        charts.nth(place).scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelectorAll('.chart:not(.drawn)').length === 0", timeout=60_000)


@pytest.mark.parametrize(
    ("words", "width"), [("ko-light", 1440), ("en-dark", 1440), ("ko-dark", 390), ("en-light", 390)]
)
def test_anyone_can_use_it(page: Page, address: str, words: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}?{words}")
    draw_all(page)
    found = Axe().run(page)["violations"]
    assert [(one["id"], one["nodes"][0]["target"]) for one in found if one["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_arrow_keys_go_through_the_board_and_enter_opens_the_drawer(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".board td a").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(
        "[document.activeElement.closest('td').cellIndex, document.activeElement.closest('tbody').className]"
    ) == [3, "stage s4"]
    page.keyboard.press("Enter")
    page.locator("#drawer[open] h2").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('td').cellIndex") == 3


def test_a_head_sorts_and_what_has_no_value_stays_last(page: Page, address: str) -> None:
    page.goto(address)
    rows = page.locator("#tables .data-table").first.locator("tbody th")
    page.locator("#tables .sort", has_text="행 수").click()
    assert rows.all_inner_texts() == ["orders_2026-10.csv", "kakao.tsv", "naver_ads.xlsx"]
    page.locator("#tables .sort", has_text="행 수").click()
    assert rows.first.inner_text() == "naver_ads.xlsx"


def test_charts_follow_the_theme_and_turn_to_tables(page: Page, address: str) -> None:
    page.goto(address)
    draw_all(page)
    line = page.locator(".chart .lines path.js-line").first
    before = line.evaluate("line => line.style.stroke")
    page.locator("summary[title='밝게 또는 어둡게']").click()
    page.locator("button[name=theme][value=dark]").click()
    page.wait_for_function(
        "before => document.querySelector('.chart .lines path.js-line').style.stroke !== before", arg=before
    )
    card = page.locator("[data-chart-card]").first
    card.locator("summary").click()
    card.locator("[data-chart-table]").click()
    assert card.locator("table tbody tr").count() == 30
    assert "₩9,000,000" in card.locator("table").inner_text()


def test_a_chart_is_saved_as_a_picture_with_its_title(page: Page, address: str) -> None:
    page.goto(address)
    draw_all(page)
    card = page.locator("[data-chart-card]").first
    card.locator("summary").click()
    with page.expect_download() as waiting:
        card.locator("[data-chart-png]").click()
    assert waiting.value.suggested_filename == "일별 매출.png"
    assert Path(waiting.value.path()).read_bytes()[16:24] == (2400).to_bytes(4) + (1280).to_bytes(4)


def test_typing_finds_a_client_and_escape_closes_the_menu(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".client > summary").click()
    page.keyboard.type("glob")
    assert page.locator("#client-list a:visible").all_inner_texts() == ["Globex"]
    page.keyboard.type("zzz")
    assert page.locator("[data-filter-none]").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".client[open]").count() == 0


def test_a_changed_scope_is_sent_at_once(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".scope-bar summary").first.click()
    with page.expect_navigation():
        page.get_by_role("radio", name="2026년 3분기").click(force=True)
    assert "period=2026-Q3" in page.url
    assert "compare=previous" in page.url


def test_a_dropped_file_shows_its_name_and_size(page: Page, address: str) -> None:
    page.goto(address)
    file = {"name": "주문.csv", "mimeType": "text/csv", "buffer": b"x" * 123_456}
    page.locator(".dropzone-input").set_input_files([file])  # type: ignore[list-item]
    assert page.locator(".dropzone-files li").inner_text().split("\n")[0].startswith("주문.csv")
    assert "123.5" in page.locator(".dropzone-files li").inner_text()


def test_running_progress_is_replaced_by_its_successor(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate("htmx.ajax('GET', '/gallery/progress/', {target: '#gallery-live', swap: 'outerHTML'})")
    page.locator("#gallery-live.done").wait_for()


def test_an_explanation_opens_beside_its_number(page: Page, address: str) -> None:
    page.goto(address)
    number = page.locator(".figure-value").first
    number.click()
    pop = page.locator("[data-popover]:popover-open")
    assert "₩389,000,000" in pop.inner_text()
    assert abs(pop.bounding_box()["x"] - number.bounding_box()["x"]) < 40  # type: ignore[index]


def test_the_rail_folds(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".rail-fold").click()
    assert page.locator(".rail").bounding_box()["width"] == 56  # type: ignore[index]
