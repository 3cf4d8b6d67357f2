"""How a connection stands, and the one thing to do about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from problems.errors import Sentence
from sources.connectors import connector
from sources.connectors.kinds import Connector
from sources.connectors.problems import NotPermitted
from sources.errors import stored_problem
from sources.models import Connection, ConnectionState, Portion, PortionState, Sync, SyncState
from sources.queries.connections import accounts_seen, connections_seen_by, markets_fed, sees_all_of
from sources.services.syncs.asking import OPEN
from sources.services.syncs.connecting import failed_sync
from tenants.access import Access

LATE_AFTER = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Act:
    """The one thing to do: a link, or a button that is posted."""

    label: Sentence
    url: str
    is_post: bool = False


@dataclass(frozen=True)
class Health:
    """`tone` as `ui.status` has it; `sentence` and `fix` stand where something is wrong."""

    tone: str
    words: Sentence
    sentence: Sentence = ""
    fix: Sentence = ""
    act: Act | None = None

    @property
    def is_wrong(self) -> bool:
        return bool(self.sentence)


@dataclass(frozen=True)
class HealthLine:
    """One connection in the list of all."""

    connection: Connection
    kind: Connector
    health: Health
    markets: Sequence[str]
    read_until: dt.date | None
    running: Sync | None


def health_lines(access: Access, now: dt.datetime) -> list[HealthLine]:
    """Every connection that this person may see; what is wrong comes first."""
    order = ("bad", "warn", "moving", "none", "good")
    lines = [_line(access, connection, now) for connection in connections_seen_by(access)]
    return sorted(lines, key=lambda line: order.index(line.health.tone))


def _line(access: Access, connection: Connection, now: dt.datetime) -> HealthLine:
    names = {market.code: str(market) for market in access.markets}
    running = open_sync(connection)
    return HealthLine(
        connection=connection,
        kind=connector(connection.connector),
        health=health_of(access, connection, running, now),
        markets=[name for code, name in names.items() if code in markets_fed(connection)],
        read_until=read_until_of(access, connection),
        running=running,
    )


def open_sync(connection: Connection) -> Sync | None:
    """The sync that is waiting or running; there is one at most."""
    return connection.syncs.filter(state__in=OPEN).first()


def read_until_of(access: Access, connection: Connection) -> dt.date | None:
    """The day up to which every account that this person sees has been read; None when one never was."""
    accounts = [raw["key"] for raw in accounts_seen(access, connection)]
    loaded = Portion.objects.filter(sync__connection=connection, state=PortionState.LOADED, account__in=accounts)
    places = loaded.values("stream", "account").annotate(until=Max("last"))
    found = {(place["stream"], place["account"]): place["until"] for place in places}
    wanted = [(stream, account) for stream in connection.streams for account in accounts]
    days = [found.get(place) for place in wanted]
    return min((day for day in days if day is not None), default=None) if days and None not in days else None


def health_of(access: Access, connection: Connection, running: Sync | None, now: dt.datetime) -> Health:
    """Where it stands. Who may not manage it learns that something is wrong, and not what the vendor said."""
    if connection.state == ConnectionState.PAUSED:
        act = Act(_("Resume"), reverse("sources:connection-resume", args=[connection.pk]), is_post=True)
        return Health("none", _("paused"), act=act if access.can("manage_connections") else None)
    if connection.problem and not (running and connection.state == ConnectionState.ACTIVE):
        return _wrong(access, connection)
    if running is not None:
        waits = running.state == SyncState.WAITING
        return Health("moving", _("waiting for its turn") if waits else _("being read"))
    failed = failed_sync(connection)
    if failed is not None and access.can("manage_connections"):
        act = Act(_("Try again"), reverse("sources:sync-retry", args=[failed.pk]), is_post=True)
        return Health("warn", _("unfinished"), _("The last sync was stopped before its end."), _("Let it go on."), act)
    if connection.due_at is not None and connection.due_at < now - LATE_AFTER:
        return Health(
            "warn",
            _("overdue"),
            _("This was due to be read and hasn't begun."),
            _("The portal's schedule may be standing still: tell its operator. You can start a sync by hand."),
            _read_now(connection) if access.can("manage_connections") else None,
        )
    return Health("good", _("in order"))


def _wrong(access: Access, connection: Connection) -> Health:
    is_broken = connection.state == ConnectionState.BROKEN
    tone, words = ("bad", _("needs you")) if is_broken else ("warn", _("last sync stopped"))
    if not access.can("manage_connections"):
        shown = sees_all_of(access, connection)
        what = stored_problem(connection.problem or {})[0] if shown else _("This source can't be read at the moment.")
        return Health(tone, _("can't be read"), what, _("An admin of this client can see why and mend it."))
    sentence, fix = stored_problem(connection.problem or {})
    return Health(tone, words, sentence, fix, _mend(connection, is_broken))


def _mend(connection: Connection, is_broken: bool) -> Act | None:
    if is_broken and (connection.problem or {}).get("code") == NotPermitted.code:
        return Act(_("Change accounts"), reverse("sources:connection-choices", args=[connection.pk]))
    if is_broken:
        return Act(_("Change keys"), reverse("sources:connection-keys", args=[connection.pk]))
    failed = failed_sync(connection)
    if failed is not None:
        return Act(_("Try again"), reverse("sources:sync-retry", args=[failed.pk]), is_post=True)
    return _read_now(connection)


def _read_now(connection: Connection) -> Act:
    return Act(_("Sync now"), reverse("sources:connection-read", args=[connection.pk]), is_post=True)
