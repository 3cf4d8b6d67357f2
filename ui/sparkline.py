"""A row of numbers as the points of a small line with gaps where there is no number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

MARGIN = 2.0


@dataclass(frozen=True)
class Sparkline:
    """`path` is an SVG path with one move a run; `dots` are lone points and the last one (x, y as text)."""

    path: str
    lone: tuple[tuple[str, str], ...]
    last: tuple[str, str] | None
    width: int
    height: int


def sparkline_of(values: Sequence[float | None], *, width: int = 58, height: int = 18) -> Sparkline:
    """The line through `values`, scaled to its own lowest and highest; None and NaN leave a gap."""
    known = [value if _is_number(value) else None for value in values]
    numbers = [float(value) for value in known if value is not None]
    if not numbers:
        return Sparkline("", (), None, width, height)
    low, span = min(numbers), max(numbers) - min(numbers)
    step = (width - 2 * MARGIN) / max(len(known) - 1, 1)

    def point(index: int, value: float) -> tuple[str, str]:
        share = (value - low) / span if span else 0.5
        return f"{MARGIN + index * step:.1f}", f"{height - MARGIN - share * (height - 2 * MARGIN):.1f}"

    runs: list[list[tuple[str, str]]] = [[]]
    for index, value in enumerate(known):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(point(index, float(value)))
    path = "".join("M" + "L".join(f"{x} {y}" for x, y in run) for run in runs if len(run) > 1)
    lone = tuple(run[0] for run in runs if len(run) == 1)
    last = point(len(known) - 1, float(known[-1])) if known[-1] is not None else None
    return Sparkline(path, lone, last, width, height)


def _is_number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)
