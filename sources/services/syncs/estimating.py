"""What a first back-fill costs, before it is asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sources.connectors.kinds import Connector

CALL_S = 1.0  # of a vendor that answers promptly
LOAD_S = 3.0  # of a portion


@dataclass(frozen=True)
class Estimate:
    """`days` that the vendor still remembers; `calls` and `seconds` at least, because pages aren't known before."""

    days: int
    portions: int
    calls: int
    seconds: int
    is_cut: bool

    @property
    def minutes(self) -> int:
        return max(1, math.ceil(self.seconds / 60))


def estimate(kind: Connector, streams: Sequence[str], accounts: int, days: int) -> Estimate:
    """What reading so many days of so many accounts takes."""
    kept = max(0, min(days, kind.limits.retention_days))
    read = [stream for stream in kind.streams if stream.key in streams] or list(kind.streams)
    portions = sum(accounts * math.ceil(kept / stream.window_days) for stream in read)
    calls = portions + accounts
    seconds = math.ceil(calls * max(kind.limits.gap_s, CALL_S) + portions * LOAD_S)
    return Estimate(kept, portions, calls, seconds, kept < days)
