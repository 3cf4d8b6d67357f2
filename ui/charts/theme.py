"""What every figure shares: axes, margins, locale; nice ticks in the reader's own words."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from babel import Locale

from ui.charts.model import Figure, Label, Measure, Series

FONT = 'Pretendard, "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", system-ui, sans-serif'
WRITTEN_SHARE = 0.12  # of an axis, for an amount written beside its bar
GRAINS = ("day", "week", "month")
# d3 time formats; what stands after the line break shows only where it changes.
TICKS = {
    "ko": {"day": "%-m월 %-d일\n%Y년", "week": "%-m월 %-d일\n%Y년", "month": "%-m월\n%Y년"},
    "en": {"day": "%b %-d\n%Y", "week": "%b %-d\n%Y", "month": "%b\n%Y"},
}
HOVERS = {
    "ko": {"day": "%Y년 %-m월 %-d일 (%a)", "week": "%Y년 %-m월 %-d일 주", "month": "%Y년 %-m월"},
    "en": {"day": "%a, %b %-d, %Y", "week": "week of %b %-d, %Y", "month": "%B %Y"},
}


def figure_of(traces: list[dict[str, Any]], layout: dict[str, Any], measure: Measure) -> Figure:
    """Traces in the shared layout, with what the browser's plotly needs to know of the language."""
    shared: dict[str, Any] = {
        "autosize": True,
        "margin": {"l": 8, "r": 16, "t": 12, "b": 8},
        "font": {"family": FONT, "size": 12},
        "hovermode": "x unified",
        "dragmode": False,
        "showlegend": False,
        "separators": _separators(measure.language),
        "legend": {"orientation": "h", "x": 0, "y": -0.18, "yanchor": "top"},
        "barcornerradius": 2,
    }
    config = {
        "displayModeBar": False,
        "responsive": True,
        "locale": measure.language,
        "locales": {measure.language: {"dictionary": {}, "format": time_words(measure.language)}},
        "doubleClick": False,
        "scrollZoom": False,
    }
    return {"data": traces, "layout": shared | layout, "config": config}


def colour_of(one: Series, index: int) -> str:
    """The token of a series: its own, or that of its place."""
    return one.colour or f"cat-{index % 10 + 1}"


def value_axis(values: Sequence[float | None], measure: Measure, *, from_zero: bool) -> dict[str, Any]:
    """An axis with round ticks written in the measure's unit (plotly knows no 만 and 억)."""
    ticks = nice_ticks([value for value in values if value is not None], from_zero=from_zero)
    return {
        "tickvals": ticks,
        "ticktext": [measure.short(tick) for tick in ticks],
        "range": [ticks[0], ticks[-1]],
        "fixedrange": True,
        "automargin": True,
        "zeroline": ticks[0] < 0 < ticks[-1] or ticks[0] == 0,
        "showgrid": True,
        "ticks": "",
    }


def with_room(axis: dict[str, Any]) -> dict[str, Any]:
    """A wider axis, for amounts that are written outside their bars: without room there they are cut."""
    low, high = axis["range"]
    room = (high - low) * WRITTEN_SHARE
    return axis | {"range": [low - room if low < 0 else low, high + room]}


def label_axis(labels: Sequence[Label], grain: str, language: str) -> dict[str, Any]:
    """An axis of days, or of names in the order given."""
    shared: dict[str, Any] = {"fixedrange": True, "automargin": True, "showgrid": False, "ticks": ""}
    if labels and isinstance(labels[0], dt.date):
        words = TICKS.get(language, TICKS["en"])
        dates: dict[str, Any] = {
            "type": "date",
            "tickformat": words[grain],
            "hoverformat": HOVERS.get(language, HOVERS["en"])[grain],
        }
        if grain == "month":
            dates |= {"dtick": f"M{max(1, math.ceil(len(labels) / 12))}", "tick0": str(labels[0])}
        else:
            dates |= {"nticks": 8}
        return shared | dates
    return shared | {"type": "category", "categoryorder": "array", "categoryarray": [str(label) for label in labels]}


def nice_ticks(values: Sequence[float], *, from_zero: bool, about: int = 5) -> list[float]:
    """Round numbers that span `values`; from zero when bars stand on them or when zero is near anyway."""
    finite = [float(value) for value in values if math.isfinite(value)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 1.0)
    if from_zero or (low >= 0 and low < 0.6 * high) or (high <= 0 and high > 0.6 * low):
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = (0.0, 1.0) if low == 0 else (min(low, 0.0), max(high, 0.0))
    step = _nice((high - low) / (about - 1))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 12) for index in range(first, last + 1)]


def _nice(raw: float) -> float:
    power: float = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * (1 - 1e-9))


@lru_cache(maxsize=8)
def time_words(language: str) -> dict[str, Any]:
    """The names of days and months as d3 takes them."""
    locale = Locale.parse(language)
    week = [6, 0, 1, 2, 3, 4, 5]
    days, months = locale.days["format"], locale.months["format"]
    return {
        "days": [days["wide"][day] for day in week],
        "shortDays": [days["abbreviated"][day] for day in week],
        "months": [months["wide"][month] for month in range(1, 13)],
        "shortMonths": [months["abbreviated"][month] for month in range(1, 13)],
        "date": "%Y-%m-%d",
    }


@lru_cache(maxsize=8)
def _separators(language: str) -> str:
    symbols = Locale.parse(language).number_symbols["latn"]
    return str(symbols["decimal"]) + str(symbols["group"])
