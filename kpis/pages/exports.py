"""The board and the market in depth as documents: the same values as the pages, made from the same objects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.catalogue import Kpi, Stage
from kpis.catalogue.measures import MONEY_MEASURES
from kpis.exports.document import Column, Course, Document, Figure, Item, Line, Sheet
from kpis.pages.depth import DepthAsk
from kpis.pages.depth_charts import PART_NAMES, PART_TITLES, bucket_text, part_name
from kpis.pages.export import board_rows
from kpis.pages.texts import (
    change_text,
    channels_text,
    gap_text,
    joined,
    left_out_sentence,
    money_rule,
    rate_text,
    reached_text,
    through_text,
    why_no_total,
)
from kpis.queries.cells import Board, Cell
from kpis.queries.depth import PARTS, Depth, Slice
from kpis.reasons import hole_label, hole_sentence
from kpis.spans import Span
from kpis.values import Value
from tenants.access import Access
from ui import formats


def board_document(access: Access, board: Board, language: str, *, compare: str = "previous") -> Document:
    """The board: printed as the table of the page; the workbook has every value, the definitions and the scope too."""
    ask = board.ask
    made = made_text(access)
    return Document(
        title=_("KPIs by market"),
        subtitle=[
            joined(
                [access.client.name, ask.span.reporting.label(language), channels_text(ask.channels), money_rule(ask)]
            ),
            *_moving_lines(board, language),
        ],
        sheets=[
            _matrix(board, language, compare),
            _values(board, language),
            definitions_sheet([row.kpi for row in board.rows], language),
            scope_sheet(access, board, language),
        ],
        notes=_missing_lines(board),
        closing=rate_lines(board, language),
        footer=f"{money_rule(ask)} · {made}",
        paper="A3",
        language=language,
    )


def depth_document(access: Access, asked: DepthAsk, board: Board, depth: Depth, language: str) -> Document:
    """One KPI of one market: its course as a chart and a table, and what it is made of."""
    kpi, ask, cell = asked.kpi, board.ask, board.rows[0].cells[0]
    name = ask.markets[0].name(language)
    rule = money_rule(ask) if kpi.is_money else ""
    course = depth.course
    return Document(
        title=_("%(kpi)s in %(market)s") % {"kpi": kpi.name, "market": name},
        subtitle=[
            joined([access.client.name, ask.span.reporting.label(language), name, channels_text(ask.channels), rule]),
            _summary(kpi, cell, language),
        ],
        figures=[
            Figure(
                title=str(kpi.name),
                labels=[bucket_text(bucket, course.grain, language) for bucket in course.buckets],
                courses=_courses(kpi, depth),
                unit=kpi.unit.value,
                currency=cell.currency,
            )
        ],
        sheets=[
            _course_sheet(kpi, cell, depth, language),
            *(_slices_sheet(kpi, cell, part, depth.slices[part], language) for part in PARTS if depth.slices.get(part)),
            definitions_sheet([kpi], language),
            scope_sheet(access, board, language),
        ],
        notes=[*_missing_lines(board), *([through_text(cell.through, language)] if cell.through else [])],
        closing=rate_lines(board, language),
        footer=" · ".join(part for part in (rule, made_text(access)) if part),
        language=language,
    )


def made_text(access: Access, now: dt.datetime | None = None) -> str:
    """Who exported it and when, in the client's time."""
    moment = (now or timezone.now()).astimezone(ZoneInfo(access.client.time_zone))
    return _("exported by %(who)s, %(at)s") % {"who": str(access.user), "at": f"{moment:%Y-%m-%d %H:%M}"}


def rate_lines(board: Board, language: str) -> list[str]:
    """The rates that the board's money was converted with, one a line."""
    return [rate_text(rate, board.ask.conversion.policy, language) for rate in board.rates_of(MONEY_MEASURES)]


def item_of(kpi: Kpi, value: Value, currency: str, *, state: str = "", detail: str = "") -> Item:
    """A value as a cell: its number in the KPI's unit, or the label of its hole."""
    if value.hole is not None:
        return Item(hole=hole_label(value.hole))
    return Item(value.number, kpi.unit.value, currency, state=state, detail=detail)


