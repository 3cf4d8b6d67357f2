"""Every component renders in its states, is documented, and stands in the gallery."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Engine, TemplateSyntaxError, engines
from django.test import RequestFactory
from django.utils.translation import override

from problems.errors import Problem
from ui.components import Change, Figure
from ui.frame import face
from ui.gallery import gallery_frame, gallery_page
from ui.templatetags.ui import register

FRAME_ONLY = {"ui_scripts", "brand_mark", "text_of_block"}
GALLERY = "\n".join(path.read_text() for path in (settings.BASE_DIR / "templates/ui").glob("*gallery*.html"))
DOCUMENT = (settings.BASE_DIR / "docs/ui.md").read_text()
VOID = {"br", "hr", "img", "input", "link", "meta", "path", "circle", "rect", "line", "polyline", "polygon", "ellipse"}


class Checker(HTMLParser):
    """Raises when a tag is not closed in its place; collects ids and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(name, value or "") for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open, f"</{tag}> closes nothing"
            assert self.open.pop() == tag, f"</{tag}> closes something else at {self.getpos()}"


def checked(html: str) -> Checker:
    checker = Checker()
    checker.feed(html)
    assert not checker.open, checker.open
    return checker


def strict() -> Engine:
    """The project's engine, with misspelt variables shown."""
    engine = engines["django"].engine
    return Engine(
        dirs=engine.dirs,
        app_dirs=False,
        libraries=engine.libraries,
        builtins=engine.builtins,
        loaders=[
            ("django.template.loaders.filesystem.Loader", engine.dirs),
            "django.template.loaders.app_directories.Loader",
        ],
        string_if_invalid="MISSPELT[%s]",
    )


def shown(source: str, **context: Any) -> str:
    with override("en"):
        return str(strict().from_string("{% load ui %}" + source).render(Context(context))).strip()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_gallery_renders_every_component(language: str) -> None:
    request = RequestFactory().get("/gallery/?period=2026-Q3&market=KR")
    with override(language):
        context = {
            **face(request),
            **gallery_frame(request),
            "page": gallery_page(request),
            "request": request,
            "messages": [],
            "csrf_token": "token",
            "csp_nonce": "nonce",
        }
        html = strict().get_template("ui/gallery.html").render(Context(context))
    assert "MISSPELT" not in html, re.findall(r"MISSPELT\[[^\]]*\]", html)
    page = checked(html)
    assert len(page.ids) == len(set(page.ids))
    assert not [name for name, _value in page.attributes if name == "style" or name.startswith("on")]
    assert "<script>" not in html
    if language == "ko":
        assert "컴포넌트 갤러리 · 여정" in html  # the browser's title repeats the heading


@pytest.mark.parametrize("tag", sorted(register.tags))
def test_every_tag_is_documented_and_in_the_gallery(tag: str) -> None:
    if tag in FRAME_ONLY:
        return
    used = rf"{{%\s*{tag}\b"
    assert re.search(used, DOCUMENT), f"write {tag} into docs/ui.md"
    templates = "\n".join(path.read_text() for path in (settings.BASE_DIR / "templates").rglob("*.html"))
    assert re.search(used, GALLERY) or re.search(used, templates), f"show {tag} in the gallery"


@pytest.mark.parametrize("name", sorted(register.filters))
def test_every_filter_is_documented(name: str) -> None:
    assert f"`{name}" in DOCUMENT or f"|{name}" in DOCUMENT


def test_a_figure_opens_what_is_behind_it() -> None:
    html = shown("{% figure f compact=True %}", f=Figure(123456789, "money", formula="1 + 1", source="orders.csv"))
    assert "₩123M" in html
    assert "₩123,456,789" in html
    assert "1 + 1" in html
    assert "popovertarget" in html


def test_a_missing_figure_says_its_reason_and_shows_no_number() -> None:
    html = shown("{% figure f %}", f=Figure(None, "money", missing="No exchange rate"))
    assert "No exchange rate" in html
    assert "0" not in html.replace("No exchange rate", "")


@pytest.mark.parametrize(
    ("change", "tone", "words"),
    [
        (Change(112, 100, "money", "last month", "up"), "good", "better"),
        (Change(112, 100, "money", "last month", "down"), "bad", "worse"),
        (Change(112, 100, "money", "last month", "band"), "flat", "vs last month"),
        (Change(100, 100, "money", "last month", "up"), "flat", "0.0"),
        (Change(1, None, "money", "last month", "up"), "flat", "–"),
    ],
)
def test_a_change_is_judged_by_its_direction_and_names_its_comparison(change: Change, tone: str, words: str) -> None:
    html = shown("{% change c %}", c=change)
    assert f'class="change {tone}"' in html
    assert words in html
    assert "vs last month" in html


def test_a_status_is_a_sign_and_a_word() -> None:
    html = shown('{% status "bad" %}')
    assert "<svg" in html
    assert "Below target" in html
    with pytest.raises(TemplateSyntaxError, match="status takes one of"):
        shown('{% status "terrible" %}')


def test_a_button_with_a_reason_is_disabled_and_says_why() -> None:
    html = shown('{% button "Save" reason="Only an admin may do this." %}')
    assert " disabled" in html
    assert "Only an admin may do this." in html
    assert "aria-describedby" in html


def test_arguments_become_attributes() -> None:
    html = shown('{% button "Go" hx_post="/x" data_quiet=True hidden=False title=None %}')
    assert 'hx-post="/x"' in html
    assert " data-quiet" in html
    assert "hidden" not in html
    assert "title" not in html


def test_what_people_typed_is_escaped_everywhere() -> None:
    evil = '<script>alert("x")</script>'
    for source in (
        "{% button x %}",
        "{% pill x %}",
        "{% problem x fix=x where=x %}",
        "{% toast x %}",
        "{% menu x %}{% endmenu %}",
        "{% link_button x '/u' title=x %}",
        "{% confirm x '/u' x %}",
        "{% empty_state x %}{% endempty_state %}",
        "{% data_table x show_caption=True empty=x %}{% enddata_table %}",
        "{% progress 0.5 x detail=x %}",
        "{% icon 'x' label=x %}",
        "{% dropzone label=x help=x %}",
        "{% tooltip x %}{% endtooltip %}",
    ):
        html = shown(source, x=evil)
        assert "<script>" not in html, source
        assert "alert" in html, source


def test_a_problem_shows_its_sentence_and_what_to_do() -> None:
    html = shown("{% problem p %}", p=Problem("Row 3 has no date.", fix="Write one."))
    assert 'role="alert"' in html
    assert "Row 3 has no date." in html
    assert "Write one." in html


@pytest.mark.parametrize(("state", "asks"), [("waiting", True), ("running", True), ("done", False), ("failed", False)])
def test_progress_asks_again_only_while_it_runs(state: str, asks: bool) -> None:
    html = shown('{% progress 0.425 "Loading" s poll_url="/p" id="job" %}', s=state)
    assert ('hx-get="/p"' in html) is asks
    assert 'value="42"' in html
    assert 'id="job"' in html


def test_progress_of_unknown_length_has_no_value() -> None:
    assert "value=" not in shown('{% progress None "Loading" %}')


def test_ids_of_two_fragments_differ() -> None:
    page = checked(shown("{% popover 'a' %}x{% endpopover %}{% popover 'a' %}x{% endpopover %}"))
    assert len(set(page.ids)) == 2
