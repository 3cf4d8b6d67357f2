"""Forms of notes and actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kpis.catalogue import Stage
from kpis.models import Action
from kpis.models.notes import ActionState, EventType, NoteKind
from kpis.queries.definitions import definitions_here
from kpis.queries.members import Member, colleagues_of
from kpis.queries.windows import today_at
from kpis.services.actions import ActionDraft
from kpis.services.notes import LONGEST, NoteDraft
from tenants.access import Access

Choices = Sequence[tuple[str, str]]


def day_field(**more: Any) -> forms.DateField:
    """A day with the browser's own picker."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, input_formats=["%Y-%m-%d"], **more)


def kpi_choices() -> list[tuple[str, Any]]:
    """All KPIs of the client that is open, by stage."""
    kpis = definitions_here().kpis
    return [(str(stage.words), [(one.key, str(one.name)) for one in kpis if one.stage is stage]) for stage in Stage]


class NoteForm(forms.Form):
    """An event or a comment on a place that the address names."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[(NoteKind.ANNOTATION, NoteKind.ANNOTATION.label), (NoteKind.COMMENT, NoteKind.COMMENT.label)],
        initial=NoteKind.ANNOTATION,
        widget=forms.RadioSelect,
    )
    event_type = forms.ChoiceField(label=_("Kind of event"), choices=EventType.choices, required=False)
    text = forms.CharField(
        label=_("What happened"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Name a member with @ to tell them."),
    )
    starts_on = day_field(label=_("From"))
    ends_on = day_field(label=_("To"), required=False)
    shared = forms.BooleanField(
        label=_("Visible to markets"),
        required=False,
        help_text=_("Without it, only those who see all markets read it."),
    )

    def __init__(self, *args: Any, whole: bool, **kwargs: Any) -> None:
        """`whole`: the place is all markets."""
        super().__init__(*args, **kwargs)
        if not whole:
            del self.fields["shared"]

    def draft(self, kpi: str, market: str) -> NoteDraft:
        found = self.cleaned_data
        ends_on: dt.date = found["ends_on"] or found["starts_on"]
        return NoteDraft(
            found["kind"], found["text"], kpi, market, found["starts_on"], ends_on,
            event_type=found["event_type"], shared=found.get("shared", False),
        )  # fmt: skip


class ActionForm(forms.Form):
    """A new action."""

    text = forms.CharField(
        label=_("What will be done"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Name a member with @ to tell them."),
    )
    kpi = forms.ChoiceField(label=_("KPI"), choices=kpi_choices)
    market = forms.ChoiceField(label=_("Market"), required=False)
    owner_id = forms.TypedChoiceField(label=_("Owner"), coerce=int)
    due_on = day_field(label=_("Due"))
    expected = forms.CharField(
        label=_("Expected effect"), max_length=200, required=False, help_text=_("Such as: CVR back above 2.5 %.")
    )
    window_days = forms.IntegerField(
        label=_("Days before and after"),
        initial=28,
        help_text=_("How long the KPI is read on each side of the start."),
    )
    shared = NoteForm.base_fields["shared"]

    def __init__(self, *args: Any, owners: Choices, markets: Choices, whole: bool, **kwargs: Any) -> None:
        """`whole`: this person sees all markets, so the action may be for all of them."""
        super().__init__(*args, **kwargs)
        every = [("", str(_("All markets")))] if whole else []
        self.fields["market"].choices = [*every, *markets]  # type: ignore[attr-defined]
        self.fields["owner_id"].choices = list(owners)  # type: ignore[attr-defined]
        if not whole:
            del self.fields["shared"]

    def draft(self) -> ActionDraft:
        return ActionDraft(**self.cleaned_data)


class ActionChangeForm(ActionForm):
    """An action with its state; its KPI and its market stay."""

    state = forms.ChoiceField(label=_("State"), choices=ActionState.choices)
    started_on = day_field(label=_("Started on"), required=False)
    done_on = day_field(label=_("Done on"), required=False)
    field_order = ("text", "state", "owner_id", "due_on", "started_on", "done_on", "expected", "window_days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kpi", "market", "shared"):
            self.fields.pop(name, None)

    def draft(self) -> ActionDraft:
        return ActionDraft(kpi="", market="", **self.cleaned_data)


def note_form(market: str, last: dt.date, sent: QueryDict | None = None) -> NoteForm:
    """The form of a place, filled with the last of its days."""
    return NoteForm(sent, whole=not market, initial={"starts_on": last, "ends_on": last}, auto_id="note_%s")


def action_form(access: Access, query: QueryDict, sent: QueryDict | None = None) -> ActionForm:
    """The form of a new action, filled from the address (`kpi`, `market`)."""
    today = today_at(access)
    initial = {
        "kpi": query.get("kpi", ""),
        "market": query.get("market", ""),
        "owner_id": access.user.pk,
        "due_on": today + dt.timedelta(days=14),
    }
    return ActionForm(sent, initial=initial, **_choices(access, colleagues_of(access)))


def change_form(access: Access, action: Action, sent: QueryDict | None = None) -> ActionChangeForm:
    """The form of an action as it is now."""
    names = ("state", "owner_id", "due_on", "started_on", "done_on", "expected", "window_days")
    initial = {**{name: getattr(action, name) for name in names}, "text": action.note.text}
    people = [one for one in colleagues_of(access) if one.sees(action.note.market, shared=action.note.shared)]
    return ActionChangeForm(sent, initial=initial, **_choices(access, people))


def _choices(access: Access, people: Sequence[Member]) -> dict[str, Any]:
    return {
        "owners": [(str(one.user_id), one.name) for one in people],
        "markets": [(one.code, str(one)) for one in access.markets],
        "whole": access.all_markets,
    }
