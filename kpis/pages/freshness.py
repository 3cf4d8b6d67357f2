"""The freshness of data in the top bar: a sentence of two dates, and what is behind them."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpis.pages.texts import joined, origin_label
from kpis.queries.asked import DataState
from kpis.queries.freshness import DataFreshness, freshness_of
from tenants.access import Access
from ui import formats
from ui.frame import Freshness

STALE_DAYS = 35


def frame_freshness(access: Access, state: DataState) -> Freshness | None:
    """What the top bar says about the data of this person's markets; None without data."""
    found = freshness_of(access, state)
    if found is None:
        return None
    spoken = (get_language() or "ko").split("-")[0]
    label = _("Complete through %(day)s") % {"day": _day(found.through, state.today, spoken)}
    if found.moving_since is not None:
        since = _("moving since %(day)s") % {"day": _day(found.moving_since, state.today, spoken)}
        label = joined([label, since])
    return Freshness(label, _state(found, state.today), reverse("sources:home"), _detail(access, found, spoken))


def _day(day: dt.date, today: dt.date, spoken: str) -> str:
    """Without the year where it is this one."""
    short = day.year == today.year
    return (formats.format_day_short if short else formats.format_day)(day, language=spoken)


def _state(found: DataFreshness, today: dt.date) -> str:
    if (today - found.through).days > STALE_DAYS:
        return "warn"
    return "moving" if found.moving_since is not None else "good"


def _detail(access: Access, found: DataFreshness, spoken: str) -> str:
    """Which data end first, and which source moves the longest."""
    code, origin = found.slowest
    place = next((m.name_ko if spoken == "ko" else m.name_en for m in access.markets if m.code == code), code)
    slowest = _("The data that end first: %(market)s, %(kind)s.") % {"market": place, "kind": origin_label(origin)}
    if not found.moving_source:
        return slowest
    return slowest + " " + _("%(source)s settles last.") % {"source": found.moving_source}
