"""The grids in which targets and exchange rates are typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _

from kpis.catalogue import HEADLINE, Kpi, Stage, Unit
from kpis.catalogue import kpi as kpi_of
from kpis.models import How, RateChange, TargetChange
from kpis.pages.board import language
from kpis.queries.asked import WHOLE_TIME, remembered, state_of_data
from kpis.queries.definitions import definitions_here, known_kpi
from kpis.queries.plans import currencies_known, months_with_money, rate_grid, target_grid
from kpis.services.targets import takes_targets
from problems.errors import Problem, Sentence
from sources.scope import scope_for
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
    """What `kpis/targets.html` and `kpis/rates.html` print."""

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
    missing: int = 0
    home_currency: str = ""
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
        why_not=_why_not(access, "set_targets"),
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
    kpis = [kpi for kpi in definitions_here().shown if takes_targets(kpi)]
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


def _why_not(access: Access, rule: str) -> Sentence:
    """The sentence that the server would answer with; empty where it wouldn't."""
    try:
        access.check(rule)  # type: ignore[arg-type]
    except Problem as problem:
        return problem.sentence
    return ""


# --- exchange rates ---------------------------------------------------------------------------------------------
def rates_page(access: Access, query: QueryDict, problem: Problem | None = None, pasted: str = "") -> GridPage:
    """Month × currency: units of the home currency for one unit; holes that values wait for are marked."""
    months, year = _months(access, query)
    home = access.client.home_currency
    needed = _needed(access)
    added = query.get("add", "").upper()
    currencies = dict.fromkeys(
        [*(m.currency for m in access.markets), *sorted(needed), *currencies_known(), *([added] if added else [])]
    )
    currencies.pop(home, None)
    grid = rate_grid(months)
    rows = []
    missing = 0
    for currency in currencies:
        cells = []
        for month in months:
            rate = grid.get((currency, month))
            is_needed = rate is None and month in needed.get(currency, ())
            missing += is_needed
            value = rate.rate if rate else None
            text = shown_number(value, "")
            cells.append(
                GridCell(f"{currency}|{month:%Y-%m}", text, _raw(value), f"{currency} {month:%Y-%m}", is_needed)
            )
        rows.append(GridRow(currency, _currency_name(currency), home, 0, f"currency={currency}", cells))
    return GridPage(
        heads=[formats.format_month_short(month, language=language()) for month in months],
        rows=rows,
        may_change=access.can("set_rates"),
        why_not=_why_not(access, "set_rates"),
        earlier=_address({}, year - 1),
        later=_address({}, year + 1),
        kept=[("year", str(year))],
        year=_year_text(months),
        problem=problem,
        missing=missing,
        home_currency=home,
        pasted=pasted,
    )


def _needed(access: Access) -> Mapping[str, set[dt.date]]:
    """Which currency was booked in which months; remembered by the lake's version."""
    if not access.market_codes:
        return {}
    state = state_of_data(access)
    scope = scope_for(access, period=WHOLE_TIME)
    key = ("money-months", access.client.schema_name, state.version, access.market_codes)
    found: Mapping[str, set[dt.date]] = remembered(key, lambda: months_with_money(scope))
    return found


def _currency_name(code: str) -> str:
    from babel import Locale

    return str(Locale.parse(language()).currencies.get(code, ""))


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
        body = _from_to(shown_number(change.old, unit), shown_number(change.new, unit), _suffix(unit, currency))
        entries.append(_entry(title, body, change))
    return entries


def rate_entries(changes: Iterable[RateChange], home: str) -> list[TimelineEntry]:
    """Changes of exchange rates as a timeline."""
    entries = []
    for change in changes:
        body = _from_to(shown_number(change.old, ""), shown_number(change.new, ""), " " + home)
        if change.source:
            body += f" ({change.source})"
        entries.append(_entry(f"{change.currency} · {change.month:%Y-%m}", body, change))
    return entries


def _from_to(old: str, new: str, suffix: str) -> str:
    nothing = _("nothing")
    return f"{old + suffix if old else nothing} → {new + suffix if new else nothing}"


def _suffix(unit: str, currency: str) -> str:
    return " %" if unit == Unit.PERCENT.value else f" {currency}" if currency else ""


def _entry(title: str, body: str, change: TargetChange | RateChange) -> TimelineEntry:
    icons = {How.TYPED: "pencil", How.PASTED: "clipboard-paste", How.IMPORTED: "upload", How.API: "plug"}
    how = How(change.how)
    return TimelineEntry(title, change.at, f"{body} · {how.label}", change.who, icons[how])
