"""Reads of alerts and of what they found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet

from kpis.errors_watch import NoSuchAlert
from kpis.models import Alert, AlertEvent
from kpis.models.alerts import AlertKind
from kpis.queries.definitions import known_kpi
from kpis.queries.restating import restated_since
from kpis.queries.rules import Finding, Rule, findings, firings, lookback
from kpis.queries.windows import ONE_DAY, readings_of
from tenants.access import Access

REHEARSED_DAYS = 90


def alerts_seen_by(access: Access) -> QuerySet[Alert]:
    """A person's own alerts, those that tell them, and all of them for those who see all markets; with `fired_on`."""
    found = Alert.objects.annotate(fired_on=Max("events__starts_on", filter=Q(events__market__in=access.market_codes)))
    if access.all_markets:
        return found
    return found.filter(Q(owner_id=access.user.pk) | Q(recipients__contains=[access.user.pk]))


def alert_of(access: Access, alert_id: int) -> Alert:
    """An alert by its number. Errors: NoSuchAlert, also for one that this person may not read."""
    found = alerts_seen_by(access).filter(pk=alert_id).first()
    if found is None:
        raise NoSuchAlert(alert_id)
    return found


def markets_shown(access: Access, alert: Alert) -> tuple[str, ...]:
    """The markets of an alert that this person sees, in the client's order."""
    return tuple(code for code in access.market_codes if not alert.markets or code in alert.markets)


def sees_whole(access: Access, alert: Alert) -> bool:
    """Whether this person sees every market of an alert: only then its name, which may name a market."""
    if access.all_markets or alert.owner_id == access.user.pk:
        return True
    return bool(alert.markets) and set(alert.markets) <= set(access.market_codes)


def events_seen_by(access: Access) -> QuerySet[AlertEvent]:
    """What alerts found in a person's markets, the latest first."""
    return AlertEvent.objects.filter(
        market__in=access.market_codes, alert__in=alerts_seen_by(access).values("pk")
    ).select_related("alert")


def rule_of(alert: Alert) -> Rule | None:
    """The rule of an alert in the client that is open; None when its KPI is gone."""
    kpi = known_kpi(alert.kpi)
    if kpi is None:
        return None
    return Rule(kpi, alert.kind, alert.grain, alert.side, alert.base, alert.limit, alert.currency)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a rule would have found in the past 90 days: findings by market, and those that would have told somebody.

    `first` and `last` are the days that were judged, both included.
    """

    first: dt.date
    last: dt.date
    found: dict[str, tuple[Finding, ...]]
    fired: dict[str, tuple[Finding, ...]]

    @property
    def times(self) -> int:
        return sum(len(some) for some in self.fired.values())


def rehearse(access: Access, rule: Rule, codes: Sequence[str], *, today: dt.date) -> Rehearsal:
    """Run a rule over the past days with the function that checks it every day, on the data as they are known now."""
    last = today - ONE_DAY
    first = last - (REHEARSED_DAYS - 1) * ONE_DAY
    start = first - lookback(rule) * ONE_DAY
    readings = readings_of(access, rule.kpi, codes, (start, last + ONE_DAY), currency=rule.currency, last=last)
    if rule.kind == AlertKind.RESTATED:
        readings.restated = restated_since(access, rule.kpi.key, first)
    found = {code: tuple(findings(rule, readings, code, first, last)) for code in codes}
    return Rehearsal(first, last, found, {code: tuple(firings(some)) for code, some in found.items()})
