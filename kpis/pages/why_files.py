"""A bridge as a document: both sides, each reason, who moved it, what happened meanwhile; the page's own numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from kpis.bridge import Contribution
from kpis.catalogue import Better, Kpi
from kpis.exports.document import Column, Document, Item, Line, Sheet, Step, Waterfall
from kpis.pages.exports import definitions_sheet, item_of, made_text, rate_lines, scope_sheet
from kpis.pages.notes import Place, events_of
from kpis.pages.texts import joined, money_rule, moving_text, value_text
from kpis.pages.why import WhyAsk, compared_labels, missing_sentence, part_head
from kpis.pages.why_texts import (
    effect_name,
    headline,
    kind_name,
    loudest,
    note_sentences,
    part_title,
    part_value,
    signed_text,
)
from kpis.queries.asked import DataState, board_of
from kpis.queries.cells import Board
from kpis.queries.notes import MOST
from kpis.queries.why import Bridge, cell_of, compared_period
from kpis.values import Value
from tenants.access import Access

NOTHING = 1e-9  # what floats leave of a sum that comes out at nothing, as a share of its largest part


@dataclass(frozen=True, slots=True)
class WhyFile:
    """A bridge with what a file tells besides: the boards of its sides, names of markets, the reader's language."""

    asked: WhyAsk
    bridge: Bridge
    now: Board
    base: Board | None
    named: dict[str, str]
    spoken: str

    @property
    def labels(self) -> tuple[str, str]:
        return compared_labels(self.asked, self.named, self.spoken)

    @property
    def boards(self) -> list[Board]:
        return [board for board in (self.base, self.now) if board is not None]

    @property
    def place(self) -> str:
        return self.named.get(self.asked.market, _("All markets"))


def why_file(access: Access, asked: WhyAsk, bridge: Bridge, state: DataState, spoken: str) -> WhyFile:
    """The bridge with the boards that its two values stand on; a target has none of its own."""
    question, base = asked.question.question, None
    if asked.compare in ("previous", "year"):
        base = replace(question, period=compared_period(question.period, asked.compare))
    elif asked.compare == "market":
        base = replace(question, markets=asked.question.other)
    named = {m.code: m.name_ko if spoken == "ko" else m.name_en for m in access.markets}
    boards = (board_of(access, question, state), board_of(access, base, state) if base else None)
    return WhyFile(asked, bridge, *boards, named, spoken)


def why_document(access: Access, file: WhyFile) -> Document:
    """The page to take away; the workbook has the definition and the scope too."""
    bridge, kpi, spoken, ask = file.bridge, file.bridge.kpi, file.spoken, file.now.ask
    rule = money_rule(ask) if bridge.currency or ask.currency == "own" else ""
    over_time = file.asked.compare in ("previous", "year")
    figures = [_waterfall(file)] if bridge.effects else []
    return Document(
        title=_("Why did it change? %(kpi)s, %(place)s") % {"kpi": kpi.name, "place": file.place},
        subtitle=[
            joined([access.client.name, file.asked.bar.period_label, file.place, rule]),
            " → ".join(file.labels),
            settled_text(file),
        ],
        notes=[
            line
            for line in (
                headline(bridge, over_time=over_time, language=spoken), loudest(bridge, file.named, spoken),
                missing_sentence(bridge), *note_sentences(bridge),
            )
            if line
        ],
        figures=figures,
        sheets=[
            _bridge_sheet(file),
            *(_part_sheet(part, every, file) for part, every in bridge.parts.items()),
            _events_sheet(access, file),
            definitions_sheet([kpi], spoken),
            scope_sheet(access, file.now, spoken, file.boards[:-1]),
        ],
        closing=[*dict.fromkeys(line for board in file.boards if (line := " · ".join(rate_lines(board, spoken))))],
        footer=joined([rule, made_text(access)]),
        language=spoken,
    )  # fmt: skip


def settled_text(file: WhyFile) -> str:
    """Whether the two values still change, and until when."""
    found = []
    for label, board in zip(reversed(file.labels), (file.now, file.base), strict=True):
        moving = moving_text(cell_of(board), file.spoken) if board is not None else ""
        found.append(f"{label}: {moving}" if moving else "")
    known = file.now.ask.known_day
    reported = _("As reported on %(day)s") % {"day": known.isoformat()} if known else ""
    return joined([reported, *(found if any(found) else [_("Settled: both values no longer change by themselves.")])])


def _tone(kpi: Kpi, amount: Decimal) -> str:
    if not amount or kpi.better not in (Better.HIGHER, Better.LOWER):
        return ""
    return "good" if (amount > 0) == (kpi.better is Better.HIGHER) else "bad"


