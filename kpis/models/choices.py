"""Which KPIs stand where, and counters by which what was computed before is known."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


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
