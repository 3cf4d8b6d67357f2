"""Writing on numbers: events, comments and answers; who may, and whom it tells."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from kpis.errors import NoSuchMarket
from kpis.errors_watch import BadNote, NotYours
from kpis.messages import about_kpi
from kpis.models import Note
from kpis.models.notes import EventType, NoteKind
from kpis.queries.definitions import known_kpi, kpi_here
from kpis.queries.members import Member, members
from kpis.services.inbox import tell
from tenants.access import Access
from tenants.services import record

LONGEST = 2000
FIRST_DAY, LAST_DAY = dt.date(1990, 1, 1), dt.date(2100, 1, 1)
QUOTE = 200


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """What somebody wants to write; `kpi` or `market` empty: all of them. Both days are included."""

    kind: str
    text: str
    kpi: str
    market: str
    starts_on: dt.date
    ends_on: dt.date
    event_type: str = ""
    shared: bool = False


def write_note(access: Access, draft: NoteDraft, *, now: dt.datetime) -> Note:
    """Keep an event or a comment and tell whom it names. Errors: NotYourJob, NoSuchKpi, NoSuchMarket, BadNote."""
    check_place(access, draft.kpi, draft.market)
    if draft.kind not in (NoteKind.ANNOTATION, NoteKind.COMMENT):
        raise BadNote(_("A note is an event or a comment."), field="kind")
    return keep_note(access, draft, now=now)


def keep_note(access: Access, draft: NoteDraft, *, now: dt.datetime, parent: Note | None = None) -> Note:
    """The row of a note whose place has been checked, and an inbox item for everybody whom it names."""
    text = checked_text(draft.text)
    _check_days(draft.starts_on, draft.ends_on)
    event_type = draft.event_type if draft.kind == NoteKind.ANNOTATION else ""
    if draft.kind == NoteKind.ANNOTATION and event_type not in EventType.values:
        raise BadNote(_("Choose what kind of event it was."), field="event_type")
    with transaction.atomic():
        note = Note.objects.create(
            kind=draft.kind, event_type=event_type, kpi=draft.kpi, market=draft.market, starts_on=draft.starts_on,
            ends_on=draft.ends_on, text=text, shared=draft.shared and not draft.market, parent=parent,
            who=str(access.user), user_id=access.user.pk, created_at=now,
        )  # fmt: skip
        record(access, "note.written", note.get_kind_display(), id=note.pk)
        _tell_named(access, note, now)
    return note


def answer_note(access: Access, parent: Note, text: str, *, now: dt.datetime) -> Note:
    """Answer a note; the answer stands where the note stands. Errors: NotYourJob, BadNote."""
    access.check("write_notes")
    top = parent.parent or parent
    draft = NoteDraft(NoteKind.COMMENT, text, top.kpi, top.market, top.starts_on, top.ends_on, shared=top.shared)
    return keep_note(access, draft, now=now, parent=top)


def change_note(access: Access, note: Note, text: str, *, now: dt.datetime) -> Note:
    """Change the words of one's own note. Errors: NotYourJob, NotYours, BadNote."""
    access.check("write_notes")
    if note.user_id != access.user.pk:
        raise NotYours(_("Only %(who)s can change these words.") % {"who": note.who}, fix=_("Write an answer instead."))
    note.text, note.edited_at = checked_text(text), now
    with transaction.atomic():
        note.save(update_fields=["text", "edited_at"])
        record(access, "note.changed", note.get_kind_display(), id=note.pk)
    return note


def can_delete(access: Access, note: Note) -> bool:
    """Whether this person may delete a note: their own, or anybody's with the rule for it."""
    return access.can("write_notes") and (note.user_id == access.user.pk or access.can("delete_any_note"))


