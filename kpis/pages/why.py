"""The page that says why a KPI changed: the address, the sentence, the waterfall, who moved it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.bridge import Contribution
from kpis.catalogue import HEADLINE, Better, Kpi, Stage
from kpis.errors import BadComparison, NoSuchMarket
from kpis.pages.addresses import scope_pairs
from kpis.pages.board import language, question_of, scope_for_board
from kpis.pages.cell import BETTER, how_to_read
from kpis.pages.files import FileChoice, files_of
from kpis.pages.notes import notes_url
from kpis.pages.texts import channels_text, joined, value_text, why_no_total
from kpis.pages.why_texts import (
    effect_name,
    headline,
    kind_name,
    loudest,
    note_sentences,
    part_title,
    part_value,
    share_text,
    signed_text,
)  # fmt: skip
from kpis.queries.asked import DataState, state_of_data
from kpis.queries.definitions import definitions_of
from kpis.queries.why import Bridge, WhyQuestion, bridge_of, compared_period
from kpis.values import Value
from tenants.access import Access
from ui.charts import Chart, ChartTable, Measure, Rung, waterfall
from ui.components import HowToRead
from ui.scope_bar import ScopeBar, ScopeChoice

MOST = 8
ALL = "all"


@dataclass(frozen=True, slots=True)
class WhyAsk:
    """What the address asks for; an empty `market` is all of this person's, `other` is all or a market's code."""

    bar: ScopeBar
    kpi: Kpi
    market: str
    compare: str
    other: str
    question: WhyQuestion

    @property
    def compare_text(self) -> str:
        return f"market:{self.other}" if self.compare == "market" else self.compare

    @property
    def query(self) -> str:
        own = [("kpi", self.kpi.key), ("market", self.market), ("compare", self.compare_text)]
        return urlencode([*own, *scope_pairs(self.bar)])


@dataclass(frozen=True, slots=True)
class PartTable:
    """Who moved it, by one dimension: the first few, the rest, and the sum."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    foot: Sequence[str]


@dataclass(frozen=True, slots=True)
class WhyPage:
    """Everything that `kpis/why.html` prints."""

    kpi: Kpi
    place: str
    sentence: str
    scope: ScopeBar
    headline: str
    loudest: str
    tone: str
    base_label: str
    base: str
    now_label: str
    now: str
    change: str
    missing: str
    notes: Sequence[str]
    chart: Chart | None
    parts: Sequence[PartTable]
    why_no_parts: str
    markets: Sequence[ScopeChoice]
    compares: Sequence[ScopeChoice]
    stages: Sequence[tuple[str, Sequence[Kpi]]]
    kept: Sequence[tuple[str, str]]
    files: Sequence[FileChoice]
    depth_url: str
    notes_url: str


def why_ask(access: Access, query: QueryDict, state: DataState) -> WhyAsk:
    """The address read. Errors: NoSuchMarket, NoSuchKpi, BadComparison, BadPeriod."""
    codes = access.market_codes
    if not codes:
        raise NoSuchMarket("–")
    market = query.get("market", "")
    market = codes[0] if len(codes) == 1 and not market else market
    if market and market not in codes:
        raise NoSuchMarket(market)
    kpi = state.definitions.kpi(query.get("kpi") or HEADLINE)
    compare, _colon, other = (query.get("compare") or "previous").partition(":")
    if compare not in ("previous", "year", "target", "market") or (compare == "market") != bool(other):
        raise BadComparison(query.get("compare", ""))
    if compare == "market":
        _check_other(market, other, codes)
    plain = query.copy()
    for name in ("compare", "market"):
        plain.pop(name, None)
    bar = scope_for_board(access, plain, state, by_channel=True)
    mine = (market,) if market else codes
    question = replace(question_of(bar, (kpi.key,)), markets=mine)
    others = codes if other == ALL else (other,) if other else ()
    asked = WhyAsk(bar, kpi, market, compare, other, WhyQuestion(kpi, question, compare, others))
    kept = [*bar.kept, ("market", market), ("compare", asked.compare_text)]
    return replace(asked, bar=replace(bar, market_choices=(), compare_choices=(), kept=kept))


