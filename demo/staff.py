"""Who works with a sample client, and when: the logins' own rights, and moments that lie before the story's today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from demo.calendar import Window
from demo.logins import LOGINS
from tenants.access import Access, access_of
from tenants.models import Client, User
from tenants.queries import membership_at


@dataclass(frozen=True)
class Staff:
    """The sample's people by the first word of their address, and the days that the story tells."""

    client: Client
    people: Mapping[str, Access]
    window: Window

    def __getitem__(self, name: str) -> Access:
        return self.people[name]

    def number(self, name: str) -> int:
        """The number of a person's login."""
        return int(self.people[name].user.pk)

    @property
    def today(self) -> dt.date:
        return self.window.end

    def ago(self, days: int) -> dt.date:
        return self.window.end - dt.timedelta(days=days)

    def at(self, day: dt.date, hour: int = 10) -> dt.datetime:
        """A moment in the client's time zone; today has only just begun."""
        time = dt.time(hour) if day < self.today else dt.time()
        return dt.datetime.combine(day, time, ZoneInfo(self.client.time_zone))


def staff_of(client: Client, window: Window) -> Staff:
    """Everybody who has a role at this client."""
    people = {}
    for login in LOGINS:
        user = User.objects.filter(email=login.email).first()
        membership = membership_at(user, client.slug) if user else None
        if membership is not None:
            people[login.email.partition("@")[0]] = access_of(membership)
    return Staff(client, people, window)
