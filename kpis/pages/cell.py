"""The drawer behind a cell: its trend, its formula with numbers, where it comes from and what to do with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from kpis.catalogue import Better, Kpi
from kpis.models import Version
from kpis.pages.addresses import scope_query
from kpis.pages.notes import notes_url
from kpis.pages.texts import (
    formula_text,
    gap_sentence,
    joined,
    left_out_sentence,
    money_rule,
    moving_text,
    origin_label,
    origin_names,
    rates_text,
    reached_text,
    value_text,
    why_no_total,
)  # fmt: skip
from kpis.queries.best_market import Stake
from kpis.queries.cells import Board, Cell, Row
from kpis.queries.pacing import can_be_paced
from kpis.reasons import hole_sentence
from kpis.values import Value
from ui import formats
from ui.charts import Chart, ChartTable, Measure, Series, table_of, trend
from ui.components import Change, HowToRead
from ui.periods import add_months

BETTER = {Better.HIGHER: "up", Better.LOWER: "down", Better.TARGET: "band", Better.WATCH: "none"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the drawer: what it is and what it says."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class CellPage:
    """Everything that `kpis/_cell.html` prints."""

    kpi: Kpi
    name: str
    second: str
    place: str
    stage: int
    state: str
    value: str
    missing: str
    target: str
    reached: str
    changes: Sequence[Change]
    chart: Chart | None
    facts: Sequence[Fact]
    how: HowToRead
    leader: str
    depth_url: str
    why_url: str
    notes_url: str
    pacing_url: str = ""
    history_url: str = ""


def cell_page(board: Board, key: str, code: str, language: str, stake: Stake | None = None) -> CellPage:
    """The drawer of one cell; an empty `code` is the total. `stake` is what closing its gaps is worth."""
    row = board.row(key)
    cell = row.total if not code else next(cell for cell in row.cells if cell.market == code)
    kpi = row.kpi
    names = {market.code: market.name(language) for market in board.ask.markets}
    return CellPage(
        kpi=kpi,
        name=str(kpi.name),
        second=kpi.name.en if language == "ko" else "",
        place=names.get(code) or _("All markets"),
        stage=kpi.stage.number,
        state=cell.state,
        value=value_text(kpi, cell.actual, cell.currency, language),
        missing=_missing(kpi, cell),
        target=value_text(kpi, cell.target, cell.currency, language) if cell.target.number is not None else "",
        reached=reached_text(cell.reached, language),
        changes=_changes(kpi, cell, board, language),
        chart=_trend(kpi, cell, board, language),
        facts=_facts(kpi, cell, board, language, stake or Stake()),
        how=how_to_read(kpi),
        leader=_leader(row, cell, names, language),
        depth_url=_depth_url(kpi, cell, board),
        why_url=_why_url(kpi, cell, board),
        pacing_url=_pacing_url(kpi, cell, board),
        history_url=_history_url(kpi, cell, board),
        notes_url=notes_url(kpi.key, cell.market, board.ask.span.start, board.ask.span.end),
    )


def how_to_read(kpi: Kpi) -> HowToRead:
    """The four parts of a KPI's tooltip."""
    return HowToRead(str(kpi.shows), str(kpi.computed), str(kpi.reads), str(kpi.acts))


def _missing(kpi: Kpi, cell: Cell) -> str:
    if cell.actual.hole is None:
        return ""
    return why_no_total(kpi, cell.actual.hole) if not cell.market else hole_sentence(cell.actual.hole)


def _changes(kpi: Kpi, cell: Cell, board: Board, language: str) -> list[Change]:
    if cell.actual.number is None:
        return []
    period = board.ask.span.reporting
    same_days = _(" (same days)") if cell.through is not None else ""
    compared = [(cell.previous, period.previous()), (cell.last_year, period.year_before())]
    if period.previous() == period.year_before():
        compared = compared[:1]
    return [
        Change(
            cell.actual.number,
            base.number,
            kpi.unit.value,
            f"{other.label(language)}{same_days}: {value_text(kpi, base, cell.currency, language)}",
            BETTER[kpi.better],
        )
        for base, other in compared
        if base.number is not None
    ]


def _trend(kpi: Kpi, cell: Cell, board: Board, language: str) -> Chart | None:
    if not any(value is not None for value in cell.trend):
        return None
    measure = Measure(kpi.unit.value, cell.currency or "KRW", language)
    months = list(board.ask.span.trend)
    lines = [Series(str(kpi.name), list(cell.trend))]
    moving = [month for month in months if is_moving(month, "month", cell)]
    table = table_of(months, lines, measure, head=_("Month"))
    rows = [
        [formats.format_month(month, language=language), *row[1:]]
        for month, row in zip(months, table.rows, strict=True)
    ]
    return Chart(
        title=_("Thirteen months"),
        how=how_to_read(kpi),
        figure=trend(months, lines, measure, grain="month", moving=moving),
        table=ChartTable(table.columns, rows),
    )


def is_moving(bucket: dt.date, grain: str, cell: Cell) -> bool:
    """Whether a day, week or month (by its first day) still changes: data end within it, or its source isn't done."""
    following = add_months(bucket, 1) if grain == "month" else bucket + dt.timedelta(days={"day": 1, "week": 7}[grain])
    ends_here = cell.through is not None and bucket <= cell.through < following
    return ends_here or (cell.moving is not None and cell.moving.since < following)


