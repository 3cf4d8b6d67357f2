"""The grids in which targets and exchange rates are typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _

from kpis.catalogue import BY_KEY, CATALOGUE, HEADLINE, Kpi, Stage, Unit
from kpis.models import How, RateChange, TargetChange
from kpis.pages.board import language
from kpis.queries.asked import state_of_data
from kpis.queries.plans import target_grid
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


def shown_number(value: Decimal | None, unit: str) -> str:
    """A number as it is typed: with thousands marks, a percent times 100, without sign or currency."""
    if value is None:
        return ""
    number = value * 100 if unit == Unit.PERCENT.value else value
    text = f"{number.normalize():,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def targets_page(access: Access, query: QueryDict, problem: Problem | None = None, pasted: str = "") -> GridPage:
    """KPI × market × month, one KPI or one market at a time over a fiscal year."""
    months, year = _months(access, query)
    by_market = query.get("by") == "market"
    rows = _by_market(access, query, months) if by_market else _by_kpi(access, query, months)
    own = {"by": "market" if by_market else "kpi", "kpi": query.get("kpi", ""), "market": query.get("market", "")}
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
        kept=[("by", own["by"]), ("year", str(year))],
        earlier=_address(own, year - 1),
        later=_address(own, year + 1),
        year=_year_text(months),
        problem=problem,
        pasted=pasted,
    )


def _months(access: Access, query: QueryDict) -> tuple[list[dt.date], int]:
    start = access.client.fiscal_year_start
    today = state_of_data(access).today
    text = query.get("year", "")
    year = (
        int(text) if text.isascii() and text.isdigit() and 1990 <= int(text) <= 2100 else fiscal_year_of(today, start)
    )
    first = dt.date(year, start, 1)
    return [add_months(first, index) for index in range(12)], year


def _year_text(months: Sequence[dt.date]) -> str:
    spoken = language()
    return f"{formats.format_month(months[0], language=spoken)} – {formats.format_month(months[-1], language=spoken)}"


def _address(own: Mapping[str, str], year: int) -> str:
    changed = QueryDict(mutable=True)
    changed.update({**{name: value for name, value in own.items() if value}, "year": str(year)})
    return "?" + changed.urlencode()


def _by_kpi(access: Access, query: QueryDict, months: Sequence[dt.date]) -> list[GridRow]:
    kpi = _asked_kpi(query)
    grid = target_grid(access, [kpi.key], access.market_codes, months)
    spoken = language()
    return [
        GridRow(
            name=market.name_ko if spoken == "ko" else market.name_en,
            second=market.code,
            unit=unit_label(kpi, market.currency),
            stage=kpi.stage.number,
            history=f"kpi={kpi.key}&market={market.code}",
            cells=_target_cells(kpi, market.code, str(market), months, grid),
        )
        for market in access.markets
    ]


def _by_market(access: Access, query: QueryDict, months: Sequence[dt.date]) -> list[GridRow]:
    market = next((m for m in access.markets if m.code == query.get("market")), None) or next(
        iter(access.markets), None
    )
    if market is None:
        return []
    kpis = [kpi for kpi in CATALOGUE if takes_targets(kpi)]
    grid = target_grid(access, [kpi.key for kpi in kpis], [market.code], months)
    return [
        GridRow(
            name=str(kpi.name),
            second=kpi.name.en if language() == "ko" else "",
            unit=unit_label(kpi, market.currency),
            stage=kpi.stage.number,
            history=f"kpi={kpi.key}&market={market.code}",
            cells=_target_cells(kpi, market.code, str(kpi.name), months, grid),
        )
        for kpi in kpis
    ]


def _target_cells(
    kpi: Kpi, market: str, name: str, months: Iterable[dt.date], grid: Mapping[tuple[str, str, dt.date], Decimal]
) -> list[GridCell]:
    cells = []
    for month in months:
        value = grid.get((kpi.key, market, month))
        place = f"{kpi.key}|{market}|{month:%Y-%m}"
        cells.append(GridCell(place, shown_number(value, kpi.unit.value), _raw(value), f"{name} {month:%Y-%m}"))
    return cells


def _raw(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _asked_kpi(query: QueryDict) -> Kpi:
    kpi = BY_KEY.get(query.get("kpi", ""))
    return kpi if kpi is not None and takes_targets(kpi) else BY_KEY[HEADLINE]


def _kpi_choices(query: QueryDict) -> list[ScopeChoice]:
    chosen = _asked_kpi(query).key
    return [
        ScopeChoice(kpi.key, f"{kpi.stage.words} · {kpi.name}", kpi.key == chosen)
        for stage in Stage
        for kpi in CATALOGUE
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
        kpi = BY_KEY.get(change.kpi)
        unit = kpi.unit.value if kpi else ""
        currency = change.currency
        title = f"{kpi.name if kpi else change.kpi} · {names.get(change.market, change.market)} · {change.month:%Y-%m}"
        body = from_to(shown_number(change.old, unit), shown_number(change.new, unit), _suffix(unit, currency))
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
    icons = {How.TYPED: "pencil", How.PASTED: "clipboard-paste", How.IMPORTED: "upload", How.API: "plug"}
    how = How(change.how)
    return TimelineEntry(title, change.at, f"{body} · {how.label}", change.who, icons[how])
