"""The freshness matrix: each table of each account, day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from problems.errors import Sentence
from sources.connectors.kinds import Account, Connector, Stream
from sources.models import Connection, Portion, PortionState, SyncState
from sources.queries.connections import Counts, accounts_seen
from sources.services.syncs.asking import OPEN
from sources.services.syncs.portions import last_whole_day
from sources.settling import rule_of
from tenants.access import Access

DAYS = 60
LATEST_MEASURE = "ad_conversions"  # the measure that settles last
STATES: Mapping[str, Sentence] = {
    "complete": _("complete"),
    "moving": _("still moving"),
    "empty": _("read, no rows"),
    "reading": _("being read"),
    "failed": _("failed"),
    "missing": _("missing"),
    "before": _("not asked for"),
}


@dataclass(frozen=True)
class Cell:
    """One day of one row."""

    day: dt.date
    state: str

    @property
    def words(self) -> Sentence:
        return STATES[self.state]


@dataclass(frozen=True)
class Span:
    """Days in a row that stand alike, for who reads and doesn't look."""

    first: dt.date
    last: dt.date
    words: Sentence


@dataclass(frozen=True)
class Row:
    """A table of an account."""

    table: Sentence
    account: str
    cells: Sequence[Cell]
    spans: Sequence[Span]


@dataclass(frozen=True)
class Matrix:
    rows: Sequence[Row]
    first: dt.date
    last: dt.date

    @property
    def legend(self) -> Sequence[tuple[str, Sentence]]:
        """The states that occur, in their order."""
        seen = {cell.state for row in self.rows for cell in row.cells}
        return [(state, words) for state, words in STATES.items() if state in seen]


def matrix_of(access: Access, connection: Connection, kind: Connector, now: dt.datetime) -> Matrix:
    """The last days of every table and account that this person may see; two queries."""
    zone = access.client.time_zone
    today = now.astimezone(ZoneInfo(zone)).date()
    start = today - dt.timedelta(days=DAYS)
    accounts = [Account.from_json(dict(raw)) for raw in accounts_seen(access, connection)]
    portions = list(
        Portion.objects.filter(sync__connection=connection, account__in=[a.key for a in accounts], last__gte=start)
        .select_related("sync")
        .order_by("changed_at", "pk")
    )
    asked = Portion.objects.filter(sync__connection=connection).values("stream", "account").annotate(since=Min("first"))
    since = {(place["stream"], place["account"]): place["since"] for place in asked.order_by()}
    by_place: dict[tuple[str, str], list[Portion]] = {}
    for portion in portions:
        by_place.setdefault((portion.stream, portion.account), []).append(portion)
    rows = []
    for stream in (kind.stream(key) for key in connection.streams):
        rule = rule_of(connection.source.key, stream.table, connection.source.settling)
        for account in accounts:
            last = last_whole_day(account, kind.zone or zone, now)
            found = by_place.get((stream.key, account.key), [])
            moving_from = rule.first_moving(now, LATEST_MEASURE, account.zone or kind.zone or zone)
            days = [start + dt.timedelta(days=offset) for offset in range((last - start).days + 1)]
            asked_from = since.get((stream.key, account.key), today)
            rows.append(_row(stream, account, _cells(found, days, asked_from, moving_from)))
    return Matrix(rows, start, today - dt.timedelta(days=1))


def _row(stream: Stream, account: Account, cells: Sequence[Cell]) -> Row:
    spans = []
    for _state, alike in groupby(cells, key=lambda cell: cell.state):
        run = list(alike)
        spans.append(Span(run[0].day, run[-1].day, run[0].words))
    return Row(stream.name, account.name or account.key, cells, spans)


def _cells(
    portions: Sequence[Portion], days: Sequence[dt.date], asked_from: dt.date, moving_from: dt.date
) -> list[Cell]:
    cells = []
    for day in days:
        of_day = [portion for portion in portions if portion.first <= day <= portion.last]
        state = _state(of_day, day >= moving_from)
        cells.append(Cell(day, "before" if state == "missing" and day < asked_from else state))
    return cells


def _state(portions: Iterable[Portion], is_moving: bool) -> str:
    """What was last loaded counts; a later attempt that failed takes nothing away from it."""
    state = "missing"
    for portion in portions:
        if portion.state == PortionState.LOADED:
            nothing = Counts.of(portion.counts).read == 0
            state = "empty" if nothing else "moving" if is_moving else "complete"
        elif state in ("missing", "failed", "reading"):
            sync = SyncState(portion.sync.state)
            state = "reading" if sync in OPEN else "failed" if sync == SyncState.FAILED else state
    return state
