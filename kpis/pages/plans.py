"""The grids in which targets and exchange rates are typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kpis.catalogue import HEADLINE, Kpi, Stage, Unit
from kpis.catalogue import kpi as kpi_of
from kpis.errors import NoSuchVersion
from kpis.models import Approval, How, MonthApproval, RateChange, TargetChange, Version
from kpis.pages.board import language
from kpis.queries.asked import state_of_data
from kpis.queries.definitions import definitions_here, known_kpi
from kpis.queries.plans import approvals_of, target_grid
from kpis.services.target_sheets import SheetAsk
from kpis.services.targets import takes_targets
from problems.errors import Problem, Sentence
from tenants.access import Access
from ui import formats
from ui.components import Tab, TimelineEntry
from ui.periods import add_months, fiscal_year_of
from ui.scope_bar import ScopeChoice


@dataclass(frozen=True, slots=True)
class GridCell:
    """One input: `place` names it to the server, `was` is what stood there, `needed` marks a hole that hurts."""

    place: str
    text: str
    was: str
    label: str
    needed: bool = False
    state: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class GridRow:
    name: str
    second: str
    unit: str
    stage: int
    history: str
    cells: Sequence[GridCell]


@dataclass(frozen=True, slots=True)
class GridPage:
    """What `kpis/targets.html` prints."""

    heads: Sequence[str]
    rows: Sequence[GridRow]
    may_change: bool
    why_not: Sentence
    tabs: Sequence[Tab] = field(default=())
    choices: Sequence[ScopeChoice] = field(default=())
    choice_name: str = ""
    kept: Sequence[tuple[str, str]] = field(default=())
    earlier: str = ""
    later: str = ""
    year: str = ""
    problem: Problem | None = None
    pasted: str = ""
    version: str = ""
    version_name: str = ""
    is_active: bool = True
    active_name: str = ""
    own_query: str = ""
    has_states: bool = False
    versions: Sequence[Tab] = field(default=())
    bad_cells: Sequence[Mapping[str, Any]] = field(default=())


def asked_version(query: QueryDict, access: Access) -> str:
    """The version of targets in an address; without one the client's active one. Errors: NoSuchVersion."""
    version = query.get("version") or state_of_data(access).target_version
    if version not in Version.values:
        raise NoSuchVersion(version)
    return version


def version_tabs(query: QueryDict, version: str, active: str) -> list[Tab]:
    """One tab a version, the rest of the address kept; the one that the board uses says so."""
    tabs = []
    for one in Version:
        changed = query.copy()
        changed["version"] = one.value
        label = _("%(version)s (in use)") % {"version": one.label} if one.value == active else str(one.label)
        tabs.append(Tab(label, "?" + changed.urlencode(), one.value == version))
    return tabs