def _check_other(market: str, other: str, codes: Sequence[str]) -> None:
    if other != ALL and other not in codes:
        raise NoSuchMarket(other)
    if not market or other == market or len(codes) == 1:
        raise BadComparison(f"market:{other}")


def why_values(access: Access, query: QueryDict) -> tuple[WhyAsk, Bridge]:
    """The address and its bridge."""
    state = state_of_data(access)
    asked = why_ask(access, query, state)
    return asked, bridge_of(access, asked.question, state)


def why_page(access: Access, query: QueryDict) -> WhyPage:
    """The page for this person and this address."""
    asked, bridge = why_values(access, query)
    spoken = language()
    named = {m.code: m.name_ko if spoken == "ko" else m.name_en for m in access.markets}
    parts = [_part(part, bridge, named, spoken) for part in bridge.parts]
    labels = compared_labels(asked, named, spoken)
    kpi, currency, known = asked.kpi, bridge.currency, definitions_of(access).kpis
    return WhyPage(
        kpi=kpi,
        place=named.get(asked.market, _("All markets")),
        sentence=joined(
            [
                asked.bar.period_label,
                named.get(asked.market, _("All markets")),
                channels_text(asked.bar.channels),
                str(kpi.shows),
            ]
        ),
        scope=asked.bar,
        headline=headline(bridge, over_time=asked.compare in ("previous", "year"), language=spoken),
        loudest=loudest(bridge, named, spoken),
        tone=_tone(bridge),
        base_label=labels[0],
        base=value_text(kpi, bridge.base, currency, spoken),
        now_label=labels[1],
        now=value_text(kpi, bridge.now, currency, spoken),
        change=signed_text(kpi, bridge.change, currency, spoken) if bridge.change is not None else "",
        missing=missing_sentence(bridge),
        notes=note_sentences(bridge),
        chart=_chart(asked, bridge, spoken) if bridge.effects else None,
        parts=parts,
        why_no_parts=_why_no_parts(asked, bridge),
        markets=_market_choices(asked, named),
        compares=_compare_choices(asked, named),
        stages=[(str(stage.words), [k for k in known if k.stage is stage]) for stage in Stage],
        kept=scope_pairs(asked.bar),
        files=files_of("kpis:why-file", asked.query, f"{reverse('kpis:why-csv')}?{asked.query}"),
        depth_url=f"{reverse('kpis:in-depth')}?kpi={kpi.key}&market={asked.market or access.market_codes[0]}"
        f"&{urlencode(scope_pairs(asked.bar))}",
        notes_url=notes_url(kpi.key, asked.market, asked.bar.period.start, asked.bar.period.end),
    )


def missing_sentence(bridge: Bridge) -> str:
    """Why there is no bridge, where one of its sides is missing."""
    if bridge.hole is None:
        return ""
    return why_no_total(bridge.kpi, bridge.hole)


def compared_labels(asked: WhyAsk, named: dict[str, str], spoken: str) -> tuple[str, str]:
    """What the two sides are called."""
    period = asked.bar.period
    if asked.compare == "target":
        return _("Target"), _("Actual")
    if asked.compare == "market":
        return named.get(asked.other, _("All my markets")), named[asked.market]
    return compared_period(period, asked.compare).label(spoken), period.label(spoken)


def _tone(bridge: Bridge) -> str:
    if not bridge.change or bridge.kpi.better not in (Better.HIGHER, Better.LOWER):
        return "info"
    return "good" if (bridge.change > 0) == (bridge.kpi.better is Better.HIGHER) else "bad"


