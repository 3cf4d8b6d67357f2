"""Asking for a sync: by a person, by the clock, or again after a problem; and stopping one."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import suppress

from django.db import IntegrityError, transaction
from django.utils import timezone

from sources.connectors import connector
from sources.errors_connections import ConnectionMoved, NothingToSync, RowsOnTheirWay, SyncRunning
from sources.models import Connection, ConnectionState, Sync, SyncKind, SyncState
from sources.services.holding import is_held
from sources.services.syncs.portions import look_back, read_until
from tenants.access import Access
from tenants.services import record

OPEN = (SyncState.WAITING, SyncState.RUNNING)


def mark(sync_id: str | uuid.UUID) -> str:
    """The name under which a sync is held by whoever works on it."""
    return f"sync:{sync_id}"


def ask_for_sync(access: Access, connection: Connection, first: dt.date, last: dt.date, kind: str) -> Sync:
    """Have some days read in the background.

    Errors: NotAllowed, SyncRunning, NothingToSync, ConnectionMoved when paused.
    """
    access.check("manage_connections")
    if connection.state == ConnectionState.PAUSED:
        raise ConnectionMoved(state=connection.state)
    if last < first:
        raise NothingToSync(first=str(first), last=str(last))
    sync = _made(connection, first, last, kind, access.user.email)
    record(access, "sync.asked", connection.name, first=str(first), last=str(last), kind=kind)
    return sync


def _made(connection: Connection, first: dt.date, last: dt.date, kind: str, email: str) -> Sync:
    try:
        with transaction.atomic():
            sync = Sync.objects.create(connection=connection, first=first, last=last, kind=kind, by_email=email)
    except IntegrityError as error:
        raise SyncRunning(name=connection.name) from error
    transaction.on_commit(lambda: run_later(sync.pk))
    return sync


def run_later(sync_id: uuid.UUID) -> None:
    """Hand a sync to a worker."""
    from sources.tasks import run_sync

    run_sync.delay(str(sync_id))


def ask_for_newest(access: Access, connection: Connection) -> Sync:
    """Read what came since the last time, and again what still changes. Errors: as `ask_for_sync`."""
    today = timezone.now().date()
    return ask_for_sync(access, connection, _since(connection, today), today, SyncKind.BY_HAND)


def ask_for_look_back(access: Access, connection: Connection) -> Sync:
    """Read again the days that the vendor may still change. Errors: as `ask_for_sync`."""
    today = timezone.now().date()
    first = today - dt.timedelta(days=longest_look_back(connection))
    return ask_for_sync(access, connection, first, today, SyncKind.BY_HAND)


def longest_look_back(connection: Connection) -> int:
    """Days, of the table that looks back furthest."""
    kind = connector(connection.connector)
    return max((look_back(connection, kind.stream(key)) for key in connection.streams), default=1)


def plan_due(now: dt.datetime) -> int:
    """Make the syncs that are due in the open client; answers how many."""
    count = 0
    due = Connection.objects.filter(state=ConnectionState.ACTIVE, due_at__lte=now)
    for connection in due.exclude(syncs__state__in=OPEN):
        with suppress(SyncRunning):
            _made(connection, _since(connection, now.date()), now.date(), SyncKind.SCHEDULED, "")
            count += 1
    return count


def _since(connection: Connection, today: dt.date) -> dt.date:
    """The day before which a sync on schedule reads nothing: each table and account begins where it has to."""
    kind = connector(connection.connector)
    places = [(kind.stream(stream), raw["key"]) for stream in connection.streams for raw in connection.accounts]
    reached = [read_until(connection, stream.key, account) for stream, account in places]
    newest = min((day for day in reached if day is not None), default=today)
    return newest - dt.timedelta(days=longest_look_back(connection))


def try_again(access: Access, sync: Sync) -> Sync:
    """Go on with a sync that a problem stopped, from the page that it had reached.

    Errors: NotAllowed, ConnectionMoved, SyncRunning.
    """
    access.check("manage_connections")
    with transaction.atomic():
        locked = Sync.objects.select_for_update().get(pk=sync.pk)
        if locked.state not in (SyncState.FAILED, SyncState.CANCELLED):
            raise ConnectionMoved(state=locked.state)
        if locked.connection.syncs.filter(state__in=OPEN).exists():
            raise SyncRunning(name=locked.connection.name)
        locked.state, locked.attempts, locked.problem, locked.stop_asked = SyncState.WAITING, 0, None, False
        locked.finished_at = None
        locked.save()
        Connection.objects.filter(pk=locked.connection_id, state=ConnectionState.BROKEN).update(
            state=ConnectionState.ACTIVE, problem=None
        )
        record(access, "sync.again", locked.connection.name, id=str(locked.pk))
        transaction.on_commit(lambda: run_later(locked.pk))
    return locked


def cancel_sync(access: Access, sync: Sync) -> None:
    """Stop a sync; what was loaded stays. Errors: NotAllowed, ConnectionMoved when it is over, RowsOnTheirWay."""
    access.check("manage_connections")
    if sync.kind == SyncKind.REPLAY and sync.state in OPEN:
        raise RowsOnTheirWay()
    now = timezone.now()
    waiting = Sync.objects.filter(pk=sync.pk, state=SyncState.WAITING)
    if waiting.update(state=SyncState.CANCELLED, finished_at=now, changed_at=now):
        pass
    elif not Sync.objects.filter(pk=sync.pk, state=SyncState.RUNNING).update(stop_asked=True, changed_at=now):
        raise ConnectionMoved(state=sync.state)
    record(access, "sync.cancelled", sync.connection.name, id=str(sync.pk))


def resume_syncs(silent_for: dt.timedelta, now: dt.datetime) -> int:
    """Hand out again what nobody is at work on and hasn't been heard of for so long; returns how many."""
    count = 0
    for sync in Sync.objects.filter(state__in=OPEN, changed_at__lte=now - silent_for).only("id", "state"):
        if not is_held(mark(sync.pk)):
            Sync.objects.filter(pk=sync.pk).update(changed_at=timezone.now())
            run_later(sync.pk)
            count += 1
    return count
