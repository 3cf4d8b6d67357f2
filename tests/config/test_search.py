"""The search of everything finds what a person may open, and nothing else."""

from __future__ import annotations

import pytest

from config.search import initials, matches
from tenants.models import Client
from tests.conftest import Person


@pytest.mark.parametrize(
    ("wanted", "name", "expected"),
    [
        ("매출", "방문당 매출", True),
        ("ㅁㅊ", "매출", True),
        ("ㅂㅁㄷㅁㅊ", "방문당 매출", True),
        ("방문당매출", "방문당 매출", True),
        ("roas", "ROAS", True),
        ("매출", "주문수", False),
        ("ㅁ", "ROAS", False),
    ],
)
def test_korean_is_found_by_words_and_by_first_consonants(wanted: str, name: str, expected: bool) -> None:
    assert matches(wanted.casefold(), [name]) is expected


def test_first_consonants_leave_other_characters_alone() -> None:
    assert initials("장바구니 담기율 CTR") == "ㅈㅂㄱㄴ ㄷㄱㅇ CTR"


def test_pages_kpis_and_markets_are_found(acme: Client, alice: Person) -> None:
    page = alice.get("/c/acme/search/?q=매출").content.decode()
    assert "/c/acme/kpi/in-depth/?kpi=revenue" in page
    assert "/c/acme/kpi/targets/" in alice.get("/c/acme/search/?q=목표").content.decode()
    assert "market=JP" in alice.get("/c/acme/search/?q=일본").content.decode()


def test_who_is_limited_to_korea_finds_no_other_market(acme: Client, bob: Person) -> None:
    assert "market=KR" in bob.get("/c/acme/search/?q=한국").content.decode()
    assert "market=JP" not in bob.get("/c/acme/search/?q=일본").content.decode()


def test_what_has_no_name_here_is_said(acme: Client, alice: Person) -> None:
    page = alice.get("/c/acme/search/", {"q": "<script>zz"}).content.decode()
    assert "&lt;script&gt;zz" in page and "search-hit" not in page
