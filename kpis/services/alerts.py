"""Alerts: keeping, muting, deleting; and what makes one that can be kept."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from kpis.catalogue import Better, Kpi, Rollup
from kpis.errors import NoSuchMarket
from kpis.errors_watch import BadAlert, NotYours
from kpis.models import Alert
from kpis.models.alerts import AlertGrain, AlertKind, AlertState, Base, Side
from kpis.queries.definitions import kpi_here
from kpis.queries.depth import grains_of
from kpis.queries.members import members
from kpis.queries.money import OWN
from kpis.queries.rules import Rule
from kpis.services.targets import takes_targets
from tenants.access import Access
from tenants.services import record

DAILY_ONLY = (AlertKind.PACING, AlertKind.ANOMALY, AlertKind.MISSING, AlertKind.RESTATED)
KINDS = tuple(AlertKind)
LEAST_Z, MOST_Z, MOST_DAYS, MOST_SHARE = 2.0, 20.0, 60, 100.0
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class AlertDraft:
    """What somebody wants to be told of. `markets` empty: all that its owner sees; `limit` as of `Alert`."""

    kpi: str
    kind: str
    limit: float
    name: str = ""
    markets: tuple[str, ...] = ()
    grain: str = AlertGrain.DAY
    side: str = Side.BELOW
    base: str = Base.PREVIOUS
    currency: str = OWN
    recipients: tuple[int, ...] = ()
    by_mail: bool = True


def make_alert(access: Access, draft: AlertDraft, *, now: dt.datetime, today: dt.date) -> Alert:
    """Keep an alert; it judges from yesterday on. Errors: NotYourJob, NoSuchKpi, NoSuchMarket, BadAlert."""
    draft = checked(access, draft)
    with transaction.atomic():
        alert = Alert.objects.create(
            **_kept(draft), owner_id=access.user.pk, owner=str(access.user), since=today - dt.timedelta(days=1),
            created_at=now, changed_at=now,
        )  # fmt: skip
        record(access, "alert.made", draft.name or draft.kpi, id=alert.pk, kind=draft.kind)
        transaction.on_commit(lambda: _check_soon(alert.pk), robust=True)
    return alert


def change_alert(access: Access, alert: Alert, draft: AlertDraft, *, now: dt.datetime, today: dt.date) -> Alert:
    """Change an alert: its owner and admins may. Errors: as `make_alert`, NotYours. Its kind stays."""
    check_change(access, alert)
    draft = checked(access, replace(draft, kind=alert.kind))
    for name, value in _kept(draft).items():
        setattr(alert, name, value)
    alert.changed_at, alert.since = now, today - dt.timedelta(days=1)
    alert.last_state, alert.broken_reason, alert.broken_about = AlertState.NEW, "", ""
    with transaction.atomic():
        alert.save()
        record(access, "alert.changed", draft.name or draft.kpi, id=alert.pk)
        transaction.on_commit(lambda: _check_soon(alert.pk), robust=True)
    return alert


def _check_soon(*alert_ids: int) -> None:
    """A new alert isn't left for an hour without a state."""
    from kpis.tasks import check_alert

    for alert_id in alert_ids:
        check_alert.delay(alert_id)


def check_alerts_on(key: str) -> None:
    """Have the alerts on a KPI checked when this transaction is over: it was taken out of use, or back."""
    found = list(Alert.objects.filter(kpi=key, active=True).values_list("pk", flat=True))
    transaction.on_commit(lambda: _check_soon(*found), robust=True)


def mute_alert(access: Access, alert: Alert, until: dt.date | None, *, now: dt.datetime, today: dt.date) -> Alert:
    """Tell nobody up to and with a day; None: speak again. What happens is still kept. Errors: NotYours, BadAlert."""
    check_change(access, alert)
    if until is not None and not today <= until <= today + dt.timedelta(days=366):
        raise BadAlert(_("Mute it until a day within the next year."), field="until")
    alert.muted_until, alert.changed_at = until, now
    with transaction.atomic():
        alert.save(update_fields=["muted_until", "changed_at"])
        record(access, "alert.changed", alert.name or alert.kpi, id=alert.pk, muted_until=str(until or ""))
    return alert


def switch_alert(access: Access, alert: Alert, *, active: bool, now: dt.datetime, today: dt.date) -> Alert:
    """Switch an alert off, or on again from yesterday on. Errors: NotYours."""
    check_change(access, alert)
    alert.active, alert.changed_at = active, now
    if active:
        alert.since = today - dt.timedelta(days=1)
    with transaction.atomic():
        alert.save(update_fields=["active", "changed_at", "since"])
        record(access, "alert.changed", alert.name or alert.kpi, id=alert.pk, active=active)
    return alert


def delete_alert(access: Access, alert: Alert) -> None:
    """Take an alert away with what it found. Errors: NotYours."""
    check_change(access, alert)
    with transaction.atomic():
        record(access, "alert.deleted", alert.name or alert.kpi, id=alert.pk)
        alert.delete()


def can_change(access: Access, alert: Alert) -> bool:
    """Whether this person may change an alert: their own, or anybody's as an admin who sees all markets."""
    theirs = alert.owner_id == access.user.pk
    return access.can("write_notes") and (theirs or (access.all_markets and access.can("delete_any_note")))


