"""Actions: what somebody does about a number, by when, and how far it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from kpis.errors_watch import BadNote, NotYours
from kpis.models import Action, Note
from kpis.models.notes import ActionState, NoteKind
from kpis.queries.members import Member, members
from kpis.services.inbox import tell
from kpis.services.notes import NoteDraft, about_note, check_place, checked_text, keep_note, link_of
from tenants.access import Access
from tenants.services import record

SHORTEST, LONGEST = 7, 180


@dataclass(frozen=True, slots=True)
class ActionDraft:
    """What is to be done about a KPI in a market (empty: all markets), by whom, until when."""

    text: str
    kpi: str
    market: str
    owner_id: int
    due_on: dt.date
    state: str = ActionState.OPEN
    expected: str = ""
    started_on: dt.date | None = None
    done_on: dt.date | None = None
    window_days: int = 28
    shared: bool = False


def make_action(access: Access, draft: ActionDraft, *, now: dt.datetime, today: dt.date) -> Action:
    """Keep an action and tell its owner. Errors: NotYourJob, NoSuchKpi, NoSuchMarket, BadNote."""
    check_place(access, draft.kpi, draft.market)
    draft = dated(draft, today)
    owner = _checked(access, draft)
    note_draft = NoteDraft(NoteKind.ACTION, draft.text, draft.kpi, draft.market, today, draft.due_on,
                           shared=draft.shared)  # fmt: skip
    with transaction.atomic():
        note = keep_note(access, replace(note_draft, ends_on=max(today, draft.due_on)), now=now)
        action = Action.objects.create(note=note, owner_id=owner.user_id, owner=owner.name, **_kept(draft))
        record(access, "action.made", note.text[:80], id=action.pk)
        _tell_owner(access, action, now)
    return action


def change_action(access: Access, action: Action, draft: ActionDraft, *, now: dt.datetime, today: dt.date) -> Action:
    """Change an action: its writer, its owner and admins may. Errors: NotYourJob, NotYours, BadNote.

    Its KPI and market stay. A new owner is told.
    """
    access.check("write_notes")
    if not can_change(access, action):
        raise NotYours(
            _("Only %(owner)s, its writer or an admin can change this action.") % {"owner": action.owner},
            fix=_("Write an answer instead."),
        )
    draft = dated(replace(draft, kpi=action.note.kpi, market=action.note.market, shared=action.note.shared), today)
    owner = _checked(access, draft)
    text, before = checked_text(draft.text), action.owner_id
    with transaction.atomic():
        if text != action.note.text:
            Note.objects.filter(pk=action.note_id).update(text=text, edited_at=now)
            action.note.text = text
        Note.objects.filter(pk=action.note_id).update(ends_on=max(action.note.starts_on, draft.due_on))
        for name, value in {**_kept(draft), "owner_id": owner.user_id, "owner": owner.name}.items():
            setattr(action, name, value)
        action.save()
        record(access, "action.changed", text[:80], id=action.pk, state=draft.state)
        if before != owner.user_id:
            _tell_owner(access, action, now)
    return action


def can_change(access: Access, action: Action) -> bool:
    """Whether this person may change an action."""
    theirs = access.user.pk in (action.owner_id, action.note.user_id)
    return access.can("write_notes") and (theirs or access.can("delete_any_note"))


def is_overdue(action: Action, today: dt.date) -> bool:
    """Whether an unfinished action should have been finished."""
    return action.state in (ActionState.OPEN, ActionState.DOING) and action.due_on < today


def dated(draft: ActionDraft, today: dt.date) -> ActionDraft:
    """With the day it was started and the day it was done, where its state says so and no day was given."""
    started, done = draft.started_on, draft.done_on
    if draft.state in (ActionState.DOING, ActionState.DONE) and started is None:
        started = min(today, done) if done else today
    if draft.state == ActionState.DONE and done is None:
        done = max(today, started) if started else today
    if draft.state == ActionState.OPEN:
        started = None
    return replace(draft, started_on=started, done_on=done if draft.state == ActionState.DONE else None)


def _checked(access: Access, draft: ActionDraft) -> Member:
    """The owner, when all of a draft can be kept."""
    checked_text(draft.text)
    if draft.state not in ActionState.values:
        raise BadNote(_("There is no such state."), fix=_("Choose one from the list."), field="state")
    if not SHORTEST <= draft.window_days <= LONGEST:
        raise BadNote(
            _("Before and after are %(least)d to %(most)d days long.") % {"least": SHORTEST, "most": LONGEST},
            field="window_days",
        )
    if draft.started_on and draft.done_on and draft.done_on < draft.started_on:
        raise BadNote(_("It can't be done before it was started."), fix=_("Swap the two days."), field="done_on")
    for name, day in (("due_on", draft.due_on), ("started_on", draft.started_on)):
        if day is not None and not 1990 <= day.year <= 2099:
            raise BadNote(_("Choose days between 1990 and 2100."), field=name)
    owner = next((one for one in members(access.client) if one.user_id == draft.owner_id), None)
    if owner is None or not owner.sees(draft.market, shared=draft.shared):
        raise BadNote(
            _("The owner has to be a member who sees this market."),
            fix=_("Choose somebody from the list."),
            field="owner_id",
        )
    return owner


def _kept(draft: ActionDraft) -> dict[str, object]:
    names = ("due_on", "state", "started_on", "done_on", "window_days")
    return {**{name: getattr(draft, name) for name in names}, "expected": draft.expected.strip()[:200]}


def _tell_owner(access: Access, action: Action, now: dt.datetime) -> None:
    if action.owner_id != access.user.pk:
        about = {**about_note(access, action.note), "who": str(access.user), "due_on": action.due_on.isoformat()}
        tell([action.owner_id], "given", about, link=link_of(action.note), now=now)
