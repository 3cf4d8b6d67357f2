"""The page that says which market does best, fairly: the address, sentences, the dots, the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from kpis.catalogue import Kpi, Stage
from kpis.errors import NoSuchMarket
from kpis.pages.addresses import scope_pairs
from kpis.pages.best_market_texts import (
    chance_text,
    interval_text,
    not_ranked,
    place_text,
    ratio_text,
    sentences,
    stake_head,
    stake_text,
)  # fmt: skip
from kpis.pages.board import language, question_of, scope_for_board
from kpis.pages.cell import how_to_read
from kpis.pages.texts import joined, money_rule, value_text
from kpis.queries.asked import BoardQuestion, DataState, state_of_data
from kpis.queries.best_market import BestMarket, best_market, ranks_are_shared
from kpis.queries.definitions import definitions_of
from kpis.queries.money import OWN
from kpis.ranking import Standing, rankable
from kpis.reasons import hole_label
from kpis.values import Value
from tenants.access import Access
from ui.charts import Chart, ChartTable, Dot, Measure, dots
from ui.components import HowToRead
from ui.scope_bar import ScopeBar

DEFAULT = "cvr"


@dataclass(frozen=True, slots=True)
class BestAsk:
    """What the address asks for."""

    bar: ScopeBar
    kpi: Kpi
    question: BoardQuestion

    @property
    def query(self) -> str:
        return urlencode([("kpi", self.kpi.key), *self.kept])

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form beside the scope bar keeps of it."""
        markets = [] if self.bar.all_markets else [("market", code) for code in self.bar.markets]
        return [*scope_pairs(self.bar), *markets]


@dataclass(frozen=True, slots=True)
class BestPage:
    """Everything that `kpis/best_market.html` prints."""

    kpi: Kpi
    sentence: str
    scope: ScopeBar
    stages: Sequence[tuple[str, Sequence[Kpi]]]
    kept: Sequence[tuple[str, str]]
    why_not: str
    sentences: Sequence[str]
    chart: Chart | None
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    without: Sequence[tuple[str, str]]
    csv_url: str
    limited: bool
    shared: bool
    may_share: bool
    here: str


def best_ask(access: Access, query: QueryDict, state: DataState) -> BestAsk:
    """The address read. Errors: NoSuchMarket, NoSuchKpi, BadScope, BadPeriod."""
    if not access.market_codes:
        raise NoSuchMarket("–")
    plain = query.copy()
    plain.pop("compare", None)
    if plain.get("currency") == OWN:
        # Amounts in different currencies can't be held against each other.
        plain["currency"] = access.client.home_currency
    kpi = state.definitions.kpi(query.get("kpi") or DEFAULT)
    bar = scope_for_board(access, plain, state)
    currencies = [one for one in bar.currency_choices if one.value != OWN]
    bar = replace(bar, compare_choices=(), currency_choices=currencies)
    return BestAsk(bar, kpi, question_of(bar, (kpi.key,)))


def best_values(access: Access, query: QueryDict) -> tuple[BestAsk, BestMarket | None]:
    """The address and its answer; none for a KPI on which markets aren't ranked."""
    state = state_of_data(access)
    asked = best_ask(access, query, state)
    return asked, best_market(access, asked.question, state) if rankable(asked.kpi) else None


def best_page(access: Access, query: QueryDict, here: str) -> BestPage:
    """The page for this person and this address."""
    asked, found = best_values(access, query)
    spoken = language()
    named = {m.code: m.name_ko if spoken == "ko" else m.name_en for m in access.markets}
    ranked = [k for k in definitions_of(access).kpis if rankable(k)]
    may_share = access.can("share_ranks")
    return BestPage(
        kpi=asked.kpi,
        sentence=joined([asked.bar.period_label, str(asked.kpi.name), money_rule(found.board.ask) if found else ""]),
        scope=asked.bar,
        stages=[
            (str(s.words), [k for k in ranked if k.stage is s]) for s in Stage if any(k.stage is s for k in ranked)
        ],
        kept=asked.kept,
        why_not=not_ranked(asked.kpi) if found is None else "",
        sentences=sentences(found, asked.kpi, named, spoken) if found else (),
        chart=_chart(asked, found, named, spoken) if found and found.ranking.standings else None,
        head=table_head(found, asked.kpi) if found else (),
        rows=[_row(found, one, asked.kpi, named, spoken) for one in found.ranking.standings] if found else (),
        without=_without(found, named) if found else (),
        csv_url=f"{reverse('kpis:best-market-csv')}?{asked.query}",
        limited=not access.all_markets,
        shared=ranks_are_shared() if may_share else False,
        may_share=may_share,
        here=here,
    )