def _matrix(board: Board, language: str, compare: str) -> Sheet:
    own = board.ask.currency == "own"
    columns = [
        Column("KPI", width=1.5),
        Column(_("Unit"), width=0.6),
        Column(_("All"), unit="count"),
        *(
            Column(market.name(language), market.currency if own else market.code, unit="count")
            for market in board.ask.markets
        ),
    ]
    rows: list[Line] = []
    for stage in Stage:
        found = [row for row in board.rows if row.kpi.stage is stage]
        if found:
            rows.append(Line([Item(str(stage.words))], heading=True))
        for row in found:
            kpi = row.kpi
            unit = board.ask.currency if kpi.is_money and not own else str(kpi.unit.words)
            cells = [_cell_item(kpi, cell, compare, language) for cell in (row.total, *row.cells)]
            rows.append(Line([Item(str(kpi.name)), Item(unit), *cells]))
    return Sheet(_("Board"), columns, rows, frozen=2)


def _cell_item(kpi: Kpi, cell: Cell, compare: str, language: str) -> Item:
    if cell.actual.hole is not None:
        return item_of(kpi, cell.actual, cell.currency)
    details = [
        reached_text(cell.reached, language),
        change_text(kpi, cell.actual, cell.base(compare), language),
        gap_text(cell.gaps),
        _("still changing") if cell.through is not None else "",
    ]
    state = cell.state if cell.state in ("good", "warn", "bad") else ""
    return item_of(kpi, cell.actual, cell.currency, state=state, detail=" ".join(part for part in details if part))


def _values(board: Board, language: str) -> Sheet:
    head, *body = board_rows(board, language)
    kinds = [row.kpi for row in board.rows for _cell in (row.total, *row.cells)]
    return values_sheet(head, list(zip(kinds, body, strict=True)))


def values_sheet(head: Sequence[object], body: Sequence[tuple[Kpi, Sequence[object]]]) -> Sheet:
    """Rows of `board_rows`, each with its KPI: every number in its format."""
    rows = []
    for kpi, values in body:
        currency = str(values[7])
        items = []
        for place, value in enumerate(values):
            unit = "percent" if place == 10 else kpi.unit.value if 8 <= place <= 12 else "count"
            items.append(_plain_item(value, unit, currency))
        rows.append(Line(items))
    return Sheet(_("Values"), [Column(str(title)) for title in head], rows, printed=False, frozen=4)


def _plain_item(value: object, unit: str, currency: str) -> Item:
    if value is None or isinstance(value, int | float | dt.date):
        return Item(value, unit, currency)
    return Item(str(value))


def definitions_sheet(kpis: Sequence[Kpi], language: str) -> Sheet:
    """What each KPI means: formula, unit, direction, how it is added up."""
    titles = ("KPI", _("KPI key"), _("Formula"), _("Unit"), _("Good when"), _("Total"), _("What it shows"))
    rows = [
        Line([
            Item(str(kpi.name)), Item(kpi.key), Item(f"{kpi.name} = {kpi.formula.as_text(language)}"),
            Item(str(kpi.unit.words)), Item(str(kpi.better.words)), Item(f"{kpi.rollup.words}: {kpi.rollup.rule}"),
            Item(str(kpi.shows)),
        ])
        for kpi in kpis
    ]  # fmt: skip
    return Sheet(_("Definitions"), [Column(title) for title in titles], rows, printed=False)


def scope_sheet(access: Access, board: Board, language: str, earlier: Sequence[Board] = ()) -> Sheet:
    """What the numbers cover and how their money was converted.

    `earlier` are other boards of the file: of the months before this one's, or the one that it is compared with.
    """
    ask, every = board.ask, (*earlier, board)
    markets = dict.fromkeys(f"{one.name(language)} ({one.code})" for each in every for one in each.ask.markets)
    facts: list[tuple[str, str]] = [
        (_("Client"), access.client.name),
        (_("Period"), " · ".join(dict.fromkeys(_periods(every, language)))),
        (_("Markets"), ", ".join(markets)),
        *([(_("Channel"), ", ".join(ask.channels))] if ask.channels else []),
        (_("Currency"), money_rule(ask)),
        (_("Rates used"), ""),
        *(("", line) for line in dict.fromkeys(line for one in every for line in rate_lines(one, language))),
        (
            _("Missing exchange rates"),
            ", ".join(dict.fromkeys(rate for one in every for rate in one.missing_rates)) or _("none"),
        ),
        *((_("Missing values"), line) for line in _hole_lines(every, language)),
        (_("Exported"), made_text(access)),
    ]
    rows = [Line([Item(label), Item(text)]) for label, text in facts]
    return Sheet(_("Scope"), [Column(_("Fact")), Column(_("Value"))], rows, printed=False)


