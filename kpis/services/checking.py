"""Checking alerts: after each load and every hour; what fires is kept once and told to those who may read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from kpis.messages import about_kpi
from kpis.models import Alert, AlertEvent
from kpis.models.alerts import AlertKind, AlertState
from kpis.queries.alerts import rule_of
from kpis.queries.members import Member, access_of_member, members
from kpis.queries.money import OWN
from kpis.queries.restating import restated_since
from kpis.queries.rules import Finding, Rule, findings, firings, lookback
from kpis.queries.windows import ONE_DAY, Readings, readings_of
from kpis.services.inbox import tell
from problems.errors import Problem, Retryable
from tenants.access import Access
from tenants.models import Client, Role

CATCH_UP_DAYS = 35


class CannotRun(Exception):
    """Why an alert can no longer run: a reason by its name, and what its sentence names."""

    def __init__(self, reason: str, about: str = "") -> None:
        super().__init__(reason)
        self.reason, self.about = reason, about[:200]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: how many periods fired anew, and the state in which it leaves the alert."""

    new: int
    state: str


@dataclass(frozen=True, slots=True)
class Round:
    """One check of one alert: as whom it reads, what, and whom it may tell."""

    access: Access
    alert: Alert
    rule: Rule
    readings: Readings
    readers: tuple[Member, ...]
    now: dt.datetime

    @property
    def muted(self) -> bool:
        today = self.now.astimezone(ZoneInfo(self.access.client.time_zone)).date()
        return self.alert.muted_until is not None and self.alert.muted_until >= today


def active_alerts() -> list[int]:
    """The alerts that are switched on."""
    return list(Alert.objects.filter(active=True).order_by("pk").values_list("pk", flat=True))


def check_alert(client: Client, alert_id: int, *, now: dt.datetime) -> Checked | None:
    """Judge every period since the last that may have become whole, keep what fired, tell who may read it.

    Done twice it changes nothing: a period fires once. An alert that can't run is marked with its reason, and its
    owner told once. None: it is gone, switched off, or another process is at it.
    Errors: what may pass (a lake that is busy).
    """
    with transaction.atomic():
        alert = Alert.objects.select_for_update(skip_locked=True).filter(pk=alert_id, active=True).first()
        if alert is None:
            return None
        people = members(client)
        try:
            new, state = _run(client, alert, people, now)
        except CannotRun as why:
            _broken(alert, why, people, now)
            return Checked(0, AlertState.BROKEN)
        except Problem as problem:
            if isinstance(problem, Retryable):
                raise
            _broken(alert, CannotRun("formula", str(problem.sentence)), people, now)
            return Checked(0, AlertState.BROKEN)
        _keep_state(alert, state, now)
        return Checked(new, state)


def break_alert(client: Client, alert_id: int, *, now: dt.datetime) -> None:
    """Mark an alert whose check failed in a way that nobody foresaw."""
    with transaction.atomic():
        alert = Alert.objects.select_for_update().filter(pk=alert_id).first()
        if alert is not None:
            _broken(alert, CannotRun("broke"), members(client), now)


def _run(client: Client, alert: Alert, people: Sequence[Member], now: dt.datetime) -> tuple[int, str]:
    access = access_of_member(client, alert.owner_id)
    if access is None:
        raise CannotRun("owner_left", alert.owner)
    rule = rule_of(alert)
    if rule is None:
        raise CannotRun("kpi_gone", alert.kpi)
    codes = _codes(access, alert)
    readers = [one for one in people if one.user_id in alert.recipients and one.codes & set(codes)]
    if not readers:
        raise CannotRun("no_readers")
    today = now.astimezone(ZoneInfo(client.time_zone)).date()
    last = today - ONE_DAY
    first = max(alert.since, last - CATCH_UP_DAYS * ONE_DAY)
    window = (first - lookback(rule) * ONE_DAY, today)
    readings = readings_of(access, rule.kpi, codes, window, currency=rule.currency or OWN, last=last)
    if rule.kind == AlertKind.RESTATED:
        readings.restated = restated_since(access, rule.kpi.key, first)
    _check_something_there(rule, readings, codes, first, last)
    at = Round(access, alert, rule, readings, tuple(readers), now)
    new, firing = 0, False
    for code in codes:
        found = list(findings(rule, readings, code, first, last))
        firing = firing or bool(found and found[-1].fired)
        new += sum(_fire(at, one) for one in firings(found))
    return new, AlertState.FIRING if firing else AlertState.QUIET


