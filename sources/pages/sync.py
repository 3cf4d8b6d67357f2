"""A sync's page: its log in plain words, its portions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from problems.errors import Sentence
from sources.connectors import connector
from sources.connectors.kinds import Connector
from sources.errors import stored_problem
from sources.models import Connection, Portion, PortionState, Sync, SyncLine, SyncState
from sources.pages.connection import Progress, SyncRow, progress_of, sync_rows
from sources.pages_kept import folder_of
from sources.queries.connections import Counts, accounts_seen, portions_of, sees_all_of
from sources.services.syncs.asking import OPEN
from sources.words_syncs import line_tone, line_words, stream_name
from tenants.access import Access

MOST_PORTIONS = 400


@dataclass(frozen=True)
class Line:
    """A line of the log."""

    at: dt.datetime
    tone: str
    words: Sentence


@dataclass(frozen=True)
class PortionRow:
    portion: Portion
    table: Sentence
    account: str
    counts: Counts
    is_loaded: bool
    has_rejects: bool


@dataclass(frozen=True)
class SyncPage:
    sync: Sync
    connection: Connection
    kind: Connector
    row: SyncRow
    lines: Sequence[Line]
    portions: Sequence[PortionRow]
    progress: Progress | None
    problem: tuple[Sentence, Sentence] | None
    may_manage: bool
    may_retry: bool


def sync_page(access: Access, sync: Sync) -> SyncPage:
    """Everything that the page prints; lines and portions of accounts that this person may see."""
    connection = sync.connection
    kind = connector(connection.connector)
    is_open = sync.state in OPEN
    may_manage = access.can("manage_connections")
    stopped = sync.state in (SyncState.FAILED, SyncState.CANCELLED)
    return SyncPage(
        sync=sync,
        connection=connection,
        kind=kind,
        row=sync_rows(access, connection, [sync])[0],
        lines=lines_of(access, sync, kind),
        portions=portion_rows(access, sync, kind),
        progress=progress_of(access, sync) if is_open else None,
        problem=stored_problem(sync.problem) if sync.problem and sees_all_of(access, connection) else None,
        may_manage=may_manage,
        may_retry=may_manage and stopped and not connection.syncs.filter(state__in=OPEN).exists(),
    )


def lines_of(access: Access, sync: Sync, kind: Connector) -> list[Line]:
    """The log in order. A line that names an account is told to who may see it, a vendor's words to who sees all."""
    connection = sync.connection
    names = {raw["key"]: raw.get("name") or raw["key"] for raw in connection.accounts}
    mine, sees_all = {raw["key"] for raw in accounts_seen(access, connection)}, sees_all_of(access, connection)
    return [
        Line(line.at, line_tone(line.code), _words(line, kind, names))
        for line in sync.lines.all()
        if sees_all or line.details.get("account") in mine or line.code in ("sync_done", "sync_cancelled")
    ]


def _words(line: SyncLine, kind: Connector, names: dict[str, str]) -> Sentence:
    return line_words(line.code, line.details, kind, names)


def portion_rows(access: Access, sync: Sync, kind: Connector) -> list[PortionRow]:
    """The sync's portions, in order."""
    names = {raw["key"]: raw.get("name") or raw["key"] for raw in sync.connection.accounts}
    rows = []
    for portion in portions_of(access, sync)[:MOST_PORTIONS]:
        counts = Counts.of(portion.counts)
        rows.append(
            PortionRow(
                portion,
                stream_name(kind, portion.stream),
                names.get(portion.account, portion.account),
                counts,
                portion.state == PortionState.LOADED,
                bool(counts.rejected) and (folder_of(portion.pk) / "rejects.csv").is_file(),
            )
        )
    return rows
