"""Values as people read them: one place where a value becomes text, its reason becomes a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.catalogue import Kpi, Unit
from kpis.catalogue.measures import measure as measure_of
from kpis.models import Policy, Version
from kpis.queries.cells import BoardAsk, Cell
from kpis.queries.coverage import Gap
from kpis.queries.money import OWN
from kpis.queries.rates_used import UsedRate
from kpis.queries.settling import Moving
from kpis.reasons import hole_label, hole_sentence, instead_sentence
from kpis.values import Hole, Value
from ui import formats

MOST_RATES = 8
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
        unit = "money" if measure_of(measure).money else _unit_of(measure)
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
    return f"{ask.currency}, {policy_text(ask)}"


def policy_text(ask: BoardAsk) -> str:
    """The policy with its rate's date: "average rate of each month", "constant currency: average rate of 2025-12"."""
    how, months = ask.conversion, ask.span.months
    if how.policy == Policy.DAILY.value:
        return _("each day's closing rate")
    if how.policy == Policy.BUDGET.value:
        years = dict.fromkeys(how.written(how.base_of(month)) for month in (months[0], months[-1]))
        return _("budget rate of %(year)s") % {"year": "–".join(years)}
    if how.policy == Policy.CONSTANT.value and how.base is not None:
        return _("constant currency: average rate of %(month)s") % {"month": f"{how.base:%Y-%m}"}
    return _("average rate of each month")


def rate_text(rate: UsedRate, policy: str, language: str) -> str:
    """One rate as it stands with a number: "EUR 2026-10: 1 EUR = 1,658.76 KRW, monthly average; source …"."""
    words = {
        "currency": rate.currency, "into": rate.into, "when": rate.when,
        "rate": rate_number(rate.rate), "low": rate_number(rate.low), "high": rate_number(rate.high),
        "days": rate.closes, "policy": str(Policy(policy).label).lower(),
    }  # fmt: skip
    if rate.closes:
        text = _(
            "%(currency)s %(when)s: 1 %(currency)s = %(low)s–%(high)s %(into)s, daily close of %(days)d days,"
            " mean %(rate)s"
        )
    else:
        text = _("%(currency)s %(when)s: 1 %(currency)s = %(rate)s %(into)s, %(policy)s")
    found = text % words
    return found + _("; source: %(source)s") % {"source": rate.source} if rate.source else found


def rate_number(rate: float) -> str:
    """A rate with as many digits as it needs: two decimals from 100 on, else six significant digits."""
    return f"{rate:,.2f}" if rate >= 100 else f"{rate:,.6g}"


def rates_text(rates: Sequence[UsedRate], policy: str, language: str) -> str:
    """The rates of a number, at most eight; the rest is counted."""
    shown = [rate_text(rate, policy, language) for rate in rates[:MOST_RATES]]
    rest = len(rates) - len(shown)
    if rest > 0:
        shown.append(ngettext("%(number)d rate more", "%(number)d rates more", rest) % {"number": rest})
    return " · ".join(shown)


def target_version_text(ask: BoardAsk) -> str:
    """Which version of targets the values are held to: "targets: Budget"."""
    if not ask.version or ask.channels:
        return ""
    return _("targets: %(version)s") % {"version": Version(ask.version).label}


def channels_text(channels: Sequence[str]) -> str:
    """Which channels the values are cut to: "channels: naver, google"; empty for all."""
    return _("channels: %(names)s") % {"names": ", ".join(channels)} if channels else ""


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


def moving_text(cell: Cell, language: str) -> str:
    """What still changes and until when, empty where everything is settled."""
    parts = [through_text(cell.through, language)] if cell.through is not None else []
    if cell.moving is not None:
        parts.append(
            _("Still moving until %(moment)s: %(source)s settles that late.")
            % {"moment": until_text(cell.moving, language), "source": cell.moving.source}
        )
    return " ".join(parts)


def until_text(moving: Moving, language: str) -> str:
    """The day from which a value no longer changes, with the hour where it isn't midnight, in the market's own zone."""
    day = formats.format_day(moving.until.date(), language=language)
    return f"{day} {moving.until:%H:%M}" if moving.until.time() != dt.time() else day


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
    return tuple(dict.fromkeys(measure_of(name).origin for name in (*kpi.formula.sums, *kpi.formula.periods)))


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
