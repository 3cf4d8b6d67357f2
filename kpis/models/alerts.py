"""Alerts: what is watched, and when it happened."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AlertKind(models.TextChoices):
    """What an alert holds a value against."""

    THRESHOLD = "threshold", _("Threshold")
    CHANGE = "change", _("Change")
    PACING = "pacing", _("Behind target")
    ANOMALY = "anomaly", _("Out of the ordinary")
    RESTATED = "restated", _("Restated")
    MISSING = "missing", _("Missing data")


class AlertGrain(models.TextChoices):
    """Whole periods that a value is taken over."""

    DAY = "day", _("One day")
    WEEK = "week", _("One week")
    MONTH = "month", _("One month")


class Side(models.TextChoices):
    """On which side of the line it happens."""

    BELOW = "below", _("Below")
    ABOVE = "above", _("Above")
    EITHER = "either", _("Either side")


class Base(models.TextChoices):
    """What a change is measured against."""

    PREVIOUS = "previous", _("The period before")
    WEEKDAY = "weekday", _("The same weekday last week")
    YEAR = "year", _("The same period last year")


class AlertState(models.TextChoices):
    """What the last check found."""

    NEW = "new", _("Not checked yet")
    QUIET = "quiet", _("Quiet")
    FIRING = "firing", _("Fired")
    BROKEN = "broken", _("Can't run")


class Alert(models.Model):
    """A rule over one KPI in some markets (`markets` empty: all that its owner sees).

    `limit` is a value (threshold; a percent is a rate from 0 to 1), a share from 0 to 1 (change, pacing, restated), a
    robust z (anomaly) or a number of days (missing). `recipients` are members' numbers; each gets only what happens
    in their own markets. `since`: the first day whose period is judged.
    """

    name = models.CharField(max_length=120)
    kpi = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=AlertKind.choices)
    markets = models.JSONField(default=list)
    grain = models.CharField(max_length=5, choices=AlertGrain.choices, default=AlertGrain.DAY)
    side = models.CharField(max_length=6, choices=Side.choices, default=Side.BELOW)
    base = models.CharField(max_length=8, choices=Base.choices, default=Base.PREVIOUS)
    limit = models.FloatField()
    currency = models.CharField(max_length=3, blank=True)
    recipients = models.JSONField(default=list)
    by_mail = models.BooleanField(default=True)
    active = models.BooleanField(default=True)
    muted_until = models.DateField(null=True)
    owner_id = models.BigIntegerField()
    owner = models.CharField(max_length=254)
    since = models.DateField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    last_checked_at = models.DateTimeField(null=True)
    last_state = models.CharField(max_length=8, choices=AlertState.choices, default=AlertState.NEW)
    broken_reason = models.CharField(max_length=30, blank=True)
    broken_about = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class AlertEvent(models.Model):
    """One firing in one market: once a period, whatever is computed again. `about` is what its sentence names."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="events")
    market = models.CharField(max_length=12)
    starts_on = models.DateField()
    ends_on = models.DateField()
    value = models.FloatField(null=True)
    expected = models.FloatField(null=True)
    about = models.JSONField(default=dict)
    muted = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("alert event")
        verbose_name_plural = _("alert events")
        ordering = ("-starts_on", "-id")
        constraints = (models.UniqueConstraint(fields=("alert", "market", "starts_on"), name="one_firing_a_period"),)

    def __str__(self) -> str:
        return f"{self.alert_id} {self.market} {self.starts_on:%Y-%m-%d}"