def _chart(asked: WhyAsk, bridge: Bridge, spoken: str) -> Chart:
    kpi, measure = bridge.kpi, Measure(bridge.kpi.unit.value, bridge.currency or "KRW", spoken)

    def text(amount: Decimal) -> str:
        return signed_text(kpi, amount, bridge.currency, spoken)

    names = [effect_name(one, bridge) for one in bridge.effects]
    rungs = [Rung(name, float(one.amount), text(one.amount)) for name, one in zip(names, bridge.effects, strict=True)]
    whole = sum((one.amount for one in bridge.effects), start=Decimal(0))
    last = Rung(_("Whole change"), float(whole), text(whole))
    rows = []
    for rung, one in zip(rungs, bridge.effects, strict=True):
        share = share_text(one.amount / whole if whole else None, spoken)
        rows.append([rung.name, kind_name(one), rung.text, share])
    rows.append([last.name, "", last.text, ""])
    return Chart(
        title=_("What the change is made of"),
        how=_how(kpi),
        figure=waterfall(rungs, last, measure, better=BETTER[kpi.better]),
        table=ChartTable([_("Reason"), _("Kind"), _("Effect"), _("Share of the change")], rows),
        summary=headline(bridge, over_time=asked.compare in ("previous", "year"), language=spoken),
        scope=str(kpi.name),
        csv_url=f"{reverse('kpis:why-csv')}?{asked.query}",
    )


def _how(kpi: Kpi) -> HowToRead:
    how = how_to_read(kpi)
    return HowToRead(
        _("Each bar is what one reason gave to the change; together they are the change, to the last digit."),
        _("Each reason's effect is its mean over all orders in which the reasons can be changed (Shapley)."),
        _("Volume: more or less of it. Rate: how well it works. Price: money for one. Mix: more of the channels or "
          "markets that do better or worse. Currency: exchange rates alone."),
        how.next,
    )  # fmt: skip


def _part(part: str, bridge: Bridge, named: dict[str, str], spoken: str) -> PartTable:
    kpi, currency, every = bridge.kpi, bridge.currency, bridge.parts[part]

    def value(number: Decimal | None) -> str:
        return "–" if number is None else value_text(kpi, Value(float(number)), currency, spoken, compact=True)

    def line(one: Contribution) -> list[str]:
        amount = signed_text(kpi, one.amount, currency, spoken)
        name = part_value(part, one.name, named)
        return [name, value(one.base), value(one.now), amount, share_text(one.share, spoken)]

    rest = every[MOST:]
    rows = [line(one) for one in every[:MOST]]
    if rest:
        amount = sum((one.amount for one in rest), start=Decimal(0))
        share = None if rest[0].share is None else sum((one.share or Decimal(0) for one in rest), start=Decimal(0))
        label = ngettext("%(number)d other", "%(number)d others", len(rest)) % {"number": len(rest)}
        rows.append([label, "", "", signed_text(kpi, amount, currency, spoken), share_text(share, spoken)])
    whole = sum((one.amount for one in every), start=Decimal(0))
    head = [part_head(part), _("Before"), _("Now"), _("Effect"), _("Share of the change")]
    shown = signed_text(kpi, whole, currency, spoken)
    foot = [_("Whole change"), "", "", shown, share_text(1.0 if whole else None, spoken)]
    return PartTable(part_title(part), head, rows, foot)


def part_head(part: str) -> str:
    return {"market": _("Market"), "channel": _("Channel"), "source": _("Source"), "campaign": _("Campaign")}[part]


def _why_no_parts(asked: WhyAsk, bridge: Bridge) -> str:
    if bridge.hole is not None or bridge.parts:
        return ""
    if asked.compare == "target":
        return _("Targets are kept by market, so channels and campaigns have none to be held against.")
    if not bridge.kpi.formula.sums:
        return _("Distinct people can't be split by channel: one person may come through several.")
    return _("The data that this KPI is made of share no names of channels or campaigns.")


def _market_choices(asked: WhyAsk, named: dict[str, str]) -> list[ScopeChoice]:
    every = [ScopeChoice("", _("All markets"), not asked.market)] if len(named) > 1 else []
    return [*every, *(ScopeChoice(code, name, code == asked.market) for code, name in named.items())]


def _compare_choices(asked: WhyAsk, named: dict[str, str]) -> list[ScopeChoice]:
    found = [("previous", _("The period before")), ("year", _("A year before")), ("target", _("Target"))]
    if asked.market and len(named) > 1:
        found.append((f"market:{ALL}", _("All my markets")))
        found += [(f"market:{code}", name) for code, name in named.items() if code != asked.market]
    return [ScopeChoice(value, label, value == asked.compare_text) for value, label in found]
