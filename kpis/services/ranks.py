"""Whether the markets may see their rank."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from kpis.models import RankSharing
from tenants.access import Access
from tenants.services import record

ONLY = 1


def share_ranks(access: Access, *, shown: bool, now: dt.datetime) -> None:
    """Show people of single markets their own rank, or stop it. Errors: NotYourJob."""
    access.check("share_ranks")
    with transaction.atomic():
        kept = {"show_ranks_to_markets": shown, "updated_by": access.user.email, "updated_at": now}
        RankSharing.objects.update_or_create(pk=ONLY, defaults=kept)
        record(access, "ranks.shared", shown=shown)
