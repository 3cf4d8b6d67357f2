"""The editor of own KPIs: what may be inserted, what a formula means, and what it gives on last month's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kpis.catalogue import Kpi
from kpis.catalogue.measures import MEASURES
from kpis.expressions import Checked
from kpis.models import OwnKpi
from kpis.pages.board import language, question_of, scope_for_board
from kpis.pages.definition import MarketValue, market_value
from kpis.pages.texts import joined, money_rule, origin_label, value_text
from kpis.queries.asked import ask_of, board_key, remembered, scope_of, state_of_data
from kpis.queries.board import board_values
from kpis.queries.cells import Board
from kpis.queries.definitions import definitions_of
from kpis.reasons import hole_sentence
from tenants.access import Access


@dataclass(frozen=True, slots=True)
class Chip:
    """Something to insert into the formula."""

    insert: str
    label: str


@dataclass(frozen=True, slots=True)
class EditorPage:
    """Everything that `kpis/own_form.html` prints beside the form."""

    own: OwnKpi | None
    groups: Sequence[tuple[str, Sequence[Chip]]]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A formula on last month's data, by market and in total."""

    period: str
    rule: str
    words: str
    rollup: str
    total: MarketValue
    markets: Sequence[MarketValue]


def editor_page(access: Access, own: OwnKpi | None) -> EditorPage:
    """Measures by where they come from, and the client's KPIs that can be referred to."""
    spoken = language()
    by_origin: dict[str, list[Chip]] = {}
    for measure in MEASURES.values():
        if measure.kept and measure.over_time:
            by_origin.setdefault(measure.origin, []).append(Chip(measure.key, measure.name(spoken)))
    groups = [(origin_label(origin), chips) for origin, chips in by_origin.items()]
    taken = own.key if own else ""
    kpis = [
        Chip("{" + kpi.key + "}", str(kpi.name))
        for kpi in definitions_of(access).shown
        if kpi.formula.sums and kpi.key not in (taken, "budget_pacing") and len(kpi.formula.sums) > 1
    ]
    return EditorPage(own, [*groups, (_("KPIs"), kpis)])


def checked_answer(kpi: Kpi, checked: Checked, language: str) -> dict[str, Any]:
    """What a formula means: for the editor and the API."""
    return {
        "ok": True,
        "formula": kpi.formula.as_text(language),
        "rollup": kpi.rollup.value,
        "rollup_rule": str(kpi.rollup.rule),
        "units": [{"value": unit.value, "label": str(unit.words)} for unit in checked.units],
        "measures": list(kpi.formula.sums),
        "refers_to": list(checked.refers_to),
        "hints": list(checked.hints),
    }


def preview_board(access: Access, kpi: Kpi, query: QueryDict) -> Board | None:
    """The KPI on the last whole month (or the period asked for) in this person's markets; None without data."""
    state = state_of_data(access)
    if state.span is None or not access.market_codes:
        return None
    bar = scope_for_board(access, query, state)
    question = question_of(bar, ("revenue",))
    asked = ask_of(access, question, state)
    ask = replace(asked, kpis=(kpi,))
    key = ("preview", board_key(access, question, state), kpi.formula, kpi.unit, kpi.better)
    found: Board = remembered(key, lambda: board_values(scope_of(access, question), ask))
    return found


def preview_page(access: Access, kpi: Kpi, query: QueryDict) -> PreviewPage | None:
    """The preview as printed."""
    board = preview_board(access, kpi, query)
    if board is None:
        return None
    spoken = language()
    row = board.rows[0]
    why = hole_sentence(row.total.actual.hole) if row.total.actual.hole else ""
    return PreviewPage(
        period=board.ask.span.reporting.label(spoken),
        rule=joined([money_rule(board.ask) if kpi.is_money else ""]),
        words=kpi.formula.as_text(spoken),
        rollup=str(kpi.rollup.rule),
        total=MarketValue("", _("All markets"), value_text(kpi, row.total.actual, row.total.currency, spoken), why),
        markets=[
            market_value(kpi, market.name(spoken), cell, None, spoken)
            for market, cell in zip(board.ask.markets, row.cells, strict=True)
        ],
    )