def _waterfall(file: WhyFile) -> Waterfall:
    bridge, kpi, (base, now) = file.bridge, file.bridge.kpi, file.labels

    def level(label: str, value: Value) -> Step:
        return Step(label, value.number or 0.0, value_text(kpi, value, bridge.currency, file.spoken))

    steps = [
        Step(effect_name(one, bridge), float(one.amount), _signed(file, one.amount), _tone(kpi, one.amount))
        for one in bridge.effects
    ]
    return Waterfall(_("What the change is made of"), level(base, bridge.base), steps, level(now, bridge.now))


def _signed(file: WhyFile, amount: Decimal | float) -> str:
    return signed_text(file.bridge.kpi, amount, file.bridge.currency, file.spoken, compact=False)


def _amount(file: WhyFile, amount: Decimal | float) -> Item:
    kpi = file.bridge.kpi
    return Item(float(amount), kpi.unit.value, file.bridge.currency, printed=_signed(file, amount))


def _bridge_sheet(file: WhyFile) -> Sheet:
    """Start, each reason with the value that it leads to, end, and the proof that they add up."""
    bridge, kpi, (base, now) = file.bridge, file.bridge.kpi, file.labels
    unit, currency = kpi.unit.value, bridge.currency
    whole = sum((one.amount for one in bridge.effects), start=Decimal(0))
    rows = [Line([Item(base), Item(_("Start")), Item(), item_of(kpi, bridge.base, currency), Item()])]
    level = Decimal(bridge.base.number or 0.0)
    for one in bridge.effects:
        level += one.amount
        share = float(one.amount / whole) if whole else None
        rows.append(
            Line([
                Item(effect_name(one, bridge)), Item(kind_name(one)), _amount(file, one.amount),
                Item(float(level), unit, currency), Item(share, "percent"),
            ])
        )  # fmt: skip
    rows.append(Line([Item(now), Item(_("End")), Item(), item_of(kpi, bridge.now, currency), Item()]))
    if bridge.change is not None:
        rows += _proof(file, whole)
    columns = [
        Column(_("Reason"), width=2), Column(_("Kind")), Column(_("Effect"), unit=unit),
        Column(_("Value reached"), unit=unit), Column(_("Share of the change"), unit="percent"),
    ]  # fmt: skip
    return Sheet(_("Bridge"), columns, rows)


def _proof(file: WhyFile, whole: Decimal) -> list[Line]:
    """The whole change, the sum of the reasons, and what is between them: nothing."""
    bridge = file.bridge
    change = Decimal(bridge.now.number or 0.0) - Decimal(bridge.base.number or 0.0)
    return [
        Line([Item(_("Whole change")), Item(), _amount(file, change), Item(), Item(1.0 if whole else None, "percent")]),
        Line([Item(_("Sum of the reasons")), Item(), _amount(file, whole), Item(), Item()]),
        Line([
            Item(_("Check: change − sum of the reasons")), Item(),
            _amount(file, left_over(change - whole, bridge.base.number, bridge.now.number)), Item(), Item(),
        ]),
    ]  # fmt: skip


def left_over(rest: Decimal, *sides: float | None) -> float:
    """What the reasons leave of a change: 0 where it is no more than floats can't tell of its two sides."""
    size = max(abs(side or 0.0) for side in sides)
    return 0.0 if abs(float(rest)) <= NOTHING * size else float(rest)


def _part_sheet(part: str, every: Sequence[Contribution], file: WhyFile) -> Sheet:
    """Who moved it, by one dimension, the largest first, with their sum."""
    kpi, unit, currency = file.bridge.kpi, file.bridge.kpi.unit.value, file.bridge.currency

    def value(number: Decimal | None) -> Item:
        return Item(None if number is None else float(number), unit, currency)

    rows = [
        Line([
            Item(part_value(part, one.name, file.named)), value(one.base), value(one.now), _amount(file, one.amount),
            Item(None if one.share is None else float(one.share), "percent"),
        ])
        for one in every
    ]  # fmt: skip
    whole = sum((one.amount for one in every), start=Decimal(0))
    rows.append(
        Line([Item(_("Whole change")), Item(), Item(), _amount(file, whole), Item(1.0 if whole else None, "percent")])
    )
    base, now = file.labels
    columns = [
        Column(part_head(part), width=2), Column(base, str(kpi.name), unit=unit), Column(now, str(kpi.name), unit=unit),
        Column(_("Effect"), unit=unit), Column(_("Share of the change"), unit="percent"),
    ]  # fmt: skip
    return Sheet(part_title(part), columns, rows)


def _events_sheet(access: Access, file: WhyFile) -> Sheet:
    """What happened in the period, as people noted it."""
    period, asked = file.asked.bar.period, file.asked
    events, _marks = events_of(access, Place(asked.kpi.key, asked.market, period.start, period.end), most=MOST)
    rows = [Line([Item(one.days), Item(one.kind), Item(one.text), Item(one.place)]) for one in events]
    columns = [Column(_("Dates")), Column(_("Kind"), width=0.7), Column(_("Event"), width=2.5), Column(_("Where"))]
    return Sheet(_("Events in this period"), columns, rows or [Line([Item(_("none")), Item(), Item(), Item()])])
