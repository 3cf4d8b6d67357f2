"""Marks on a chart of days: a line with a number, whose words stand under the chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from ui.charts.model import Figure


@dataclass(frozen=True)
class Mark:
    """A day that something happened on; `label` is a number or a sign; `colour` is a token name."""

    day: dt.date
    label: str
    colour: str = "accent"


def with_marks(figure: Figure, marks: Sequence[Mark]) -> Figure:
    """The figure of `trend` with a vertical line and a label at each mark; an empty figure stays empty."""
    if not figure or not marks:
        return figure
    layout = figure["layout"]
    lines = [
        {
            "type": "line", "xref": "x", "yref": "paper", "x0": mark.day.isoformat(), "x1": mark.day.isoformat(),
            "y0": 0, "y1": 1, "line": {"width": 1, "dash": "dot"}, "name": mark.colour,
        }
        for mark in marks
    ]  # fmt: skip
    labels = [
        {
            "x": mark.day.isoformat(), "y": 1, "xref": "x", "yref": "paper", "text": mark.label, "showarrow": False,
            "xanchor": "center", "yanchor": "bottom", "name": mark.colour,
        }
        for mark in marks
    ]  # fmt: skip
    changed = {
        "shapes": [*layout.get("shapes", ()), *lines],
        "annotations": [*layout.get("annotations", ()), *labels],
        "margin": {**layout.get("margin", {}), "t": 24},
    }
    return {**figure, "layout": layout | changed}
