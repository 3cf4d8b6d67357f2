"""What is written on a number: the fragment beside a cell, a chart or a bridge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import BaseForm
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kpis.catalogue.measures import measure as measure_of
from kpis.errors import NoSuchMarket
from kpis.errors_watch import BadNote
from kpis.messages import kpi_name, spoken
from kpis.models import Note
from kpis.models.notes import NoteKind
from kpis.queries.definitions import Definitions, definitions_of
from kpis.queries.notes import annotations_between, threads_of
from kpis.services.notes import can_delete, can_write_at
from problems.errors import Problem
from sources.models import DayFault
from sources.queries.faults import faults_between
from sources.words_syncs import fault_words
from tenants.access import Access
from ui import formats
from ui.charts.marks import Mark

MOST_MARKS = 20


@dataclass(frozen=True, slots=True)
class Place:
    """What notes are asked for: a KPI (empty: all), a market (empty: all markets), [start, end)."""

    kpi: str
    market: str
    start: dt.date
    end: dt.date

    @property
    def query(self) -> str:
        days = {"start": self.start.isoformat(), "end": self.end.isoformat()}
        return urlencode({"kpi": self.kpi, "market": self.market, **days})

    @property
    def last(self) -> dt.date:
        """The last of its days."""
        return self.end - dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note as it is printed."""

    note: Note
    kind: str
    place: str
    days: str
    may_change: bool
    may_delete: bool
    replies: Sequence[NoteLine] = ()

    @property
    def icon(self) -> str:
        icons = {NoteKind.ANNOTATION: "flag", NoteKind.ACTION: "list-todo", NoteKind.COMMENT: "message-square"}
        return icons[NoteKind(self.note.kind)]


@dataclass(frozen=True, slots=True)
class NotesPage:
    """Everything that `kpis/_notes.html` prints."""

    place: Place
    lines: Sequence[NoteLine]
    form: BaseForm
    may_write: bool
    why_not: str
    action_url: str
    opened: bool = False
    problem: Problem | None = None


def place_of(access: Access, query: QueryDict) -> Place:
    """The place that an address names. Errors: NoSuchKpi, NoSuchMarket, BadNote for days that are none."""
    key, market = query.get("kpi", ""), query.get("market", "")
    if key:
        definitions_of(access).kpi(key)
    if market and market not in access.market_codes:
        raise NoSuchMarket(market)
    start, end = day_of_text(query.get("start", "")), day_of_text(query.get("end", ""))
    if end <= start:
        raise BadNote(_("The last day lies before the first."), fix=_("Swap the two days."), field="end")
    return Place(key, market, start, end)


def day_of_text(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadNote(
            _("“%(text)s” is no day.") % {"text": text[:40]}, fix=_("Write it like 2026-10-31."), field="start"
        ) from None


def notes_page(access: Access, place: Place, form: BaseForm, *, problem: Problem | None = None) -> NotesPage:
    """The fragment of a place."""
    threads = threads_of(access, kpi=place.kpi, market=place.market, start=place.start, end=place.end)
    may_write, known = can_write_at(access, place.market), definitions_of(access)
    return NotesPage(
        place=place,
        lines=[
            _line(access, thread.note, [_line(access, reply, (), known) for reply in thread.replies], known)
            for thread in threads
        ],
        form=form,
        may_write=may_write,
        why_not="" if may_write else _why_not(access),
        action_url=f"{reverse('kpis:action-new')}?{urlencode({'kpi': place.kpi, 'market': place.market})}",
        opened=form.is_bound,
        problem=problem,
    )


def _why_not(access: Access) -> str:
    if not access.can("write_notes"):
        return _("A viewer can't write notes, actions or alerts. Ask an admin of this client.")
    return _("Only those who see all markets write on all of them.")


def _line(access: Access, note: Note, replies: Sequence[NoteLine], known: Definitions) -> NoteLine:
    language = spoken()
    start = formats.format_day_short(note.starts_on, language=language)
    end = formats.format_day_short(note.ends_on, language=language)
    return NoteLine(
        note=note,
        kind=note.get_event_type_display() if note.event_type else note.get_kind_display(),
        place=place_text(access, note.kpi, note.market, known),
        days=start if note.starts_on == note.ends_on else f"{start} – {end}",
        may_change=access.can("write_notes") and note.user_id == access.user.pk,
        may_delete=can_delete(access, note),
        replies=replies,
    )


def place_text(access: Access, key: str, market: str, known: Definitions) -> str:
    """A KPI and a market as people read them."""
    named = next((one for one in access.markets if one.code == market), None)
    return f"{kpi_name(key, known)} · {named or _('All markets')}"


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event under a chart, with the number of its mark."""

    number: int
    kind: str
    days: str
    text: str
    place: str


def events_of(access: Access, place: Place, *, most: int = MOST_MARKS) -> tuple[list[EventLine], list[Mark]]:
    """The events of a place as numbered lines and as the marks of a chart."""
    found = annotations_between(access, place.kpi, place.market, place.start, place.end)[:most]
    lines, marks, known = [], [], definitions_of(access)
    for number, note in enumerate(found, start=1):
        line = _line(access, note, (), known)
        lines.append(EventLine(number, line.kind, line.days, note.text, line.place))
        marks.append(Mark(max(note.starts_on, place.start), str(number)))
    for fault in _faults(access, place, known)[: most - len(lines)]:
        text = f"{fault.source}: {fault_words(fault.code, fault.details)}"
        days = formats.format_day_short(fault.day, language=spoken())
        lines.append(
            EventLine(len(lines) + 1, _("Data check"), days, text, place_text(access, "", fault.market, known))
        )
        marks.append(Mark(fault.day, str(len(lines)), "warn"))
    return lines, marks


def _faults(access: Access, place: Place, known: Definitions) -> list[DayFault]:
    """Days that checks of ads doubt, where the KPI is made of ads."""
    kpi = known.by_key.get(place.kpi)
    if kpi is None or all(measure_of(name).origin != "channel_daily" for name in kpi.formula.sums):
        return []
    return faults_between(access, place.start, place.end, market=place.market)


def notes_url(key: str, market: str, start: dt.date, end: dt.date) -> str:
    """Where the fragment of a place is read."""
    return f"{reverse('kpis:notes-of')}?{Place(key, market, start, end).query}"
