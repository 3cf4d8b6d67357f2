"""Exchange rates of every kind, the policy by which money is converted, and how they came to be."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kpis.models.plans import How


class Policy(models.TextChoices):
    """By which rate an amount comes into the reporting currency."""

    MONTHLY = "monthly", _("Monthly average")
    DAILY = "daily", _("Daily close")
    BUDGET = "budget", _("Budget rate")
    CONSTANT = "constant", _("Constant currency")


class RateKind(models.TextChoices):
    """What a kept rate is of. Constant currency uses the average of its base month."""

    MONTHLY = "monthly", _("Monthly average")
    DAILY = "daily", _("Daily close")
    BUDGET = "budget", _("Budget rate")


class Rate(models.Model):
    """Units of the client's home currency for one unit of `currency`."""

    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    source = models.CharField(max_length=120, blank=True)
    updated_by = models.CharField(max_length=254)
    updated_at = models.DateTimeField()

    class Meta:
        abstract = True


class ExchangeRate(Rate):
    """The average rate of a month, kept under its first day."""

    month = models.DateField()

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = (models.UniqueConstraint(fields=("currency", "month"), name="one_rate_a_month"),)

    def __str__(self) -> str:
        return f"{self.currency} {self.month:%Y-%m} {self.rate}"


class DailyRate(Rate):
    """The closing rate of a day."""

    day = models.DateField()

    class Meta:
        verbose_name = _("daily exchange rate")
        verbose_name_plural = _("daily exchange rates")
        constraints = (models.UniqueConstraint(fields=("currency", "day"), name="one_rate_a_day"),)
        indexes = (models.Index(fields=("day",), name="daily_rates_by_day"),)

    def __str__(self) -> str:
        return f"{self.currency} {self.day} {self.rate}"


class BudgetRate(Rate):
    """The rate that a fiscal year was planned with; the year has the name of the calendar year in which it begins."""

    year = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("budget rate")
        verbose_name_plural = _("budget rates")
        constraints = (models.UniqueConstraint(fields=("currency", "year"), name="one_rate_a_year"),)

    def __str__(self) -> str:
        return f"{self.currency} {self.year} {self.rate}"


class RateChange(models.Model):
    """One change of an exchange rate: append-only.

    `month` is what the rate is kept under: the first day of the month, the day, or 1 January of the budget's year.
    """

    kind = models.CharField(max_length=10, choices=RateKind.choices, default=RateKind.MONTHLY)
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
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.kind} {self.currency} {self.month}"


class PolicyChoice(models.Model):
    """The policy that a client's pages open with: append-only, the latest holds; none: the monthly average."""

    policy = models.CharField(max_length=10, choices=Policy.choices)
    who = models.CharField(max_length=254)
    user_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("choice of a conversion policy")
        verbose_name_plural = _("choices of a conversion policy")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.policy}"