def currency_of(found: BestMarket, kpi: Kpi) -> str:
    return found.board.ask.currency if kpi.is_money else ""


def table_head(found: BestMarket, kpi: Kpi) -> list[str]:
    """Of people of single markets: their place where it is shown, no order and no chance."""
    stakes = stake_head(found)
    if found.limited:
        place = [_("Place")] if found.places else []
        return [_("Market"), *place, _("As measured"), _("95 % interval"), _("Measured on"), *stakes]
    return [
        _("Market"), _("Fair rank"), _("Rank as measured"), _("As measured"), _("At the same mix"), _("Fair value"),
        _("95 % interval"), _("Chance to be best"), _("Measured on"), *stakes,
    ]  # fmt: skip


def _row(found: BestMarket, one: Standing, kpi: Kpi, named: dict[str, str], spoken: str) -> list[str]:
    currency = currency_of(found, kpi)

    def value(number: float) -> str:
        return value_text(kpi, Value(number), currency, spoken)

    name = named[one.market]
    interval = interval_text(kpi, one, currency, spoken)
    weight = ratio_text(kpi, one, found.board.ask.currency, spoken)
    stakes = stake_text(found, one.market, spoken)
    if found.limited:
        place = found.places.get(one.market)
        places = [place_text(place) if place else "–"] if found.places else []
        return [name, *places, value(one.raw), interval, weight, *stakes]
    chance = chance_text(one.chance, spoken)
    numbers = [value(one.raw), value(one.adjusted), value(one.fair), interval, chance, weight]
    return [name, str(one.rank_fair), str(one.rank_raw), *numbers, *stakes]


def _without(found: BestMarket, named: dict[str, str]) -> list[tuple[str, str]]:
    """Markets that aren't ranked, each with its reason."""
    lines = []
    for cell in found.board.row(found.ranking.kpi).cells:
        if found.ranking.of(cell.market) is None:
            why = hole_label(cell.actual.hole) if cell.actual.hole else _("Too few days to know how sure it is")
            lines.append((named[cell.market], why))
    return lines


def _chart(asked: BestAsk, found: BestMarket, named: dict[str, str], spoken: str) -> Chart | None:
    if len(found.ranking.standings) < 2:
        return None
    kpi, currency = asked.kpi, currency_of(found, asked.kpi)
    measure = Measure(kpi.unit.value, currency or "KRW", spoken)
    marks, rows = [], []
    for one in found.ranking.standings:
        text = f"{measure.full(one.fair)} ({interval_text(kpi, one, currency, spoken)})"
        marks.append(Dot(named[one.market], one.fair, one.low, one.high, text, one.raw))
        rows.append(
            [
                named[one.market],
                measure.full(one.raw),
                measure.full(one.fair),
                interval_text(kpi, one, currency, spoken),
            ]
        )
    how = how_to_read(kpi)
    return Chart(
        title=_("Fair values with their 95 % intervals"),
        how=HowToRead(
            _("Each market's value had it the same mix as all of them together, small markets pulled to the rest."),
            _("At the common mix of channels, then shrunk by empirical Bayes; the line holds the value with 95 %."),
            _("Where lines overlap, the order can be chance. The hollow mark is the value as measured."),
            how.next,
        ),
        figure=dots(marks, measure, name=_("Fair value"), beside=_("As measured")),
        table=ChartTable([_("Market"), _("As measured"), _("Fair value"), _("95 % interval")], rows),
        scope=str(kpi.name),
        csv_url=f"{reverse('kpis:best-market-csv')}?{asked.query}",
    )  # fmt: skip
