"""When a connection is to be read again: every few hours, or once a day at an hour of the client's own."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from sources.models import Connection
from tenants.current import open_client

DAY = 24


def next_due(connection: Connection, now: dt.datetime) -> dt.datetime:
    """The next time after `now`. A day whose hour doesn't exist or comes twice (clocks change) has one all the same."""
    if connection.every_hours < DAY:
        return now + dt.timedelta(hours=connection.every_hours)
    zone = ZoneInfo(open_client().time_zone)
    local = now.astimezone(zone)
    day = local.date()
    while True:
        due = dt.datetime.combine(day, dt.time(connection.at_hour), zone).astimezone(dt.UTC)
        if due > now:
            return due
        day += dt.timedelta(days=max(1, connection.every_hours // DAY))
