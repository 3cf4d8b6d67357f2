"""Values, changes, statuses, sparklines, KPI cards, stages; filters for formats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.translation import get_language

from problems.errors import Sentence
from ui import formats
from ui.components import STATES, Change, Figure, KpiCard
from ui.sparkline import sparkline_of
from ui.stages import BY_KEY, STAGES, Stage
from ui.templatetags.ui.rendering import unique_id

register = template.Library()

SIGNS = {"good": "check", "warn": "triangle-alert", "bad": "x", "moving": "refresh-cw", "missing": "circle-slash"}
ARROWS = {"up": "▲", "down": "▼", "flat": "▬", "none": ""}


def language() -> str:
    """The reader's language as the formats take it."""
    return (get_language() or "ko").split("-")[0]


@register.simple_tag
def value(number: formats.Number, unit: str, currency: str = "KRW", compact: bool = False) -> str:
    """A bare number in its unit, in the reader's language."""
    return formats.format_value(number, unit, currency=currency, language=language(), compact=compact)


@register.inclusion_tag("ui/figure.html")
def figure(given: Figure, compact: bool = False) -> dict[str, Any]:
    """A number that opens its formula, source, freshness and currency rule; a missing one says its reason."""
    return figure_context(given, compact=compact)


def figure_context(given: Figure, *, compact: bool) -> dict[str, Any]:
    words = language()
    full = formats.format_value(given.value, given.unit, currency=given.currency, language=words)
    short = formats.format_value(given.value, given.unit, currency=given.currency, language=words, compact=True)
    return {
        "figure": given,
        "shown": short if compact else full,
        "full": full,
        "id": unique_id("figure") if given.is_explained else "",
    }


@register.inclusion_tag("ui/status.html")
def status(state: str, label: Sentence = "", detail: Sentence = "") -> dict[str, Any]:
    """good, warn, bad, moving, missing or none as a sign and a word (the usual word when no label is given)."""
    if state not in STATES:
        raise template.TemplateSyntaxError(f"status takes one of {', '.join(STATES)}, not {state!r}")
    return {"state": state, "label": label, "detail": detail, "icon_name": SIGNS.get(state, "minus")}


@register.inclusion_tag("ui/change.html")
def change(
    new: formats.Number | Change,
    old: formats.Number = None,
    unit: str = "count",
    compared_with: Sentence = "",
    better: str = "none",
) -> dict[str, Any]:
    """A signed change with its arrow and what it is compared with; takes a Change or its parts."""
    given = new if isinstance(new, Change) else Change(new, old, unit, compared_with, better)
    found = formats.change_of(given.new, given.old, given.unit, language=language())
    tone = "flat"
    if found.direction in ("up", "down") and given.better in ("up", "down"):
        tone = "good" if found.direction == given.better else "bad"
    return {"change": given, "text": found.text, "tone": tone, "arrow": ARROWS[found.direction]}


@register.inclusion_tag("ui/sparkline.html")
def sparkline(
    values: Sequence[float | None], label: Sentence = "", width: int = 58, height: int = 18
) -> dict[str, Any]:
    """A small line, 13 points as a rule, with gaps for None; without a label it is decoration."""
    return {"line": sparkline_of(values, width=width, height=height), "label": label}


@register.filter
def sparkline_path(values: Sequence[float | None]) -> str:
    """The SVG path of a 58 × 18 sparkline: for pages that print hundreds of them."""
    return sparkline_of(values).path


@register.inclusion_tag("ui/kpi_card.html")
def kpi_card(card: KpiCard) -> dict[str, Any]:
    """One KPI: name, value, target bar, changes, sparkline, stage hue, settled mark."""
    share = card.achievement
    return {
        "card": card,
        "achievement": formats.format_achievement(share, language=language()) if share is not None else "",
        "bar": round(max(0.0, min(share, 1.25)) / 1.25 * 100, 1) if share is not None else None,
        "line": sparkline_of(card.trend, width=96, height=32),
    }


@register.inclusion_tag("ui/stage_mark.html")
def stage_mark(stage: str | int | Stage, name: Sentence = "") -> dict[str, Any]:
    """A stage's hue and name; `stage` is its number, key or Stage."""
    if isinstance(stage, Stage):
        found = stage
    elif str(stage).isdigit():
        found = STAGES[int(stage) - 1]
    else:
        found = BY_KEY[str(stage)]
    return {"stage": found, "name": name or found.name}


@register.filter
def count(number: formats.Number) -> str:
    """1234567 → 1,234,567."""
    return formats.format_value(number, "count", language=language())


@register.filter
def count_short(number: formats.Number) -> str:
    """1234567 → 123만, 1.23M."""
    return formats.format_value(number, "count", language=language(), compact=True)


@register.filter
def percent(rate: formats.Number) -> str:
    """0.034 → 3.4 %."""
    return formats.format_value(rate, "percent", language=language())


@register.filter
def money(number: formats.Number, currency: str = "KRW") -> str:
    """1234567 → ₩1,234,567."""
    return formats.format_value(number, "money", currency=currency, language=language())


@register.filter
def money_short(number: formats.Number, currency: str = "KRW") -> str:
    """123456789 → ₩1.23억, ₩123M."""
    return formats.format_value(number, "money", currency=currency, language=language(), compact=True)


@register.filter
def duration(seconds: formats.Number) -> str:
    """83 → 1분 23초."""
    return formats.format_value(seconds, "seconds", language=language())


@register.filter
def achievement(rate: formats.Number) -> str:
    """0.754 → 75 %."""
    return formats.format_achievement(rate, language=language())


@register.filter
def month(day: dt.date) -> str:
    """2026년 10월, October 2026."""
    return formats.format_month(day, language=language())


@register.filter
def day(given: dt.date) -> str:
    """2026년 10월 3일, October 3, 2026."""
    return formats.format_day(given, language=language())


@register.filter(expects_localtime=True)
def moment(given: dt.datetime) -> str:
    """2026년 10월 3일 17:12 in the time zone that is active."""
    return formats.format_moment(given, language=language())


@register.filter
def day_short(given: dt.date) -> str:
    """10월 3일, Oct 3."""
    return formats.format_day_short(given, language=language())
