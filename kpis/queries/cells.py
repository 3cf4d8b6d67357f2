"""Cells of a board: plain values, made once and read by the page, the API, the export and the home page alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kpis.catalogue import Kpi
from kpis.queries.coverage import Gap
from kpis.queries.grid import NO_BASE
from kpis.queries.money import MONTHLY, Conversion
from kpis.queries.rates_used import UsedRate
from kpis.queries.settling import Moving, Settling
from kpis.spans import Span
from kpis.values import Value


@dataclass(frozen=True, slots=True)
class Cell:
    """One KPI in one market, or in all of them (`market` is then empty).

    `amounts` are the sums that the formula stood on. `previous` and `last_year` are the values compared with: of the
    same days where the span is still running. `through`: the last day with data, where the value still moves.
    `moving`: which days still change by their sources' rules, and until when. `elapsed` is the share of the span's
    days that the data cover. `left_out` names markets (in a total) or months in which a part of the formula was not
    measured.
    """

    kpi: str
    market: str
    currency: str
    actual: Value
    target: Value
    reached: Value
    state: str
    previous: Value = NO_BASE
    last_year: Value = NO_BASE
    trend: tuple[float | None, ...] = ()
    through: dt.date | None = None
    elapsed: float = 1.0
    gaps: tuple[Gap, ...] = ()
    left_out: tuple[str, ...] = ()
    amounts: Mapping[str, float] = field(default_factory=dict)
    moving: Moving | None = None

    @property
    def settled(self) -> bool:
        """Whether the value no longer changes by itself: its days are there, and their sources are done with them."""
        return self.through is None and self.moving is None

    def base(self, compare: str) -> Value:
        """What the cell is compared with: `previous` or `year`."""
        return self.last_year if compare == "year" else self.previous


@dataclass(frozen=True, slots=True)
class MarketColumn:
    """A column of the board."""

    code: str
    name_ko: str
    name_en: str
    currency: str
    time_zone: str = "UTC"

    def name(self, language: str) -> str:
        return self.name_ko if language.startswith("ko") else self.name_en


@dataclass(frozen=True, slots=True)
class BoardAsk:
    """What a board is asked for. `currency` is an ISO code, or "own" for every market in its own.

    `channels`: only these, none means all; `channel_names` are then those of the data, by market and kind of data.
    `version` is one of targets; empty: the one that is active at the client.
    `known_on`: the moment whose knowledge is asked for, with `known_day` as the day that a person named; None: now.
    `settling`: the sources' rules at that moment; without them nothing is said to move but what its data show.
    """

    span: Span
    kpis: tuple[Kpi, ...]
    markets: tuple[MarketColumn, ...]
    currency: str
    home_currency: str
    channels: tuple[str, ...] = ()
    channel_names: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    conversion: Conversion = MONTHLY
    version: str = ""
    known_on: dt.datetime | None = None
    known_day: dt.date | None = None
    settling: Settling | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(market.code for market in self.markets)

    @property
    def own(self) -> dict[str, str]:
        return {market.code: market.currency for market in self.markets}


@dataclass(frozen=True, slots=True)
class Row:
    """One KPI over all markets."""

    kpi: Kpi
    total: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Rows in the order of the journey. `missing_rates` are "EUR 2026-10": what has to be entered.

    `rates` are those that the span's amounts were converted with, by market and measure.
    """

    ask: BoardAsk
    rows: tuple[Row, ...]
    missing_rates: tuple[str, ...] = ()
    has_data: bool = True
    sources: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    through: Mapping[tuple[str, str], dt.date] = field(default_factory=dict)
    rates: Mapping[tuple[str, str], tuple[UsedRate, ...]] = field(default_factory=dict)

    def rates_of(self, measures: Iterable[str], market: str = "") -> tuple[UsedRate, ...]:
        """What these measures of a market were converted with; of all markets without one."""
        wanted = set(measures)
        found = (
            rate
            for (code, measure), rates in self.rates.items()
            if measure in wanted and market in ("", code)
            for rate in rates
        )
        return tuple(sorted(dict.fromkeys(found)))

    def row(self, key: str) -> Row:
        return next(row for row in self.rows if row.kpi.key == key)
