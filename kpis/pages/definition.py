"""The page of one KPI: what it is, what it is worth in each market, where it comes from and who decided it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.catalogue import Kpi
from kpis.models import MarketOverride, OverrideState, OwnKpi, OwnKpiVersion
from kpis.pages.board import language, question_of, scope_for_board
from kpis.pages.cell import Fact, how_to_read
from kpis.pages.files import FileChoice, files_of
from kpis.pages.texts import joined, money_rule, origin_label, origin_names, through_text, value_text
from kpis.queries.asked import DataState, board_of, state_of_data
from kpis.queries.cells import Board, Cell
from kpis.queries.definition import Usage, overrides_of, own_kpi_named, usage_of, versions_of
from kpis.queries.definitions import LOCAL, own_facts, own_kpi
from kpis.reasons import hole_sentence
from kpis.values import Value
from tenants.access import Access
from ui import formats
from ui.components import HowToRead


@dataclass(frozen=True, slots=True)
class MarketValue:
    """One market's number by the headquarters' definition, by its own where it has one, and the difference."""

    code: str
    name: str
    value: str
    why: str
    local: str = ""
    difference: str = ""


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """A local definition: what it says, who asked for it, who decided, and what may be done with it."""

    override: MarketOverride
    market: str
    state: str
    label: str
    who: str
    may_decide: bool
    may_approve: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version and what it changed."""

    number: int
    at: dt.datetime
    who: str
    why: str
    changes: Sequence[FieldChange]


@dataclass(frozen=True, slots=True)
class DefinitionPage:
    """Everything that `kpis/definition.html` prints."""

    kpi: Kpi
    name: str
    second: str
    how: HowToRead
    on: bool
    active: bool
    needs: str
    facts: Sequence[Fact]
    other_language: str
    formula_text: str
    period: str
    rule: str
    total: MarketValue | None
    markets: Sequence[MarketValue]
    has_local: bool
    overrides: Sequence[OverrideLine]
    open_markets: Sequence[tuple[str, str]]
    versions: Sequence[VersionLine]
    uses: Sequence[Fact]
    lead_places: Sequence[tuple[str, str, bool]]
    may_define: bool
    may_propose: bool
    own: OwnKpi | None
    files: Sequence[FileChoice]


def definition_page(access: Access, key: str, query: QueryDict) -> DefinitionPage:
    """The page of a KPI for this person. Errors: NoSuchKpi, BadPeriod."""
    spoken = language()
    state = state_of_data(access)
    own = own_kpi_named(key)
    kpi = _kpi(key, state, own)
    live = key in state.definitions.by_key
    board = _board(access, key, state, query) if live and kpi.is_measurable and access.market_codes else None
    overrides = [_override_line(access, one, spoken) for one in overrides_of(access, key)] if live else []
    usage = usage_of(access, key, state.definitions, state.kpis)
    names = {m.code: m.name_ko if spoken == "ko" else m.name_en for m in access.markets}
    waiting = {one.override.market for one in overrides if one.override.state == OverrideState.PROPOSED}
    return DefinitionPage(
        kpi=kpi,
        name=str(kpi.name),
        second=kpi.name.en if spoken == "ko" else kpi.name.ko,
        how=how_to_read(kpi),
        on=key in state.definitions.on,
        active=live,
        needs="" if kpi.is_measurable else hole_sentence(kpi.formula.of_period({}).hole),  # type: ignore[union-attr, arg-type]
        facts=_facts(kpi, own, board, spoken),
        other_language=kpi.shows.en if spoken == "ko" else kpi.shows.ko,
        formula_text=own.formula if own else "",
        period=board.ask.span.reporting.label(spoken) if board else "",
        rule=money_rule(board.ask) if board and kpi.is_money else "",
        total=_total(kpi, board, spoken) if board else None,
        markets=_values(kpi, board, state, spoken) if board else [],
        has_local=any((key, code) in state.definitions.local for code in access.market_codes),
        overrides=overrides,
        open_markets=[(code, name) for code, name in names.items() if code not in waiting],
        versions=_versions(key, spoken),
        uses=_uses(usage, state, names),
        lead_places=_lead_places(access, key, state, names),
        may_define=access.can("define_kpis"),
        may_propose=access.can("propose_override") and bool(kpi.formula.sums) and live,
        own=own,
        files=files_of(
            "kpis:definition-file", query.urlencode(),
            f"{reverse('kpis:definition-file', args=[key, 'csv'])}?{query.urlencode()}", of=[key],
        ),
    )  # fmt: skip