def shown_number(value: Decimal | None, unit: str) -> str:
    """A number as it is typed: with thousands marks, a percent times 100, without sign or currency."""
    if value is None:
        return ""
    number = value * 100 if unit == Unit.PERCENT.value else value
    text = f"{number.normalize():,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def targets_page(access: Access, query: QueryDict, problem: Problem | None = None, pasted: str = "") -> GridPage:
    """KPI × market × month, one KPI or one market at a time over a fiscal year."""
    months, year = months_asked(access, query)
    by_market = query.get("by") == "market"
    version = asked_version(query, access)
    asked = Asked(access, query, months, version, approvals_of(access, version, months))
    rows = _by_market(asked) if by_market else _by_kpi(asked)
    own = {
        "by": "market" if by_market else "kpi",
        "kpi": query.get("kpi", ""),
        "market": query.get("market", ""),
        "version": version,
    }
    active = state_of_data(access).target_version
    return GridPage(
        heads=[formats.format_month_short(month, language=language()) for month in months],
        rows=rows,
        may_change=access.can("set_targets"),
        why_not=why_not(access, "set_targets"),
        tabs=[
            Tab(_("By KPI"), _address({**own, "by": "kpi"}, year), not by_market),
            Tab(_("By market"), _address({**own, "by": "market"}, year), by_market),
        ],
        choices=_market_choices(access, query) if by_market else _kpi_choices(query),
        choice_name="market" if by_market else "kpi",
        kept=[("by", own["by"]), ("year", str(year)), ("version", version)],
        earlier=_address(own, year - 1),
        later=_address(own, year + 1),
        year=year_text(months),
        problem=problem,
        pasted=pasted,
        version=version,
        version_name=str(Version(version).label),
        is_active=version == active,
        active_name=str(Version(active).label),
        own_query=_address(own, year),
        has_states=bool(asked.approvals),
        versions=version_tabs(query, version, active),
        bad_cells=problem.details.get("cells", ()) if problem is not None else (),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose targets of which months and version the grid shows, and how far each month is agreed."""

    access: Access
    query: QueryDict
    months: Sequence[dt.date]
    version: str
    approvals: Mapping[tuple[str, dt.date], MonthApproval]

    def grid(self, kpis: Sequence[str], markets: Sequence[str]) -> Mapping[tuple[str, str, dt.date], Decimal]:
        return target_grid(self.access, kpis, markets, self.months, version=self.version)


def year_of_targets(access: Access, query: QueryDict) -> tuple[SheetAsk, Mapping[tuple[str, str, dt.date], Decimal]]:
    """A fiscal year's targets of one version for a file: every KPI that takes targets, every market of this person."""
    months, _year = months_asked(access, query)
    ask = SheetAsk(
        asked_version(query, access), [k for k in definitions_here().shown if takes_targets(k)], access.markets, months
    )
    keys = [kpi.key for kpi in ask.kpis]
    return ask, target_grid(access, keys, access.market_codes, months, version=ask.version)


def months_asked(access: Access, query: QueryDict) -> tuple[list[dt.date], int]:
    """The months of the fiscal year in an address, and its number; without one the year of today."""
    start = access.client.fiscal_year_start
    today = state_of_data(access).today
    text = query.get("year", "")
    year = (
        int(text) if text.isascii() and text.isdigit() and 1990 <= int(text) <= 2100 else fiscal_year_of(today, start)
    )
    first = dt.date(year, start, 1)
    return [add_months(first, index) for index in range(12)], year


def year_text(months: Sequence[dt.date]) -> str:
    spoken = language()
    return f"{formats.format_month(months[0], language=spoken)} – {formats.format_month(months[-1], language=spoken)}"


def _address(own: Mapping[str, str], year: int) -> str:
    changed = QueryDict(mutable=True)
    changed.update({**{name: value for name, value in own.items() if value}, "year": str(year)})
    return "?" + changed.urlencode()


def _by_kpi(asked: Asked) -> list[GridRow]:
    kpi = _asked_kpi(asked.query)
    grid = asked.grid([kpi.key], asked.access.market_codes)
    spoken = language()
    return [
        GridRow(
            name=market.name_ko if spoken == "ko" else market.name_en,
            second=market.code,
            unit=unit_label(kpi, market.currency),
            stage=kpi.stage.number,
            history=f"kpi={kpi.key}&market={market.code}",
            cells=_target_cells(kpi, market.code, str(market), asked, grid),
        )
        for market in asked.access.markets
    ]


def _by_market(asked: Asked) -> list[GridRow]:
    access, query = asked.access, asked.query
    market = next((m for m in access.markets if m.code == query.get("market")), None) or next(
        iter(access.markets), None
    )
    if market is None:
        return []
    kpis = [kpi for kpi in definitions_here().shown if takes_targets(kpi)]
    grid = asked.grid([kpi.key for kpi in kpis], [market.code])
    return [
        GridRow(
            name=str(kpi.name),
            second=kpi.name.en if language() == "ko" else "",
            unit=unit_label(kpi, market.currency),
            stage=kpi.stage.number,
            history=f"kpi={kpi.key}&market={market.code}",
            cells=_target_cells(kpi, market.code, str(kpi.name), asked, grid),
        )
        for kpi in kpis
    ]


def _target_cells(
    kpi: Kpi, market: str, name: str, asked: Asked, grid: Mapping[tuple[str, str, dt.date], Decimal]
) -> list[GridCell]:
    cells = []
    for month in asked.months:
        value = grid.get((kpi.key, market, month))
        place = f"{kpi.key}|{market}|{month:%Y-%m}"
        agreed = asked.approvals.get((market, month))
        state, why = (agreed.state, str(Approval(agreed.state).label)) if agreed else ("", "")
        label = f"{name} {month:%Y-%m}" + (f" ({why})" if why else "")
        cells.append(GridCell(place, shown_number(value, kpi.unit.value), _raw(value), label, state=state, why=why))
    return cells


def _raw(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _asked_kpi(query: QueryDict) -> Kpi:
    kpi = known_kpi(query.get("kpi", ""))
    return kpi if kpi is not None and takes_targets(kpi) else kpi_of(HEADLINE)


def _kpi_choices(query: QueryDict) -> list[ScopeChoice]:
    chosen = _asked_kpi(query).key
    return [
        ScopeChoice(kpi.key, f"{kpi.stage.words} · {kpi.name}", kpi.key == chosen)
        for stage in Stage
        for kpi in definitions_here().shown
        if kpi.stage is stage and takes_targets(kpi)
    ]


def _market_choices(access: Access, query: QueryDict) -> list[ScopeChoice]:
    chosen = query.get("market") if query.get("market") in access.market_codes else next(iter(access.market_codes), "")
    spoken = language()
    return [ScopeChoice(m.code, m.name_ko if spoken == "ko" else m.name_en, m.code == chosen) for m in access.markets]


def unit_label(kpi: Kpi, currency: str) -> str:
    """What the numbers of a row are typed in."""
    return currency if kpi.is_money else str(kpi.unit.words)


def why_not(access: Access, rule: str) -> Sentence:
    """The sentence that the server would answer with; empty where it wouldn't."""
    try:
        access.check(rule)  # type: ignore[arg-type]
    except Problem as problem:
        return problem.sentence
    return ""


# --- history ----------------------------------------------------------------------------------------------------
def target_entries(access: Access, changes: Iterable[TargetChange]) -> list[TimelineEntry]:
    """Changes of targets as a timeline: what, from, to, who, when, how."""
    names = {market.code: str(market) for market in access.markets}
    entries = []
    for change in changes:
        kpi = known_kpi(change.kpi)
        unit = kpi.unit.value if kpi else ""
        currency = change.currency
        title = f"{kpi.name if kpi else change.kpi} · {names.get(change.market, change.market)} · {change.month:%Y-%m}"
        title += f" · {Version(change.version).label}"
        body = from_to(shown_number(change.old, unit), shown_number(change.new, unit), _suffix(unit, currency))
        if change.after_approval:
            body += " · " + _("changed after approval")
        if change.reason:
            body += f" · “{change.reason}”"
        entries.append(entry_of(title, body, change))
    return entries


def from_to(old: str, new: str, suffix: str) -> str:
    """What stood there and what stands there now."""
    nothing = _("nothing")
    return f"{old + suffix if old else nothing} → {new + suffix if new else nothing}"


def _suffix(unit: str, currency: str) -> str:
    return " %" if unit == Unit.PERCENT.value else f" {currency}" if currency else ""


def entry_of(title: str, body: str, change: TargetChange | RateChange) -> TimelineEntry:
    """One change as a line of a timeline."""
    icons = {
        How.TYPED: "pencil",
        How.PASTED: "clipboard-paste",
        How.IMPORTED: "upload",
        How.API: "plug",
        How.PHASED: "calendar-range",
    }
    how = How(change.how)
    return TimelineEntry(title, change.at, f"{body} · {how.label}", change.who, icons[how])
