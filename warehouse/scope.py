"""Who asks, for what: nothing in the warehouse is read without a Scope, nothing written without a Tenancy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Period:
    """Days from `start` up to, not including, `end`; days are the market's own calendar days."""

    start: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a period ends after it starts: {self.start} .. {self.end}")

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day < self.end


@dataclass(frozen=True)
class MarketFacts:
    """What the warehouse needs to know of a market."""

    code: str
    currency: str
    time_zone: str


@dataclass(frozen=True)
class Tenancy:
    """What the warehouse needs to know of a client to write for it.

    `markets` are all markets of the client; `loadable` the codes that the person who writes may load.
    `fiscal_start` is the month (1 to 12) in which the client's year begins.
    """

    client: str
    markets: Mapping[str, MarketFacts]
    loadable: frozenset[str]
    home_currency: str = "KRW"
    fiscal_start: int = 1


@dataclass(frozen=True)
class Scope:
    """Every read's answer to: which client, which markets may this person see, when, in what money.

    `client` is the schema name; `markets` are codes, never empty and never "all": whoever builds a Scope
    has looked up what the person may see. `currency` None means: as booked. `known_on` is a moment: what is read is
    what the lake said then; None means now.
    """

    client: str
    markets: tuple[str, ...]
    period: Period
    currency: str | None = None
    time_zone: str = "UTC"
    channels: tuple[str, ...] = field(default=())
    known_on: dt.datetime | None = None

    def __post_init__(self) -> None:
        if not self.client or self.client == "public":
            raise ValueError("a Scope names a client's schema")
        if not self.markets:
            raise ValueError("a Scope names at least one market")
        if self.known_on is not None and self.known_on.tzinfo is None:
            raise ValueError("a Scope's moment says its time zone")
