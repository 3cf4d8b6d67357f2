"""The page of one KPI as a document: what it is, and its values by market over thirteen months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from kpis.catalogue import Kpi
from kpis.exports.document import Column, Course, Document, Figure, Item, Line, Sheet
from kpis.pages.board import language, question_of, scope_for_board
from kpis.pages.cell import Fact
from kpis.pages.definition import DefinitionPage, definition_page
from kpis.pages.export import board_rows
from kpis.pages.exports import item_of, made_text, rate_lines, scope_sheet, values_sheet
from kpis.pages.texts import joined, money_rule, moving_text, why_no_total
from kpis.queries.asked import BoardQuestion, DataState, board_of, state_of_data
from kpis.queries.cells import Board, Cell
from kpis.queries.definitions import LOCAL
from tenants.access import Access
from ui.periods import month_of

MOST_LINES = 5  # of a chart whose lines are still told apart


@dataclass(frozen=True, slots=True)
class DefinitionFile:
    """The page, and a board for each of thirteen months; none where the KPI isn't in use or can't be measured yet.

    A board has a row for the KPI, and one for each market's local definition, whose other cells aren't shown.
    """

    page: DefinitionPage
    months: Sequence[Board]
    spoken: str

    @property
    def kpi(self) -> Kpi:
        return self.page.kpi


def definition_file(access: Access, key: str, query: QueryDict) -> DefinitionFile:
    """The KPI for this person and this address; the months end with the last of the period. Errors: NoSuchKpi."""
    page, state = definition_page(access, key, query), state_of_data(access)
    if page.total is None or state.span is None:
        return DefinitionFile(page, (), language())
    bar = scope_for_board(access, query, state)
    local = [f"{key}{LOCAL}{code}" for code in bar.markets if (key, code) in state.definitions.local]
    question = question_of(bar, (key, *local))
    return DefinitionFile(page, [*_boards(access, question, state)], language())


def _boards(access: Access, question: BoardQuestion, state: DataState) -> Iterator[Board]:
    fiscal_start = question.period.fiscal_start
    base = question.conversion.base  # of constant currency: that of the period asked for, for all months alike
    for month in question.period.months():
        yield board_of(access, replace(question, period=month_of(month, fiscal_start), base=base), state)


def definition_document(access: Access, file: DefinitionFile) -> Document:
    """Definition, history and use in words, values by market and month as numbers."""
    page, kpi, spoken = file.page, file.kpi, file.spoken
    last = file.months[-1] if file.months else None
    rule = money_rule(last.ask) if last and (kpi.is_money or last.ask.currency == "own") else ""
    months = _months_text(file)
    values = [_matrix(file), _all_values(file)] if file.months else []
    return Document(
        title=str(kpi.name),
        subtitle=[joined([access.client.name, months, rule]), str(kpi.shows)],
        notes=_notes(file),
        figures=_figures(file),
        sheets=[
            _facts_sheet(_("Definition"), _definition_facts(page)),
            *values,
            *([_local_sheet(page)] if page.overrides else []),
            _history_sheet(page, ZoneInfo(access.client.time_zone)),
            _facts_sheet(_("Where it is used"), page.uses),
            *([scope_sheet(access, last, spoken, file.months[:-1])] if last else []),
        ],
        closing=[line for board in file.months if (line := " · ".join(rate_lines(board, spoken)))],
        footer=joined([rule, made_text(access)]),
        paper="A3",
        language=spoken,
    )


def definition_rows(file: DefinitionFile) -> list[list[object]]:
    """The rows of the CSV: as the board's, for each month; local definitions under their own key.

    *Units*: a percent is a rate from 0 to 1; money is in the named currency.
    """
    rows: list[list[object]] = []
    for board in file.months:
        head, *body = board_rows(board, file.spoken)
        cells = [(row.kpi, cell) for row in board.rows for cell in (row.total, *row.cells)]
        kept = [line for line, (kpi, cell) in zip(body, cells, strict=True) if _belongs(kpi, cell)]
        rows += kept if rows else [head, *kept]
    return rows or [[_("KPI"), _("KPI key"), _("Note")], [str(file.kpi.name), file.kpi.key, " ".join(_notes(file))]]


def _belongs(kpi: Kpi, cell: Cell) -> bool:
    """Whether a cell is shown: of a local definition only its own market's."""
    _key, local, market = kpi.key.partition(LOCAL)
    return not local or cell.market == market


def _months_text(file: DefinitionFile) -> str:
    if not file.months:
        return ""
    first, last = (file.months[place].ask.span.reporting.label(file.spoken) for place in (0, -1))
    return f"{first} – {last}"


def _notes(file: DefinitionFile) -> list[str]:
    """What keeps the KPI from having values, or a month from being told."""
    page = file.page
    found = [page.needs]
    if not page.active:
        found.append(_("This KPI is out of use: it stands on no list and no board."))
    elif not page.on:
        found.append(_("This KPI is switched off: the lists and the board leave it out."))
    elif page.total is None and not page.needs:
        found.append(_("Nothing was measured in this period."))
    if file.months:
        known = file.months[-1].ask.known_day
        found.append(_("As reported on %(day)s") % {"day": known.isoformat()} if known else "")
        total = file.months[-1].row(file.kpi.key).total
        if total.actual.hole is not None:
            found.append(f"{_('All markets')}: {why_no_total(file.kpi, total.actual.hole)}")
        found.append(moving_text(total, file.spoken))
    return [line for line in found if line]


