"""The client's home page: how the markets stand, what to do, what came in lately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.catalogue import HEADLINE, HEADLINES, Stage, kpi
from kpis.pages.board import language, question_of, scope_for_board
from kpis.pages.callout import Callout, callout_of
from kpis.pages.cell import BETTER
from kpis.pages.restatements import recent_sentence
from kpis.pages.texts import change_text, gap_sentence, joined, money_rule, reached_text, value_text, why_no_total
from kpis.queries.asked import board_of, state_of_data
from kpis.queries.cells import Board, Cell, Row
from kpis.queries.coverage import Gap
from kpis.reasons import hole_label, hole_sentence, instead_sentence
from sources.models import FileImport
from sources.queries.imports import imports_seen_by, waiting_for
from tenants.access import Access
from ui.components import Change, Figure, KpiCard, Step
from ui.scope_bar import ScopeBar

RECENT = 5
MOST_OWN_LEADS = 3


@dataclass(frozen=True, slots=True)
class MarketLine:
    """One market in the ranking."""

    place: str
    name: str
    code: str
    url: str
    value: str
    reached: str
    share: float
    state: str
    change: str
    trend: Sequence[float | None]
    why: str


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do, with where it is done."""

    icon: str
    text: str
    detail: str
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """Everything that `journeys/home.html` prints; without data only the steps."""

    sentence: str
    steps: Sequence[Step] = field(default=())
    start_url: str = ""
    start_label: str = ""
    callout: Callout | None = None
    headline: str = ""
    ranking: Sequence[MarketLine] = field(default=())
    leads: Sequence[KpiCard] = field(default=())
    may_choose_lead: bool = False
    cards: Sequence[KpiCard] = field(default=())
    todos: Sequence[Todo] = field(default=())
    imports: Sequence[FileImport] = field(default=())
    board_url: str = ""


def home_page(access: Access) -> HomePage:
    """The page for this person."""
    state = state_of_data(access)
    if state.span is None:
        return _fresh(access)
    bar = scope_for_board(access, QueryDict(), state)
    omtm = state.definitions.omtm
    keys = tuple(dict.fromkeys((*state.kpis, *HEADLINES.values(), *omtm.values())))
    board = board_of(access, question_of(bar, keys), state)
    spoken = language()
    return HomePage(
        sentence=joined([bar.period_label, money_rule(board.ask)]),
        callout=callout_of(board, bar, spoken),
        headline=str(kpi(HEADLINE).name),
        ranking=_ranking(board, spoken),
        leads=_leads(access, omtm, board, bar, spoken),
        may_choose_lead=access.can("choose_omtm"),
        cards=[_card(stage, key, board, bar, spoken) for stage, key in HEADLINES.items()],
        todos=_todos(access, board, spoken),
        imports=list(imports_seen_by(access)[:RECENT]),
        board_url=reverse("kpis:board"),
    )


def _fresh(access: Access) -> HomePage:
    """A client without data: four steps, the first that isn't done is the one to take."""
    has_markets = bool(access.markets)
    steps = [
        Step(
            _("Markets"),
            "done" if has_markets else "current",
            _("Name the markets whose numbers come together here."),
            reverse("tenants:markets"),
        ),
        Step(
            _("A file"),
            "current" if has_markets else "ahead",
            _("Drop an export of ads, orders or behaviour; the columns are recognised."),
            reverse("sources:home"),
        ),
        Step(
            _("KPIs"),
            "ahead",
            _("Begin with the set that fits: commerce, lead generation or app."),
            reverse("kpis:catalogue") + "#sets",
        ),
        Step(_("Targets"), "ahead", _("Paste what each market should reach."), reverse("kpis:targets")),
    ]
    if has_markets:
        start, label = reverse("sources:import-new"), _("Import a file")
    else:
        start, label = reverse("tenants:markets"), _("Add markets")
    can = access.can("load_data") if has_markets else access.can("manage_markets")
    return HomePage(
        sentence=_("Four steps to the first board."),
        steps=steps,
        start_url=start if can else "",
        start_label=label,
        imports=list(imports_seen_by(access)[:RECENT]),
    )


