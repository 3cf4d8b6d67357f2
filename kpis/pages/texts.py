"""Values as people read them: one place where a value becomes text, its reason becomes a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.catalogue import Kpi, Unit
from kpis.catalogue.measures import MEASURES
from kpis.queries.cells import BoardAsk, Cell
from kpis.queries.coverage import Gap
from kpis.queries.money import OWN
from kpis.reasons import hole_label, hole_sentence, instead_sentence
from kpis.values import Hole, Value
from ui import formats

ARROWS = {"up": "▲ ", "down": "▼ ", "flat": "▬ ", "none": ""}


def value_text(kpi: Kpi, value: Value, currency: str, language: str, *, compact: bool = False) -> str:
    """The value in its unit; a hole as its label."""
    if value.hole is not None:
        return hole_label(value.hole)
    return formats.format_value(
        value.number, kpi.unit.value, currency=currency or "KRW", language=language, compact=compact
    )


def reached_text(value: Value, language: str) -> str:
    return "" if value.number is None else formats.format_achievement(value.number, language=language)


def change_text(kpi: Kpi, actual: Value, base: Value, language: str) -> str:
    """▲ 6.8 % without the sign that the arrow already says; nothing when there is nothing to compare with."""
    if actual.number is None or base.number is None:
        return ""
    found = formats.change_of(actual.number, base.number, kpi.unit.value, language=language, compact=True)
    if found.direction == "none":
        return ""
    return ARROWS[found.direction] + found.text.lstrip("+−")


def formula_text(kpi: Kpi, amounts: Mapping[str, float], currency: str, language: str) -> str:
    """The formula with its numbers in it, empty where nothing was measured."""

    def show(measure: str, number: float) -> str:
        unit = "money" if MEASURES[measure].money else _unit_of(measure)
        return formats.format_value(number, unit, currency=currency or "KRW", language=language)

    return kpi.formula.with_numbers(amounts, show)


def _unit_of(measure: str) -> str:
    if measure == "median_gap_days":
        return Unit.DAYS.value
    if measure == "top5_revenue_share":
        return Unit.PERCENT.value
    return Unit.SECONDS.value if measure == "engagement_seconds" else Unit.COUNT.value


def money_rule(ask: BoardAsk) -> str:
    """How money came into one currency: "KRW, monthly average rate"."""
    if ask.currency == OWN:
        return _("each market in its own currency")
    if {market.currency for market in ask.markets} <= {ask.currency}:
        return ask.currency
    return _("%(currency)s, average rate of each month") % {"currency": ask.currency}


def gap_text(gaps: Iterable[Gap]) -> str:
    """27/31 days, of the source that lacks most."""
    worst = max(gaps, key=lambda gap: len(gap.missing), default=None)
    if worst is None:
        return ""
    return _("%(days)d/%(expected)d days") % {"days": worst.days, "expected": worst.expected}


def gap_sentence(gap: Gap, language: str) -> str:
    """Which source lacks which days."""
    named = [formats.format_day_short(day, language=language) for day in gap.missing[:6]]
    if len(gap.missing) > len(named):
        rest = len(gap.missing) - len(named)
        named.append(ngettext("%(number)d day more", "%(number)d days more", rest) % {"number": rest})
    return _("%(source)s has %(days)d of %(expected)d days; missing: %(named)s.") % {
        "source": gap.source, "days": gap.days, "expected": gap.expected, "named": ", ".join(named),
    }  # fmt: skip


def through_text(day: dt.date, language: str) -> str:
    """Up to which day a value goes that is still moving."""
    return _("Data up to %(day)s; the value still changes.") % {"day": formats.format_day_short(day, language=language)}


def left_out_sentence(cell: Cell, names: Mapping[str, str]) -> str:
    """Which markets (of a total) or months were not measured in every part, and so are in neither side."""
    if not cell.left_out:
        return ""
    named = ", ".join(names.get(one, one) for one in cell.left_out)
    if cell.market:
        return _("Not measured in every part, so left out: %(months)s.") % {"months": named}
    return _("Without these markets, which have no value: %(markets)s.") % {"markets": named}


def why_no_total(kpi: Kpi, hole: Hole) -> str:
    """The reason why a total is missing, with the roll-up rule where that is the reason, and what is shown instead."""
    reason = str(kpi.rollup.rule) if hole.code == "not_additive" else hole_sentence(hole)
    return " ".join(filter(None, (reason, instead_sentence(hole))))


def origin_names(kpi: Kpi) -> tuple[str, ...]:
    """The kinds of data that a KPI is made of."""
    return tuple(dict.fromkeys(MEASURES[name].origin for name in (*kpi.formula.sums, *kpi.formula.periods)))


def origin_label(origin: str) -> str:
    """What people call a kind of data."""
    return {
        "channel_daily": _("Ads and search"),
        "orders": _("Orders"),
        "events": _("Behaviour"),
    }[origin]


def joined(parts: Sequence[str]) -> str:
    """Parts of a sentence under a title, the empty ones left out."""
    return " · ".join(part for part in parts if part)
