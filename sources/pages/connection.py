"""A connection's page: how it stands, the matrix, its syncs, what can be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from problems.errors import Sentence
from sources.connectors import connector
from sources.connectors.kinds import Connector
from sources.models import Connection, ConnectionState, Sync, SyncKind, SyncState
from sources.pages.catalogue import why_not
from sources.pages.health import Health, health_of, open_sync, read_until_of
from sources.pages.matrix import DAYS, Matrix, matrix_of
from sources.queries.connections import Reached, accounts_seen, markets_fed, reached_by, sees_all_of
from sources.queries.faults import faults_between
from sources.services.syncs.asking import longest_look_back
from sources.words_syncs import fault_words
from tenants.access import Access

PAGE_SIZE = 15
DAY = 24


@dataclass(frozen=True)
class Progress:
    """A sync that goes on: for the bar that asks for its successor."""

    sync: Sync
    share: float | None
    detail: str
    may_cancel: bool


@dataclass(frozen=True)
class SyncRow:
    """One sync of the history; who may not see every account sees the rows of their own."""

    sync: Sync
    reached: Reached
    seconds: float | None
    by: str
    kind: Sentence


@dataclass(frozen=True)
class AccountLine:
    name: str
    key: str
    currency: str
    zone: str
    market: str


@dataclass(frozen=True)
class DoubtLine:
    """A day that a check doubts."""

    day: dt.date
    market: str
    words: str


@dataclass(frozen=True)
class ConnectionPage:
    connection: Connection
    kind: Connector
    health: Health
    matrix: Matrix
    progress: Progress | None
    history: Page[Sync]
    syncs: Sequence[SyncRow]
    accounts: Sequence[AccountLine]
    rules: Sequence[tuple[str, str]]
    markets: Sequence[str]
    schedule: str
    read_until: dt.date | None
    look_back_days: int
    may_manage: bool
    why_not: Sentence
    sees_all: bool
    doubts: Sequence[DoubtLine]
    range_first: dt.date
    range_last: dt.date

    @property
    def may_read(self) -> bool:
        """Whether a sync can be asked for now."""
        return self.may_manage and self.progress is None and self.connection.state != ConnectionState.PAUSED

    @property
    def is_paused(self) -> bool:
        return self.connection.state == ConnectionState.PAUSED


def connection_page(access: Access, connection: Connection, now: dt.datetime, number: str | None) -> ConnectionPage:
    """Everything that the page prints."""
    kind = connector(connection.connector)
    running = open_sync(connection)
    history = Paginator(connection.syncs.order_by("-created_at"), PAGE_SIZE).get_page(number)
    names = {market.code: str(market) for market in access.markets}
    sees_all = sees_all_of(access, connection)
    yesterday = now.date() - dt.timedelta(days=1)
    return ConnectionPage(
        connection=connection,
        kind=kind,
        health=health_of(access, connection, running, now),
        matrix=matrix_of(access, connection, kind, now),
        progress=progress_of(access, running) if running else None,
        history=history,
        syncs=sync_rows(access, connection, list(history)),
        accounts=[
            AccountLine(
                raw.get("name") or raw["key"],
                raw["key"],
                raw.get("currency", ""),
                raw.get("zone", ""),
                names.get(raw.get("market", ""), ""),
            )
            for raw in accounts_seen(access, connection)
        ],
        rules=[(rule["pattern"], names.get(rule["market"], "")) for rule in connection.rules] if sees_all else (),
        markets=[name for code, name in names.items() if code in markets_fed(connection)],
        schedule=schedule_words(connection),
        read_until=read_until_of(access, connection),
        look_back_days=longest_look_back(connection),
        may_manage=access.can("manage_connections"),
        why_not=why_not(access),
        sees_all=sees_all,
        doubts=[
            DoubtLine(one.day, names.get(one.market, one.market), fault_words(one.code, one.details))
            for one in faults_between(
                access, now.date() - dt.timedelta(days=DAYS), now.date(), source=connection.source.key
            )
        ],
        range_first=yesterday - dt.timedelta(days=29),
        range_last=yesterday,
    )


def progress_of(access: Access, sync: Sync) -> Progress:
    """Portion n of m, which days, how many calls."""
    reached = reached_by(access, sync.connection, [sync]).get(sync.pk, Reached())
    now_read = sync.portions.exclude(state="loaded").order_by("number").first() if reached.planned else None
    parts = []
    if now_read is not None:
        parts.append(
            _("portion %(number)d of %(all)d")
            % {"number": min(reached.done + 1, reached.planned), "all": reached.planned}
        )
        parts.append(f"{now_read.first} – {now_read.last}")
    if sync.calls:
        parts.append(_("%(calls)d calls") % {"calls": sync.calls})
    share = reached.share if sync.state == SyncState.RUNNING else None
    may_cancel = access.can("manage_connections") and not sync.stop_asked and sync.kind != SyncKind.REPLAY
    return Progress(sync, share, " · ".join(parts), may_cancel)


def sync_rows(access: Access, connection: Connection, syncs: Sequence[Sync]) -> list[SyncRow]:
    """Syncs of one connection with what they brought."""
    reached = reached_by(access, connection, syncs)
    return [
        SyncRow(
            sync,
            reached.get(sync.pk, Reached()),
            (sync.finished_at - sync.started_at).total_seconds() if sync.finished_at and sync.started_at else None,
            sync.by_email or _("on schedule"),
            SyncKind(sync.kind).label,
        )
        for sync in syncs
    ]


def schedule_words(connection: Connection) -> str:
    """How often it is read, in words."""
    if connection.every_hours >= DAY:
        return _("once a day at %(hour)d:00") % {"hour": connection.at_hour}
    if connection.every_hours == 1:
        return _("every hour")
    return _("every %(hours)d hours") % {"hours": connection.every_hours}