def check_change(access: Access, alert: Alert) -> None:
    """Errors: NotYourJob, NotYours."""
    access.check("write_notes")
    if not can_change(access, alert):
        raise NotYours(
            _("Only %(owner)s or an admin can change this alert.") % {"owner": alert.owner},
            fix=_("Make one of your own."),
        )


def checked(access: Access, draft: AlertDraft) -> AlertDraft:
    """A draft that can be kept. Errors: NotYourJob, NoSuchKpi, NoSuchMarket, BadAlert with its field."""
    found = checked_rule(access, draft)
    _check_recipients(access, found)
    return found


def checked_rule(access: Access, draft: AlertDraft) -> AlertDraft:
    """A draft whose rule can run, whoever is told: what a test run needs."""
    access.check("write_notes")
    one = kpi_here(draft.kpi)
    if draft.kind not in KINDS:
        raise BadAlert(_("There is no such kind of alert."), fix=_("Choose one from the list."), field="kind")
    strange = [code for code in draft.markets if code not in access.market_codes]
    if strange or not access.market_codes:
        raise NoSuchMarket(strange[0] if strange else "–")
    if len(draft.name) > LONGEST_NAME:
        raise BadAlert(_("This name is too long."), fix=_("Make it shorter."), field="name")
    if draft.kind in DAILY_ONLY:
        draft = replace(draft, grain=AlertGrain.DAY)
    _check_kind(one, draft)
    _check_limit(draft)
    return replace(draft, name=draft.name.strip(), currency=_currency(access, one, draft.currency))


def rule_of_draft(draft: AlertDraft) -> Rule:
    """The rule of a checked draft."""
    return Rule(kpi_here(draft.kpi), draft.kind, draft.grain, draft.side, draft.base, draft.limit, draft.currency)


def _check_kind(one: Kpi, draft: AlertDraft) -> None:
    sides = (Side.BELOW, Side.ABOVE) if draft.kind == AlertKind.THRESHOLD else tuple(Side)
    if draft.side not in sides:
        raise BadAlert(_("Choose above or below."), field="side")
    if draft.grain not in AlertGrain.values or draft.grain not in [str(grain) for grain in grains_of(one)]:
        raise BadAlert(
            _("%(kpi)s isn't measured by this period.") % {"kpi": one.name},
            fix=_("Choose a longer one."),
            field="grain",
        )
    weekday = draft.base == Base.WEEKDAY and str(draft.grain) != AlertGrain.DAY
    if draft.base not in Base.values or (draft.kind == AlertKind.CHANGE and weekday):
        raise BadAlert(
            _("Only days are compared with the same weekday."), fix=_("Choose another comparison."), field="base"
        )
    if draft.kind == AlertKind.PACING and not _can_lag(one):
        raise BadAlert(
            _("%(kpi)s has no target that it could be behind of within a month.") % {"kpi": one.name},
            fix=_("Choose a threshold instead."),
            field="kpi",
        )


def _can_lag(one: Kpi) -> bool:
    directed = one.better in (Better.HIGHER, Better.LOWER)
    return takes_targets(one) and directed and one.rollup not in (Rollup.NON_ADDITIVE, Rollup.COHORT)


def _check_limit(draft: AlertDraft) -> None:
    limit = draft.limit
    why = ""
    if not math.isfinite(limit) or abs(limit) >= 1e15:
        why = _("This is no number.")
    elif draft.kind in (AlertKind.CHANGE, AlertKind.PACING, AlertKind.RESTATED) and not 0 < limit <= MOST_SHARE:
        why = _("It has to be more than 0 %, or every day would fire.")
    elif draft.kind == AlertKind.ANOMALY and not LEAST_Z <= limit <= MOST_Z:
        why = _("The robust z is from %(least)g to %(most)g.") % {"least": LEAST_Z, "most": MOST_Z}
    elif draft.kind == AlertKind.MISSING and (limit != int(limit) or not 1 <= limit <= MOST_DAYS):
        why = _("A whole number of days from 1 to %(most)d.") % {"most": MOST_DAYS}
    if why:
        raise BadAlert(why, fix=_("Type it like 1,234.5."), field="limit")


def _currency(access: Access, one: Kpi, wanted: str) -> str:
    """Money is watched in the home currency or in each market's own."""
    if not one.is_money or wanted in ("", OWN):
        return OWN
    if wanted != access.client.home_currency:
        raise BadAlert(_("Choose the home currency or each market's own."), field="currency")
    return wanted


def _check_recipients(access: Access, draft: AlertDraft) -> None:
    """Everybody who is told has to be a member who sees one of the alert's markets."""
    codes: Sequence[str] = draft.markets or access.market_codes
    people = {one.user_id: one for one in members(access.client)}
    if not draft.recipients:
        raise BadAlert(_("Nobody would be told."), fix=_("Choose at least one member."), field="recipients")
    for number in draft.recipients:
        if number not in people:
            raise BadAlert(_("There is no such member."), fix=_("Choose from the list."), field="recipients")
        if not people[number].codes & set(codes):
            raise BadAlert(
                _("%(name)s sees none of these markets.") % {"name": people[number].name},
                fix=_("Choose others, or other markets."),
                field="recipients",
            )


def _kept(draft: AlertDraft) -> dict[str, object]:
    names = ("kpi", "kind", "limit", "name", "grain", "side", "base", "currency", "by_mail")
    lists = {"markets": list(draft.markets), "recipients": sorted(set(draft.recipients))}
    return {**{name: getattr(draft, name) for name in names}, **lists}
