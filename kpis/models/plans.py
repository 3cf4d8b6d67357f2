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


class Target(models.Model):
    """What a market should reach in a month. A percent is a rate from 0 to 1; money is in `currency`."""

    kpi = models.CharField(max_length=40)
    market = models.CharField(max_length=12)
    month = models.DateField()
    value = models.DecimalField(max_digits=24, decimal_places=8)
    currency = models.CharField(max_length=3, blank=True)
    updated_by = models.CharField(max_length=254)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = (models.UniqueConstraint(fields=("kpi", "market", "month"), name="one_target_a_month"),)
        indexes = (models.Index(fields=("month", "market"), name="targets_by_month"),)

    def __str__(self) -> str:
        return f"{self.kpi} {self.market} {self.month:%Y-%m}"


class TargetChange(models.Model):
    """One change of a target: append-only. `old` or `new` is empty where there was or is none.

    `who` is the name as it was then and `user_id` the login's number: no foreign key leaves a client's schema.
    """

    kpi = models.CharField(max_length=40)
    market = models.CharField(max_length=12)
    month = models.DateField()
    old = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    new = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    currency = models.CharField(max_length=3, blank=True)
    how = models.CharField(max_length=10, choices=How.choices)
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