def _ranking(board: Board, spoken: str) -> list[MarketLine]:
    """Markets by the share of the revenue target that they have reached; without targets by revenue."""
    row = board.row(HEADLINE)
    names = {market.code: market.name(spoken) for market in board.ask.markets}
    judged = any(cell.reached.number is not None for cell in row.cells)

    def order(cell: Cell) -> tuple[bool, float]:
        number = cell.reached.number if judged else cell.actual.number
        return (number is None, -(number or 0.0))

    period = board.ask.span.reporting.text
    return [
        MarketLine(
            place=str(place) if cell.actual.number is not None else "",
            name=names[cell.market],
            code=cell.market,
            url=f"{reverse('kpis:in-depth')}?period={period}&market={cell.market}&kpi={HEADLINE}",
            value=value_text(row.kpi, cell.actual, cell.currency, spoken, compact=True),
            reached=reached_text(cell.reached, spoken),
            share=min(max(cell.reached.number or 0.0, 0.0), 1.5),
            state=cell.state,
            change=change_text(row.kpi, cell.actual, cell.previous, spoken),
            trend=cell.trend,
            why=why_no_total(row.kpi, cell.actual.hole) if cell.actual.hole else "",
        )
        for place, cell in enumerate(sorted(row.cells, key=order), start=1)
    ]


def _leads(access: Access, omtm: Mapping[str, str], board: Board, bar: ScopeBar, spoken: str) -> list[KpiCard]:
    """The one metric that matters: of the client, then of the markets of a person who has few."""
    names = {market.code: market.name(spoken) for market in board.ask.markets}
    places = [code for code in ("", *access.market_codes) if code in omtm]
    if len(access.market_codes) > MOST_OWN_LEADS:
        places = [code for code in places if not code]
    found = []
    for code in places:
        row = board.row(omtm[code])
        card = _card(row.kpi.stage, row.kpi.key, board, bar, spoken, market=code)
        whose = names.get(code) or _("All markets")
        found.append(replace(card, name=f"★ {whose} · {row.kpi.name}"))
    return found


def _card(stage: Stage, key: str, board: Board, bar: ScopeBar, spoken: str, *, market: str = "") -> KpiCard:
    """A stage's one KPI: of all markets, of the only one that this person sees, or of a named one."""
    row = board.row(key)
    alone = len(row.cells) == 1 or bool(market)
    cell = next((one for one in row.cells if one.market == market), row.cells[0]) if alone else row.total
    found = row.kpi
    currency = cell.currency or "KRW"
    previous = bar.period.previous()
    changes = []
    if cell.actual.number is not None and cell.previous.number is not None:
        unit = found.unit.value
        changes = [Change(cell.actual.number, cell.previous.number, unit, previous.label(spoken), BETTER[found.better])]
    url = f"{reverse('kpis:board')}?period={bar.period.text}&rank={key}"
    if alone:
        url = f"{reverse('kpis:in-depth')}?period={bar.period.text}&market={cell.market}&kpi={key}"
    return KpiCard(
        name=f"{stage.words} · {found.name}",
        note="" if alone else _instead_of_total(row, board, spoken),
        figure=Figure(
            cell.actual.number,
            found.unit.value,
            currency,
            moving=not cell.settled,
            missing=hole_label(cell.actual.hole) if cell.actual.hole else "",
        ),
        url=url,
        stage=stage.number,
        target=Figure(cell.target.number, found.unit.value, currency) if cell.target.number is not None else None,
        achievement=cell.reached.number,
        state=cell.state,
        changes=changes,
        trend=cell.trend,
    )


def _instead_of_total(row: Row, board: Board, spoken: str) -> str:
    """What is shown where a KPI has no total, and between which markets it lies.

    The figure says that it can't be added up; any other reason is told.
    """
    hole = row.total.actual.hole
    if hole is None:
        return ""
    reason = "" if hole.code == "not_additive" else hole_sentence(hole)
    return " ".join(filter(None, (reason, instead_sentence(hole), _range(row, board, spoken))))


