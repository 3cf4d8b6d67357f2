"""Restatements as people read them: the sentence, the list with its filters, and the days behind one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.catalogue import Kpi
from kpis.errors import NoSuchRestatement
from kpis.pages.board import language
from kpis.pages.texts import change_text, value_text
from kpis.queries.definitions import definitions_of
from kpis.queries.known import end_of_day
from kpis.queries.restated import restated_days
from kpis.queries.restatements import RECENT, restatements_seen_by, restatements_since, threshold_percent
from kpis.values import NO_DATA, Value
from problems.errors import Sentence
from sources.models import Restatement, Source
from sources.scope import scope_for
from tenants.access import Access
from ui import formats
from ui.errors import BadPeriod
from ui.periods import add_months, parse_period
from ui.scope_bar import ScopeChoice
from warehouse.scope import Period

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class RestatementLine:
    """One restatement: its sentence and the addresses of its days and of the KPI as it was reported before."""

    id: int
    sentence: str
    market: str
    kpi: str
    month: str
    old: str
    new: str
    change: str
    why: str
    at: dt.datetime
    url: str


@dataclass(frozen=True, slots=True)
class RestatementsPage:
    """Everything that `kpis/restatements.html` prints."""

    lines: Sequence[RestatementLine]
    listed: Page[Restatement]
    filters: Sequence[tuple[str, Sentence, Sequence[ScopeChoice]]]
    month: str
    threshold: str
    may_change: bool
    why_not: Sentence
    filtered: bool


@dataclass(frozen=True, slots=True)
class DayLine:
    day: str
    old: str
    new: str
    change: str


@dataclass(frozen=True, slots=True)
class RestatementPage:
    """Everything that `kpis/restatement.html` prints."""

    line: RestatementLine
    days: Sequence[DayLine]
    why_no_days: str
    now_url: str
    then_url: str


class Printer:
    """Prints restatements with the names that they share, looked up once; own KPIs out of use by their last name."""

    def __init__(self, access: Access) -> None:
        self.language = language()
        self.markets = {m.code: m.name_ko if self.language == "ko" else m.name_en for m in access.markets}
        self.known = definitions_of(access)
        self.sources = dict(Source.objects.values_list("key", "name"))

    def line(self, one: Restatement) -> RestatementLine:
        kpi = self.known.ever[one.kpi]
        old, new = (self._value(kpi, number, one.currency) for number in (one.old, one.new))
        words = {
            "month": formats.format_month(one.month, language=self.language),
            "kpi": kpi.name,
            "market": self.markets.get(one.market, one.market),
            "old": old,
            "new": new,
            "why": self.why(one),
        }
        return RestatementLine(
            id=int(one.pk),
            sentence=_("%(market)s, %(month)s %(kpi)s: %(old)s → %(new)s. %(why)s") % words,
            market=str(words["market"]),
            kpi=str(kpi.name),
            month=str(words["month"]),
            old=old,
            new=new,
            change=change_text(kpi, _valued(one.new), _valued(one.old), self.language),
            why=str(words["why"]),
            at=one.known_from,
            url=reverse("kpis:restatement", args=[one.pk]),
        )

    def why(self, one: Restatement) -> str:
        source = self.sources.get(one.source, one.source)
        if one.undone:
            return _("A file of %(source)s was taken back.") % {"source": source}
        return ngettext(
            "%(source)s restated %(days)d day.", "%(source)s restated %(days)d days.", one.days
        ) % {"source": source, "days": one.days}  # fmt: skip

    def _value(self, kpi: Kpi, number: float | None, currency: str) -> str:
        return value_text(kpi, _valued(number), currency, self.language)

    def days(self, kpi: Kpi, found: Iterable[Any], currency: str) -> list[DayLine]:
        return [
            DayLine(
                formats.format_day(one.day, language=self.language),
                value_text(kpi, one.old, currency, self.language),
                value_text(kpi, one.new, currency, self.language),
                change_text(kpi, one.new, one.old, self.language),
            )
            for one in found
        ]


def _valued(number: float | None) -> Value:
    return NO_DATA if number is None else Value(number)


def restatements_page(access: Access, query: QueryDict) -> RestatementsPage:
    """The list for this person and this address; what the address asks for and isn't there gives an empty list."""
    printer = Printer(access)
    found = restatements_seen_by(access).filter(kpi__in=printer.known.ever)
    asked = {name: query.get(name, "") for name in ("market", "source", "kpi")}
    for name, value in asked.items():
        if value:
            found = found.filter(**{name: value})
    month = month_asked(query)
    if month is not None:
        found = found.filter(month=month)
    listed = Paginator(found, PAGE_SIZE).get_page(query.get("page"))
    return RestatementsPage(
        lines=[printer.line(one) for one in listed],
        listed=listed,
        filters=_filters(access, printer, asked),
        month=f"{month:%Y-%m}" if month else "",
        threshold=f"{threshold_percent():g}",
        may_change=access.can("set_settling"),
        why_not="",
        filtered=any(asked.values()) or month is not None,
    )


