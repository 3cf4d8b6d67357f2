"""Bars beside each other and on each other; they always stand on zero."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from ui.charts.model import Figure, Label, Measure, Series, Target
from ui.charts.theme import colour_of, figure_of, label_axis, value_axis, with_room

WIDE_LABEL = 24


def bars(
    labels: Sequence[Label],
    series: Sequence[Series],
    measure: Measure,
    *,
    horizontal: bool = False,
    target: Target | None = None,
    moving: Collection[Label] = (),
) -> Figure:
    """Bars beside each other, one group a label; a single series writes its values on the bars."""
    every = [value for one in series for value in one.values]
    aim = _spread(target, len(labels))
    axis, written = value_axis([*every, *aim], measure, from_zero=True), len(series) == 1
    if horizontal and written:
        axis = with_room(axis)
    traces = [
        _bar(labels, one, index, measure, horizontal=horizontal, moving=moving, written=written)
        for index, one in enumerate(series)
    ]
    if target is not None:
        traces.append(_aim(labels, target.name, aim, measure, horizontal=horizontal))
    layout = _layout(labels, axis, measure, horizontal=horizontal) | {
        "barmode": "group",
        "bargap": 0.35 if len(labels) > 3 else 1 - 0.2 * len(labels),
        "bargroupgap": 0.08,
        "showlegend": len(traces) > 1,
    }
    return figure_of(traces, layout, measure)


def stacked(labels: Sequence[Label], series: Sequence[Series], measure: Measure, *, horizontal: bool = False) -> Figure:
    """Bars on each other: only for what may be added."""
    sums: list[float | None] = []
    for index in range(len(labels)):
        known = [one.values[index] or 0 for one in series]
        sums += [sum(value for value in known if value > 0), sum(value for value in known if value < 0)]
    axis = value_axis(sums, measure, from_zero=True)
    traces = [
        _bar(labels, one, index, measure, horizontal=horizontal, moving=(), written=False)
        for index, one in enumerate(series)
    ]
    layout = _layout(labels, axis, measure, horizontal=horizontal) | {
        "barmode": "relative",
        "bargap": 0.3,
        "showlegend": len(series) > 1,
        "legend": {"orientation": "h", "x": 0, "y": -0.18, "yanchor": "top", "traceorder": "normal"},
    }
    return figure_of(traces, layout, measure)


def _bar(
    labels: Sequence[Label],
    one: Series,
    index: int,
    measure: Measure,
    **how: Any,
) -> dict[str, Any]:
    names, links = [str(label) for label in labels], one.links or [""] * len(labels)
    across = how["horizontal"]
    trace: dict[str, Any] = {
        "type": "bar",
        "name": one.name,
        "orientation": "h" if across else "v",
        "x": list(one.values) if across else names,
        "y": names if across else list(one.values),
        "customdata": [[measure.full(value), link] for value, link in zip(one.values, links, strict=True)],
        "hovertemplate": "%{customdata[0]}",
        "meta": {"colour": colour_of(one, index)},
    }
    if how["written"] and len(labels) <= WIDE_LABEL:
        trace |= {
            "text": [measure.short(value) for value in one.values],
            "textposition": "outside",
            "cliponaxis": False,
            "textangle": 0,
            "constraintext": "none",
        }
    if how["moving"]:
        shapes = ["/" if label in how["moving"] else "" for label in labels]
        trace["marker"] = {"pattern": {"shape": shapes, "size": 6, "solidity": 0.3}}
    return trace


def _aim(
    labels: Sequence[Label], name: str, values: Sequence[float | None], measure: Measure, *, horizontal: bool
) -> dict[str, Any]:
    names = [str(label) for label in labels]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": list(values) if horizontal else names,
        "y": names if horizontal else list(values),
        "marker": {"symbol": "line-ns" if horizontal else "line-ew", "size": 22, "line": {"width": 2}},
        "customdata": [[measure.full(value), ""] for value in values],
        "hovertemplate": "%{customdata[0]}",
        "meta": {"colour": "chart-target", "outline": True},
    }


def _spread(target: Target | None, count: int) -> list[float | None]:
    if target is None:
        return []
    return [target.values] * count if isinstance(target.values, int | float) else list(target.values)


def _layout(labels: Sequence[Label], axis: dict[str, Any], measure: Measure, *, horizontal: bool) -> dict[str, Any]:
    names = label_axis(labels, "month", measure.language)
    if horizontal:
        return {"xaxis": axis, "yaxis": names | {"autorange": "reversed"}, "hovermode": "closest"}
    return {"xaxis": names, "yaxis": axis}
