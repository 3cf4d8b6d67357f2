"""Numbers that changed after they had been reported."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RestatementRule(models.Model):
    """From which change on a restated number is told of, for the whole client; one row at most."""

    percent = models.DecimalField(max_digits=6, decimal_places=2, default=2)
    changed_by = models.CharField(max_length=254, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("rule of restatements")
        verbose_name_plural = _("rules of restatements")

    def __str__(self) -> str:
        return f"{self.percent} %"


class Restatement(models.Model):
    """A settled month's KPI that a load changed after it had been reported. Money is in the market's own currency.

    `old` or `new` is empty where there was or is no value. `undone`: the load was taken back, and that changed it.
    `known_from` is the moment from which the new value is known: the old one stood until then.
    """

    market = models.CharField(max_length=12)
    source = models.CharField(max_length=40)
    kpi = models.CharField(max_length=40)
    month = models.DateField()
    old = models.FloatField(null=True)
    new = models.FloatField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    days = models.PositiveIntegerField()
    load_id = models.CharField(max_length=40)
    undone = models.BooleanField(default=False)
    known_from = models.DateTimeField()

    class Meta:
        verbose_name = _("restatement")
        verbose_name_plural = _("restatements")
        ordering = ("-known_from", "-month", "market", "kpi")
        constraints = (
            models.UniqueConstraint(fields=("load_id", "undone", "market", "kpi", "month"), name="told_once"),
        )
        indexes = (models.Index(fields=("known_from", "market"), name="restatements_since"),)

    def __str__(self) -> str:
        return f"{self.kpi} {self.market} {self.month:%Y-%m} {self.old} → {self.new}"
