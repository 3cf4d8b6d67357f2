"""Pages of alerts: the list, one with what it found, the test run of a new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.messages import about_kpi, broken_text, firing_text, kpi_name, market_name, spoken, title_text
from kpis.models import Alert, AlertEvent
from kpis.models.alerts import AlertKind, AlertState
from kpis.pages.alert_chart import rehearsal_chart
from kpis.queries.alerts import Rehearsal, alerts_seen_by, events_seen_by, markets_shown, sees_whole
from kpis.queries.definitions import Definitions, definitions_of
from kpis.queries.members import Member, colleagues_of
from kpis.queries.rules import Rule
from kpis.queries.windows import today_at
from kpis.reasons import hole_sentence
from kpis.services.alerts import KINDS, can_change
from tenants.access import Access
from ui import formats
from ui.charts import Chart
from ui.components import Tab, TimelineEntry

MOST_EVENTS = 100
TONES = {
    AlertState.NEW: "none",
    AlertState.QUIET: "good",
    AlertState.FIRING: "warn",
    AlertState.BROKEN: "bad",
}


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert as it is printed."""

    alert: Alert
    name: str
    kind: str
    kpi: str
    markets: str
    tone: str
    state: str
    why: str
    fired: str
    muted: str
    may_change: bool
    url: str


@dataclass(frozen=True, slots=True)
class AlertsPage:
    """Everything that `kpis/alerts.html` prints."""

    lines: Sequence[AlertLine]
    broken: int
    may_write: bool


@dataclass(frozen=True, slots=True)
class AlertPage:
    """Everything that `kpis/alert.html` prints."""

    line: AlertLine
    events: Sequence[TimelineEntry]
    readers: str


def alerts_page(access: Access) -> AlertsPage:
    """All alerts that this person may read; those that can't run first."""
    known = definitions_of(access)
    lines = [alert_line(access, alert, known) for alert in alerts_seen_by(access)]
    lines.sort(key=lambda line: (line.alert.last_state != AlertState.BROKEN, not line.alert.active, line.name.lower()))
    return AlertsPage(lines, sum(line.tone == "bad" for line in lines), access.can("write_notes"))


def alert_page(access: Access, alert: Alert) -> AlertPage:
    """One alert and what it found in this person's markets."""
    events, known = events_seen_by(access).filter(alert=alert)[:MOST_EVENTS], definitions_of(access)
    return AlertPage(
        line=alert_line(access, alert, known),
        events=[_entry(event, known) for event in events],
        readers=", ".join(one.name for one in readers_of(access, alert)),
    )


def readers_of(access: Access, alert: Alert) -> list[Member]:
    """Who is told, as far as this person knows them."""
    return [one for one in colleagues_of(access) if one.user_id in alert.recipients]


def about_alert(access: Access, alert: Alert, known: Definitions) -> dict[str, object]:
    """What the title of an alert names."""
    own = {market.currency for market in access.markets if market.code in markets_shown(access, alert)}
    currency = alert.currency if alert.currency != "own" else own.pop() if len(own) == 1 else ""
    names = ("kind", "limit", "side", "grain", "base")
    return {**about_kpi(alert.kpi, known), **{name: getattr(alert, name) for name in names}, "currency": currency}


def alert_line(access: Access, alert: Alert, known: Definitions) -> AlertLine:
    """An alert for this person: without its name where that may name a market that they don't see."""
    language = spoken()
    state = AlertState(alert.last_state) if alert.active else AlertState.NEW
    whole = sees_whole(access, alert)
    why = ""
    if state == AlertState.BROKEN:
        why = broken_text(alert.broken_reason, alert.broken_about) if whole else _("It can't run; its owner was told.")
    fired_on = getattr(alert, "fired_on", None)
    muted = alert.muted_until is not None and alert.muted_until >= today_at(access)
    return AlertLine(
        alert=alert,
        name=(alert.name if whole else "") or title_text(about_alert(access, alert, known)),
        kind=alert.get_kind_display(),
        kpi=kpi_name(alert.kpi, known),
        markets=_markets(access, alert),
        tone=TONES[state],
        state=str(state.label) if alert.active else _("Switched off"),
        why=why,
        fired=formats.format_day_short(fired_on, language=language) if fired_on else "",
        muted=formats.format_day_short(alert.muted_until, language=language) if muted and alert.muted_until else "",
        may_change=can_change(access, alert),
        url=reverse("kpis:alert", args=[alert.pk]),
    )