def _kpi(key: str, state: DataState, own: OwnKpi | None) -> Kpi:
    """The KPI as it stands, or as it stood when it was taken out of use."""
    if own is not None and not own.active:
        return own_kpi(own_facts(own), state.definitions.references)
    return state.definitions.kpi(key)


def _board(access: Access, key: str, state: DataState, query: QueryDict) -> Board | None:
    if state.span is None:
        return None
    bar = scope_for_board(access, query, state)
    local = [f"{key}{LOCAL}{code}" for code in bar.markets if (key, code) in state.definitions.local]
    return board_of(access, question_of(bar, (key, *local)), state)


def _facts(kpi: Kpi, own: OwnKpi | None, board: Board | None, spoken: str) -> list[Fact]:
    facts = [
        Fact(_("Formula"), f"{kpi.name} = {kpi.formula.as_text(spoken)}"),
        Fact(_("As written"), own.formula if own else ""),
        Fact(_("Unit"), str(kpi.unit.words)),
        Fact(_("Good when"), str(kpi.better.words)),
        Fact(_("Roll-up"), f"{kpi.rollup.words}: {kpi.rollup.rule}"),
        Fact(_("Stage"), str(kpi.stage.words)),
        Fact(_("Owner"), (own.owner_name if own else "") or _("not named") if own else _("Yeojeong's catalogue")),
        Fact(_("Source"), _sources(kpi, board)),
        Fact(_("Freshness"), _freshness(kpi, board, spoken)),
    ]
    return [fact for fact in facts if fact.text]


def _sources(kpi: Kpi, board: Board | None) -> str:
    parts = []
    for origin in origin_names(kpi):
        found = dict.fromkeys(
            source for (_m, kind), sources in (board.sources if board else {}).items() if kind == origin
            for source in sources
        )  # fmt: skip
        parts.append(f"{origin_label(origin)}: {', '.join(found) or _('none in this period')}")
    return joined(parts)


def _freshness(kpi: Kpi, board: Board | None, spoken: str) -> str:
    """Complete, or up to which day the slowest market's data go."""
    if board is None:
        return ""
    moving = [cell.through for cell in board.rows[0].cells if cell.through is not None]
    return through_text(min(moving), spoken) if moving else _("Complete for this period.")


def _values(kpi: Kpi, board: Board, state: DataState, spoken: str) -> list[MarketValue]:
    found = []
    for market, cell in zip(board.ask.markets, board.row(kpi.key).cells, strict=True):
        local = None
        if (kpi.key, market.code) in state.definitions.local:
            row = board.row(f"{kpi.key}{LOCAL}{market.code}")
            local = next(one for one in row.cells if one.market == market.code)
        found.append(market_value(kpi, market.name(spoken), cell, local, spoken))
    return found


def market_value(kpi: Kpi, name: str, cell: Cell, local: Cell | None, spoken: str) -> MarketValue:
    """Both numbers of a market side by side."""
    currency = cell.currency
    why = hole_sentence(cell.actual.hole) if cell.actual.hole else ""
    if local is None:
        return MarketValue(cell.market, name, value_text(kpi, cell.actual, currency, spoken), why)
    return MarketValue(
        cell.market,
        name,
        value_text(kpi, cell.actual, currency, spoken),
        why,
        value_text(kpi, local.actual, currency, spoken),
        _difference(kpi, cell.actual, local.actual, spoken),
    )


def _difference(kpi: Kpi, ours: Value, local: Value, spoken: str) -> str:
    if ours.number is None or local.number is None:
        return "–"
    return formats.format_change(local.number, ours.number, kpi.unit.value, language=spoken)


