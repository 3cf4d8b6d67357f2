"""Changing what a connection reads and where its rows go, so that no row stands in two markets."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from sources import pages_kept
from sources.connectors.kinds import Account, Connector
from sources.connectors.problems import NotPermitted
from sources.errors_connections import SyncRunning
from sources.models import Connection, ConnectionState, Portion, PortionState, Sync, SyncKind, SyncState
from sources.secrets import unseal
from sources.services.syncs.asking import OPEN, run_later
from sources.services.syncs.connecting import Chosen, checked_accounts, checked_rules, chosen_streams
from sources.services.syncs.running import test_of
from sources.services.syncs.schedule import next_due
from tenants.access import Access
from tenants.services import record


def change_choices(access: Access, connection: Connection, kind: Connector, chosen: Chosen) -> Sync | None:
    """Put other accounts, markets, rules, tables, look-back or schedule in place.

    Answers the sync that takes loaded rows to their new markets, when there is one: they are taken back and loaded
    again from the kept pages, and asked for anew where those are no longer kept.
    Errors: NotAllowed, SyncRunning, and every fault of what was chosen.
    """
    access.check("manage_connections")
    with transaction.atomic():
        locked = Connection.objects.select_for_update(of=("self",)).select_related("source").get(pk=connection.pk)
        if locked.syncs.filter(state__in=OPEN).exists():
            raise SyncRunning(name=locked.name)
        before = _places(locked.accounts, locked.rules)
        locked.rules = checked_rules(access, chosen.rules)
        locked.accounts = checked_accounts(access, chosen)
        locked.streams, locked.look_back = chosen_streams(kind, chosen), dict(chosen.look_back)
        locked.every_hours, locked.at_hour = chosen.every_hours, chosen.at_hour
        _rename(locked, chosen.name, str(kind.name))
        locked.due_at = next_due(locked, timezone.now())
        if locked.state == ConnectionState.BROKEN and (locked.problem or {}).get("code") == NotPermitted.code:
            locked.state, locked.problem = ConnectionState.ACTIVE, None
        locked.save()
        _forget_unread(locked)
        after = _places(locked.accounts, locked.rules)
        moved = [account for account, places in after.items() if before.get(account) != places]
        sync = _move(access, locked, moved)
        record(access, "connection.changed", locked.name, accounts=len(locked.accounts), moved=len(moved))
    return sync


def known_accounts(access: Access, connection: Connection, kind: Connector) -> list[Account]:
    """The accounts that the vendor shows now, and those of the connection that it no longer does.

    Errors: NotAllowed, VendorProblem, SecretsUnreadable.
    """
    access.check("manage_connections")
    given = {**connection.given, **unseal(connection.secret)}
    found = {account.key: account for account in test_of(kind, given)}
    kept = [Account.from_json(raw) for raw in connection.accounts]
    return [*found.values(), *(account for account in kept if account.key not in found)]


def _places(accounts: Sequence[Mapping[str, Any]], rules: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """What decides the market of each account's rows."""
    patterns = [(rule["pattern"].casefold(), rule["market"]) for rule in rules]
    return {raw["key"]: (patterns, raw.get("market", "")) for raw in accounts}


def _rename(connection: Connection, name: str, usual: str) -> None:
    connection.name = (name.strip() or usual)[:80]
    if connection.source.name != connection.name:
        connection.source.name = connection.name
        connection.source.save(update_fields=["name"])


def _forget_unread(connection: Connection) -> None:
    """What earlier syncs left unread of accounts and tables that are no longer wanted is never asked for again."""
    left = Portion.objects.filter(sync__connection=connection).exclude(state=PortionState.LOADED)
    wanted = left.filter(account__in=[raw["key"] for raw in connection.accounts], stream__in=connection.streams)
    gone = list(left.exclude(pk__in=wanted.values("pk")).values_list("pk", flat=True))
    Portion.objects.filter(pk__in=gone).delete()
    transaction.on_commit(lambda: _drop_pages(gone))


def _drop_pages(portions: Collection[uuid.UUID]) -> None:
    for portion in portions:
        pages_kept.drop(portion)


def _move(access: Access, connection: Connection, accounts: Sequence[str]) -> Sync | None:
    """Have what is loaded of these accounts loaded again, in the order in which it came."""
    loaded = Portion.objects.filter(sync__connection=connection, account__in=accounts, state=PortionState.LOADED)
    portions = list(loaded.order_by("changed_at", "sync__created_at", "number"))
    if not portions:
        return None
    sync = Sync.objects.create(
        connection=connection,
        kind=SyncKind.REPLAY,
        state=SyncState.WAITING,
        first=min(portion.first for portion in portions),
        last=max(portion.last for portion in portions),
        by_email=access.user.email,
    )
    for number, portion in enumerate(portions):
        portion.sync, portion.number, portion.state, portion.counts = sync, number, PortionState.READ, None
        if not pages_kept.are_kept(portion.pk, portion.pages):
            portion.state, portion.pages, portion.after, portion.last_page = PortionState.WAITING, 0, None, ""
        portion.save()
    transaction.on_commit(lambda: run_later(sync.pk))
    return sync
