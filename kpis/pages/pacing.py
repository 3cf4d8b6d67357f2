"""The pacing page: where the running month stands, what each day must bring and where it lands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from kpis.catalogue import BY_KEY, HEADLINE, Better, Kpi, Rollup, Unit
from kpis.errors import NoSuchMarket
from kpis.models import Version
from kpis.pages.board import language
from kpis.pages.texts import joined, value_text
from kpis.queries.asked import DataState, state_of_data
from kpis.queries.landing import BackTest
from kpis.queries.pacing import Pace, can_be_paced, paces_of
from kpis.reasons import hole_label, hole_sentence
from kpis.values import Hole, Value
from tenants.access import Access
from ui import formats
from ui.scope_bar import ScopeChoice

BAR = 160  # the width of a progress bar's picture


@dataclass(frozen=True, slots=True)
class PacedKpi:
    """A KPI whose rows are fetched when they come into view."""

    key: str
    name: str
    second: str
    stage: int
    rows_url: str
    page_url: str


@dataclass(frozen=True, slots=True)
class ProgressBar:
    """Places on a bar of `BAR` units: how far the value is, should be, the target, and the interval of its landing."""

    actual: int
    expected: int
    target: int
    low: int
    high: int
    label: str


@dataclass(frozen=True, slots=True)
class Text:
    """A value as text; `why` is the reason where it is none."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class PaceRow:
    market: str
    url: str
    active: bool
    state: str
    state_label: str
    target: Text
    expected: Text
    actual: Text
    gap: Text
    needed: Text
    landing: Text
    interval: str
    chance: Text
    error: Text
    held: str
    held_short: str
    through: str
    bar: ProgressBar | None


@dataclass(frozen=True, slots=True)
class PacingPage:
    """Everything that `kpis/pacing.html` prints: nothing that takes long to compute."""

    sentence: str
    kpis: Sequence[PacedKpi]
    left_out: Sequence[str]
    has_data: bool
    kpi: Kpi
    market: str
    market_name: str
    kpi_choices: Sequence[ScopeChoice]
    markets: Sequence[ScopeChoice]
    course_url: str


@dataclass(frozen=True, slots=True)
class PacingAsk:
    """The KPI and market of the chart."""

    kpi: Kpi
    market: str


def pacing_ask(access: Access, query: QueryDict, state: DataState) -> PacingAsk:
    """What the address asks for; without a KPI or market the first. Errors: NoSuchKpi, NoSuchMarket."""
    if not access.market_codes:
        raise NoSuchMarket("–")
    key = query.get("kpi", "")
    asked = state.definitions.kpi(key) if key else None
    market = query.get("market") or access.market_codes[0]
    if market not in access.market_codes:
        raise NoSuchMarket(market)
    if asked is None or not can_be_paced(asked):
        paced = _paced(state)
        asked = next((kpi for kpi in paced if kpi.key == HEADLINE), paced[0])
    return PacingAsk(asked, market)


def _paced(state: DataState) -> list[Kpi]:
    """The KPIs of this person's board that a month's days add up to; revenue where there is none."""
    known = [state.definitions.kpi(key) for key in state.kpis]
    return [kpi for kpi in known if can_be_paced(kpi)] or [BY_KEY[HEADLINE]]


def pacing_page(access: Access, query: QueryDict) -> PacingPage:
    """The frame of the page; rows and chart are fetched by it."""
    state = state_of_data(access)
    ask = pacing_ask(access, query, state)
    spoken = language()
    paced = _paced(state)
    rows, page, course = reverse("kpis:pacing-rows"), reverse("kpis:pacing"), reverse("kpis:pacing-course")
    names = {m.code: m.name_ko if spoken == "ko" else m.name_en for m in access.markets}
    return PacingPage(
        sentence=_sentence(state, spoken),
        kpis=[
            PacedKpi(
                kpi.key,
                str(kpi.name),
                kpi.name.en if spoken == "ko" else "",
                kpi.stage.number,
                f"{rows}?kpi={kpi.key}&market={ask.market}&open={ask.kpi.key}",
                f"{page}?kpi={kpi.key}&market={ask.market}",
            )
            for kpi in sorted(paced, key=lambda one: one is not ask.kpi)
        ],
        left_out=[
            str(state.definitions.kpi(key).name) for key in state.kpis if not can_be_paced(state.definitions.kpi(key))
        ],
        has_data=state.span is not None,
        kpi=ask.kpi,
        market=ask.market,
        market_name=names[ask.market],
        kpi_choices=[
            ScopeChoice(kpi.key, f"{kpi.stage.words} · {kpi.name}", kpi is ask.kpi)
            for kpi in dict.fromkeys([*paced, ask.kpi])
        ],
        markets=[ScopeChoice(code, name, code == ask.market) for code, name in names.items()],
        course_url=f"{course}?kpi={ask.kpi.key}&market={ask.market}",
    )