def _definition_facts(page: DefinitionPage) -> list[Fact]:
    """What the page says, and name, sentence and formula in both languages."""
    kpi = page.kpi
    both = [
        Fact(_("Korean name"), kpi.name.ko), Fact(_("English name"), kpi.name.en),
        Fact(_("Description in Korean"), kpi.shows.ko), Fact(_("Description in English"), kpi.shows.en),
        Fact(_("Formula in Korean"), f"{kpi.name.ko} = {kpi.formula.as_text('ko')}"),
        Fact(_("Formula in English"), f"{kpi.name.en} = {kpi.formula.as_text('en')}"),
    ]  # fmt: skip
    return [Fact(_("KPI key"), kpi.key), *both, *(fact for fact in page.facts if fact.label != _("Formula"))]


def _facts_sheet(name: str, facts: Sequence[Fact]) -> Sheet:
    rows = [Line([Item(fact.label), Item(fact.text)]) for fact in facts]
    return Sheet(name, [Column(_("Fact")), Column(_("Value"), width=4)], rows)


def _matrix(file: DefinitionFile) -> Sheet:
    """A row a market and a column a month; of several markets the total where there may be one, else its reason."""
    kpi, months = file.kpi, file.months
    unit = kpi.unit.value
    columns = [
        Column(_("Market"), width=1.4),
        *(Column(board.ask.span.reporting.text, unit=unit) for board in months),
    ]
    totals = [_total_item(kpi, board.row(kpi.key).total) for board in months]
    rows = [Line([Item(_("All markets")), *totals])] if len(months[-1].ask.markets) > 1 else []
    for place, market in enumerate(months[-1].ask.markets):
        cells = [board.row(kpi.key).cells[place] for board in months]
        name = market.name(file.spoken)
        rows.append(Line([Item(name), *(_value_item(kpi, cell) for cell in cells)]))
        local = f"{kpi.key}{LOCAL}{market.code}"
        if any(row.kpi.key == local for row in months[-1].rows):
            cells = [board.row(local).cells[place] for board in months]
            label = joined([name, _("Local definition")])
            rows.append(Line([Item(label), *(_value_item(kpi, cell) for cell in cells)]))
    return Sheet(_("Values by market and month"), columns, rows)


def _value_item(kpi: Kpi, cell: Cell) -> Item:
    return item_of(kpi, cell.actual, cell.currency, detail="" if cell.settled else _("still changing"))


def _total_item(kpi: Kpi, cell: Cell) -> Item:
    if cell.actual.hole is None or cell.actual.hole.code == "no_data":
        return _value_item(kpi, cell)
    return item_of(kpi, cell.actual, cell.currency)


def _all_values(file: DefinitionFile) -> Sheet:
    """The rows of the CSV, each number in its format."""
    every = [row for board in file.months for row in board.rows]
    kinds = [row.kpi for row in every for cell in (row.total, *row.cells) if _belongs(row.kpi, cell)]
    head, *body = definition_rows(file)
    return values_sheet(head, list(zip(kinds, body, strict=True)))


def _figures(file: DefinitionFile) -> list[Figure]:
    """The total's line, or those of a few markets; amounts in different currencies share no axis."""
    kpi, months = file.kpi, file.months
    if not months:
        return []
    total = [board.row(kpi.key).total.actual.number for board in months]
    courses = [Course(_("All markets"), total)]
    if len(months[-1].ask.markets) == 1 or not any(number is not None for number in total):
        courses = [
            Course(market.name(file.spoken), [board.row(kpi.key).cells[place].actual.number for board in months])
            for place, market in enumerate(months[-1].ask.markets)
        ]
    currencies = {cell.currency for board in months for cell in board.row(kpi.key).cells}
    if len(courses) > MOST_LINES or (len(courses) > 1 and len(currencies) > 1):
        return []
    labels = [board.ask.span.reporting.text for board in months]
    return [Figure(str(kpi.name), labels, courses, kpi.unit.value, min(currencies))]


def _local_sheet(page: DefinitionPage) -> Sheet:
    """Local definitions of the reader's markets, with both numbers of the period asked for."""
    values = {one.code: one for one in page.markets}
    rows = []
    for one in page.overrides:
        value = values.get(one.override.market)
        numbers = [value.value, value.local, value.difference] if value and value.local else ["", "", ""]
        texts = [one.market, one.override.formula, one.label, one.who, one.override.reason, *numbers]
        rows.append(Line([Item(text) for text in texts]))
    columns = [
        Column(_("Market")), Column(_("Formula"), width=2), Column(_("State")), Column(_("Decision"), width=2),
        Column(_("Reason"), width=2), Column(_("HQ definition"), page.period),
        Column(_("Local definition"), page.period), Column(_("Difference")),
    ]  # fmt: skip
    return Sheet(_("Local definitions"), columns, rows)


def _history_sheet(page: DefinitionPage, zone: ZoneInfo) -> Sheet:
    """What each version changed, the latest first."""
    columns = [
        Column(_("Version"), width=0.6), Column(_("When")), Column(_("Who")), Column(_("Reason"), width=1.5),
        Column(_("Field")), Column(_("Before"), width=1.5), Column(_("After"), width=1.5),
    ]  # fmt: skip
    rows = [
        Line([
            Item(f"v{one.number}"), Item(one.at.astimezone(zone).date()), Item(one.who), Item(one.why),
            Item(change.label), Item(change.old), Item(change.new),
        ])
        for one in page.versions
        for change in one.changes
    ]  # fmt: skip
    if not rows:
        nothing = Item(_("As the catalogue defines it; it has not changed."))
        rows, columns = [Line([nothing])], [Column(_("History of the definition"))]
    return Sheet(_("History of the definition"), columns, rows)
