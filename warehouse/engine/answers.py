"""Answers that were just given, kept for as long as the lake they came from doesn't change."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

MOST_CELLS = 600_000  # of all that are kept: some twenty megabytes a process, for most cells of wide answers are empty
MOST_CELLS_OF_ONE = 300_000  # three years of thirty markets by month, every measure


@dataclass(frozen=True)
class Answer:
    """Column names and rows as the engine gave them."""

    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def cells(self) -> int:
        return len(self.names) * len(self.rows)

    def as_dicts(self) -> list[dict[str, Any]]:
        """Fresh dicts each time: whoever asked may change theirs."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


Key = tuple[str, str, str]  # client, version of its data, statement


class Answers:
    """The latest answers of a process, within a number of cells."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Answer] = OrderedDict()
        self._cells = 0
        self._lock = threading.Lock()

    def get(self, key: Key) -> Answer | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Key, answer: Answer) -> None:
        if answer.cells > MOST_CELLS_OF_ONE:
            return
        with self._lock:
            if key not in self._kept:
                self._kept[key] = answer
                self._cells += answer.cells
            while self._cells > MOST_CELLS:
                self._cells -= self._kept.popitem(last=False)[1].cells

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()
            self._cells = 0