def month_asked(query: QueryDict) -> dt.date | None:
    """The month of the address. Errors: BadPeriod."""
    text = query.get("month", "")
    if not text:
        return None
    period = parse_period(text)
    if period.kind != "month":
        raise BadPeriod(_("“%(value)s” is no month.") % {"value": text[:40]}, fix=_("Write it as in 2026-03."))
    return period.start


def _filters(
    access: Access, printer: Printer, asked: Mapping[str, str]
) -> list[tuple[str, Sentence, Sequence[ScopeChoice]]]:
    seen = restatements_seen_by(access)
    sources = sorted(set(seen.order_by().values_list("source", flat=True)))
    kpis = set(seen.order_by().values_list("kpi", flat=True))
    choices: list[tuple[str, Sentence, list[tuple[str, str]]]] = [
        ("market", _("Market"), list(printer.markets.items())),
        ("source", _("Data source"), [(key, printer.sources.get(key, key)) for key in sources]),
        ("kpi", _("KPI"), [(kpi.key, str(kpi.name)) for kpi in printer.known.ever.values() if kpi.key in kpis]),
    ]
    return [
        (
            name,
            label,
            [
                ScopeChoice("", _("All"), not asked[name]),
                *(ScopeChoice(key, text, key == asked[name]) for key, text in found),
            ],
        )
        for name, label, found in choices
    ]


def restatement_page(access: Access, number: int) -> RestatementPage:
    """One restatement with its days. Errors: NoSuchRestatement, also for a market that isn't theirs."""
    printer = Printer(access)
    one = restatements_seen_by(access).filter(pk=number, kpi__in=printer.known.ever).first()
    if one is None:
        raise NoSuchRestatement
    kpi = printer.known.ever[one.kpi]
    scope = scope_for(access, period=Period(one.month, add_months(one.month, 1)), markets=[one.market])
    own = {market.code: market.currency for market in access.markets}
    found = restated_days(scope, kpi, one, own, access.client.home_currency)
    depth = f"{reverse('kpis:in-depth')}?period={one.month:%Y-%m}&market={one.market}&kpi={one.kpi}"
    then = last_day_before(one.known_from, access.client.time_zone)
    return RestatementPage(
        line=printer.line(one),
        days=printer.days(kpi, found, one.currency),
        why_no_days=_why_no_days(kpi),
        now_url=depth if one.kpi in printer.known.by_key else "",
        then_url=f"{depth}&known={then.isoformat()}" if one.kpi in printer.known.by_key else "",
    )


def _why_no_days(kpi: Kpi) -> str:
    if not kpi.is_measurable:
        return _("This KPI was taken out of use, so it is no longer computed.")
    return _("This KPI counts people over the whole month; it isn't kept by day.")


def last_day_before(moment: dt.datetime, time_zone: str) -> dt.date:
    """The last day at whose end a moment had not come yet."""
    day = timezone.localtime(moment, zone(time_zone)).date()
    return day if end_of_day(day, time_zone) < moment else day - dt.timedelta(days=1)


def zone(name: str) -> dt.tzinfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def recent_sentence(access: Access, now: dt.datetime) -> tuple[str, int]:
    """The restatement that moved most of the last two weeks, as a sentence, and how many there were."""
    from kpis.services.restatements import moved_by

    since = restatements_since(access, now - RECENT)
    printer = Printer(access) if since else None
    found = [one for one in since if printer is not None and one.kpi in printer.known.ever]
    if printer is None or not found:
        return "", 0
    return printer.line(max(found, key=lambda one: moved_by(one.old, one.new))).sentence, len(found)