def _codes(access: Access, alert: Alert) -> tuple[str, ...]:
    gone = [code for code in alert.markets if code not in access.market_codes]
    if gone or not access.market_codes:
        raise CannotRun("market_gone", ", ".join(gone))
    return tuple(code for code in access.market_codes if not alert.markets or code in alert.markets)


def _check_something_there(rule: Rule, readings: Readings, codes: Sequence[str], first: dt.date, last: dt.date) -> None:
    """An alert over markets without any data, or behind a target that nobody has set, would be silent for ever."""
    named = ", ".join(codes)
    if all(readings.through(code) is None for code in codes):
        raise CannotRun("no_data", named)
    months = {day.replace(day=1) for day in (first, last)}
    if rule.kind == AlertKind.PACING and all(
        readings.month_goal(code, month).number is None for code in codes for month in months
    ):
        raise CannotRun("no_target", named)


def _fire(at: Round, found: Finding) -> bool:
    """Keep one firing, if this period hasn't fired before, and tell those who see its market."""
    about = about_firing(at.access, at.rule, at.readings, found)
    _event, made = AlertEvent.objects.get_or_create(
        alert=at.alert,
        market=found.market,
        starts_on=found.starts_on,
        defaults={
            "ends_on": found.ends_on, "value": found.value.number, "expected": found.expected, "about": about,
            "muted": at.muted, "at": at.now,
        },
    )  # fmt: skip
    if made and not at.muted:
        theirs = [one.user_id for one in at.readers if found.market in one.codes]
        tell(theirs, "firing", about, link=f"kpi/alerts/{at.alert.pk}/", now=at.now, by_mail=at.alert.by_mail)
    return made


def about_firing(access: Access, rule: Rule, readings: Readings, found: Finding) -> dict[str, Any]:
    """What the sentence of a firing names: numbers of its own market and of no other."""
    market = next(one for one in access.markets if one.code == found.market)
    return {
        **about_kpi(rule.kpi.key), "kind": rule.kind, "grain": rule.grain, "side": rule.side, "base": rule.base,
        "market": market.code, "market_ko": market.name_ko, "market_en": market.name_en,
        "currency": readings.reporting.of(market.code) if rule.kpi.is_money else "",
        "starts_on": found.starts_on.isoformat(), "ends_on": found.ends_on.isoformat(),
        "value": found.value.number, "expected": found.expected, **found.about,
    }  # fmt: skip


def _keep_state(alert: Alert, state: str, now: dt.datetime) -> None:
    alert.last_state, alert.last_checked_at, alert.broken_reason, alert.broken_about = state, now, "", ""
    alert.save(update_fields=["last_state", "last_checked_at", "broken_reason", "broken_about"])


def _broken(alert: Alert, why: CannotRun, people: Sequence[Member], now: dt.datetime) -> None:
    """Say so in the list, and once to its owner; to the client's owners when its own has left."""
    known = alert.last_state == AlertState.BROKEN and alert.broken_reason == why.reason
    alert.last_state, alert.last_checked_at = AlertState.BROKEN, now
    alert.broken_reason, alert.broken_about = why.reason, why.about
    alert.save(update_fields=["last_state", "last_checked_at", "broken_reason", "broken_about"])
    if known:
        return
    owner = [one.user_id for one in people if one.user_id == alert.owner_id]
    told = owner or [one.user_id for one in people if one.role == Role.OWNER and one.all_markets]
    about = {
        **about_kpi(alert.kpi), "name": alert.name, "kind": alert.kind, "grain": alert.grain, "side": alert.side,
        "limit": alert.limit, "reason": why.reason, "what": why.about,
    }  # fmt: skip
    tell(told, "broken", about, link=f"kpi/alerts/{alert.pk}/", now=now, by_mail=alert.by_mail)
