"""Every address of a client, asked for by everybody who must not get everything."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver

from tests.conftest import Person

SAMPLES = {
    "int": "999999",
    "str": "KR",
    "slug": "impressions",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "path": "x",
}
HIDDEN = ("일본", "미국", "Japan", "United States")  # what bob, who has Korea only, must not read
ALLOWED = {200, 204, 302, 400, 403, 404, 405, 409}


def _walk(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield re.sub(r"<(?:(\w+):)?\w+>", lambda m: SAMPLES[m[1] or "str"], route).replace("^", "").replace("$", "")


def _text(answer: HttpResponse) -> str:
    """What a person reads of an answer: of a workbook its cells and notes."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if "spreadsheetml" not in answer.headers.get("Content-Type", ""):
        return body.decode()
    book = openpyxl.load_workbook(io.BytesIO(body))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    return " ".join(
        [*book.sheetnames, *(f"{cell.value} {cell.comment.text if cell.comment else ''}" for cell in cells)]
    )


ADDRESSES = sorted(set(_walk(get_resolver("config.urls_client").url_patterns)))


def test_there_are_addresses_to_walk() -> None:
    assert len(ADDRESSES) > 25


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.django_db
class TestEveryAddressOfAClient:
    def test_anonymous_people_sign_in_first(self, address: str, anonymous: Browser) -> None:
        answer = anonymous.get(f"/c/acme/{address}")
        if address.startswith("api/"):
            assert answer.status_code in (401, 403)
        else:
            assert answer.status_code == 302
            assert answer["Location"].startswith("/accounts/login/?next=/c/acme/")

    def test_charlie_of_another_client_finds_nothing(self, address: str, charlie: Person) -> None:
        for method in (charlie.get, charlie.post):
            answer = method(f"/c/acme/{address}")
            assert answer.status_code in (403, 404)
            assert "아크메" not in answer.content.decode()
            assert "Acme" not in answer.content.decode()

    def test_bob_of_korea_reads_no_other_market(self, address: str, bob: Person) -> None:
        answer = bob.get(f"/c/acme/{address}")
        assert answer.status_code in ALLOWED
        text = _text(answer)
        # Names of countries in general stand in forms that propose one; bob sees no such form.
        assert not [word for word in HIDDEN if word in text]

    def test_vera_who_only_views_changes_nothing(self, address: str, vera: Person) -> None:
        from tenants.models import AuditEntry

        before = AuditEntry.objects.count()
        assert vera.get(f"/c/acme/{address}").status_code in ALLOWED
        answer = vera.post(f"/c/acme/{address}")
        assert answer.status_code in ALLOWED
        acts = AuditEntry.objects.count() - before
        assert acts == 0 or "tokens" in address, "a viewer changed something"
