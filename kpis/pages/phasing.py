"""The page on which a year's value is spread over months, with what would change before it is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _

from kpis.catalogue import BY_KEY, HEADLINE, Kpi, Rollup, Stage, Unit
from kpis.models import Version
from kpis.pages.board import language
from kpis.pages.plans import asked_version, months_asked, shown_number, unit_label, version_tabs, why_not, year_text
from kpis.queries.asked import state_of_data
from kpis.queries.definitions import definitions_here, known_kpi
from kpis.queries.seasonality import SHAPES, Shape, can_be_spread
from kpis.services.phasing import PhasedMarket, PhasingAsk, Preview
from kpis.services.targets import takes_targets
from problems.errors import Problem, Sentence
from tenants.access import Access
from ui import formats
from ui.components import Tab
from ui.scope_bar import ScopeChoice


@dataclass(frozen=True, slots=True)
class YearInput:
    code: str
    name: str
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class MonthChange:
    """One month of the preview: the past value, what stands there, what will; `changes` where they differ."""

    past: str
    old: str
    new: str
    changes: bool


@dataclass(frozen=True, slots=True)
class PreviewRow:
    name: str
    unit: str
    year: str
    months: Sequence[MonthChange]
    check: str


@dataclass(frozen=True, slots=True)
class PhasingPage:
    """Everything that `kpis/phasing.html` prints."""

    kpi: Kpi
    kpi_choices: Sequence[ScopeChoice]
    versions: Sequence[Tab]
    version_name: str
    year: str
    earlier: str
    later: str
    query: str
    kept: Sequence[tuple[str, str]]
    inputs: Sequence[YearInput]
    shapes: Sequence[tuple[str, str, str, bool]]
    heads: Sequence[str]
    preview: Sequence[PreviewRow]
    changed: int
    seen: str
    why_not: Sentence
    problem: Problem | None
    needs_reason: bool
    bad_cells: Sequence[Mapping[str, object]]


def phasing_ask(access: Access, query: QueryDict, sent: Mapping[str, str]) -> PhasingAsk:
    """What the address and the form ask for: version, year, KPI; shape and a yearly value a market."""
    months, _year = months_asked(access, query)
    shape: Shape = next((one for one in SHAPES if one == sent.get("shape")), SHAPES[0])
    typed = {code: sent.get(f"year-{code}", "")[:60] for code in access.market_codes}
    return PhasingAsk(_kpi(query), asked_version(query, access), tuple(months), shape, typed)


def phasing_page(
    access: Access, query: QueryDict, ask: PhasingAsk, preview: Preview | None = None, problem: Problem | None = None
) -> PhasingPage:
    """The form, and below it the preview once there is one."""
    _months, year = months_asked(access, query)
    spoken = language()
    months = ask.months
    own = f"kpi={ask.kpi.key}&version={ask.version}"
    markets = {market.code: market for market in access.markets}
    names = {code: m.name_ko if spoken == "ko" else m.name_en for code, m in markets.items()}
    rows = preview.markets if preview is not None else ()
    return PhasingPage(
        kpi=ask.kpi,
        kpi_choices=_kpi_choices(ask.kpi),
        versions=version_tabs(query, ask.version, state_of_data(access).target_version),
        version_name=str(Version(ask.version).label),
        year=year_text(months),
        earlier=f"?{own}&year={year - 1}",
        later=f"?{own}&year={year + 1}",
        query=f"?{own}&year={year}",
        kept=[("version", ask.version), ("year", str(year))],
        inputs=[
            YearInput(code, names[code], unit_label(ask.kpi, market.currency), ask.typed.get(code, ""))
            for code, market in markets.items()
        ],
        shapes=[(key, label, help_text, key == ask.shape) for key, label, help_text in _shapes(ask.kpi)],
        heads=[formats.format_month_short(month, language=spoken) for month in months],
        preview=[_row(ask, one, names[one.market], markets[one.market].currency) for one in rows],
        changed=sum(old != new for one in rows for old, new in zip(one.before, one.after, strict=True)),
        seen=preview.seen if preview is not None else "",
        why_not=why_not(access, "set_targets"),
        problem=problem,
        needs_reason=problem is not None and problem.code == "locked_months",
        bad_cells=problem.details.get("cells", ()) if problem is not None else (),
    )


def _kpi(query: QueryDict) -> Kpi:
    kpi = known_kpi(query.get("kpi", ""))
    return kpi if kpi is not None and takes_targets(kpi) and can_be_spread(kpi) else BY_KEY[HEADLINE]


def _kpi_choices(chosen: Kpi) -> list[ScopeChoice]:
    return [
        ScopeChoice(kpi.key, f"{kpi.stage.words} · {kpi.name}", kpi is chosen)
        for stage in Stage
        for kpi in definitions_here().shown
        if kpi.stage is stage and takes_targets(kpi) and can_be_spread(kpi)
    ]


def _shapes(kpi: Kpi) -> list[tuple[str, str, str]]:
    if kpi.rollup is Rollup.ADDITIVE:
        like = _("Each month gets the share that it had of last year.")
    else:
        like = _("Last year's months are scaled so that their weighted mean is the year's value.")
    return [
        ("last_year", _("Like last year"), like),
        ("latest", _("Like the latest twelve whole months"), _("For a year that is planned before this one is over.")),
        ("even", _("The same for every month"), _("Without any season: only where no past year can be used.")),
    ]


def _row(ask: PhasingAsk, one: PhasedMarket, name: str, currency: str) -> PreviewRow:
    unit = ask.kpi.unit.value
    past: Sequence[Decimal | None] = [None] * len(ask.months)
    if one.season is not None:
        digits = Decimal(1).scaleb(-6 if ask.kpi.unit is Unit.PERCENT else -2)
        past = [Decimal(repr(value)).quantize(digits) for value in one.season.values]
    months = [
        MonthChange(shown_number(was, unit), shown_number(old, unit) or "–", shown_number(new, unit), old != new)
        for was, old, new in zip(past, one.before, one.after, strict=True)
    ]
    return PreviewRow(name, unit_label(ask.kpi, currency), shown_number(one.yearly, unit), months, _check(ask, one))


def _check(ask: PhasingAsk, one: PhasedMarket) -> str:
    """What the months come to: the proof that the spread is right."""
    if ask.kpi.rollup is Rollup.ADDITIVE:
        total = shown_number(sum(one.after, Decimal(0)), ask.kpi.unit.value)
        return _("The months add up to %(total)s.") % {"total": total}
    if one.season is None:
        return ""
    weights = one.season.weights
    mean = sum(float(v) * w for v, w in zip(one.after, weights, strict=True)) / sum(weights)
    shown = (
        formats.format_value(mean, ask.kpi.unit.value, language=language()) if not ask.kpi.is_money else f"{mean:,.2f}"
    )
    return _("The months' weighted mean is %(mean)s.") % {"mean": shown}
