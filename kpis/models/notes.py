"""What people write on numbers: annotations, comments, and actions with an owner and a due date."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoteKind(models.TextChoices):
    """What a note is."""

    ANNOTATION = "annotation", _("Event")
    COMMENT = "comment", _("Comment")
    ACTION = "action", _("Action")


class EventType(models.TextChoices):
    """What happened, of an annotation."""

    CAMPAIGN = "campaign", _("Campaign")
    OUTAGE = "outage", _("Outage")
    PRICE = "price", _("Price change")
    TRACKING = "tracking", _("Tracking change")
    OTHER = "other", _("Other event")


class Note(models.Model):
    """A sentence on a place: a KPI (empty: all of them), a market (empty: all of them) and days, both included.

    What is written on all markets is read by those who see all markets, or by everybody where it is `shared`.
    `who` is the name as it was then and `user_id` the login's number: no foreign key leaves a client's schema.
    A deleted note keeps its row; where others have answered it, its place in the thread stays.
    """

    kind = models.CharField(max_length=10, choices=NoteKind.choices)
    event_type = models.CharField(max_length=10, choices=EventType.choices, blank=True)
    kpi = models.CharField(max_length=40, blank=True)
    market = models.CharField(max_length=12, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    text = models.TextField(max_length=2000)
    shared = models.BooleanField(default=False)
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="replies")
    who = models.CharField(max_length=254)
    user_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.CharField(max_length=254, blank=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ("-starts_on", "-id")
        indexes = (models.Index(fields=("market", "kpi", "starts_on"), name="notes_by_place"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.kpi} {self.market} {self.starts_on:%Y-%m-%d}"


class ActionState(models.TextChoices):
    """How far an action is."""

    OPEN = "open", _("To do")
    DOING = "doing", _("In progress")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class Action(models.Model):
    """What somebody does about a number. Its place and its text are those of its note; its note's market is one."""

    note = models.OneToOneField(Note, models.CASCADE, related_name="action")
    owner_id = models.BigIntegerField()
    owner = models.CharField(max_length=254)
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=ActionState.choices, default=ActionState.OPEN)
    expected = models.CharField(max_length=200, blank=True)
    started_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    window_days = models.PositiveSmallIntegerField(default=28)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ("due_on", "id")
        indexes = (models.Index(fields=("state", "due_on"), name="actions_by_state"),)

    def __str__(self) -> str:
        return f"{self.owner} {self.due_on:%Y-%m-%d} {self.state}"
