"""What a client makes of the catalogue: own KPIs with their versions, local overrides, switches, and the one metric."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OwnKpi(models.Model):
    """A KPI that the client has made, as its latest version says; `unit`, `better`, `stage` are the catalogue's."""

    key = models.CharField(max_length=40, unique=True)
    number = models.PositiveIntegerField(unique=True)
    name_ko = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    stage = models.CharField(max_length=20)
    unit = models.CharField(max_length=10)
    better = models.CharField(max_length=10)
    formula = models.TextField()
    owner_name = models.CharField(max_length=120, blank=True)
    description_ko = models.CharField(max_length=500, blank=True)
    description_en = models.CharField(max_length=500, blank=True)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("own KPI")
        verbose_name_plural = _("own KPIs")
        ordering = ("number",)

    def __str__(self) -> str:
        return self.key


class OwnKpiVersion(models.Model):
    """What an own KPI was from a moment on: append-only. `who` is the name as it was then."""

    kpi = models.ForeignKey(OwnKpi, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name_ko = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    stage = models.CharField(max_length=20)
    unit = models.CharField(max_length=10)
    better = models.CharField(max_length=10)
    formula = models.TextField()
    owner_name = models.CharField(max_length=120, blank=True)
    description_ko = models.CharField(max_length=500, blank=True)
    description_en = models.CharField(max_length=500, blank=True)
    active = models.BooleanField(default=True)
    why = models.CharField(max_length=300, blank=True)
    who = models.CharField(max_length=254)
    user_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("version of an own KPI")
        verbose_name_plural = _("versions of own KPIs")
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("kpi", "number"), name="one_version_a_number"),)

    def __str__(self) -> str:
        return f"{self.kpi_id} v{self.number}"


class OverrideState(models.TextChoices):
    """How far a local override has come."""

    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("not approved")
    ENDED = "ended", _("ended")


class MarketOverride(models.Model):
    """Another formula for a KPI in one market: shown beside the headquarters' number, never in its place."""

    kpi = models.CharField(max_length=40)
    market = models.CharField(max_length=12)
    formula = models.TextField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=OverrideState.choices, default=OverrideState.PROPOSED)
    proposed_by = models.CharField(max_length=254)
    proposed_by_id = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=254, blank=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("local override")
        verbose_name_plural = _("local overrides")
        ordering = ("-proposed_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("kpi", "market"), condition=models.Q(state="approved"), name="one_override_in_force"
            ),
            models.UniqueConstraint(
                fields=("kpi", "market"), condition=models.Q(state="proposed"), name="one_override_proposed"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kpi} {self.market} {self.state}"


class KpiSwitch(models.Model):
    """Whether a KPI of the catalogue is among the client's; without a switch it is if it can be measured."""

    kpi = models.CharField(max_length=40, unique=True)
    on = models.BooleanField()
    who = models.CharField(max_length=254)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("switch of a KPI")
        verbose_name_plural = _("switches of KPIs")

    def __str__(self) -> str:
        return f"{self.kpi} {'on' if self.on else 'off'}"


class Omtm(models.Model):
    """The one metric that matters: of a market, or of the whole client where `market` is empty."""

    market = models.CharField(max_length=12, blank=True, unique=True)
    kpi = models.CharField(max_length=40)
    who = models.CharField(max_length=254)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("one metric that matters")
        verbose_name_plural = _("the metrics that matter")

    def __str__(self) -> str:
        return f"{self.market or '–'}: {self.kpi}"