def _markets(access: Access, alert: Alert) -> str:
    if not alert.markets and access.all_markets:
        return _("All markets")
    codes = markets_shown(access, alert)
    return ", ".join(str(one) for one in access.markets if one.code in codes)


def _entry(event: AlertEvent, known: Definitions) -> TimelineEntry:
    about = event.about
    url = f"{reverse('kpis:in-depth')}?kpi={event.alert.kpi}&market={event.market}&period={event.starts_on:%Y-%m}"
    return TimelineEntry(
        title=firing_text(about),
        at=event.at,
        body=_("Nobody was told: it was muted.") if event.muted else "",
        actor=market_name(about),
        icon="bell-off" if event.muted else "bell-ring",
        tone="" if event.muted else "warn",
        url=url if event.alert.kpi in known.by_key else "",
    )


def kind_tabs(kind: str) -> list[Tab]:
    """The kinds that a new alert can be of."""
    here = reverse("kpis:alert-new")
    return [Tab(str(one.label), f"{here}?kind={one.value}", one == kind) for one in KINDS]


KIND_WORDS: dict[str, Callable[[], str]] = {
    AlertKind.THRESHOLD: lambda: _("When a value is above or below a limit that you set."),
    AlertKind.CHANGE: lambda: _("When a value moves by a share against an earlier period."),
    AlertKind.PACING: lambda: _("When a month falls behind the part of its target that is due. Once a month."),
    AlertKind.ANOMALY: lambda: _(
        "When a day is far from what its trend and its weekday let expect (STL over twelve weeks, robust z)."
    ),
    AlertKind.RESTATED: lambda: _("When a month that had been reported was given another value by its source."),
    AlertKind.MISSING: lambda: _("When data stop coming. Once for each silence."),
}


@dataclass(frozen=True, slots=True)
class RehearsalPage:
    """Everything that `kpis/_rehearsal.html` prints."""

    sentence: str
    counts: Sequence[tuple[str, int]]
    chart: Chart | None
    why: str
    latest: Sequence[str]


def rehearsal_page(access: Access, rule: Rule, run: Rehearsal) -> RehearsalPage:
    """How often a rule would have told somebody, when, and the value against what it was held against."""
    names = {market.code: str(market) for market in access.markets}
    code = max(run.found, key=lambda one: (len(run.fired[one]), len([f for f in run.found[one] if f.value.number])))
    judged = [one for some in run.found.values() for one in some]
    known = [one for one in judged if one.value.number is not None]
    latest = sorted((one for some in run.fired.values() for one in some), key=lambda one: one.as_of, reverse=True)
    return RehearsalPage(
        sentence=ngettext("%(times)d time in 90 days", "%(times)d times in 90 days", run.times) % {"times": run.times},
        counts=[(names[one], len(some)) for one, some in run.fired.items()],
        chart=rehearsal_chart(access, rule, code, run) if known else None,
        why="" if known else _why_nothing([one.value.hole for one in judged]),
        latest=[
            f"{formats.format_day_short(one.as_of, language=spoken())} · {names[one.market]}" for one in latest[:8]
        ],
    )


def _why_nothing(holes: Sequence[object]) -> str:
    from kpis.values import Hole

    hole = next((one for one in reversed(holes) if isinstance(one, Hole)), None)
    return hole_sentence(hole) if hole else _("Nothing was measured in these 90 days.")
