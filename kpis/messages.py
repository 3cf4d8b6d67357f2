"""What an inbox item says: put into words when it is read, in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kpis.queries.definitions import Definitions, last_known
from ui import formats

About = Mapping[str, Any]


def spoken() -> str:
    """The language that is active, as formats take it."""
    return (get_language() or "ko").split("-")[0]


def message_text(message: str, about: About) -> str:
    """The sentence of an inbox item."""
    return _MESSAGES[message](about)


def kpi_name(key: str, known: Definitions | None = None) -> str:
    """A KPI's name, of an own one out of use its last; the key of one that never was; "all KPIs" without a key.

    `known` are the open client's definitions, where a page has them already.
    """
    if not key:
        return _("All KPIs")
    kpi = last_known(key) if known is None else known.ever.get(key)
    return str(kpi.name) if kpi is not None else key


def about_kpi(key: str, known: Definitions | None = None) -> dict[str, str]:
    """What a message says of its KPI. Of an own one also its names and unit, so that they stay as they were told."""
    kpi = last_known(key) if known is None else known.ever.get(key)
    if kpi is None or not kpi.is_own:
        return {"kpi": key}
    return {"kpi": key, "kpi_ko": kpi.name.ko, "kpi_en": kpi.name.en, "unit": kpi.unit.value}


def named_kpi(about: About) -> str:
    """The KPI that a message is about, in the reader's language."""
    named = about.get(f"kpi_{'ko' if spoken() == 'ko' else 'en'}")
    return str(named or kpi_name(str(about.get("kpi", ""))))


def market_name(about: About) -> str:
    """The market that a message is about, in the reader's language."""
    named = about.get(f"market_{'ko' if spoken() == 'ko' else 'en'}") or about.get("market", "")
    return str(named) or _("All markets")


def amount(about: About, number: float | None) -> str:
    """A value in the unit of the message's KPI."""
    unit = about.get("unit")
    if not unit:
        kpi = last_known(str(about.get("kpi", "")))
        unit = kpi.unit.value if kpi else "ratio"
    return formats.format_value(number, unit, currency=about.get("currency") or "KRW", language=spoken())


def share(number: float | None) -> str:
    """A share from 0 to 1 as percent, without a sign."""
    return formats.format_value(None if number is None else abs(number), "percent", language=spoken())


def period_text(about: About) -> str:
    """The period that fired: a day, a week from its Monday, a month."""
    start = dt.date.fromisoformat(about["starts_on"])
    if about.get("grain") == "month":
        return formats.format_month(start, language=spoken())
    day = formats.format_day_short(start, language=spoken())
    return _("week of %(day)s") % {"day": day} if about.get("grain") == "week" else day


def firing_text(about: About) -> str:
    """Why an alert fired, as one sentence with its numbers."""
    named = {
        "kpi": named_kpi(about),
        "market": market_name(about),
        "period": period_text(about),
        "value": amount(about, about.get("value")),
        "expected": amount(about, about.get("expected")),
    }
    return _FIRINGS[about["kind"]](about, named)


def _threshold(about: About, named: dict[str, str]) -> str:
    if about["side"] == "above":
        return _("%(kpi)s in %(market)s, %(period)s: %(value)s, above %(expected)s.") % named
    return _("%(kpi)s in %(market)s, %(period)s: %(value)s, below %(expected)s.") % named


def _change(about: About, named: dict[str, str]) -> str:
    named = {**named, "share": share(about["share"]), "base": base_text(about["base"], about.get("grain", "day"))}
    if about["share"] < 0:
        return _("%(kpi)s in %(market)s, %(period)s: %(value)s, %(share)s lower than %(base)s (%(expected)s).") % named
    return _("%(kpi)s in %(market)s, %(period)s: %(value)s, %(share)s higher than %(base)s (%(expected)s).") % named


def _pacing(about: About, named: dict[str, str]) -> str:
    through = formats.format_day_short(dt.date.fromisoformat(about["ends_on"]), language=spoken())
    named = {**named, "share": share(about["share"]), "through": through}
    return (
        _(
            "%(kpi)s in %(market)s, %(period)s up to %(through)s: %(value)s, "
            "%(share)s behind the %(expected)s due by then."
        )
        % named
    )


def _anomaly(about: About, named: dict[str, str]) -> str:
    named = {**named, "score": f"{about['score']:+.1f}".replace("-", "−")}
    return (
        _(
            "%(kpi)s in %(market)s, %(period)s: %(value)s, out of the ordinary. "
            "About %(expected)s was to be expected (robust z %(score)s)."
        )
        % named
    )


