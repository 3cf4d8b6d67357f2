"""Running a sync: portion by portion, read then loaded, safe to be run twice and to be killed anywhere."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Min
from django.utils import timezone

from problems.errors import Problem, Retryable
from sources.connectors import connector
from sources.connectors.kinds import Account, Client, Connector
from sources.connectors.problems import KeyRefused, NotPermitted, VendorProblem
from sources.connectors.session import SHORTEST_SECRET, Meter, VendorSession
from sources.errors_connections import SyncGaveUp, SyncStopped
from sources.models import Connection, ConnectionState, Portion, PortionState, Sync, SyncKind, SyncLine, SyncState
from sources.scope import tenancy_of_client
from sources.secrets import unseal
from sources.services.syncs.loading import load_portion
from sources.services.syncs.portions import make_portions
from sources.services.syncs.reading import read_portion
from sources.services.syncs.schedule import next_due
from sources.services.syncs.trust import check_days
from tenants.models import Client as Tenant

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 12  # in a row without a single page
HEARTBEAT_S = 5.0
OPEN = (SyncState.WAITING, SyncState.RUNNING)
NEEDS_A_PERSON = (KeyRefused, NotPermitted)


def run_sync(client: Tenant, sync_id: str, tell: Callable[[str], None] = lambda _load_id: None) -> Sync | None:
    """Go on with a sync until it is done; None when there is nothing to do. `tell` hears of each load.

    *Errors*: Retryable problems (the vendor is busy or down): the task comes again later, from the page it had reached.
    """
    sync = _claim(sync_id)
    if sync is None:
        return None
    run = _Run(sync, connector(sync.connection.connector), client)
    try:
        run.all_portions(tell)
    except SyncStopped:
        finish(sync, SyncState.CANCELLED, None)
    except Problem as problem:
        run.keep_meter()
        raise_or_stop(sync, problem)
    else:
        run.keep_meter()
        finish(sync, SyncState.DONE, None)
    return sync


def _claim(sync_id: str) -> Sync | None:
    with transaction.atomic():
        sync = (
            Sync.objects.select_for_update(of=("self",)).select_related("connection__source").filter(pk=sync_id).first()
        )
        if sync is None or sync.state not in OPEN:
            return None
        if sync.attempts >= MOST_ATTEMPTS:
            finish(sync, SyncState.FAILED, SyncGaveUp(attempts=sync.attempts))
            return None
        sync.state, sync.attempts = SyncState.RUNNING, sync.attempts + 1
        sync.started_at = sync.started_at or timezone.now()
        sync.save(update_fields=("state", "attempts", "started_at", "changed_at"))
    return sync


def raise_or_stop(sync: Sync, problem: Problem) -> None:
    """Raise what may pass, for the task to come again; the rest stops the sync."""
    if isinstance(problem, Retryable) and sync.attempts < MOST_ATTEMPTS:
        note(sync, problem.code, **problem.details)
        Sync.objects.filter(pk=sync.pk, state=SyncState.RUNNING).update(
            state=SyncState.WAITING, problem=problem.as_json(), changed_at=timezone.now()
        )
        raise problem
    finish(sync, SyncState.FAILED, problem)


def finish(sync: Sync, state: SyncState, problem: Problem | None) -> None:
    """End a sync, and say on its connection how it stands and when the next is due."""
    now = timezone.now()
    told = problem.as_json() if problem is not None else None
    Sync.objects.filter(pk=sync.pk).update(
        state=state, problem=told, finished_at=now, changed_at=now, attempts=0 if problem is None else F("attempts")
    )
    sync.state, sync.problem = state, told
    note(sync, f"sync_{state}", **(problem.details if problem is not None else {}))
    connection = sync.connection
    changes: dict[str, Any] = {"problem": told, "due_at": next_due(connection, now), "changed_at": now}
    if isinstance(problem, NEEDS_A_PERSON):
        changes["state"] = ConnectionState.BROKEN
    if state == SyncState.CANCELLED:
        changes.pop("problem")
    Connection.objects.filter(pk=connection.pk).update(**changes)


def give_up(sync_id: str, problem: Problem) -> None:
    """End a sync that an error stopped which nobody foresaw."""
    sync = Sync.objects.select_related("connection").filter(pk=sync_id, state__in=OPEN).first()
    if sync is not None:
        finish(sync, SyncState.FAILED, problem)


def note(sync: Sync, code: str, **details: object) -> None:
    """A line of the sync's log; details are names and numbers, never a secret."""
    kept = {name: value if isinstance(value, int | float) else str(value)[:300] for name, value in details.items()}
    SyncLine.objects.create(sync=sync, code=code[:40], details=kept)


