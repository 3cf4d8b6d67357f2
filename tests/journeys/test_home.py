"""The client's home page: three steps for a fresh client, markets and tasks once there are data."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


def home(person, slug: str = "acme", language: str = "ko") -> str:
    person.cookies["django_language"] = language
    answer = person.get(f"/c/{slug}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_fresh_client_is_told_the_three_steps_and_the_one_to_take(alice):
    page = home(alice)
    assert "첫 보드까지 네 단계예요." in page
    assert "/c/acme/sources/import/" in page
    assert "Four steps to the first board." in home(alice, language="en")


def test_a_viewer_of_a_fresh_client_is_not_offered_an_import(vera):
    assert "첫 보드까지 네 단계예요." in home(vera)
    assert 'class="button primary' not in home(vera)
