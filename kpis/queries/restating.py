"""Restatements as alerts read them: which month of a KPI was given another value, and from when that is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Protocol

from tenants.access import Access


class Told(Protocol):
    """A month's value in one market that changed after it had been reported; money in the market's own currency."""

    market: str
    kpi: str
    month: dt.date
    old: float | None
    new: float | None
    known_from: dt.datetime


# Where restatements are read from: (access, moment) → those known after it, in this person's markets.
# Without it alerts can't be of this kind.
SOURCE: Callable[[Access, dt.datetime], Sequence[Told]] | None = None


def restated_since(access: Access, key: str, first: dt.date) -> tuple[Told, ...]:
    """Restatements of a KPI that became known from a day on."""
    if SOURCE is None:
        return ()
    moment = dt.datetime.combine(first, dt.time(), tzinfo=dt.UTC) - dt.timedelta(days=1)
    return tuple(one for one in SOURCE(access, moment) if one.kpi == key)
