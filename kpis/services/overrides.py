"""Local definitions of a market: proposed there, approved by somebody else, shown beside the headquarters' number."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from kpis.catalogue import Kpi
from kpis.errors import BadDefinition, NoSuchMarket, NoSuchOverride
from kpis.expressions import Checked, check_formula
from kpis.models import MarketOverride, Omtm, OverrideState
from kpis.queries.definitions import THING, definitions_now
from kpis.services.revisions import next_revision
from tenants.access import Access
from tenants.services import record


def check_override(key: str, formula: str) -> tuple[Kpi, Checked]:
    """The KPI and its local formula checked. Errors: NoSuchKpi, BadFormula, BadDefinition where the unit differs."""
    definitions = definitions_now()
    kpi = definitions.kpi(key)
    checked = check_formula(formula, references=definitions.references)
    if kpi.unit not in checked.units:
        raise BadDefinition(
            _("The local formula gives %(unit)s, the KPI is in %(kpi_unit)s.")
            % {"unit": checked.units[0].words, "kpi_unit": kpi.unit.words},
            fix=_("A local definition has the unit of the KPI."),
            field="formula",
        )
    return kpi, checked


def propose_override(
    access: Access, *, key: str, market: str, formula: str, reason: str, now: dt.datetime
) -> MarketOverride:
    """Ask for another formula in one market. Errors: NotYourJob, NoSuchMarket, NoSuchKpi, BadFormula, BadDefinition."""
    access.check("propose_override")
    if market not in access.market_codes:
        raise NoSuchMarket(market)
    check_override(key, formula)
    if not reason.strip() or len(reason) > 300 or "\x00" in reason:
        raise BadDefinition(
            _("A local definition needs a reason of 300 characters at most."), fix=_("Write why."), field="reason"
        )
    with transaction.atomic():
        next_revision(THING)
        if MarketOverride.objects.filter(kpi=key, market=market, state=OverrideState.PROPOSED).exists():
            raise BadDefinition(
                _("A local definition of this KPI is waiting for approval in this market already."),
                fix=_("Let it be approved or turned down first."),
                field="formula",
            )
        made = MarketOverride.objects.create(
            kpi=key, market=market, formula=formula.strip(), reason=reason.strip(), proposed_by=str(access.user),
            proposed_by_id=access.user.pk, proposed_at=now,
        )  # fmt: skip
        record(access, "override.proposed", f"{key} {market}", formula=formula)
    return made


def decide_override(access: Access, number: int, *, approve: bool, now: dt.datetime) -> MarketOverride:
    """Approve a proposal or turn it down; nobody approves their own.

    Errors: NotYourJob, NoSuchOverride, BadDefinition.
    """
    access.check("approve_override")
    with transaction.atomic():
        next_revision(THING)
        found = _override(access, number, OverrideState.PROPOSED)
        if approve and found.proposed_by_id == access.user.pk:
            raise BadDefinition(
                _("Nobody approves their own proposal."), fix=_("Ask another owner or admin to approve it.")
            )
        if approve:
            check_override(found.kpi, found.formula)
            in_force = MarketOverride.objects.filter(
                kpi=found.kpi, market=found.market, state=OverrideState.APPROVED
            )  # fmt: skip
            in_force.update(state=OverrideState.ENDED)
        _decide(access, found, OverrideState.APPROVED if approve else OverrideState.REFUSED, now)
        record(access, "override.approved" if approve else "override.refused", f"{found.kpi} {found.market}")
    return found


def end_override(access: Access, number: int, *, now: dt.datetime) -> MarketOverride:
    """Go back to the headquarters' definition. Errors: NotYourJob, NoSuchOverride."""
    access.check("approve_override")
    with transaction.atomic():
        next_revision(THING)
        found = _override(access, number, OverrideState.APPROVED)
        found.state = OverrideState.ENDED
        found.save(update_fields=["state"])
        record(access, "override.ended", f"{found.kpi} {found.market}")
    return found


def _decide(access: Access, found: MarketOverride, state: OverrideState, now: dt.datetime) -> None:
    found.state, found.decided_by, found.decided_by_id, found.decided_at = state, str(access.user), access.user.pk, now
    found.save()


def _override(access: Access, number: int, state: OverrideState) -> MarketOverride:
    found = MarketOverride.objects.select_for_update().filter(pk=number, market__in=access.market_codes).first()
    if found is None:
        raise NoSuchOverride
    if found.state != state:
        raise BadDefinition(
            _("This local definition is %(state)s by now.") % {"state": OverrideState(found.state).label},
            fix=_("Open the KPI's page again."),
        )
    return found


# --- the one metric that matters --------------------------------------------------------------------------------
def choose_omtm(access: Access, *, market: str, key: str, now: dt.datetime) -> None:
    """Choose the one metric of a market, or of the client where `market` is empty; an empty key forgets it.

    Errors: NotYourJob, NoSuchMarket, NoSuchKpi, BadDefinition for a KPI that can't be measured yet.
    """
    access.check("choose_omtm" if market else "define_kpis")
    if market and market not in access.market_codes:
        raise NoSuchMarket(market)
    with transaction.atomic():
        next_revision(THING)
        if not key:
            Omtm.objects.filter(market=market).delete()
        else:
            kpi = definitions_now().kpi(key)
            if not kpi.is_measurable:
                raise BadDefinition(
                    _("This KPI can't be measured yet, so it can't lead."), fix=_("Connect its source first.")
                )
            Omtm.objects.update_or_create(market=market, defaults={"kpi": key, "who": str(access.user), "at": now})
        record(access, "omtm.chosen", f"{market} {key}".strip())
