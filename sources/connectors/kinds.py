"""What a connector is: which accounts it can read, which tables it gives, page by page, and what a vendor allows.

A connector knows a vendor and nothing else: no model, no screen, no lake. It hands over pages as the vendor sent them
(`Page.body`, kept as received) and reads records out of them again (`Stream.records`), so that a mapping can be
corrected and replayed without asking the vendor a second time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from problems.errors import Sentence

if TYPE_CHECKING:
    from sources.connectors.session import VendorSession

Group = Literal["ads", "search", "commerce", "stores", "app"]
Record = Mapping[str, Any]
Cursor = Mapping[str, Any]  # JSON: where the next page begins


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a person must have at hand to connect. A secret is encrypted and never shown again."""

    key: str
    label: Sentence
    help: Sentence = ""
    secret: bool = True
    pattern: str = ""  # a regular expression that the whole value must match
    example: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """An account that the credentials may read; `zone` is where its days begin."""

    key: str
    name: str
    currency: str = ""
    zone: str = ""

    def as_json(self) -> dict[str, str]:
        return {"key": self.key, "name": self.name, "currency": self.currency, "zone": self.zone}

    @classmethod
    def from_json(cls, raw: Mapping[str, str]) -> Account:
        return cls(raw["key"], raw.get("name", ""), raw.get("currency", ""), raw.get("zone", ""))


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a vendor as received. `after`: where the next one begins; None when this was the last."""

    body: bytes
    after: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Which canonical column a record's field becomes. `kind` is how its text is read (see `warehouse.plan.Cast`)."""

    column: str
    kind: Literal["text", "number", "date", "timestamp"] = "text"
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stream:
    """One table of a vendor.

    `targets`: field of a record → canonical column; a field that isn't named there is new to us. `constants`:
    canonical columns that are the same in every row. `campaign`: the field that rules of markets look at.
    `window_days`: most days of one call; `look_back_days`: how far back a sync reads again, because the vendor
    still changes those days.
    """

    key: str
    name: Sentence
    table: str
    targets: Mapping[str, Target]
    records: Callable[[bytes], Iterable[Record]]
    window_days: int
    look_back_days: int
    constants: Mapping[str, str] = field(default_factory=dict)
    campaign: str = "campaign"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a vendor allows. `gap_s`: least seconds between two calls; `retention_days`: how far back it remembers."""

    retention_days: int
    gap_s: float = 0.0
    calls_at_once: int = 1


class Client(Protocol):
    """A vendor's interface with somebody's credentials. Errors of every method: VendorProblem."""

    def accounts(self) -> list[Account]:
        """The accounts that the credentials may read; this is also the test of the connection."""
        ...

    def pages(self, stream: Stream, account: Account, window: Window, after: Cursor | None) -> Iterator[Page]:
        """The pages of a window, from the beginning or from where an earlier page left off."""
        ...


@dataclass(frozen=True, slots=True)
class Connector:
    """A vendor as the catalogue shows it. `rule` names its rule of `sources.settling`; `host` is where it answers."""

    key: str
    name: Sentence
    group: Group
    about: Sentence
    host: str
    needs: tuple[Need, ...]
    streams: tuple[Stream, ...]
    limits: Limits
    rule: str
    open: Callable[[VendorSession, Mapping[str, str]], Client]
    guide: tuple[Sentence, ...] = ()
    currency: str = ""
    zone: str = ""
    words: tuple[str, ...] = ()

    def stream(self, key: str) -> Stream:
        return next(stream for stream in self.streams if stream.key == key)

    @property
    def secret_keys(self) -> frozenset[str]:
        return frozenset(need.key for need in self.needs if need.secret)
