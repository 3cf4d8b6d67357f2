"""The market in-depth page: one KPI of one market, its course and what it is made of, as charts and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from kpis.catalogue import HEADLINE, Better, Kpi, Stage
from kpis.errors import NoSuchMarket
from kpis.pages.addresses import scope_pairs
from kpis.pages.board import language, question_of, scope_for_board
from kpis.pages.cell import BETTER
from kpis.pages.depth_charts import course_chart, slice_table, slices_chart
from kpis.pages.files import FileChoice, files_of
from kpis.pages.notes import EventLine, Place, events_of, notes_url
from kpis.pages.texts import (
    channels_text,
    formula_text,
    gap_sentence,
    joined,
    money_rule,
    moving_text,
    origin_label,
    origin_names,
    rates_text,
    value_text,
)  # fmt: skip
from kpis.queries.asked import (
    BoardQuestion,
    DataState,
    ask_of,
    board_key,
    board_of,
    remembered,
    scope_of,
    state_of_data,
)
from kpis.queries.cells import BoardAsk, Cell
from kpis.queries.depth import PARTS, Depth, Grain, depth_of, grains_of
from kpis.reasons import hole_sentence
from tenants.access import Access
from ui.charts import Chart, with_marks
from ui.components import Change, Figure, KpiCard, Tab
from ui.scope_bar import ScopeBar, ScopeChoice


@dataclass(frozen=True, slots=True)
class DepthAsk:
    """What the address asks for."""

    bar: ScopeBar
    kpi: Kpi
    market: str
    grain: Grain
    question: BoardQuestion
    state: DataState


@dataclass(frozen=True, slots=True)
class DepthPart:
    """By channel, by source, by campaign: a chart and its table."""

    key: str
    title: str
    chart: Chart
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class DepthPage:
    """Everything that `kpis/depth.html` prints."""

    kpi: Kpi
    market: str
    market_name: str
    sentence: str
    scope: ScopeBar
    card: KpiCard
    grains: Sequence[Tab]
    course: Chart
    insight: str
    parts: Sequence[DepthPart]
    why_no_parts: str
    warnings: Sequence[str]
    markets: Sequence[ScopeChoice]
    stages: Sequence[tuple[str, Sequence[Kpi]]]
    kept: Sequence[tuple[str, str]]
    why_url: str
    files: Sequence[FileChoice]
    events: Sequence[EventLine]
    notes_url: str


def depth_ask(access: Access, query: QueryDict) -> DepthAsk:
    """The address read. Errors: NoSuchMarket, NoSuchKpi, BadPeriod."""
    if not access.market_codes:
        raise NoSuchMarket("–")
    market = query.get("market") or access.market_codes[0]
    if market not in access.market_codes:
        raise NoSuchMarket(market)
    state = state_of_data(access)
    kpi = state.definitions.kpi(query.get("kpi") or HEADLINE)
    grains = grains_of(kpi)
    grain = next((one for one in grains if one == query.get("grain")), grains[0])
    bar = scope_for_board(access, query, state, by_channel=True)
    # The page has one market, chosen beside the KPI; the bar only has to keep it.
    bar = replace(bar, market_choices=(), kept=[*bar.kept, ("market", market)])
    question = question_of(replace(bar, markets=(market,)), (kpi.key,))
    return DepthAsk(bar, kpi, market, grain, question, state)


def depth_values(access: Access, asked: DepthAsk) -> tuple[BoardAsk, Cell, Depth]:
    """The cell and its depth, remembered like a board."""
    state = asked.state
    ask = ask_of(access, asked.question, state)
    cell = board_of(access, asked.question, state).rows[0].cells[0]
    depth = remembered(
        ("depth", board_key(access, asked.question, state), asked.grain),
        lambda: depth_of(scope_of(access, asked.question), ask, cell, asked.grain),
    )
    return ask, cell, depth


def depth_page(access: Access, request: HttpRequest) -> DepthPage:
    """The page for this person and this address."""
    asked = depth_ask(access, request.GET)
    ask, cell, depth = depth_values(access, asked)
    spoken = language()
    name = ask.markets[0].name(spoken)
    csv_url = f"{reverse('kpis:in-depth-csv')}?{_query(request.GET, asked)}"
    span = ask.span
    events, marks = events_of(access, Place(asked.kpi.key, asked.market, depth.course.buckets[0], span.end))
    course = course_chart(asked.kpi, depth.course, cell, spoken, csv_url=f"{csv_url}&part=course")
    parts = [_part(part, asked, depth, cell, (spoken, csv_url)) for part in PARTS if _is_named(depth, part)]
    return DepthPage(
        kpi=asked.kpi,
        market=asked.market,
        market_name=name,
        sentence=joined(
            [
                asked.bar.period_label,
                name,
                channels_text(ask.channels),
                money_rule(ask) if asked.kpi.is_money else "",
                str(asked.kpi.shows),
            ]
        ),
        scope=asked.bar,
        card=_card(asked, ask, cell, _rule(access, asked, ask, spoken), spoken),
        grains=_grains(request.GET, asked),
        course=replace(course, figure=with_marks(course.figure, marks)),
        insight=_insight(asked.kpi, depth, cell, spoken),
        parts=parts,
        why_no_parts=_why_no_parts(asked.kpi, parts),
        warnings=_warnings(cell, spoken),
        markets=[
            ScopeChoice(m.code, m.name_ko if spoken == "ko" else m.name_en, m.code == asked.market)
            for m in access.markets
        ],
        stages=[(str(stage.words), [k for k in asked.state.definitions.shown if k.stage is stage]) for stage in Stage],
        kept=[
            *scope_pairs(asked.bar),
            ("compare", asked.bar.compare),
            ("grain", asked.grain),
        ],
        why_url=f"{reverse('kpis:why')}?kpi={asked.kpi.key}&market={asked.market}&compare={asked.bar.compare}"
        f"&{urlencode(scope_pairs(asked.bar))}",
        files=files_of("kpis:in-depth-file", _query(request.GET, asked), f"{csv_url}&part=course"),
        events=events,
        notes_url=notes_url(asked.kpi.key, asked.market, span.start, span.end),
    )


def _is_named(depth: Depth, part: str) -> bool:
    """Whether a part says something: one slice without a name is the whole again."""
    return any(one.name for one in depth.slices.get(part, ()))


def _why_no_parts(kpi: Kpi, parts: Sequence[DepthPart]) -> str:
    if not kpi.formula.sums:
        return _("Distinct people can't be split by channel: one person may come through several.")
    if len(parts) < len(PARTS):
        return _("Not every split is shown: the data that this KPI is made of share no such names.")
    return ""


def _rule(access: Access, asked: DepthAsk, ask: BoardAsk, spoken: str) -> str:
    """The policy and the rates by which the card's number was converted; nothing for what isn't money."""
    if not asked.kpi.is_money:
        return ""
    board = board_of(access, asked.question, state_of_data(access))
    rates = board.rates_of(asked.kpi.formula.sums, asked.market)
    return joined([money_rule(ask), rates_text(rates, ask.conversion.policy, spoken)])


def _card(asked: DepthAsk, ask: BoardAsk, cell: Cell, rule: str, spoken: str) -> KpiCard:
    kpi, period = asked.kpi, asked.bar.period
    currency = cell.currency or "KRW"
    numbers = formula_text(kpi, cell.amounts, cell.currency or ask.home_currency, spoken)
    figure = Figure(
        value=cell.actual.number,
        unit=kpi.unit.value,
        currency=currency,
        formula=f"{kpi.name} = {kpi.formula.as_text(spoken)}" + (f" = {numbers}" if numbers else ""),
        source=joined([origin_label(origin) for origin in origin_names(kpi)]),
        freshness=moving_text(cell, spoken) or _("Complete for this period."),
        currency_rule=rule,
        moving=not cell.settled,
        missing=hole_sentence(cell.actual.hole) if cell.actual.hole else "",
    )
    target = Figure(cell.target.number, kpi.unit.value, currency) if cell.target.number is not None else None
    compared = [(cell.previous, period.previous()), (cell.last_year, period.year_before())]
    return KpiCard(
        name=str(kpi.name),
        figure=figure,
        second_name=kpi.name.en if spoken == "ko" else "",
        stage=kpi.stage.number,
        target=target,
        achievement=cell.reached.number,
        state=cell.state,
        changes=[
            Change(cell.actual.number, base.number, kpi.unit.value, other.label(spoken), BETTER[kpi.better])
            for base, other in compared
            if base.number is not None and cell.actual.number is not None
        ],
        trend=cell.trend,
        trend_label=_("Thirteen months"),
    )


def _grains(query: QueryDict, asked: DepthAsk) -> list[Tab]:
    labels = {"day": _("Daily"), "week": _("Weekly"), "month": _("Monthly")}
    tabs = []
    for grain in grains_of(asked.kpi):
        changed = query.copy()
        changed["grain"], changed["market"], changed["kpi"] = grain, asked.market, asked.kpi.key
        tabs.append(Tab(labels[grain], "?" + changed.urlencode(), grain == asked.grain))
    return tabs


def _query(query: QueryDict, asked: DepthAsk) -> str:
    kept = query.copy()
    kept["market"], kept["kpi"] = asked.market, asked.kpi.key
    kept.pop("part", None)
    return kept.urlencode()


def _part(part: str, asked: DepthAsk, depth: Depth, cell: Cell, where: tuple[str, str]) -> DepthPart:
    spoken, csv_url = where
    slices = depth.slices[part]
    chart = slices_chart(part, asked.kpi, slices, cell, spoken, csv_url=f"{csv_url}&part={part}")
    table = slice_table(asked.kpi, part, slices, cell, spoken)
    return DepthPart(part, str(chart.title), chart, table.columns, table.rows)


def _insight(kpi: Kpi, depth: Depth, cell: Cell, spoken: str) -> str:
    """The best and the worst bucket, where better has a direction."""
    known = [
        (b, v.number) for b, v in zip(depth.course.buckets, depth.course.values, strict=True) if v.number is not None
    ]
    if len(known) < 3 or kpi.better not in (Better.HIGHER, Better.LOWER):
        return ""
    from kpis.pages.depth_charts import bucket_text
    from kpis.values import Value

    ordered = sorted(known, key=lambda pair: pair[1], reverse=kpi.better is Better.HIGHER)
    best, worst = ordered[0], ordered[-1]
    return _("Best: %(best)s with %(best_value)s; weakest: %(worst)s with %(worst_value)s.") % {
        "best": bucket_text(best[0], depth.course.grain, spoken),
        "best_value": value_text(kpi, Value(best[1]), cell.currency, spoken),
        "worst": bucket_text(worst[0], depth.course.grain, spoken),
        "worst_value": value_text(kpi, Value(worst[1]), cell.currency, spoken),
    }


def _warnings(cell: Cell, spoken: str) -> list[str]:
    found = [gap_sentence(gap, spoken) for gap in cell.gaps[:5]]
    if not cell.settled:
        found.append(moving_text(cell, spoken))
    return found
