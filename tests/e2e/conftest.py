"""One portal and one browser for all browser checks of a process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.portal import BASE, OPERATOR, PASSWORD, Portal, running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in Path(str(item.path)).parts:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    var = BASE / "var" / "test-e2e"
    shutil.rmtree(var, ignore_errors=True)
    with running(var, demo=False) as started:
        yield started


@pytest.fixture
def page(chromium: Browser, portal: Portal) -> Iterator[Page]:
    """A Korean reader's page, signed in as the operator; console errors fail the test."""
    context = chromium.new_context(locale="ko-KR", viewport={"width": 1440, "height": 900}, base_url=portal.url)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    sign_in(opened, OPERATOR, PASSWORD)
    yield opened
    context.close()
    assert not complaints, complaints


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "login" not in url)
