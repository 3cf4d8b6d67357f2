"""What a sync is to read, cut into portions that a vendor answers: by table, account and span of days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.db.models import Max

from sources.connectors import connector
from sources.connectors.kinds import Account, Stream, Window
from sources.models import Connection, Portion, PortionState, Sync, SyncKind


def last_whole_day(account: Account, zone: str, now: dt.datetime) -> dt.date:
    """Yesterday, where the account's days begin."""
    return now.astimezone(ZoneInfo(account.zone or zone)).date() - dt.timedelta(days=1)


def make_portions(sync: Sync, now: dt.datetime) -> int:
    """Write the portions of a new sync, oldest days first; answers how many."""
    made = [
        Portion(sync=sync, number=number, stream=stream, account=account, first=window.first, last=window.last)
        for number, (stream, account, window) in enumerate(_cut(sync, now))
    ]
    Portion.objects.bulk_create(made)
    return len(made)


def _cut(sync: Sync, now: dt.datetime) -> Iterator[tuple[str, str, Window]]:
    connection = sync.connection
    kind = connector(connection.connector)
    streams = [kind.stream(key) for key in connection.streams]
    for stream in streams:
        for raw in connection.accounts:
            account = Account.from_json(raw)
            last = min(sync.last, last_whole_day(account, kind.zone, now))
            first = max(_first(sync, stream, account, last), last - dt.timedelta(days=kind.limits.retention_days))
            yield from ((stream.key, account.key, window) for window in windows(first, last, stream.window_days))


def _first(sync: Sync, stream: Stream, account: Account, last: dt.date) -> dt.date:
    """Where a sync begins: where it was asked to; on schedule with what is still moving, or what was never read."""
    if sync.kind != SyncKind.SCHEDULED:
        return sync.first
    again = last - dt.timedelta(days=look_back(sync.connection, stream) - 1)
    reached = read_until(sync.connection, stream.key, account.key)
    return max(sync.first, min(again, reached + dt.timedelta(days=1)) if reached else sync.first)


def look_back(connection: Connection, stream: Stream) -> int:
    """How many days are read again."""
    return max(1, int(connection.look_back.get(stream.key, stream.look_back_days)))


def read_until(connection: Connection, stream: str, account: str) -> dt.date | None:
    """The last day that was ever loaded of a table and account."""
    loaded = Portion.objects.filter(
        sync__connection=connection, stream=stream, account=account, state=PortionState.LOADED
    )
    found: dt.date | None = loaded.aggregate(last=Max("last"))["last"]
    return found


def windows(first: dt.date, last: dt.date, most_days: int) -> Iterator[Window]:
    """The days from `first` to `last` in spans of at most `most_days`."""
    while first <= last:
        end = min(first + dt.timedelta(days=most_days - 1), last)
        yield Window(first, end)
        first = end + dt.timedelta(days=1)
