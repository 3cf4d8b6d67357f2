"""The frame remembers what its reader chose, and leads nowhere else."""

from __future__ import annotations

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from ui.assets import plotly_directory
from ui.frame import FramePerson, face
from ui.views import gallery, gallery_fragment, preferences


def post(**data: str) -> HttpResponse:
    request = RequestFactory().post("/preferences/", data)
    return preferences(request)


def test_a_choice_is_kept_in_a_cookie_of_the_whole_host_and_leads_back() -> None:
    response = post(theme="dark", next="/c/acme/kpi/?period=2026-10")
    assert (response.status_code, response["Location"]) == (302, "/c/acme/kpi/?period=2026-10")
    assert response.cookies["theme"].value == "dark"
    assert response.cookies["theme"]["path"] == "/"


@pytest.mark.parametrize(
    ("name", "value", "cookie"),
    [("language", "en", "django_language"), ("rail", "narrow", "rail"), ("density", "compact", "density")],
)
def test_each_choice_has_its_cookie(name: str, value: str, cookie: str) -> None:
    assert post(**{name: value}).cookies[cookie].value == value


@pytest.mark.parametrize("value", ["", "purple", "<script>", "dark; path=/"])
def test_a_choice_that_is_none_is_not_kept(value: str) -> None:
    assert not post(theme=value).cookies


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.x"])
def test_nobody_is_led_to_another_host(target: str) -> None:
    assert post(theme="dark", next=target)["Location"] == "/"


def test_a_script_gets_no_page() -> None:
    request = RequestFactory().post("/preferences/", {"rail": "narrow"}, headers={"X-Requested-With": "preference"})
    response = preferences(request)
    assert response.status_code == 204
    assert response.cookies["rail"].value == "narrow"


def test_choices_are_not_made_by_a_link() -> None:
    assert preferences(RequestFactory().get("/preferences/?theme=dark")).status_code == 405


def visited(**cookies: str) -> HttpRequest:
    request = RequestFactory().get("/")
    request.COOKIES = cookies
    return request


def test_the_page_is_rendered_in_the_chosen_theme() -> None:
    found = face(visited(theme="dark", rail="narrow", density="compact"))
    assert (found["theme"], found["rail_narrow"], found["density"]) == ("dark", True, "compact")
    strange = face(visited(theme='"><script>', density="x"))
    assert (strange["theme"], strange["density"], strange["rail_narrow"]) == ("auto", "cosy", False)


@override_settings(DEBUG=False)
def test_the_gallery_is_for_those_who_build() -> None:
    for view in (gallery, lambda request: gallery_fragment(request, "drawer")):
        with pytest.raises(Http404):
            view(visited())


@override_settings(DEBUG=True)
def test_the_gallery_has_no_other_fragments() -> None:
    with pytest.raises(Http404):
        gallery_fragment(visited(), "../secrets")


def test_a_person_without_a_name_has_an_initial_all_the_same() -> None:
    assert [FramePerson(*one).initial for one in (("Alice", "a@x"), ("", "bob@x"), ("", ""))] == ["A", "B", "?"]


def test_the_browsers_plotly_lies_in_the_installed_wheel() -> None:
    assert (plotly_directory() / "plotly.min.js").stat().st_size > 1_000_000
