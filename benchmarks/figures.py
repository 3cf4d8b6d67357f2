"""What a benchmark says: figures with their unit, their goal and whether it holds on this machine today."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value; `goal` is an upper bound, None where the figure only stands beside another."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    note: str = ""

    @property
    def holds(self) -> bool | None:
        return None if self.goal is None else self.value <= self.goal


def machine() -> str:
    """Processor count, memory and versions: what a reader needs to compare."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {pages:.0f} GiB, {system}"


def as_json(bench: str, figures: Sequence[Figure]) -> str:
    return json.dumps(
        {"bench": bench, "machine": machine(), "figures": [{**asdict(f), "holds": f.holds} for f in figures]},
        ensure_ascii=False,
    )


def as_lines(bench: str, figures: Sequence[Figure]) -> str:
    lines = [f"{bench} on {machine()}"]
    for f in figures:
        goal = "" if f.goal is None else f"  goal ≤ {f.goal:g}: {'holds' if f.holds else 'MISSED'}"
        lines.append(f"  {f.name:24} {f.value:>12.4g} {f.unit:8}{goal}  {f.note}")
    return "\n".join(lines)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of the values don't exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
