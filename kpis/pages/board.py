"""The page of the HQ board: question, sentence, scope bar, what stands out, the table and the choice of KPIs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kpis.catalogue import Kpi, Stage
from kpis.models import Policy
from kpis.pages.addresses import scope_query
from kpis.pages.board_table import Addresses, Ranking, table_text, with_leads
from kpis.pages.callout import Callout, callout_of
from kpis.pages.files import FileChoice, files_of
from kpis.pages.texts import channels_text, joined, money_rule, origin_label, target_version_text
from kpis.queries.asked import (
    BoardQuestion,
    DataState,
    board_key,
    board_of,
    remembered,
    state_of_data,
)  # fmt: skip
from kpis.queries.cells import Board
from kpis.queries.measured import default_month
from kpis.queries.money import OWN, usual_base
from tenants.access import Access
from ui import formats
from ui.errors import BadScope
from ui.periods import ReportingPeriod, add_months, months_between, parse_period
from ui.scope_bar import ScopeBar, ScopeChoice, ScopeOptions, scope_bar_for


@dataclass(frozen=True, slots=True)
class KpiChoice:
    """A line of the dialog in which KPIs are picked."""

    key: str
    name: str
    second: str
    picked: bool


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Everything that `kpis/board.html` prints."""

    sentence: str
    scope: ScopeBar | None
    callout: Callout | None
    table: SafeString
    kpi_count: int
    stages: Sequence[tuple[int, str, Sequence[KpiChoice]]]
    files: Sequence[FileChoice]
    may_set_default: bool
    has_data: bool
    rank_name: str
    unranked_url: str


def language() -> str:
    """The reader's language as formats take it."""
    return (get_language() or "ko").split("-")[0]


def scope_for_board(access: Access, query: QueryDict, state: DataState, *, by_channel: bool = False) -> ScopeBar:
    """The scope bar of pages that show markets' numbers; `by_channel`: of those that can be cut to channels."""
    spoken = language()
    home = access.client.home_currency
    currencies = list(dict.fromkeys([home, *(market.currency for market in access.markets)]))
    if len(currencies) > 1:
        currencies.append(OWN)
    options = ScopeOptions(
        today=state.today,
        first_month=state.first_month,
        markets=[ScopeChoice(m.code, m.name_ko if spoken == "ko" else m.name_en) for m in access.markets],
        currencies=currencies,
        fiscal_start=access.client.fiscal_year_start,
        latest_month=state.latest_month,
        comparisons=("previous", "year"),
        policies=[ScopeChoice(one.value, one.label) for one in Policy],
        policy=state.policy,
        known=True,
        channels=[ScopeChoice(name, name) for name in state.survey.channels] if by_channel else (),
    )
    base = base_asked(query.get("base", ""))
    if "period" not in query:
        # The address without a period means the last month that is whole, not the one that has only begun.
        query = query.copy()
        query["period"] = f"{month_then(state, query.get('known', '')):%Y-%m}"
    bar = scope_bar_for(query, options, language=spoken)
    if bar.policy == Policy.CONSTANT.value:
        bar = replace(bar, base=base, base_choices=_base_choices(bar.period, base, state))
    choices = [replace(one, label=_("Each market's own")) if one.value == OWN else one for one in bar.currency_choices]
    if len(currencies) > 1:
        return replace(bar, currency_choices=choices)
    # Nothing to choose for markets of one currency, but what they booked in another is converted all the same.
    kept = [*bar.kept, *((name, query.get(name, "")) for name in ("policy", "base") if query.get(name))]
    return replace(bar, currency_choices=choices, policy_choices=(), base_choices=(), kept=kept)


def _base_choices(period: ReportingPeriod, base: dt.date | None, state: DataState) -> list[ScopeChoice]:
    """The usual month first, then the months of the data and the year before them, the newest first."""
    spoken = language()
    usual = usual_base(period)
    first = add_months(state.first_month, -12)
    months = [add_months(state.latest_month, -back) for back in range(months_between(first, state.latest_month) + 1)]
    if base is not None and base not in (*months, usual):
        months.insert(0, base)
    label = _("%(month)s (usual)") % {"month": formats.format_month(usual, language=spoken)}
    return [
        ScopeChoice("", label, base in (None, usual)),
        *(
            ScopeChoice(f"{month:%Y-%m}", formats.format_month(month, language=spoken), month == base)
            for month in months
            if month != usual
        ),
    ]


def question_of(bar: ScopeBar, kpis: Sequence[str]) -> BoardQuestion:
    """What a scope bar asks of a board."""
    return BoardQuestion(
        period=bar.period,
        markets=bar.markets,
        currency=bar.currency,
        kpis=tuple(kpis),
        channels=bar.channels,
        policy=bar.policy or Policy.MONTHLY.value,
        base=bar.base,
        known_on=bar.known,
    )


def base_asked(text: str) -> dt.date | None:
    """The base month that an address names for constant currency. Errors: BadPeriod, BadScope for no month."""
    if not text:
        return None
    period = parse_period(text)
    if period.kind != "month":
        raise BadScope(
            _("“%(value)s” is no month to take rates from.") % {"value": text[:40]},
            fix=_("Write the month as 2025-12."),
            parameter="base",
        )
    return period.start


