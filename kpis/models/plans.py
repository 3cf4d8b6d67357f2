"""Targets, and how they came to be."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class How(models.TextChoices):
    """The way by which a value came in."""

    TYPED = "typed", _("typed")
    PASTED = "pasted", _("pasted")
    IMPORTED = "imported", _("imported from a file")
    API = "api", _("through the API")
    PHASED = "phased", _("spread from a yearly value")


class Version(models.TextChoices):
    """Which plan a target belongs to."""

    BUDGET = "budget", _("Budget")
    FORECAST = "forecast", _("Forecast")
    STRETCH = "stretch", _("Stretch")


class Approval(models.TextChoices):
    """How far a market's month of a version is agreed; one without a row is open."""

    SUBMITTED = "submitted", _("submitted")
    APPROVED = "approved", _("approved")
    CHANGED = "changed", _("changed after approval")


class Target(models.Model):
    """What a market should reach in a month, by a version. A percent is a rate from 0 to 1; money is in `currency`."""

    kpi = models.CharField(max_length=40)
    market = models.CharField(max_length=12)
    month = models.DateField()
    version = models.CharField(max_length=10, choices=Version.choices, default=Version.BUDGET)
    value = models.DecimalField(max_digits=24, decimal_places=8)
    currency = models.CharField(max_length=3, blank=True)
    updated_by = models.CharField(max_length=254)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = (
            models.UniqueConstraint(fields=("kpi", "market", "month", "version"), name="one_target_a_version"),
        )
        indexes = (models.Index(fields=("month", "market"), name="targets_by_month"),)

    def __str__(self) -> str:
        return f"{self.kpi} {self.market} {self.month:%Y-%m}"


class TargetChange(models.Model):
    """One change of a target: append-only. `old` or `new` is empty where there was or is none.

    `who` is the name as it was then and `user_id` the login's number: no foreign key leaves a client's schema.
    `reason` stands where a person gave one; a change `after_approval` always has one.
    """

    kpi = models.CharField(max_length=40)
    market = models.CharField(max_length=12)
    month = models.DateField()
    version = models.CharField(max_length=10, choices=Version.choices, default=Version.BUDGET)
    old = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    new = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    currency = models.CharField(max_length=3, blank=True)
    how = models.CharField(max_length=10, choices=How.choices)
    reason = models.CharField(max_length=300, blank=True)
    after_approval = models.BooleanField(default=False)
    who = models.CharField(max_length=254)
    user_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    batch = models.UUIDField()

    class Meta:
        verbose_name = _("change of a target")
        verbose_name_plural = _("changes of targets")
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("kpi", "market", "month"), name="target_changes_of_one"),
            models.Index(fields=("batch",), name="target_changes_of_batch"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.kpi} {self.market} {self.month:%Y-%m}"


class MonthApproval(models.Model):
    """How far one market's month of a version is agreed; the numbers of an approved month are locked."""

    version = models.CharField(max_length=10, choices=Version.choices)
    market = models.CharField(max_length=12)
    month = models.DateField()
    state = models.CharField(max_length=10, choices=Approval.choices)
    submitted_by = models.CharField(max_length=254)
    submitted_by_id = models.BigIntegerField()
    submitted_at = models.DateTimeField()
    approved_by = models.CharField(max_length=254, blank=True)
    approved_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("approval of a month")
        verbose_name_plural = _("approvals of months")
        constraints = (models.UniqueConstraint(fields=("version", "market", "month"), name="one_approval_a_month"),)

    def __str__(self) -> str:
        return f"{self.version} {self.market} {self.month:%Y-%m} {self.state}"


class TargetSetting(models.Model):
    """What holds for all targets of a client: one row at most. Without it the budget is what values are held to."""

    only = models.BooleanField(default=True, unique=True)
    active_version = models.CharField(max_length=10, choices=Version.choices, default=Version.BUDGET)

    class Meta:
        verbose_name = _("setting of targets")
        verbose_name_plural = _("settings of targets")

    def __str__(self) -> str:
        return self.active_version