def _periods(boards: Sequence[Board], language: str) -> list[str]:
    """The periods of two boards; of more, which follow each other, from the first to the last."""

    def text(*spans: Span) -> str:
        labels = " – ".join(dict.fromkeys(span.reporting.label(language) for span in spans))
        return f"{labels} ({spans[0].start} – {spans[-1].end - dt.timedelta(days=1)})"

    spans = [board.ask.span for board in boards]
    return [text(spans[0], spans[-1])] if len(spans) > 2 else [text(span) for span in spans]


def _hole_lines(boards: Sequence[Board], language: str) -> list[str]:
    """Why cells are empty, each reason once with where it holds; of several boards with the month."""
    names = {"": _("All"), **{one.code: one.name(language) for board in boards for one in board.ask.markets}}
    found: dict[str, list[str]] = {}
    for board, row in ((one, row) for one in boards for row in one.rows):
        month = f" {board.ask.span.reporting.text}" if len(boards) > 1 else ""
        for cell in (row.total, *row.cells):
            place = f"{row.kpi.name} ({names[cell.market]}{month})"
            if cell.actual.hole is not None:
                reason = hole_sentence(cell.actual.hole) if cell.market else why_no_total(row.kpi, cell.actual.hole)
                found.setdefault(reason, []).append(place)
            elif cell.left_out:
                found.setdefault(left_out_sentence(cell, names), []).append(place)
    return [f"{reason} {', '.join(places)}" for reason, places in found.items()]


def _missing_lines(board: Board) -> list[str]:
    missing = board.missing_rates
    if not missing:
        return []
    return [
        ngettext("An exchange rate is missing: %(rates)s.", "Exchange rates are missing: %(rates)s.", len(missing))
        % {"rates": ", ".join(missing)}
    ]


def _moving_lines(board: Board, language: str) -> list[str]:
    if not board.through:
        return []
    return [through_text(min(board.through.values()), language)]


def _summary(kpi: Kpi, cell: Cell, language: str) -> str:
    if cell.actual.hole is not None:
        return hole_sentence(cell.actual.hole)
    value = formats.format_value(cell.actual.number, kpi.unit.value, currency=cell.currency or "KRW", language=language)
    reached = reached_text(cell.reached, language)
    of_target = _("%(reached)s of the target.") % {"reached": reached}
    return f"{value} · {of_target}" if reached else value


def _courses(kpi: Kpi, depth: Depth) -> list[Course]:
    course = depth.course
    found = [Course(str(kpi.name), [value.number for value in course.values])]
    if any(target is not None for target in course.targets):
        found.append(Course(_("Target"), list(course.targets), dashed=True))
    return found


def _course_sheet(kpi: Kpi, cell: Cell, depth: Depth, language: str) -> Sheet:
    course, unit = depth.course, kpi.unit.value
    rows = [
        Line([
            Item(bucket_text(bucket, course.grain, language)), item_of(kpi, value, cell.currency),
            Item(target, unit, cell.currency),
        ])
        for bucket, value, target in zip(course.buckets, course.values, course.targets, strict=True)
    ]  # fmt: skip
    columns = [Column(_("Period")), Column(str(kpi.name), unit=unit), Column(_("Target"), unit=unit)]
    return Sheet(_("Course"), columns, rows)


def _slices_sheet(kpi: Kpi, cell: Cell, part: str, slices: Sequence[Slice], language: str) -> Sheet:
    unit = kpi.unit.value
    columns = [
        Column(PART_NAMES[part](), width=2), Column(str(kpi.name), unit=unit), Column(_("Previous period"), unit=unit),
        Column(_("Share"), unit="percent"),
    ]  # fmt: skip
    rows = [
        Line([
            Item(part_name(one.name)), item_of(kpi, one.actual, cell.currency),
            item_of(kpi, one.previous, cell.currency), Item(one.share, "percent"),
        ])
        for one in slices
    ]  # fmt: skip
    return Sheet(PART_TITLES[part]() % {"kpi": kpi.name}, columns, rows)
