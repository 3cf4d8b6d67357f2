"""Values with the interval in which they lie, one under the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ui.charts.model import Figure, Measure
from ui.charts.theme import figure_of, label_axis, value_axis


@dataclass(frozen=True)
class Dot:
    """A value known to lie from `low` to `high`; `text` is what a reader hears; `beside` is drawn hollow."""

    name: str
    value: float
    low: float
    high: float
    text: str
    beside: float | None = None


def dots(found: Sequence[Dot], measure: Measure, *, name: str, beside: str = "") -> Figure:
    """One row a dot, the first on top; `name` and `beside` say what the full and the hollow marks are."""
    every = [number for one in found for number in (one.value, one.low, one.high)]
    every += [one.beside for one in found if one.beside is not None]
    names = [one.name for one in found]
    traces = [_marks(found, name)]
    hollow = [one for one in found if one.beside is not None]
    if hollow and beside:
        traces.insert(0, _hollow(hollow, measure, beside))
    layout = {
        "xaxis": value_axis(every, measure, from_zero=False),
        "yaxis": label_axis(names, "month", measure.language) | {"autorange": "reversed"},
        "hovermode": "closest",
        "showlegend": len(traces) > 1,
    }
    return figure_of(traces, layout, measure)


def _marks(found: Sequence[Dot], name: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [one.value for one in found],
        "y": [one.name for one in found],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [one.high - one.value for one in found],
            "arrayminus": [one.value - one.low for one in found],
            "thickness": 2,
            "width": 5,
        },
        "marker": {"size": 10},
        "customdata": [[one.text, ""] for one in found],
        "hovertemplate": "%{customdata[0]}<extra></extra>",
        "meta": {"colour": "accent"},
    }


def _hollow(found: Sequence[Dot], measure: Measure, name: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [one.beside for one in found],
        "y": [one.name for one in found],
        "marker": {"size": 10, "symbol": "circle-open", "line": {"width": 2}},
        "customdata": [[measure.full(one.beside), ""] for one in found],
        "hovertemplate": "%{customdata[0]}",
        "meta": {"colour": "ink-3"},
    }