def _range(row: Row, board: Board, spoken: str) -> str:
    known = sorted((cell for cell in row.cells if cell.actual.number is not None), key=lambda c: c.actual.number or 0)
    if not known:
        return ""
    names = {market.code: market.name(spoken) for market in board.ask.markets}
    low, high = (
        f"{names[cell.market]} {value_text(row.kpi, cell.actual, cell.currency, spoken, compact=True)}"
        for cell in (known[0], known[-1])
    )
    return _("Highest %(high)s, lowest %(low)s") % {"high": high, "low": low}


def _todos(access: Access, board: Board, spoken: str) -> list[Todo]:
    found = [
        *_waiting(access),
        *_restated(access),
        *_rates(access, board),
        *_targets(access, board),
        *_silent_markets(board, spoken),
        *_gaps(board, spoken),
    ]
    return found[:8]


def _waiting(access: Access) -> list[Todo]:
    count = waiting_for(access).count()
    if not count:
        return []
    text = ngettext("%(number)d file waits for your answer", "%(number)d files wait for your answer", count)
    detail = _("Look at the columns that were recognised and start the load.")
    return [Todo("file-clock", text % {"number": count}, detail, reverse("sources:home"), _("Open"))]


def _restated(access: Access) -> list[Todo]:
    """Settled numbers that changed in the last two weeks: how many, and the one that moved most."""
    sentence, count = recent_sentence(access, timezone.now())
    if not count:
        return []
    text = ngettext("%(number)d settled number has changed", "%(number)d settled numbers have changed", count)
    return [Todo("history", text % {"number": count}, sentence, reverse("kpis:restatements"), _("See which"))]


def _rates(access: Access, board: Board) -> list[Todo]:
    missing = board.missing_rates
    if not missing:
        return []
    text = ngettext("%(number)d exchange rate is missing", "%(number)d exchange rates are missing", len(missing))
    detail = ", ".join(missing[:6]) + (" …" if len(missing) > 6 else "")
    label = _("Enter rates") if access.can("set_rates") else _("See which")
    return [Todo("coins", text % {"number": len(missing)}, detail, reverse("kpis:rates"), label)]


def _targets(access: Access, board: Board) -> list[Todo]:
    without = [
        cell for cell in board.row(HEADLINE).cells if cell.target.number is None and cell.actual.number is not None
    ]
    if not without:
        return []
    text = ngettext(
        "%(number)d market has no revenue target", "%(number)d markets have no revenue target", len(without)
    ) % {"number": len(without)}
    label = _("Set targets") if access.can("set_targets") else _("See targets")
    return [Todo("target", text, ", ".join(cell.market for cell in without), reverse("kpis:targets"), label)]


def _silent_markets(board: Board, spoken: str) -> list[Todo]:
    """Markets that gave nothing at all in the period."""
    heard = {market for market, _origin in board.sources}
    silent = [market.name(spoken) for market in board.ask.markets if market.code not in heard]
    if not silent:
        return []
    text = ngettext("%(number)d market has no data", "%(number)d markets have no data", len(silent))
    return [Todo("inbox", text % {"number": len(silent)}, ", ".join(silent), reverse("sources:home"), _("See sources"))]


def _gaps(board: Board, spoken: str) -> list[Todo]:
    """Markets with days missing: each once, with its sources and the one that lacks most."""
    names = {market.code: market.name(spoken) for market in board.ask.markets}
    gaps: dict[str, dict[str, Gap]] = {}
    for row in board.rows:
        for cell in row.cells:
            for gap in cell.gaps:
                gaps.setdefault(gap.market, {})[gap.source] = gap
    found = []
    for market, by_source in gaps.items():
        worst = max(by_source.values(), key=lambda gap: len(gap.missing))
        text = ngettext(
            "%(market)s: days are missing in %(number)d source",
            "%(market)s: days are missing in %(number)d sources",
            len(by_source),
        ) % {"market": names[market], "number": len(by_source)}
        found.append(Todo("calendar-x", text, gap_sentence(worst, spoken), reverse("sources:home"), _("See sources")))
    return found
