"""Connections and syncs that a person may see: those that feed their markets, and of these only their own rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from sources.connectors import BY_KEY
from sources.connectors.kinds import Connector
from sources.errors_connections import NoSuchConnection, NoSuchConnector, NoSuchSync
from sources.models import Connection, Portion, PortionState, Sync, SyncLine
from tenants.access import Access

COUNTED = ("read", "new", "updated", "rejected")


@dataclass(frozen=True)
class Counts:
    """Rows of one or more loads."""

    read: int = 0
    new: int = 0
    updated: int = 0
    rejected: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) + getattr(other, name) for name in COUNTED))

    @classmethod
    def of(cls, raw: Mapping[str, Any] | None) -> Counts:
        return cls(*(int((raw or {}).get(name) or 0) for name in COUNTED))


def connector_named(key: str) -> Connector:
    """A connector of the catalogue. Errors: NoSuchConnector."""
    found = BY_KEY.get(key)
    if found is None:
        raise NoSuchConnector
    return found


def connections_seen_by(access: Access) -> list[Connection]:
    """By name. Who manages them sees all; others those that feed at least one of their markets."""
    found = Connection.objects.select_related("source").order_by("name", "pk")
    if access.can("manage_connections"):
        return list(found)
    mine = set(access.market_codes)
    return [connection for connection in found if markets_fed(connection) & mine]


def connection_seen_by(access: Access, connection_id: uuid.UUID | str) -> Connection:
    """One connection. Errors: NoSuchConnection, the same for one that doesn't exist and one that isn't theirs."""
    found = Connection.objects.select_related("source").filter(pk=connection_id).first()
    if found is None:
        raise NoSuchConnection
    if not access.can("manage_connections") and not markets_fed(found) & set(access.market_codes):
        raise NoSuchConnection
    return found


def sync_seen_by(access: Access, sync_id: uuid.UUID | str) -> Sync:
    """One sync of a connection that this person may see. Errors: NoSuchSync."""
    found = Sync.objects.select_related("connection__source").filter(pk=sync_id).first()
    if found is None:
        raise NoSuchSync
    try:
        connection_seen_by(access, found.connection_id)
    except NoSuchConnection as error:
        raise NoSuchSync from error
    return found


def portion_seen_by(access: Access, portion_id: uuid.UUID | str) -> Portion:
    """One portion of an account that is wholly theirs. Errors: NoSuchSync."""
    found = Portion.objects.select_related("sync__connection").filter(pk=portion_id).first()
    if found is None:
        raise NoSuchSync
    sync_seen_by(access, found.sync_id)
    if not sees_account(access, found.sync.connection, found.account):
        raise NoSuchSync
    return found


def markets_fed(connection: Connection) -> set[str]:
    """Codes of the markets that rows of this connection may belong to."""
    own = {str(raw.get("market", "")) for raw in connection.accounts}
    return (own | {str(rule["market"]) for rule in connection.rules}) - {""}


def sees_account(access: Access, connection: Connection, account: str) -> bool:
    """Whether all that an account may bring belongs to this person's markets: rules look at every account."""
    if access.can("manage_connections") or access.all_markets:
        return True
    own = {str(raw.get("market", "")) for raw in connection.accounts if raw["key"] == account}
    fed = (own | {str(rule["market"]) for rule in connection.rules}) - {""}
    return bool(own) and fed <= set(access.market_codes)


def sees_all_of(access: Access, connection: Connection) -> bool:
    """Whether no account of a connection is hidden from this person."""
    return all(sees_account(access, connection, raw["key"]) for raw in connection.accounts)


def accounts_seen(access: Access, connection: Connection) -> list[Mapping[str, str]]:
    """The connection's accounts that are wholly this person's to see, as they are kept."""
    return [raw for raw in connection.accounts if sees_account(access, connection, raw["key"])]


def portions_of(access: Access, sync: Sync) -> QuerySet[Portion]:
    """A sync's portions that this person may see, in order."""
    found = sync.portions.order_by("number")
    if sees_all_of(access, sync.connection):
        return found
    return found.filter(account__in=[raw["key"] for raw in accounts_seen(access, sync.connection)])


@dataclass(frozen=True)
class Reached:
    """How far a sync is: portions loaded and planned, the rows of the loaded ones."""

    done: int = 0
    planned: int = 0
    counts: Counts = Counts()

    @property
    def share(self) -> float | None:
        return self.done / self.planned if self.planned else None


def reached_by(access: Access, connection: Connection, syncs: Iterable[Sync]) -> dict[uuid.UUID, Reached]:
    """How far each of these syncs of one connection is, in the rows that this person may see; two queries.

    Rows are those that its log tells of: a portion that was loaded again since belongs to the later sync.
    """
    ids = [sync.pk for sync in syncs]
    found = Portion.objects.filter(sync__in=ids)
    lines = SyncLine.objects.filter(sync__in=ids, code="loaded")
    if not sees_all_of(access, connection):
        mine = [raw["key"] for raw in accounts_seen(access, connection)]
        found, lines = found.filter(account__in=mine), lines.filter(details__account__in=mine)
    sums: dict[uuid.UUID, Reached] = {}
    for sync_id, state in found.values_list("sync_id", "state"):
        before = sums.get(sync_id, Reached())
        sums[sync_id] = replace(before, done=before.done + (state == PortionState.LOADED), planned=before.planned + 1)
    for sync_id, details in lines.values_list("sync_id", "details"):
        before = sums.get(sync_id, Reached())
        sums[sync_id] = replace(before, counts=before.counts + Counts.of(details))
    return sums
