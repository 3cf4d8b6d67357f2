"""Files that people bring: each upload on its way into the lake, and the mappings of files seen before."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.Model):
    """Where rows come from: `key` stands in every row of the lake as `source`, so it never changes.

    `settling` is what an admin chose of `sources.settling`: vendor, days, late_days; empty means the catalogue's rule.
    """

    key = models.SlugField(_("key"), max_length=40, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(max_length=20, default="file")
    settling = models.JSONField(_("when its numbers are settled"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ImportState(models.TextChoices):
    READING = "reading", _("being read")
    MAPPING = "mapping", _("needs an answer")
    CHECKING = "checking", _("being checked")
    READY = "ready", _("ready to load")
    LOADING = "loading", _("loading")
    DONE = "done", _("loaded")
    FAILED = "failed", _("stopped by a problem")
    UNDOING = "undoing", _("being taken back")
    UNDONE = "undone", _("taken back")
    CANCELLED = "cancelled", _("cancelled")


class FileImport(models.Model):
    """One uploaded file on its way into the lake; its id is the `load_id` of the rows that it wrote.

    `choices` are the person's corrections of how the file is read, `shape` and `columns` what was found (see
    `sources.reading.shape`, `.profile`), `proposal` the reasons, `plan` the mapping (`warehouse.plan.Plan`),
    `check_result` and `loaded` what the warehouse answered. `checked_plan` is the fingerprint of the plan that
    `check_result` is true for. `markets` are the codes whose rows the file touches.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("file"), max_length=255)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READING)
    step = models.CharField(max_length=20, blank=True)
    progress = models.FloatField(default=0.0)
    attempts = models.PositiveSmallIntegerField(default=0)
    stop_asked = models.BooleanField(default=False)

    choices = models.JSONField(default=dict)
    shape = models.JSONField(null=True)
    columns = models.JSONField(default=list)
    staged = models.JSONField(null=True)
    value_counts = models.JSONField(default=dict)
    proposal = models.JSONField(default=dict)
    plan = models.JSONField(null=True)
    checked_plan = models.CharField(max_length=32, blank=True)
    check_result = models.JSONField(null=True)
    loaded = models.JSONField(null=True)
    problem = models.JSONField(null=True)
    markets = models.JSONField(default=list)

    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="imports")
    person_id = models.BigIntegerField(null=True, db_index=True)
    person_email = models.EmailField(blank=True)
    undone_by_email = models.EmailField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("file import")
        verbose_name_plural = _("file imports")
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("state", "changed_at"), name="import_by_state"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.get_state_display()})"


class RememberedMapping(models.Model):
    """The mapping that was last confirmed for files with these columns, for the next one of that shape."""

    fingerprint = models.CharField(max_length=64, unique=True)
    plan = models.JSONField()
    times_used = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("remembered mapping")
        verbose_name_plural = _("remembered mappings")

    def __str__(self) -> str:
        return self.fingerprint[:12]