def month_then(state: DataState, known: str) -> dt.date:
    """The month that an address without a period opens: the last whole one, of a past day the last whole one then."""
    try:
        day = dt.date.fromisoformat(known)
    except ValueError:
        return state.default_month
    return default_month(state.span, min(day, state.today))


def board_page(access: Access, request: HttpRequest) -> BoardPage:
    """The page for this person and this address."""
    state = state_of_data(access)
    keys = state.kpis
    bar = scope_for_board(access, request.GET, state, by_channel=True)
    question = question_of(bar, keys)
    ranking = ranking_of(request.GET, state)
    bundle = remembered(
        ("board-page", board_key(access, question, state), language(), bar.compare, ranking, request.get_full_path()),
        lambda: _printed(board_of(access, question, state), request, bar, ranking, leads_of(access, state)),
    )
    asked = request.GET.urlencode()
    return BoardPage(
        sentence=bundle["sentence"],
        scope=bar,
        callout=bundle["callout"],
        table=SafeString(bundle["table"]),
        kpi_count=len(keys),
        stages=_choices(keys, state.definitions.shown),
        files=files_of("kpis:board-file", asked, f"{reverse('kpis:board-export')}?{asked}"),
        may_set_default=access.can("set_targets"),
        has_data=bundle["has_data"],
        rank_name=str(state.definitions.kpi(ranking.kpi).name) if ranking.kpi else "",
        unranked_url="?" + _query_without(request.GET, "rank", "order"),
    )


def ranking_of(query: QueryDict, state: DataState) -> Ranking:
    """Which KPI the markets are ranked by, if any."""
    key = query.get("rank", "")
    return Ranking(key, query.get("order") == "worst") if key in state.definitions.by_key else Ranking()


def leads_of(access: Access, state: DataState) -> dict[str, str]:
    """Which KPIs are somebody's one metric, and whose, among the markets that this person sees."""
    spoken = language()
    names = {"": _("All markets")}
    names |= {m.code: m.name_ko if spoken == "ko" else m.name_en for m in access.markets}
    whose: dict[str, list[str]] = {}
    for market, key in state.definitions.omtm.items():
        if market in names:
            whose.setdefault(key, []).append(names[market])
    return {
        key: _("One metric that matters: %(places)s") % {"places": ", ".join(found)} for key, found in whose.items()
    }


def _printed(
    board: Board, request: HttpRequest, bar: ScopeBar, ranking: Ranking, leads: Mapping[str, str]
) -> dict[str, Any]:
    """What the page prints of a board: remembered as text, because it is the same for everybody who may see it."""
    spoken = language()
    addresses = Addresses(
        cell=reverse("kpis:board-cell") + "?" + _query_without(request.GET, "rank", "order"),
        depth=reverse("kpis:in-depth") + "?period=" + bar.period.text + scope_query(board.ask),
        rank="?" + _query_without(request.GET, "rank", "order"),
    )
    text = table_text(board, addresses, compare=bar.compare, ranking=ranking, language=spoken)
    text = with_leads(text, leads)
    return {
        "sentence": sentence_of(board, bar, spoken),
        "callout": callout_of(board, bar, spoken),
        "table": render_to_string("kpis/_board_table.html", {"table": text}),
        "has_data": board.has_data,
    }


def sentence_of(board: Board, bar: ScopeBar, spoken: str) -> str:
    """Period, markets, channels, currency rule, and whose data still move."""
    count = len(board.ask.markets)
    markets = ngettext("%(number)d market", "%(number)d markets", count) % {"number": count}
    compared = bar.compared_period
    against = _("compared with %(period)s") % {"period": compared.label(spoken)} if compared else ""
    version = target_version_text(board.ask)
    channels = channels_text(board.ask.channels)
    rule = money_rule(board.ask)
    return joined([bar.period_label, markets, channels, rule, version, against, _moving_text(board, spoken)])


def _moving_text(board: Board, spoken: str) -> str:
    """Which data end within the period: at most two are named, the rest is counted."""
    if not board.through:
        return ""
    by_day = sorted(board.through.items(), key=lambda item: item[1])
    names = {market.code: market.name(spoken) for market in board.ask.markets}
    (market, origin), day = by_day[0]
    more = len({place[0] for place, _day in by_day}) - 1
    first = _("%(market)s %(kind)s up to %(day)s, still changing") % {
        "market": names[market],
        "kind": origin_label(origin),
        "day": formats.format_day_short(day, language=spoken),
    }
    if more < 1:
        return first
    return first + " " + ngettext("(and %(number)d more)", "(and %(number)d more)", more) % {"number": more}


def _choices(picked: Sequence[str], shown: Sequence[Kpi]) -> list[tuple[int, str, list[KpiChoice]]]:
    """All KPIs by stage; the picked ones first and in their order."""
    order = {key: place for place, key in enumerate(picked)}

    def line(kpi: Kpi) -> KpiChoice:
        return KpiChoice(kpi.key, str(kpi.name), kpi.name.en if language() == "ko" else "", kpi.key in order)

    return [
        (
            stage.number,
            str(stage.words),
            [
                line(kpi)
                for kpi in sorted(
                    (kpi for kpi in shown if kpi.stage is stage),
                    key=lambda k: order.get(k.key, len(order) + k.number),
                )
            ],
        )
        for stage in Stage
    ]


def _query_without(query: QueryDict, *names: str) -> str:
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    return kept.urlencode()
