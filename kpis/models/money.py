"""Exchange rates, and how they came to be."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kpis.models.plans import How


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
