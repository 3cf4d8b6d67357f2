"""The catalogue of connectors: what each gives, its limits, what a person needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from problems.errors import Problem, Sentence
from sources.connectors import CATALOGUE
from sources.connectors.kinds import Connector, Group, Stream
from sources.models import Connection
from sources.queries.connections import connections_seen_by
from sources.settling import RULES, SettlingRule
from sources.signals import unlocked_by
from sources.words import table_label, target_label
from sources.words_syncs import GROUPS
from tenants.access import Access
from warehouse.tables import CANONICAL

NUMBERS = frozenset({"count", "money", "number", "ratio"})


@dataclass(frozen=True)
class Given:
    """One table that a connector gives."""

    name: Sentence
    table: Sentence
    measures: Sequence[Sentence]
    look_back_days: int
    window_days: int


@dataclass(frozen=True)
class Entry:
    """A connector as the catalogue and the wizard show it."""

    kind: Connector
    given: Sequence[Given]
    kpis: Sequence[str]
    rule: SettlingRule
    connections: Sequence[Connection]

    @property
    def words(self) -> str:
        """What a search finds beside what is shown."""
        return " ".join(self.kind.words)


@dataclass(frozen=True)
class CataloguePage:
    groups: Sequence[tuple[Sentence, Sequence[Entry]]]
    may_connect: bool
    why_not: Sentence


def catalogue_page(access: Access) -> CataloguePage:
    """Every connector, by group."""
    connections = connections_seen_by(access)
    entries = [entry_of(access, kind, connections) for kind in CATALOGUE]
    groups = [(GROUPS[key], [entry for entry in entries if entry.kind.group == key]) for key in get_args(Group)]
    return CataloguePage(
        [(name, found) for name, found in groups if found], access.can("manage_connections"), why_not(access)
    )


def entry_of(access: Access, kind: Connector, connections: Sequence[Connection] = ()) -> Entry:
    """One connector."""
    return Entry(
        kind=kind,
        given=[_given(stream) for stream in kind.streams],
        kpis=unlocked_kpis(access, kind),
        rule=RULES[kind.rule],
        connections=[connection for connection in connections if connection.connector == kind.key],
    )


def unlocked_kpis(access: Access, kind: Connector) -> list[str]:
    """Names of what can be worked out from a connector's tables alone; whoever knows answers."""
    names: dict[str, None] = {}
    for stream in kind.streams:
        asked = unlocked_by.send(
            sender=Connector,
            access=access,
            table=stream.table,
            columns=[target.column for target in stream.targets.values()],
            medium=stream.constants.get("medium", ""),
        )
        names.update(dict.fromkeys(name for _receiver, found in asked for name in found or ()))
    return list(names)


def measures_of(stream: Stream) -> list[Sentence]:
    """The numbers among a stream's columns, as people call them."""
    table = CANONICAL[stream.table]
    columns = [target.column for target in stream.targets.values()]
    return [target_label(stream.table, name) for name in columns if table.column(name).kind in NUMBERS]


def _given(stream: Stream) -> Given:
    return Given(stream.name, table_label(stream.table), measures_of(stream), stream.look_back_days, stream.window_days)


def why_not(access: Access) -> Sentence:
    """Why this person can't connect anything; empty when they can."""
    try:
        access.check("manage_connections")
    except Problem as problem:
        return problem.sentence
    return ""
