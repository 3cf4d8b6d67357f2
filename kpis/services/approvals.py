"""Agreeing on targets: a market's months of a version are submitted, approved by somebody else, and then locked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kpis.errors import CantApprove, LockedMonths, NothingToAgree
from kpis.models import Approval, MonthApproval, Target, TargetSetting, Version
from kpis.services.revisions import next_revision
from tenants.access import Access
from tenants.models import Membership, Role
from tenants.services import record

Month = tuple[str, dt.date]  # market, first day of the month
LONGEST_REASON = 300


def submit_months(
    access: Access, version: str, markets: Sequence[str], months: Sequence[dt.date], *, now: dt.datetime
) -> int:
    """Hand in every month that has a target and isn't agreed yet; how many months were handed in.

    Errors: NotYourJob; NothingToAgree when none of them can be handed in.
    """
    access.check("set_targets")
    with transaction.atomic():
        next_revision("targets")
        known = _known(version, _seen(access, markets), months)
        filled = set(
            Target.objects.filter(version=version, market__in=_seen(access, markets), month__in=months)
            .values_list("market", "month").distinct()
        )  # fmt: skip
        wanted = [place for place in sorted(filled) if place not in known or known[place].state == Approval.CHANGED]
        if not wanted:
            raise NothingToAgree(
                _("There is no open month with targets to submit."),
                fix=_("Type targets first, or choose other months."),
            )
        for market, month in wanted:
            MonthApproval.objects.update_or_create(
                version=version, market=market, month=month,
                defaults={
                    "state": Approval.SUBMITTED, "submitted_by": str(access.user),
                    "submitted_by_id": access.user.pk, "submitted_at": now, "note": "",
                },
            )  # fmt: skip
        record(access, "targets.submitted", version, months=_named(wanted))
    return len(wanted)


def approve_months(
    access: Access, version: str, markets: Sequence[str], months: Sequence[dt.date], *, now: dt.datetime
) -> int:
    """Agree to what was handed in: from now on a change of these months needs a reason; how many were approved.

    Errors: NotYourJob; NothingToAgree; CantApprove for one's own months while another person could do it.
    """
    access.check("approve_targets")
    with transaction.atomic():
        next_revision("targets")
        waiting = _waiting(access, version, markets, months)
        own = [one for one in waiting if one.submitted_by_id == access.user.pk]
        if own and other_approvers(access):
            raise CantApprove(months=_named((one.market, one.month) for one in own))
        for one in waiting:
            one.state, one.approved_by, one.approved_at, one.note = Approval.APPROVED, str(access.user), now, ""
        MonthApproval.objects.bulk_update(waiting, ["state", "approved_by", "approved_at", "note"])
        record(
            access, "targets.approved", version, months=_named((one.market, one.month) for one in waiting),
            by_the_only_approver=bool(own),
        )  # fmt: skip
    return len(waiting)


def send_back_months(
    access: Access, version: str, markets: Sequence[str], months: Sequence[dt.date], *, note: str
) -> int:
    """Hand submitted months back to be worked on, with what should change. Errors: NotYourJob, NothingToAgree."""
    access.check("approve_targets")
    with transaction.atomic():
        next_revision("targets")
        waiting = _waiting(access, version, markets, months)
        places = _named((one.market, one.month) for one in waiting)
        for one in waiting:
            one.note = note.strip()[:LONGEST_REASON]
            # What was approved once stays known as changed since; the rest is open again.
            one.state = Approval.CHANGED
        MonthApproval.objects.bulk_update([one for one in waiting if one.approved_at], ["state", "note"])
        MonthApproval.objects.filter(pk__in=[one.pk for one in waiting if not one.approved_at]).delete()
        record(access, "targets.sent_back", version, months=places, note=note.strip()[:LONGEST_REASON])
    return len(waiting)


def use_version(access: Access, version: str) -> None:
    """Hold every value to this version from now on: board, home page and API. Errors: NotYourJob."""
    access.check("approve_targets")
    with transaction.atomic():
        next_revision("targets")
        before = TargetSetting.objects.values_list("active_version", flat=True).first() or Version.BUDGET.value
        TargetSetting.objects.update_or_create(only=True, defaults={"active_version": version})
        if before != version:
            record(access, "targets.version_chosen", version, before=before)


def note_changes(access: Access, version: str, places: Collection[Month], reason: str) -> set[Month]:
    """Within the transaction that changes these months: which of them had been approved.

    A month that was handed in is open again; an approved one becomes changed after approval, on the record, with its
    reason. Errors: LockedMonths without a reason.
    """
    known = _known(version, {market for market, _month in places}, {month for _market, month in places})
    met = {place: one for place, one in known.items() if place in places}
    approved = {place for place, one in met.items() if one.approved_at is not None}
    if approved and not reason.strip():
        raise LockedMonths(months=_named(approved))
    MonthApproval.objects.filter(pk__in=[met[place].pk for place in met.keys() - approved]).delete()
    if approved:
        MonthApproval.objects.filter(pk__in=[met[place].pk for place in approved]).update(
            state=Approval.CHANGED, note=reason.strip()[:LONGEST_REASON]
        )
        record(access, "targets.changed_after_approval", version, months=_named(approved), reason=reason.strip())
    return approved


def other_approvers(access: Access) -> bool:
    """Whether somebody else at this client could approve: the rule of two people holds only where there are two."""
    able = Membership.objects.filter(
        client=access.client, role__in=(Role.OWNER, Role.ADMIN), all_markets=True, user__is_active=True
    )
    return able.exclude(user=access.user).exists()


def _seen(access: Access, markets: Sequence[str]) -> list[str]:
    return [code for code in access.market_codes if code in markets]


def _known(version: str, markets: Collection[str], months: Collection[dt.date]) -> dict[Month, MonthApproval]:
    found = MonthApproval.objects.filter(version=version, market__in=markets, month__in=months)
    return {(one.market, one.month): one for one in found}


def _waiting(access: Access, version: str, markets: Sequence[str], months: Sequence[dt.date]) -> list[MonthApproval]:
    known = _known(version, _seen(access, markets), months)
    waiting = [one for _place, one in sorted(known.items()) if one.state == Approval.SUBMITTED]
    if not waiting:
        raise NothingToAgree(_("No month is waiting to be approved."), fix=_("Choose months that were submitted."))
    return waiting


def _named(places: Iterable[Month]) -> list[str]:
    return [f"{market} {month:%Y-%m}" for market, month in sorted(places)]