def delete_note(access: Access, note: Note, *, now: dt.datetime) -> None:
    """Take a note away; its row stays, with who deleted it. Errors: NotYourJob, NotYours."""
    access.check("write_notes")
    if not can_delete(access, note):
        raise NotYours(
            _("Only %(who)s or an admin can delete this.") % {"who": note.who}, fix=_("Ask one of them to delete it.")
        )
    with transaction.atomic():
        Note.objects.filter(pk=note.pk, deleted_at=None).update(deleted_at=now, deleted_by=str(access.user))
        record(access, "note.deleted", note.get_kind_display(), id=note.pk)


def can_write_at(access: Access, market: str) -> bool:
    """Whether this person may write on this market; empty: on all markets."""
    return access.can("write_notes") and (market in access.market_codes if market else access.all_markets)


def check_place(access: Access, key: str, market: str) -> None:
    """Errors: NotYourJob; NoSuchKpi; NoSuchMarket, also for all markets when this person doesn't see all."""
    access.check("write_notes")
    if key:
        kpi_here(key)
    if not can_write_at(access, market):
        raise NoSuchMarket(market or _("All markets"))


def checked_text(text: str) -> str:
    """The text without spaces around it. Errors: BadNote when it is empty or too long."""
    found = text.replace("\x00", "").strip()
    if not found:
        raise BadNote(_("There are no words in it."), fix=_("Write what happened."), field="text")
    if len(found) > LONGEST:
        raise BadNote(
            _("This is longer than %(most)d characters.") % {"most": LONGEST}, fix=_("Make it shorter."), field="text"
        )
    return found


def _check_days(start: dt.date, end: dt.date) -> None:
    if end < start:
        raise BadNote(_("The last day lies before the first."), fix=_("Swap the two days."), field="ends_on")
    if not FIRST_DAY <= start <= end <= LAST_DAY:
        raise BadNote(_("Choose days between 1990 and 2100."), field="starts_on")


def mentioned(text: str, people: Iterable[Member]) -> list[Member]:
    """The members whom a text names as @name or @e-mail; of two names that begin alike the longer one counts."""
    rest, found = text.casefold(), []
    names = [(name.casefold(), one) for one in people for name in (one.name, one.email) if name]
    for name, one in sorted(names, key=lambda pair: -len(pair[0])):
        # A Hangul particle may follow a name at once; a Latin letter or a digit makes it another name.
        pattern = re.compile(rf"@{re.escape(name)}(?![a-z0-9])")
        if pattern.search(rest):
            rest = pattern.sub(" ", rest)
            found.append(one)
    return list(dict.fromkeys(found))


def _tell_named(access: Access, note: Note, now: dt.datetime) -> None:
    """An item for everybody whom a note names and for the writer of what it answers, if they may read it."""
    people = [
        one
        for one in members(access.client)
        if one.user_id != access.user.pk and one.sees(note.market, shared=note.shared)
    ]
    named = {one.user_id for one in mentioned(note.text, people)}
    answered = {one.user_id for one in people if note.parent and one.user_id == note.parent.user_id} - named
    about = about_note(access, note)
    tell(named, "mentioned", about, link=link_of(note), now=now)
    tell(answered, "answered", about, link=link_of(note), now=now)


def about_note(access: Access, note: Note) -> dict[str, str]:
    """What an inbox item says of a note."""
    market = next((one for one in access.markets if one.code == note.market), None)
    return {
        "who": note.who,
        **about_kpi(note.kpi),
        "market": note.market,
        "market_ko": market.name_ko if market else "",
        "market_en": market.name_en if market else "",
        "text": note.text if len(note.text) <= QUOTE else note.text[:QUOTE] + "…",
    }


def link_of(note: Note) -> str:
    """Where a note is read, inside the client."""
    if note.kind == NoteKind.ACTION or (note.parent is not None and note.parent.kind == NoteKind.ACTION):
        return "kpi/actions/"
    month = f"{note.starts_on:%Y-%m}"
    if note.market and known_kpi(note.kpi) is not None:
        return f"kpi/in-depth/?kpi={note.kpi}&market={note.market}&period={month}"
    return f"kpi/board/?period={month}"