def _sentence(state: DataState, spoken: str) -> str:
    return joined([
        formats.format_month(state.latest_month, language=spoken),
        _("targets: %(version)s") % {"version": Version(state.target_version).label},
        _("money in each market's own currency"),
    ])  # fmt: skip


def pacing_rows(access: Access, query: QueryDict) -> tuple[Kpi, list[PaceRow]]:
    """One KPI's rows, a market each. Errors: NoSuchKpi, NoSuchMarket."""
    state = state_of_data(access)
    ask = pacing_ask(access, query, state)
    names = {m.code: m.name_ko if language() == "ko" else m.name_en for m in access.markets}
    shown = query.get("open", "") == ask.kpi.key
    found = paces_of(access, ask.kpi, state, access.market_codes)
    return ask.kpi, [pace_row(pace, names[pace.market], shown and pace.market == ask.market) for pace in found]


def pace_row(pace: Pace, name: str, active: bool) -> PaceRow:
    """A pace as the table prints it."""
    words = {"good": _("on pace"), "warn": _("slightly behind"), "bad": _("behind"), "missing": _("No data")}
    if pace.kpi.better is Better.TARGET:
        words |= {"warn": _("slightly off"), "bad": _("off")}
    interval = ""
    if pace.low is not None and pace.high is not None and pace.low != pace.high:
        interval = f"{_shown(pace, Value(pace.low)).text} – {_shown(pace, Value(pace.high)).text}"
    return PaceRow(
        market=name,
        url=f"{reverse('kpis:pacing')}?kpi={pace.kpi.key}&market={pace.market}",
        active=active,
        state=pace.state,
        state_label=words.get(pace.state, _("No target")),
        target=_shown(pace, pace.target),
        expected=_of_target(pace, _shown(pace, pace.expected)),
        actual=_shown(pace, pace.actual),
        gap=_of_target(pace, _gap(pace)),
        needed=_of_target(pace, _shown(pace, pace.needed)),
        landing=_shown(pace, pace.landing),
        interval=interval,
        chance=_of_target(pace, _rate(pace.chance)),
        error=_rate(Value(None, pace.test) if isinstance(pace.test, Hole) else Value(pace.test.error)),
        held=held_text(pace.test),
        held_short="" if isinstance(pace.test, Hole) else f"{pace.test.held}/{len(pace.test.months)}",
        through="" if pace.through is None else formats.format_day_short(pace.through, language=language()),
        bar=_bar(pace),
    )


def held_text(test: BackTest | Hole) -> str:
    """How often the interval held."""
    if isinstance(test, Hole):
        return ""
    return _("interval held in %(held)d of %(months)d months") % {"held": test.held, "months": len(test.months)}


def _shown(pace: Pace, value: Value) -> Text:
    if value.hole is not None:
        return Text(hole_label(value.hole), hole_sentence(value.hole))
    return Text(value_text(pace.kpi, value, pace.currency, language(), compact=True))


def _of_target(pace: Pace, text: Text) -> Text:
    """What follows from a target: that there is none is said once a row."""
    return text if pace.target.number is not None else Text("–")


def _gap(pace: Pace) -> Text:
    if pace.gap.number is None:
        return _shown(pace, pace.gap)
    if pace.kpi.unit is Unit.PERCENT:
        return Text(formats.format_change(pace.actual.number, pace.expected.number, "percent", language=language()))
    text = _shown(pace, Value(abs(pace.gap.number))).text
    return Text(("+" if pace.gap.number >= 0 else "−") + text)


def _rate(value: Value) -> Text:
    if value.hole is not None:
        return Text(hole_label(value.hole), hole_sentence(value.hole))
    return Text(formats.format_value(value.number, "percent", language=language()))


def _bar(pace: Pace) -> ProgressBar | None:
    """Only of what grows towards its target: a ratio stands where it stands on any day."""
    if pace.kpi.rollup is not Rollup.ADDITIVE or pace.target.number is None or pace.actual.number is None:
        return None
    most = max(pace.target.number, pace.actual.number, pace.high or 0.0)
    if most <= 0:
        return None

    def place(number: float | None) -> int:
        return max(0, min(BAR, round((number or 0.0) / most * BAR)))

    parts = [
        _("actual %(value)s") % {"value": _shown(pace, pace.actual).text},
        _("should be %(value)s") % {"value": _shown(pace, pace.expected).text},
        _("target %(value)s") % {"value": _shown(pace, pace.target).text},
    ]
    low, high = place(pace.low), place(pace.high)
    return ProgressBar(
        place(pace.actual.number), place(pace.expected.number), place(pace.target.number), low, max(high - low, 0),
        ", ".join(parts),
    )  # fmt: skip
