"""What a client allows its markets to know of each other."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RankSharing(models.Model):
    """One row a client: whether people of single markets see their own rank, "3rd of 8"; without the row they don't."""

    show_ranks_to_markets = models.BooleanField(default=False)
    updated_by = models.CharField(max_length=254)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sharing of ranks")
        verbose_name_plural = _("sharing of ranks")

    def __str__(self) -> str:
        return str(self.show_ranks_to_markets)