def _facts(kpi: Kpi, cell: Cell, board: Board, language: str, stake: Stake) -> list[Fact]:
    numbers = formula_text(kpi, cell.amounts, cell.currency or _money_of(cell, board), language)
    names = {market.code: market.name(language) for market in board.ask.markets}
    sources = [
        f"{origin_label(origin)}: {', '.join(found)}"
        for origin in origin_names(kpi)
        if (found := _sources(board, cell.market, origin))
    ]
    freshness = moving_text(cell, language) or _("Complete for this period.")
    facts = [
        Fact(_("Formula"), f"{kpi.name} = {kpi.formula.as_text(language)}"),
        Fact(
            _("With numbers"), f"{numbers} = {value_text(kpi, cell.actual, cell.currency, language)}" if numbers else ""
        ),
        Fact(_("Total"), str(kpi.rollup.rule) if not cell.market else ""),
        Fact(_("Target"), joined([_version(cell, board), _target_rule(kpi, cell, board)])),
        Fact(_("Money at stake"), _stake_text(stake, _money_of(cell, board), language)),
        Fact(_("Source"), joined(sources)),
        Fact(_("Freshness"), freshness if cell.actual.number is not None else ""),
        Fact(_("Missing days"), " ".join(gap_sentence(gap, language) for gap in cell.gaps[:5])),
        Fact(_("Left out"), left_out_sentence(cell, names)),
        Fact(_("Currency"), money_rule(board.ask) if _has_money(kpi) else ""),
        Fact(
            _("Rates used"),
            rates_text(board.rates_of(kpi.formula.sums, cell.market), board.ask.conversion.policy, language),
        ),
    ]
    return [fact for fact in facts if fact.text]


def _version(cell: Cell, board: Board) -> str:
    """Which version of targets the cell is held to, where it has a target."""
    if cell.target.number is None or not board.ask.version:
        return ""
    return str(Version(board.ask.version).label)


def _has_money(kpi: Kpi) -> bool:
    from kpis.catalogue.measures import measure as measure_of

    return any(measure_of(name).money for name in kpi.formula.sums)


def _money_of(cell: Cell, board: Board) -> str:
    if board.ask.currency != "own":
        return board.ask.currency
    return board.ask.own.get(cell.market, board.ask.home_currency)


def _sources(board: Board, market: str, origin: str) -> list[str]:
    found: dict[str, None] = {}
    for (code, kind), sources in board.sources.items():
        if kind == origin and market in ("", code):
            found.update(dict.fromkeys(sources))
    return list(found)[:6]


def _target_rule(kpi: Kpi, cell: Cell, board: Board) -> str:
    """How the target of this cell came about, or why there is none."""
    if cell.target.hole is not None:
        return hole_sentence(cell.target.hole) if cell.actual.number is not None else ""
    if not cell.market and not kpi.formula.periods and kpi.rollup.value != "additive":
        return _("What the total would be if each market met its own target at its own volume.")
    if len(board.ask.span.months) > 1:
        if kpi.rollup.value == "additive":
            return _("The sum of the months' targets.")
        return _("The plain mean of the months' targets.")
    if cell.through is not None and kpi.rollup.value == "additive":
        return _("The colour holds the value against the share of the target that is due by now.")
    return ""


def _leader(row: Row, cell: Cell, names: dict[str, str], language: str) -> str:
    """Which market does best, where that is another one and better has a direction."""
    known = [one for one in row.cells if one.actual.number is not None]
    if row.kpi.better not in (Better.HIGHER, Better.LOWER) or len(known) < 2 or row.kpi.rollup.value == "additive":
        return ""
    best = (max if row.kpi.better is Better.HIGHER else min)(known, key=lambda one: one.actual.number or 0.0)
    if best.market == cell.market:
        return _("The best of %(number)d markets.") % {"number": len(known)}
    return _("Best: %(market)s with %(value)s.") % {
        "market": names[best.market],
        "value": value_text(row.kpi, Value(best.actual.number), best.currency, language),
    }


def _pacing_url(kpi: Kpi, cell: Cell, board: Board) -> str:
    """Where a running month is headed; empty for a total and for what has no pacing."""
    if not cell.market or cell.through is None or board.ask.channels or not can_be_paced(kpi):
        return ""
    return f"{reverse('kpis:pacing')}?kpi={kpi.key}&market={cell.market}"


def _depth_url(kpi: Kpi, cell: Cell, board: Board) -> str:
    market = cell.market or board.ask.codes[0]
    asked = f"period={board.ask.span.reporting.text}&market={market}&kpi={kpi.key}{scope_query(board.ask)}"
    return f"{reverse('kpis:in-depth')}?{asked}"


def _why_url(kpi: Kpi, cell: Cell, board: Board) -> str:
    ask = board.ask
    where = f"&market={cell.market}" if cell.market else ""
    return f"{reverse('kpis:why')}?kpi={kpi.key}{where}&period={ask.span.reporting.text}{scope_query(ask)}"


def _history_url(kpi: Kpi, cell: Cell, board: Board) -> str:
    ask = board.ask
    asked = [("period", ask.span.reporting.text), ("cell", f"{kpi.key}.{cell.market}")]
    if not cell.market:
        asked += [("market", code) for code in ask.codes]
    return f"{reverse('kpis:cell-history')}?{urlencode(asked)}{scope_query(ask)}"


def _stake_text(stake: Stake, currency: str, language: str) -> str:
    """What target, median and best are worth, those that aren't reached yet."""
    words = (
        (stake.to_target, _("Reaching the target is worth %(money)s in this period.")),
        (stake.to_median, _("Doing as well as the median of the markets is worth %(money)s.")),
        (stake.to_best, _("Doing as well as the best market is worth %(money)s.")),
    )
    return " ".join(
        text % {"money": formats.format_value(worth, "money", currency=currency, language=language, compact=True)}
        for worth, text in words
        if worth
    )
