"""Telling of settled months that a load changed, and from which change on that is told."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kpis.errors import BadThreshold
from kpis.queries.restated import Changed, restated_values
from kpis.queries.restatements import threshold_percent
from sources.models import Restatement, RestatementRule
from sources.queries.settling import settling_chosen
from tenants.access import Access
from tenants.models import Client
from tenants.services import record

MOST_PERCENT = 1000


def note_restatements(client: Client, load_id: str, *, undone: bool) -> int:
    """Compare what a load (or taking one back) changed with what had been reported, and keep what moved far enough.

    Done twice it tells once. Answers how many restatements were new.
    """
    mark = f"undo:{load_id}" if undone else load_id
    found = [
        Restatement(
            market=one.market,
            source=one.source,
            kpi=one.kpi.key,
            month=one.month,
            old=one.old.number,
            new=one.new.number,
            currency=one.currency,
            days=one.days,
            load_id=load_id,
            undone=undone,
            known_from=one.at,
        )
        for one in _far_enough(restated_values(client, mark, settling_chosen()), threshold_percent())
    ]
    before = Restatement.objects.filter(load_id=load_id, undone=undone).count()
    Restatement.objects.bulk_create(found, ignore_conflicts=True)
    return Restatement.objects.filter(load_id=load_id, undone=undone).count() - before


def _far_enough(found: list[Changed], percent: float) -> list[Changed]:
    return [one for one in found if moved_by(one.old.number, one.new.number) > percent / 100]


def moved_by(old: float | None, new: float | None) -> float:
    """The change as a share of the old value; a value that came, went or left zero has moved without bound."""
    if old is None or new is None or old == 0:
        return 0.0 if old == new else float("inf")
    return abs(new - old) / abs(old)


def set_threshold(access: Access, text: str) -> float:
    """Change from how many percent on a restatement is told. Errors: NotYourJob, BadThreshold."""
    access.check("set_settling")
    try:
        percent = Decimal(text.strip().removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        percent = Decimal(-1)
    if not percent.is_finite() or not 0 <= percent <= MOST_PERCENT:
        raise BadThreshold(
            _("“%(text)s” is no percentage from 0 to 1000.") % {"text": text[:40]},
            fix=_("Write a number such as 2 or 0.5."),
        )
    with transaction.atomic():
        rule = RestatementRule.objects.select_for_update().first() or RestatementRule()
        before = float(rule.percent)
        rule.percent, rule.changed_by = percent.quantize(Decimal("0.01")), access.user.email
        rule.save()
        record(access, "restatements.threshold", f"{rule.percent} %", before=before)
    return float(rule.percent)