def _missing(about: About, named: dict[str, str]) -> str:
    days = int(about["days"])
    return ngettext(
        "%(kpi)s in %(market)s: no data for %(days)d day, since %(period)s.",
        "%(kpi)s in %(market)s: no data for %(days)d days, since %(period)s.",
        days,
    ) % {**named, "days": days}


def _restated(about: About, named: dict[str, str]) -> str:
    month = formats.format_month(dt.date.fromisoformat(about["month"]), language=spoken())
    named = {**named, "period": month, "share": share(about["share"])}
    return _("%(kpi)s in %(market)s, %(period)s: restated from %(expected)s to %(value)s (%(share)s).") % named


_FIRINGS: dict[str, Callable[[About, dict[str, str]], str]] = {
    "threshold": _threshold,
    "change": _change,
    "pacing": _pacing,
    "anomaly": _anomaly,
    "missing": _missing,
    "restated": _restated,
}


def base_text(base: str, grain: str) -> str:
    """What a change is measured against, within a sentence."""
    if base == "weekday":
        return _("the same weekday last week")
    if base == "year":
        return _("the same month last year") if grain == "month" else _("the same weekday last year")
    return {"day": _("the day before"), "week": _("the week before"), "month": _("the month before")}[grain]


def title_text(about: About) -> str:
    """What an alert watches, in a few words: its name where its owner gave none, or where a reader may not read it."""
    named = {"kpi": named_kpi(about)}
    kind, limit, side = about["kind"], about["limit"], about["side"]
    if kind == "threshold":
        named["limit"] = amount(about, limit)
        return (_("%(kpi)s above %(limit)s") if side == "above" else _("%(kpi)s below %(limit)s")) % named
    if kind == "missing":
        return ngettext("%(kpi)s: no data for %(days)d day", "%(kpi)s: no data for %(days)d days", int(limit)) % {
            **named, "days": int(limit),
        }  # fmt: skip
    if kind == "anomaly":
        return _("%(kpi)s out of the ordinary (z %(limit)s)") % {**named, "limit": f"{limit:g}"}
    named["share"] = share(limit)
    if kind == "pacing":
        return _("%(kpi)s %(share)s behind target") % named
    if kind == "restated":
        return _("%(kpi)s restated by %(share)s") % named
    words = {
        "below": _("%(kpi)s falls by %(share)s"),
        "above": _("%(kpi)s rises by %(share)s"),
        "either": _("%(kpi)s changes by %(share)s"),
    }
    return words[side] % named


BROKEN: dict[str, Callable[[str], str]] = {
    "kpi_gone": lambda about: _("The KPI “%(about)s” is no longer in use.") % {"about": kpi_name(about)},
    "market_gone": lambda about: _("Its owner no longer sees the market %(about)s, or it is gone.") % {"about": about},
    "owner_left": lambda about: _("Its owner, %(about)s, is no longer a member.") % {"about": about},
    "no_data": lambda about: _("There has never been any data for it in %(about)s.") % {"about": about},
    "no_target": lambda about: _("There is no target to be behind of in %(about)s.") % {"about": about},
    "no_readers": lambda about: _("Nobody whom it tells may see its markets any longer."),
    "formula": lambda about: _("Its KPI can't be computed: %(about)s") % {"about": about},
    "broke": lambda about: _("It broke in a way that nobody foresaw; the operator's log has the reason."),
}


def broken_text(reason: str, about: str) -> str:
    """Why an alert can no longer run."""
    return BROKEN[reason](about) if reason in BROKEN else ""


def _mentioned(about: About) -> str:
    return _("%(who)s mentioned you on %(kpi)s, %(market)s: “%(text)s”") % {
        "who": about["who"], "kpi": named_kpi(about), "market": market_name(about), "text": about["text"],
    }  # fmt: skip


def _answered(about: About) -> str:
    return _("%(who)s answered you on %(kpi)s, %(market)s: “%(text)s”") % {
        "who": about["who"], "kpi": named_kpi(about), "market": market_name(about), "text": about["text"],
    }  # fmt: skip


def _given(about: About) -> str:
    due = formats.format_day_short(dt.date.fromisoformat(about["due_on"]), language=spoken())
    return _("%(who)s gave you an action on %(kpi)s, %(market)s, due %(due)s: “%(text)s”") % {
        "who": about["who"], "kpi": named_kpi(about), "market": market_name(about), "text": about["text"],
        "due": due,
    }  # fmt: skip


def _broken(about: About) -> str:
    return _("The alert “%(name)s” can no longer run. %(why)s") % {
        "name": about.get("name") or title_text(about), "why": broken_text(about["reason"], about["what"]),
    }  # fmt: skip


_MESSAGES: dict[str, Callable[[About], str]] = {
    "firing": firing_text,
    "mentioned": _mentioned,
    "answered": _answered,
    "given": _given,
    "broken": _broken,
}
