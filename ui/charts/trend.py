"""Lines over days, with targets, unsettled days and holes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext, override

from ui.charts.model import Figure, Measure, Series, Target
from ui.charts.theme import colour_of, figure_of, label_axis, value_axis

LABEL_HEIGHT = 15
FEW_POINTS = 31
PATTERN = {"size": 6, "solidity": 0.25, "fillmode": "overlay"}
PLOT_HEIGHT = 210


def trend(
    days: Sequence[dt.date],
    lines: Sequence[Series],
    measure: Measure,
    *,
    grain: str = "day",
    targets: Sequence[Target] = (),
    moving: Collection[dt.date] = (),
) -> Figure:
    """One line a series over days (weeks, months: their first days).

    A None is a gap in the line, hatched when no line has a value that day; `moving` days are striped. A target is a
    dashed line that ends in its value. Each line ends in its name when there are several.
    """
    aims = [(aim.name, _spread(aim.values, len(days))) for aim in targets]
    every = [value for one in lines for value in one.values] + [value for _name, values in aims for value in values]
    axis = value_axis(every, measure, from_zero=False)
    traces = [_line(days, one, index, measure) for index, one in enumerate(lines)]
    traces += [_aim(days, name, values, measure) for name, values in aims]
    traces += _marked_days(days, lines, moving, measure.language)
    labels = [(one.name, colour_of(one, index), one.values) for index, one in enumerate(lines) if len(lines) > 1]
    labels += [(f"{name} {measure.short(_last(values))}", "chart-target", values) for name, values in aims]
    layout = {
        "xaxis": label_axis(days, grain, measure.language) | _edges(days),
        # The marked days lie on the axis underneath, so that their pattern never covers a line.
        "yaxis": axis | {"overlaying": "y2", "side": "left"},
        "yaxis2": {"range": [0, 1], "visible": False, "fixedrange": True},
        "annotations": _end_labels(days, labels, axis["range"]),
        "bargap": 0,
    }
    return figure_of(traces, layout, measure)


def _spread(values: float | Sequence[float | None], count: int) -> list[float | None]:
    return [values] * count if isinstance(values, int | float) else list(values)


def _line(days: Sequence[dt.date], one: Series, index: int, measure: Measure) -> dict[str, Any]:
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": one.name,
        "x": [day.isoformat() for day in days],
        "y": list(one.values),
        "connectgaps": False,
        "line": {"width": 2},
        "marker": {"size": _sizes(one.values), "opacity": 1},
        "customdata": _customdata(one, measure),
        "hovertemplate": "%{customdata[0]}",
        "meta": {"colour": colour_of(one, index)},
    }
    return trace


def _sizes(values: Sequence[float | None]) -> int | list[int]:
    """Dots on few points; on many, only on those that stand alone and would not be seen as a line."""
    if len(values) <= FEW_POINTS:
        return 5
    around = [None, *values, None]
    return [4 if around[at] is None and around[at + 2] is None else 0 for at in range(len(values))]


def _customdata(one: Series, measure: Measure) -> list[list[str]]:
    links = one.links or [""] * len(one.values)
    return [[measure.full(value), link] for value, link in zip(one.values, links, strict=True)]


def _aim(days: Sequence[dt.date], name: str, values: Sequence[float | None], measure: Measure) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [day.isoformat() for day in days],
        "y": list(values),
        "line": {"width": 1.5, "dash": "dash"},
        "customdata": [[measure.full(value), ""] for value in values],
        "hovertemplate": "%{customdata[0]}",
        "meta": {"colour": "chart-target"},
    }


def _marked_days(
    days: Sequence[dt.date], lines: Sequence[Series], moving: Collection[dt.date], language: str
) -> list[dict[str, Any]]:
    """Full-height bars with a pattern behind the days that still move and those that nothing is known of."""
    empty = {day for index, day in enumerate(days) if all(one.values[index] is None for one in lines)}
    with override(language):
        kinds = (
            (gettext("Still changing"), [day for day in days if day in moving and day not in empty], "moving", "/"),
            (gettext("No value"), [day for day in days if day in empty], "missing", "\\"),
        )
    return [
        {
            "type": "bar",
            "name": name,
            "x": [day.isoformat() for day in found],
            "y": [1] * len(found),
            "yaxis": "y2",
            "marker": {"pattern": {"shape": shape} | PATTERN, "line": {"width": 0}},
            "hovertemplate": "",
            "hoverlabel": {"namelength": -1},
            "meta": {"pattern": kind},
        }
        for name, found, kind, shape in kinds
        if found
    ]


def _end_labels(
    days: Sequence[dt.date], labels: Sequence[tuple[str, str, Sequence[float | None]]], span: Sequence[float]
) -> list[dict[str, Any]]:
    """Names at the ends of their lines, pushed apart where they would lie on each other."""
    height = (span[1] - span[0]) or 1
    ends = []
    for text, colour, values in labels:
        at = next((index for index in range(len(values) - 1, -1, -1) if values[index] is not None), None)
        if at is not None:
            ends.append((values[at], days[at].isoformat(), text, colour))
    ends.sort(key=lambda end: end[0] or 0)
    annotations, lowest = [], float("-inf")
    for value, day, text, colour in ends:
        pixels = ((value or 0) - span[0]) / height * PLOT_HEIGHT
        place = max(pixels, lowest + LABEL_HEIGHT)
        lowest = place
        annotations.append(
            {
                "x": day,
                "y": value,
                "yshift": round(place - pixels, 1),
                "text": text,
                "showarrow": False,
                "xanchor": "left",
                "xshift": 8,
                "align": "left",
                "name": colour,
            }
        )
    return annotations


def _last(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)


def _edges(days: Sequence[dt.date]) -> dict[str, list[str]]:
    """Half a step of air at both ends, so that the first and last points are whole."""
    if not days:
        return {}
    step = (days[1] - days[0]) / 2 if len(days) > 1 else dt.timedelta(days=0.5)
    first = dt.datetime.combine(days[0], dt.time()) - step
    last = dt.datetime.combine(days[-1], dt.time()) + step
    return {"range": [first.isoformat(sep=" "), last.isoformat(sep=" ")]}
