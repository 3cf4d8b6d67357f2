"""Steps that add up: each bar begins where the one before it ended, the last one is their sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ui.charts.model import Figure, Measure
from ui.charts.theme import figure_of, label_axis, value_axis

# Which token a rise and a fall have: good and bad where one side is good, else two colours without a meaning.
TONES = {"up": ("good", "bad"), "down": ("bad", "good")}
TEXT_ROOM = 0.2  # of the axis: what "−₩1,234만" takes at the width of a phone
NEUTRAL = ("cat-1", "cat-2")


@dataclass(frozen=True)
class Rung:
    """One step: its name, by how much it moves, and that as people read it (signed)."""

    name: str
    amount: float
    text: str


def waterfall(rungs: Sequence[Rung], whole: Rung, measure: Measure, *, better: str = "none") -> Figure:
    """Rungs from zero to their sum, one under the other; `better` is up, down, or none where no side is good."""
    starts: list[float] = []
    reached = 0.0
    for rung in rungs:
        starts.append(reached)
        reached += rung.amount
    every = [*rungs, whole]
    starts.append(0.0)
    ends = [start + rung.amount for start, rung in zip(starts, every, strict=True)]
    rise, fall = TONES.get(better, NEUTRAL)
    kinds = (
        (rise, [at for at, rung in enumerate(rungs) if rung.amount >= 0]),
        (fall, [at for at, rung in enumerate(rungs) if rung.amount < 0]),
        ("accent", [len(rungs)]),
    )
    axis = value_axis([*starts, *ends], measure, from_zero=True)
    layout = {
        "xaxis": axis | {"range": _with_room(axis["range"], every)},
        "yaxis": label_axis([rung.name for rung in every], "month", measure.language) | {"autorange": "reversed"},
        "hovermode": "closest",
        "barmode": "overlay",
        "bargap": 0.35,
    }
    traces = [_bars(every, starts, places, colour) for colour, places in kinds if places]
    return figure_of(traces, layout, measure)


def _with_room(shown: Sequence[float], rungs: Sequence[Rung]) -> list[float]:
    """The axis' range with space for the texts that stand beside the ends of bars, also on a phone."""
    room = (shown[1] - shown[0]) * TEXT_ROOM
    left = room if any(rung.amount < 0 for rung in rungs) else 0.0
    right = room if any(rung.amount >= 0 for rung in rungs) else 0.0
    return [shown[0] - left, shown[1] + right]


def _bars(rungs: Sequence[Rung], starts: Sequence[float], places: Sequence[int], colour: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": "",
        "orientation": "h",
        "y": [rungs[at].name for at in places],
        "x": [rungs[at].amount for at in places],
        "base": [starts[at] for at in places],
        "customdata": [[rungs[at].text, ""] for at in places],
        "hovertemplate": "%{customdata[0]}<extra></extra>",
        "text": [rungs[at].text for at in places],
        "textposition": "outside",
        "cliponaxis": False,
        "textangle": 0,
        "constraintext": "none",
        "meta": {"colour": colour},
    }
