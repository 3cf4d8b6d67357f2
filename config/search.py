"""Search of everything inside a client: pages, KPIs, markets, files. Korean is found by its first consonants too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpis.queries.definitions import definitions_of
from sources.queries.connections import connections_seen_by
from sources.queries.imports import HEAVY, imports_seen_by
from tenants.access import Access
from tenants.context import rail_of

MOST = 6  # hits a group shows
LONGEST = 80  # characters of a question that are looked at
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
FIRST_SYLLABLE, LAST_SYLLABLE, SYLLABLES_AN_INITIAL = 0xAC00, 0xD7A3, 588


@dataclass(frozen=True)
class Hit:
    """One thing that was found, with where it leads."""

    label: str | Promise
    url: str
    icon: str
    detail: str = ""


@dataclass(frozen=True)
class Hits:
    """What was found of one kind."""

    label: str
    hits: Sequence[Hit]


def found(request: HttpRequest, access: Access, text: str) -> list[Hits]:
    """What this person may open that has `text` in its name; without a text the pages."""
    wanted = text.strip()[:LONGEST].casefold()
    groups = [Hits(_("Pages"), _pages(request, access, wanted))]
    if wanted:
        groups += [
            Hits(_("KPI"), _kpis(access, wanted)),
            Hits(_("Markets"), _markets(access, wanted)),
            Hits(_("Sources"), _connections(access, wanted)),
            Hits(_("Files"), _files(access, wanted)),
        ]
    return [group for group in groups if group.hits]


def initials(text: str) -> str:
    """The first consonants of Hangul, other characters as they are: 매출 is ㅁㅊ."""
    return "".join(
        INITIALS[(ord(char) - FIRST_SYLLABLE) // SYLLABLES_AN_INITIAL]
        if FIRST_SYLLABLE <= ord(char) <= LAST_SYLLABLE
        else char
        for char in text
    )


def matches(wanted: str, names: Iterable[str]) -> bool:
    """Whether one of the names has what is wanted, spaces apart, or begins its words with these consonants."""
    bare = wanted.replace(" ", "")
    by_initials = bool(bare) and all(char in INITIALS for char in bare)
    return any(bare in (initials(name) if by_initials else name).casefold().replace(" ", "") for name in names if name)


def _pages(request: HttpRequest, access: Access, wanted: str) -> list[Hit]:
    items = [item for group in rail_of(request, access) for item in group.items]
    hits = [Hit(item.label, item.url, item.icon) for item in items if not wanted or matches(wanted, [str(item.label)])]
    return hits[:MOST] if wanted else hits


def _kpis(access: Access, wanted: str) -> list[Hit]:
    spoken = (get_language() or "ko")[:2]
    return [
        Hit(str(kpi.name), f"{reverse('kpis:in-depth')}?{urlencode({'kpi': kpi.key})}", "chart-line", detail)
        for kpi in definitions_of(access).shown
        if matches(wanted, [kpi.name.ko, kpi.name.en, kpi.key])
        for detail in [kpi.name.en if spoken == "ko" else str(kpi.stage.words)]
    ][:MOST]


def _markets(access: Access, wanted: str) -> list[Hit]:
    spoken = (get_language() or "ko")[:2]
    address = reverse("kpis:in-depth")
    return [
        Hit(
            market.name_ko if spoken == "ko" else market.name_en,
            f"{address}?{urlencode({'market': market.code})}",
            "globe",
            market.code,
        )
        for market in access.markets
        if matches(wanted, [market.name_ko, market.name_en, market.code])
    ][:MOST]


def _connections(access: Access, wanted: str) -> list[Hit]:
    return [
        Hit(one.name, reverse("sources:connection", args=[one.pk]), "plug", str(one.get_state_display()))
        for one in connections_seen_by(access)
        if matches(wanted, [one.name])
    ][:MOST]


def _files(access: Access, wanted: str) -> list[Hit]:
    named = imports_seen_by(access).filter(Q(name__icontains=wanted)).defer(*HEAVY)[:MOST]
    return [
        Hit(one.name, reverse("sources:import", args=[one.pk]), "file", str(one.get_state_display())) for one in named
    ]
