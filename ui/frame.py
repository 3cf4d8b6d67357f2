"""What the frame around every page needs to know, and the context processor that remembers the reader's choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from problems.errors import Sentence

THEMES = ("light", "dark", "auto")
DENSITIES = ("cosy", "compact")
LANGUAGES = (("ko", "한국어"), ("en", "English"))


@dataclass(frozen=True)
class RailItem:
    """One page in the rail; `icon` is a lucide name; `primary` items stand in the bottom bar of a phone."""

    label: Sentence
    url: str
    icon: str
    active: bool = False
    badge: str | int = ""
    badge_label: Sentence = ""
    primary: bool = False


@dataclass(frozen=True)
class RailGroup:
    """A step of the loop; an empty `label` (home) shows no heading."""

    label: Sentence
    items: Sequence[RailItem] = field(default=())


@dataclass(frozen=True)
class ClientChoice:
    """One client that the person may open, in the order in which the switcher lists them."""

    name: str
    url: str
    is_sample: bool = False
    active: bool = False


@dataclass(frozen=True)
class FramePerson:
    """Who is signed in."""

    name: str
    email: str

    @property
    def initial(self) -> str:
        """The letter in the round mark."""
        return (self.name or self.email or "?").strip()[:1].upper()


@dataclass(frozen=True)
class FrameLinks:
    """Portal-wide addresses that the frame leads to, whichever root the page stands under."""

    clients: str = ""
    account: str = ""
    sign_out: str = ""
    home: str = ""
    search: str = ""


@dataclass(frozen=True)
class Freshness:
    """How fresh the data that the person sees are: `state` is good, warn, bad, moving or missing."""

    label: Sentence
    state: str = "good"
    url: str = ""
    detail: Sentence = ""


THEME_CHOICES = (
    ("light", _("Light"), "sun"),
    ("dark", _("Dark"), "moon"),
    ("auto", _("Same as my device"), "monitor"),
)


def face(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the reader's theme, rail and density from cookies, and empty defaults for the frame.

    Stands before those that fill `rail`, `clients`, `links`, `person`, `sample_notice`, `freshness`, `inbox_url`.
    """
    try:
        preferences_url = reverse("ui:preferences")
    except NoReverseMatch:
        preferences_url = ""
    return {
        "theme": _one_of(request.COOKIES.get("theme"), THEMES, "auto"),
        "density": _one_of(request.COOKIES.get("density"), DENSITIES, "cosy"),
        "rail_narrow": request.COOKIES.get("rail") == "narrow",
        "theme_choices": THEME_CHOICES,
        "languages": LANGUAGES,
        "preferences_url": preferences_url,
        "rail": (),
        "clients": (),
        "client_name": "",
        "sample_notice": False,
        "person": None,
        "links": FrameLinks(),
        "freshness": None,
        "inbox_url": "",
        "bell_url": "",
    }


def _one_of(value: str | None, allowed: tuple[str, ...], default: str) -> str:
    return value if value in allowed else default
