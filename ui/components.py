"""What the components take: one small frozen value a component, made by the page's own view or query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from problems.errors import Sentence

STATES = ("good", "warn", "bad", "moving", "missing", "none")


@dataclass(frozen=True)
class Figure:
    """One number that can be defended.

    `missing` is the reason why there is no value (shown in place of it, hatched); value None without a reason is
    "–", not applicable. `formula` has its numbers in it.
    """

    value: float | int | Decimal | None
    unit: str
    currency: str = "KRW"
    formula: Sentence = ""
    source: Sentence = ""
    freshness: Sentence = ""
    currency_rule: Sentence = ""
    moving: bool = False
    missing: Sentence = ""

    @property
    def is_explained(self) -> bool:
        return bool(self.formula or self.source or self.freshness or self.currency_rule)


@dataclass(frozen=True)
class Change:
    """From `old` to `new`; `compared_with` names the comparison; `better` is up, down, band or none."""

    new: float | int | Decimal | None
    old: float | int | Decimal | None
    unit: str
    compared_with: Sentence = ""
    better: str = "none"


@dataclass(frozen=True)
class KpiCard:
    """One KPI at a glance; `achievement` is actual over target as a rate, `stage` 1 to 5 (0: none)."""

    name: Sentence
    figure: Figure
    second_name: Sentence = ""
    url: str = ""
    stage: int = 0
    target: Figure | None = None
    achievement: float | None = None
    state: str = "none"
    changes: Sequence[Change] = field(default=())
    trend: Sequence[float | None] = field(default=())
    trend_label: Sentence = ""
    note: Sentence = ""


@dataclass(frozen=True)
class HowToRead:
    """The four sentences behind the ⓘ of every chart and KPI."""

    shows: Sentence
    computed: Sentence
    read: Sentence
    next: Sentence


@dataclass(frozen=True)
class Tab:
    label: Sentence
    url: str
    active: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Step:
    """One step of a wizard; `state` is done, current or ahead; a `url` lets a person go back to it."""

    label: Sentence
    state: str
    hint: Sentence = ""
    url: str = ""


@dataclass(frozen=True)
class TimelineEntry:
    title: Sentence
    at: dt.datetime
    body: Sentence = ""
    actor: str = ""
    icon: str = "circle"
    tone: str = ""
    url: str = ""
