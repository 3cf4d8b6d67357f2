"""Clients (one PostgreSQL schema and one lake each), their host names and their markets."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

SLUG = RegexValidator(
    r"^[a-z][a-z0-9-]{1,24}$", _("Use 2 to 25 small letters, digits or hyphens, beginning with a letter.")
)
MARKET_CODE = RegexValidator(
    r"^[A-Z][A-Z0-9-]{1,11}$", _("Use 2 to 12 capital letters, digits or hyphens, such as KR or US-EAST.")
)
CURRENCY = RegexValidator(r"^[A-Z]{3}$", _("Use the three letters of ISO 4217, such as KRW."))


class Client(TenantMixin):
    """A client company. `step` says how far its making is; new ones are copied from the `is_template` one."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("being prepared")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    slug = models.CharField(_("address"), max_length=25, unique=True, validators=[SLUG])
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    home_currency = models.CharField(_("home currency"), max_length=3, default="KRW", validators=[CURRENCY])
    time_zone = models.CharField(_("time zone"), max_length=50, default="Asia/Seoul")
    fiscal_year_start = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARING)
    step = models.CharField(max_length=30, blank=True)
    problem = models.CharField(max_length=500, blank=True)
    is_sample = models.BooleanField(default=False)
    is_template = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("tenants.User", models.SET_NULL, null=True, blank=True, related_name="+")

    auto_create_schema = False

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name


class Domain(DomainMixin):
    """A client's own host name, where it has one; the portal's own host needs none."""


class Market(models.Model):
    """A country team's market. `code` is how every row of the lake names it, so it never changes."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="markets")
    code = models.CharField(_("code"), max_length=12, validators=[MARKET_CODE])
    name_ko = models.CharField(_("name in Korean"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    country = models.CharField(_("country"), max_length=2, help_text=_("Two letters of ISO 3166, such as KR."))
    currency = models.CharField(_("currency"), max_length=3, validators=[CURRENCY])
    time_zone = models.CharField(_("time zone"), max_length=50)
    language = models.CharField(_("language"), max_length=5, default="en")
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("market")
        verbose_name_plural = _("markets")
        ordering = ("position", "code")
        constraints = (models.UniqueConstraint(fields=("client", "code"), name="market_code_once_a_client"),)

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name_ko