def _total(kpi: Kpi, board: Board, spoken: str) -> MarketValue:
    cell = board.row(kpi.key).total
    if not kpi.rollup.has_total:
        return MarketValue("", _("All markets"), _("No total"), str(kpi.rollup.rule))
    why = hole_sentence(cell.actual.hole) if cell.actual.hole else ""
    return MarketValue("", _("All markets"), value_text(kpi, cell.actual, cell.currency, spoken), why)


def _override_line(access: Access, one: MarketOverride, spoken: str) -> OverrideLine:
    market = next(m for m in access.markets if m.code == one.market)
    may = access.can("approve_override")
    waiting, in_force = one.state == OverrideState.PROPOSED, one.state == OverrideState.APPROVED
    day = formats.format_moment(one.proposed_at, language=spoken)
    who = _("proposed by %(who)s, %(day)s") % {"who": one.proposed_by, "day": day}
    if one.decided_by and one.decided_at:
        day = formats.format_moment(one.decided_at, language=spoken)
        decided = _("turned down by %(who)s, %(day)s") if one.state == OverrideState.REFUSED else _(
            "approved by %(who)s, %(day)s")  # fmt: skip
        who = joined([who, decided % {"who": one.decided_by, "day": day}])
    return OverrideLine(
        override=one,
        market=market.name_ko if spoken == "ko" else market.name_en,
        state={"proposed": "warn", "approved": "good"}.get(one.state, "none"),
        label=str(OverrideState(one.state).label),
        who=who,
        may_decide=may and waiting,
        may_approve=may and waiting and one.proposed_by_id != access.user.pk,
        may_end=may and in_force,
    )


def _versions(key: str, spoken: str) -> list[VersionLine]:
    versions = versions_of(key)
    older = [*versions[1:], None][: len(versions)]
    return [
        VersionLine(one.number, one.at, one.who, one.why, _changes(one, before))
        for one, before in zip(versions, older, strict=True)
    ]


def _changes(one: OwnKpiVersion, before: OwnKpiVersion | None) -> list[FieldChange]:
    labels = {
        "formula": _("Formula"), "name_ko": _("Korean name"), "name_en": _("English name"), "stage": _("Stage"),
        "unit": _("Unit"), "better": _("Good when"), "owner_name": _("Owner"),
        "description_ko": _("Description in Korean"), "description_en": _("Description in English"),
        "active": _("In use"),
    }  # fmt: skip
    if before is None:
        return [FieldChange(labels["formula"], "", one.formula)]

    def shown(version: OwnKpiVersion, name: str) -> str:
        value = getattr(version, name)
        return (_("yes") if value else _("no")) if name == "active" else str(value)

    return [
        FieldChange(label, shown(before, name), shown(one, name))
        for name, label in labels.items()
        if getattr(one, name) != getattr(before, name)
    ]


def _uses(usage: Usage, state: DataState, names: dict[str, str]) -> list[Fact]:
    boards = [_("your board") if usage.on_my_board else "", _("the client's default") if usage.on_default_board else ""]
    targets = [
        f"{names[code]} " + ngettext("%(number)d month", "%(number)d months", count) % {"number": count}
        for code, count in usage.target_months
    ]
    referring = [str(state.definitions.by_key[key].name) for key in usage.referring if key in state.definitions.by_key]
    leads = [names.get(code, _("All markets")) for code in usage.leads]
    nowhere = _("nowhere")
    return [
        Fact(_("Boards"), joined(boards) or nowhere),
        Fact(_("Targets"), joined(targets) or nowhere),
        Fact(_("Own KPIs that refer to it"), joined(referring) or nowhere),
        Fact(_("One metric that matters"), joined(leads) or nowhere),
    ]


def _lead_places(access: Access, key: str, state: DataState, names: dict[str, str]) -> list[tuple[str, str, bool]]:
    """For whom this person may make it the one metric: code, name, and whether it is already."""
    places = [("", _("All markets"))] if access.can("define_kpis") else []
    places += list(names.items()) if access.can("choose_omtm") else []
    return [(code, name, state.definitions.omtm.get(code) == key) for code, name in places]


def definition_url(key: str) -> str:
    return reverse("kpis:definition", args=[key])