@dataclass
class _Run:
    """One attempt at a sync."""

    sync: Sync
    kind: Connector
    client: Tenant

    def __post_init__(self) -> None:
        self.connection = self.sync.connection
        self.meter = Meter()
        self.told_at = 0.0

    def all_portions(self, tell: Callable[[str], None]) -> None:
        sync = self.sync
        if not sync.portions.exists():
            with transaction.atomic():
                count = make_portions(sync, timezone.now())
                note(sync, "planned", portions=count, first=sync.first, last=sync.last)
        self.take_back()
        secrets = unseal(self.connection.secret)
        vendor = open_vendor(self.connection, self.kind, secrets, self.meter, self.alive)
        for portion in sync.portions.exclude(state=PortionState.LOADED):
            self.alive(at_once=True)
            self._portion(portion, vendor, secrets)
            tell(str(portion.pk))
        self._judge_days()

    def take_back(self) -> None:
        """Before what is kept is loaded anew, its first load goes, or rows of another market would stay beside it."""
        from warehouse.loading import undo

        if self.sync.kind != SyncKind.REPLAY:
            return
        tenancy = tenancy_of_client(self.client)
        for portion in self.sync.portions.exclude(state=PortionState.LOADED).order_by("-number"):
            self.alive()
            undo(tenancy, str(portion.pk))

    def _portion(self, portion: Portion, vendor: Client, secrets: Mapping[str, str]) -> None:
        stream = self.kind.stream(portion.stream)
        account = Account.from_json(next(raw for raw in self.connection.accounts if raw["key"] == portion.account))
        if portion.state == PortionState.WAITING:
            before = portion.pages
            read_portion(portion, vendor, stream, account, secrets)
            if portion.pages > before:
                Sync.objects.filter(pk=self.sync.pk).update(attempts=1)
                self.sync.attempts = 1
        tenancy = tenancy_of_client(self.client)
        counts, seen = load_portion(portion, self.connection, stream, secrets, tenancy)
        portion.counts, portion.state = counts, PortionState.LOADED
        portion.save(update_fields=("counts", "state", "changed_at"))
        where = {"stream": portion.stream, "account": portion.account, "first": portion.first, "last": portion.last}
        note(
            self.sync,
            "loaded",
            **where,
            pages=portion.pages,
            **{k: counts[k] for k in ("read", "new", "updated", "rejected")},
        )
        if strange := seen.strange(stream):
            note(self.sync, "new_fields", **where, fields=", ".join(strange))
        self.keep_meter()

    def _judge_days(self) -> None:
        """Mark the days whose numbers can't be believed."""
        span = self.sync.portions.aggregate(first=Min("first"), last=Max("last"))
        codes = {raw["market"] for raw in [*self.connection.accounts, *self.connection.rules]} - {""}
        if span["first"] is not None:
            source = self.connection.source.key
            new = check_days(self.client.schema_name, source, sorted(codes), span["first"], span["last"])
            if new:
                note(self.sync, "doubted", days=new)

    def alive(self, *, at_once: bool = False) -> None:
        """Say that the sync goes on; stop when a person asked for it. Errors: SyncStopped."""
        if not at_once and time.monotonic() - self.told_at < HEARTBEAT_S:
            return
        self.told_at = time.monotonic()
        ours = Sync.objects.filter(pk=self.sync.pk, state=SyncState.RUNNING, stop_asked=False)
        if not ours.update(changed_at=timezone.now()):
            raise SyncStopped()

    def keep_meter(self) -> None:
        """Add what was spent since the last time."""
        meter = self.meter
        Sync.objects.filter(pk=self.sync.pk).update(
            calls=F("calls") + meter.calls, retries=F("retries") + meter.retries, changed_at=timezone.now()
        )
        meter.calls = meter.retries = meter.bytes = 0


def open_vendor(
    connection: Connection, kind: Connector, secrets: Mapping[str, str], meter: Meter, alive: Callable[[], None]
) -> Client:
    """The vendor with the connection's credentials. Calls are paced together with all who use the same ones."""
    return vendor_with(kind, {**connection.given, **secrets}, str(connection.pk), meter, alive)


def vendor_with(
    kind: Connector,
    given: Mapping[str, str],
    pace: str,
    meter: Meter | None = None,
    alive: Callable[[], None] = lambda: None,
    *,
    is_watched: bool = False,
) -> Client:
    """The vendor with these credentials, at the address that the operator may have set instead of the vendor's own."""
    session = VendorSession(
        vendor=str(kind.name),
        base=settings.CONNECTOR_ADDRESSES.get(kind.key, kind.host),
        pace=f"{kind.key}:{pace}",
        gap_s=kind.limits.gap_s,
        meter=meter or Meter(),
        alive=alive,
        backoff_s=settings.CONNECTOR_BACKOFF_S,
        is_watched=is_watched,
        hidden=tuple(given[key] for key in kind.secret_keys if len(given.get(key, "")) >= SHORTEST_SECRET),
    )
    return kind.open(session, given)


def test_of(kind: Connector, given: Mapping[str, str]) -> list[Account]:
    """The accounts that credentials may read. Errors: VendorProblem, worded for the person who typed them."""
    found = vendor_with(kind, given, "test", is_watched=True).accounts()
    if not found:
        raise VendorProblem(vendor=kind.name, said="0 accounts")
    return found
