"""What a chart is made of, before it is drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext, ngettext, override

from problems.errors import Sentence
from ui import formats
from ui.components import HowToRead

Figure = dict[str, Any]
Label = str | dt.date
MOST_SERIES = 7


@dataclass(frozen=True)
class Measure:
    """What the numbers of a chart are, and in which language they are written."""

    unit: str
    currency: str = "KRW"
    language: str = "ko"

    def full(self, value: formats.Number) -> str:
        """The value as the hover text and the table write it."""
        return formats.format_value(value, self.unit, currency=self.currency, language=self.language)

    def short(self, value: formats.Number) -> str:
        """The value as ticks and labels write it."""
        return formats.format_value(value, self.unit, currency=self.currency, language=self.language, compact=True)


@dataclass(frozen=True)
class Series:
    """A named row of values, one a day or label; None is a gap. `links` are addresses that the points lead to.

    `colour` is a token name (cat-3, stage-4, good); empty: by its place in the chart.
    """

    name: str
    values: Sequence[float | None]
    colour: str = ""
    links: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Target:
    """What was aimed at: one number for all days, or one a day."""

    name: str
    values: float | Sequence[float | None]


@dataclass(frozen=True)
class ChartTable:
    """The chart's data as it is read out and copied: the first column names the row."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Chart:
    """A chart with all that stands around it.

    `summary` is the one sentence a screen reader hears; `scope` is written on the exported picture; `notes` tell
    what was left out; `empty` is the reason why there is nothing to draw.
    """

    title: Sentence
    how: HowToRead
    figure: Figure = field(default_factory=dict)
    table: ChartTable = ChartTable((), ())
    summary: Sentence = ""
    scope: Sentence = ""
    csv_url: str = ""
    notes: Sequence[Sentence] = field(default=())
    empty: Sentence = ""


def table_of(labels: Sequence[Label], series: Sequence[Series], measure: Measure, *, head: str) -> ChartTable:
    """The same numbers as a table: one row a label, one column a series."""
    rows = [
        [label_text(label, measure.language), *(measure.full(one.values[index]) for one in series)]
        for index, label in enumerate(labels)
    ]
    return ChartTable([head, *(one.name for one in series)], rows)


def fold(
    series: Sequence[Series], *, additive: bool, language: str = "ko", keep: int = MOST_SERIES
) -> tuple[list[Series], str]:
    """The `keep` largest series and, where they may be added, the sum of the others; and a note that tells it.

    Where they may not be added (a rate, people), the others are left out. The order of the kept is as given.
    """
    if len(series) <= keep:
        return list(series), ""
    ranked = sorted(series, key=lambda one: sum(abs(value) for value in one.values if value is not None), reverse=True)
    kept = {id(one) for one in ranked[:keep]}
    rest = ranked[keep:]
    shown = [_coloured(one, index) for index, one in enumerate(series) if id(one) in kept]
    with override(language):
        if not additive:
            note = ngettext(
                "%(number)d more is not drawn; it is in the table.",
                "%(number)d more are not drawn; they are in the table.",
                len(rest),
            )
            return shown, note % {"number": len(rest)}
        note = ngettext("“Other” is %(number)d more.", "“Other” is the sum of %(number)d more.", len(rest))
        sums = [_sum(one.values[at] for one in rest) for at in range(len(rest[0].values))]
        return [*shown, Series(gettext("Other"), sums, "cat-other")], note % {"number": len(rest)}


def _coloured(one: Series, index: int) -> Series:
    # A series keeps the colour of its place among all, so that folding does not repaint it.
    return one if one.colour else replace(one, colour=f"cat-{index % 10 + 1}")


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def label_text(label: Label, language: str) -> str:
    """A day or a name as text."""
    return formats.format_day(label, language=language) if isinstance(label, dt.date) else str(label)
