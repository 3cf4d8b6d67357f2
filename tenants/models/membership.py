"""What a person is at a client: role and markets."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models.client import Client, Market
from tenants.models.user import User


class Role(models.TextChoices):
    OWNER = "owner", _("owner")
    ADMIN = "admin", _("admin")
    MARKETER = "marketer", _("marketer")
    VIEWER = "viewer", _("viewer")


class Membership(models.Model):
    """One person at one client. A consultant is a person with several; `markets` counts only without `all_markets`."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    client = models.ForeignKey(Client, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    all_markets = models.BooleanField(_("all markets"), default=True)
    markets = models.ManyToManyField(Market, blank=True, related_name="memberships", verbose_name=_("markets"))
    opened_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (models.UniqueConstraint(fields=("user", "client"), name="one_membership_a_client"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.client_id}"
