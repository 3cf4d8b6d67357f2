"""Reads of notes: those of a place, the events beside a chart or a bridge, the counts on a board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kpis.errors_watch import NoSuchNote
from kpis.models import Action, Note
from kpis.models.notes import ActionState, NoteKind
from tenants.access import Access

MOST = 200
UNFINISHED = (ActionState.OPEN, ActionState.DOING)


def seen_by(access: Access, *, through: str = "") -> Q:
    """What a person may read: notes of their markets; of all markets when they see all, or it is shared.

    `through` leads from another model to its note: "note__".
    """
    whole = Q(**{f"{through}market": ""})
    if not access.all_markets:
        whole &= Q(**{f"{through}shared": True})
    return Q(**{f"{through}market__in": access.market_codes}) | whole


def notes_seen_by(access: Access) -> QuerySet[Note]:
    """Notes that a person may read, the deleted ones left out."""
    return Note.objects.filter(seen_by(access), deleted_at=None)


def note_of(access: Access, note_id: int) -> Note:
    """A note by its number. Errors: NoSuchNote, also for one that this person may not read."""
    found = notes_seen_by(access).select_related("action").filter(pk=note_id).first()
    if found is None:
        raise NoSuchNote(note_id)
    return found


@dataclass(frozen=True, slots=True)
class Thread:
    """A note and what was answered to it, the oldest answer first."""

    note: Note
    replies: tuple[Note, ...]


def threads_of(access: Access, *, kpi: str, market: str, start: dt.date, end: dt.date) -> list[Thread]:
    """What is written on a place in [start, end): of its KPI or of all, of its market or of all; two queries.

    The latest day first. An unfinished action stands there whatever the days, and a deleted note as long as somebody
    has answered it.
    """
    alive = Note.objects.filter(parent=OuterRef("pk"), deleted_at=None)
    place = Note.objects.filter(seen_by(access))
    there = Q(pk__in=_in_place(place, kpi, market, start, end).order_by().values("pk"))
    unfinished = Q(action__state__in=UNFINISHED, kpi=kpi, market=market)
    found = list(
        place.filter(there | unfinished)
        .filter(Q(deleted_at=None) | Exists(alive), parent=None)
        .select_related("action")[:MOST]
    )
    answers: dict[int, list[Note]] = {}
    for reply in Note.objects.filter(seen_by(access), parent__in=found, deleted_at=None).order_by("id"):
        answers.setdefault(reply.parent_id or 0, []).append(reply)
    return [Thread(note, tuple(answers.get(note.pk, ()))) for note in found]


def annotations_between(access: Access, kpi: str, market: str, start: dt.date, end: dt.date) -> list[Note]:
    """Events that touch [start, end), for charts and bridges: of this KPI or of all, of this market or of all.

    An empty `market` asks for those of every market that this person sees. The earliest first; one query.
    """
    found = _in_place(notes_seen_by(access).filter(kind=NoteKind.ANNOTATION), kpi, market, start, end)
    return list(found.order_by("starts_on", "id")[:MOST])


def _in_place(found: QuerySet[Note], kpi: str, market: str, start: dt.date, end: dt.date) -> QuerySet[Note]:
    found = found.filter(starts_on__lt=end, ends_on__gte=start)
    if kpi:
        found = found.filter(kpi__in=("", kpi))
    return found.filter(market__in=("", market)) if market else found


@dataclass(frozen=True, slots=True)
class Marks:
    """What a board cell has on it."""

    kpi: str
    market: str
    events: int
    actions: int


def marks_between(access: Access, kpis: Sequence[str], start: dt.date, end: dt.date) -> list[Marks]:
    """Events in [start, end) and unfinished actions, by KPI and market; one query for a whole board.

    Of all KPIs or all markets at once: their `kpi` or `market` is empty.
    """
    inside = Q(kind=NoteKind.ANNOTATION, starts_on__lt=end, ends_on__gte=start)
    unfinished = Q(kind=NoteKind.ACTION, action__state__in=UNFINISHED)
    rows = (
        notes_seen_by(access)
        .filter(inside | unfinished, kpi__in=["", *kpis])
        .order_by()
        .values_list("kpi", "market")
        .annotate(events=Count("pk", filter=Q(kind=NoteKind.ANNOTATION)), actions=Count("pk", filter=unfinished))
    )
    return [Marks(*row) for row in rows]


def actions_seen_by(
    access: Access, *, states: Iterable[str] = (), market: str = "", owner_id: int | None = None, kpi: str = ""
) -> QuerySet[Action]:
    """Actions that a person may read, what is due first on top."""
    found = Action.objects.filter(seen_by(access, through="note__"), note__deleted_at=None).select_related("note")
    states = tuple(states)
    if states:
        found = found.filter(state__in=states)
    if market:
        found = found.filter(note__market=market)
    if kpi:
        found = found.filter(note__kpi=kpi)
    return found.filter(owner_id=owner_id) if owner_id is not None else found


def action_of(access: Access, action_id: int) -> Action:
    """An action by its number. Errors: NoSuchNote, also for one that this person may not read."""
    found = actions_seen_by(access).filter(pk=action_id).first()
    if found is None:
        raise NoSuchNote(action_id)
    return found
