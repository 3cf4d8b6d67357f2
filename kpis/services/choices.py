"""Which KPIs stand on a board: everybody may pick their own, HQ the client's default."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kpis.errors import BadChoice
from kpis.models import BoardChoice
from kpis.queries.definitions import definitions_of
from kpis.services.revisions import next_revision
from tenants.access import Access


def choose_kpis(access: Access, keys: Sequence[str], *, for_all: bool = False) -> None:
    """Keep this person's choice in its order, or the client's default. Errors: NotYourJob, NoSuchKpi, BadChoice."""
    if for_all:
        access.check("set_targets")
    known = definitions_of(access)
    wanted = [known.kpi(key).key for key in dict.fromkeys(keys)]
    if not 1 <= len(wanted) <= len(known.kpis):
        raise BadChoice(_("No KPI was chosen."), fix=_("Choose at least one."))
    with transaction.atomic():
        next_revision("choices")
        BoardChoice.objects.update_or_create(user_id=None if for_all else access.user.pk, defaults={"kpis": wanted})


def forget_choice(access: Access) -> None:
    """Go back to the client's default."""
    with transaction.atomic():
        next_revision("choices")
        BoardChoice.objects.filter(user_id=access.user.pk).delete()
