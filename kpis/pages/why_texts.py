"""A bridge in words: signed amounts, names of reasons, and the one sentence that says it."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from kpis.bridge import Contribution, Effect
from kpis.catalogue import Kpi, Unit
from kpis.pages.texts import value_text
from kpis.queries.why import Bridge
from kpis.values import Value
from ui import formats

POINTS = (Unit.PERCENT, Unit.RANK)


def signed_text(kpi: Kpi, amount: Decimal | float, currency: str, language: str, *, compact: bool = True) -> str:
    """A difference in the KPI's unit with its sign: −0.4 %p, +₩120만."""
    number = float(amount)
    if kpi.unit in POINTS:
        return formats.change_of(number, 0, kpi.unit.value, language=language).text
    shown = value_text(kpi, Value(abs(number)), currency, language, compact=compact)
    return ("+" if number > 0 else "−" if number < 0 else "") + shown


def share_text(share: Decimal | float | None, language: str) -> str:
    return "" if share is None else formats.format_achievement(float(share), language=language)


def kind_name(effect: Effect) -> str:
    """The kind of a reason in a word."""
    return {
        "volume": _("Volume"),
        "mix": _("Mix"),
        "rate": _("Rate"),
        "price": _("Price"),
        "currency": _("Currency"),
        "part": _("Part of the formula"),
        "rest": _("Not told apart"),
    }[effect.kind]


def effect_name(effect: Effect, bridge: Bridge) -> str:
    """What a reason is called: a mix says of what, and the KPI's own rate that it is the one within them."""
    by_market = bridge.split_by == "market"
    if effect.kind == "mix":
        return _("mix of markets") if by_market else _("mix of channels")
    if effect.name == bridge.kpi.name and any(one.kind == "mix" for one in bridge.effects):
        return _("change within markets") if by_market else _("change within channels")
    return str(effect.name)


def part_title(part: str) -> str:
    return {
        "market": _("Which markets moved it"),
        "channel": _("Which channels moved it"),
        "source": _("Which sources moved it"),
        "campaign": _("Which campaigns moved it"),
    }[part]


def headline(bridge: Bridge, *, over_time: bool, language: str) -> str:
    """The change, the reason that weighs most in its direction, and what worked against it."""
    if bridge.change is None:
        return ""
    change = sum((one.amount for one in bridge.effects), Decimal(0))
    if not change:
        return _("%(kpi)s did not change.") % {"kpi": bridge.kpi.name}
    along = [one for one in bridge.effects if one.amount * change > 0]
    against = [one for one in bridge.effects if one.amount * change < 0]
    if not along:
        return ""
    most = max(along, key=lambda one: abs(one.amount))
    words = {
        "kpi": bridge.kpi.name,
        "change": signed_text(bridge.kpi, abs(change), bridge.currency, language).lstrip("+"),
        "effect": effect_name(most, bridge),
        "amount": signed_text(bridge.kpi, most.amount, bridge.currency, language),
    }
    if len(bridge.effects) == 1:
        return _plainly(change > 0, over_time) % words
    said = _mostly(change > 0, over_time) % words
    if against:
        least = max(against, key=lambda one: abs(one.amount))
        said += " " + _("What worked against it: %(effect)s (%(amount)s).") % {
            "effect": effect_name(least, bridge),
            "amount": signed_text(bridge.kpi, least.amount, bridge.currency, language),
        }
    return said


def _mostly(up: bool, over_time: bool) -> str:
    if over_time:
        if up:
            return _("%(kpi)s rose by %(change)s, mostly through %(effect)s (%(amount)s).")
        return _("%(kpi)s fell by %(change)s, mostly through %(effect)s (%(amount)s).")
    if up:
        return _("%(kpi)s is higher by %(change)s, mostly through %(effect)s (%(amount)s).")
    return _("%(kpi)s is lower by %(change)s, mostly through %(effect)s (%(amount)s).")


def _plainly(up: bool, over_time: bool) -> str:
    if over_time:
        return _("%(kpi)s rose by %(change)s.") if up else _("%(kpi)s fell by %(change)s.")
    return _("%(kpi)s is higher by %(change)s.") if up else _("%(kpi)s is lower by %(change)s.")


def loudest(bridge: Bridge, named: dict[str, str], language: str) -> str:
    """The one value of the first dimension that moved it most."""
    part = next((name for name in ("market", "channel", "campaign") if bridge.parts.get(name)), "")
    if not part:
        return ""
    first: Contribution = bridge.parts[part][0]
    return _("%(title)s: most of all %(name)s (%(amount)s).") % {
        "title": part_title(part),
        "name": part_value(part, first.name, named),
        "amount": signed_text(bridge.kpi, first.amount, bridge.currency, language),
    }


def part_value(part: str, name: str, named: dict[str, str]) -> str:
    """A market by its name, anything else as it is written; what has no name says so."""
    return named.get(name, name) if part == "market" else name or _("(no name)")


def note_sentences(bridge: Bridge) -> list[str]:
    """What this bridge could not tell, and how it was made."""
    words = {
        "no_mix": _("Mix isn't told apart: the parts of this KPI share no names of channels, or there is only one."),
        "no_base_rates": _("Currency isn't told apart: exchange rates of the other period are missing."),
        "due": _("The target is counted for the days that have passed."),
        "terms": _("Told by the terms of its formula: what each measure gave to the change."),
        "whole": _("Only the whole change is known: the parts of one side can't be told apart."),
    }
    return [words[note] for note in bridge.notes]
