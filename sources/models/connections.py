"""Connected vendors and their syncs: what was asked, how far it came, what it cost, what went wrong."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from sources.models.imports import Source


class ConnectionState(models.TextChoices):
    ACTIVE = "active", _("running")
    PAUSED = "paused", _("paused")
    BROKEN = "broken", _("needs you")


class Connection(models.Model):
    """A vendor's account(s) as a source of this client.

    `given` are the answers that are no secret; `secret` is the encrypted rest (see `sources.secrets`), with the key
    that pages are kept under. `accounts`: list of {key, name, currency, zone, market}; `market` may be empty where
    `rules` (list of {pattern, market}, tried in order on the campaign's name) decide. `streams`: keys of the tables
    that are read; `look_back`: days by stream, where the connector's own aren't wanted. `every_hours` at `at_hour`
    (of the client's day, when it is a day or more).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    connector = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    source = models.OneToOneField(Source, models.PROTECT, related_name="connection")
    state = models.CharField(max_length=10, choices=ConnectionState.choices, default=ConnectionState.ACTIVE)
    given = models.JSONField(default=dict)
    secret = models.TextField()
    accounts = models.JSONField(default=list)
    rules = models.JSONField(default=list)
    streams = models.JSONField(default=list)
    look_back = models.JSONField(default=dict)
    every_hours = models.PositiveSmallIntegerField(default=24)
    at_hour = models.PositiveSmallIntegerField(default=9)
    problem = models.JSONField(null=True)
    due_at = models.DateTimeField(null=True)
    by_email = models.EmailField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class SyncState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("stopped by a problem")
    CANCELLED = "cancelled", _("cancelled")


class SyncKind(models.TextChoices):
    BACK_FILL = "back_fill", _("back-fill")
    SCHEDULED = "scheduled", _("on schedule")
    BY_HAND = "by_hand", _("by hand")
    REPLAY = "replay", _("from what is kept")


class Sync(models.Model):
    """One run of a connection over some days, portion by portion; `by_email` is empty when nobody asked for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="syncs")
    kind = models.CharField(max_length=10, choices=SyncKind.choices)
    state = models.CharField(max_length=10, choices=SyncState.choices, default=SyncState.WAITING)
    first = models.DateField()
    last = models.DateField()
    by_email = models.EmailField(blank=True)
    stop_asked = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)
    retries = models.PositiveIntegerField(default=0)
    problem = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("sync")
        verbose_name_plural = _("syncs")
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("state", "changed_at"), name="sync_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=("connection",), condition=models.Q(state__in=("waiting", "running")), name="one_sync_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.connection_id} {self.first} – {self.last} ({self.state})"


class PortionState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    READ = "read", _("read")
    LOADED = "loaded", _("loaded")


class Portion(models.Model):
    """One table of one account over a span of days: read page by page, then loaded whole; its id is the load's.

    `after` is where the next page begins, `pages` how many are kept. `counts` is what the load answered.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sync = models.ForeignKey(Sync, models.CASCADE, related_name="portions")
    number = models.PositiveIntegerField()
    stream = models.CharField(max_length=40)
    account = models.CharField(max_length=120)
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=10, choices=PortionState.choices, default=PortionState.WAITING)
    after = models.JSONField(null=True)
    pages = models.PositiveIntegerField(default=0)
    last_page = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("portion")
        verbose_name_plural = _("portions")
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("sync", "number"), name="portions_in_order"),)

    def __str__(self) -> str:
        return f"{self.stream} {self.account} {self.first} – {self.last}"


class SyncLine(models.Model):
    """A line of a sync's log: `code` and `details` are worded for whoever reads it (see `sources.words_syncs`)."""

    sync = models.ForeignKey(Sync, models.CASCADE, related_name="lines")
    at = models.DateTimeField(auto_now_add=True)
    code = models.CharField(max_length=40)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("line of a sync")
        verbose_name_plural = _("lines of a sync")
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.code


class DayFault(models.Model):
    """A day of a source and market whose numbers a check doesn't believe; `cleared_at` once a later sync mends it.

    `code` is one of `sources.services.syncs.trust`; `details` are the numbers that it saw. Nothing is ever deleted for
    a fault: the last good rows stay, and the day is marked wherever it is shown.
    """

    source = models.CharField(max_length=40)
    market = models.CharField(max_length=12)
    day = models.DateField()
    code = models.CharField(max_length=30)
    details = models.JSONField(default=dict)
    found_at = models.DateTimeField(auto_now_add=True)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("day that a check doubts")
        verbose_name_plural = _("days that a check doubts")
        ordering = ("-day", "market", "code")
        indexes = (models.Index(fields=("market", "day"), name="faults_of_days"),)
        constraints = (
            models.UniqueConstraint(
                fields=("source", "market", "day", "code"),
                condition=models.Q(cleared_at=None),
                name="one_open_fault_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.source} {self.market} {self.day}"
