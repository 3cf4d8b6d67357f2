"""What a client decides about its KPIs: targets, exchange rates, the KPIs on its board. Facts live in the lake."""

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


class ExchangeRate(models.Model):
    """The average rate of a month: units of the client's home currency for one unit of `currency`."""

    currency = models.CharField(max_length=3)
    month = models.DateField()
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    source = models.CharField(max_length=120, blank=True)
    updated_by = models.CharField(max_length=254)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = (models.UniqueConstraint(fields=("currency", "month"), name="one_rate_a_month"),)

    def __str__(self) -> str:
        return f"{self.currency} {self.month:%Y-%m} {self.rate}"


class RateChange(models.Model):
    """One change of an exchange rate: append-only."""

    currency = models.CharField(max_length=3)
    month = models.DateField()
    old = models.DecimalField(max_digits=20, decimal_places=10, null=True)
    new = models.DecimalField(max_digits=20, decimal_places=10, null=True)
    source = models.CharField(max_length=120, blank=True)
    how = models.CharField(max_length=10, choices=How.choices)
    who = models.CharField(max_length=254)
    user_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    batch = models.UUIDField()

    class Meta:
        verbose_name = _("change of an exchange rate")
        verbose_name_plural = _("changes of exchange rates")
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("currency", "month"), name="rate_changes_of_one"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.currency} {self.month:%Y-%m}"


class BoardChoice(models.Model):
    """Which KPIs stand on the board, in which order; `user_id` empty: the client's default."""

    user_id = models.BigIntegerField(null=True, unique=True)
    kpis = models.JSONField(default=list)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("choice of KPIs")
        verbose_name_plural = _("choices of KPIs")

    def __str__(self) -> str:
        return f"{self.user_id}: {len(self.kpis)}"


class Revision(models.Model):
    """Counts the changes of a thing, in the transaction that makes them: by it, what was computed before is known."""

    thing = models.CharField(max_length=10, primary_key=True)
    number = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")

    def __str__(self) -> str:
        return f"{self.thing} {self.number}"
