"""The sentence above the board: the biggest gap to target, in money where that can be said."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.pages.texts import reached_text, value_text
from kpis.queries.cells import Board
from kpis.queries.shortfall import Shortfall, biggest_shortfall, targets_judged
from ui import formats
from ui.scope_bar import ScopeBar


@dataclass(frozen=True, slots=True)
class Callout:
    """One or two sentences and where they lead; tone: bad, good or info."""

    tone: str
    first: str
    rest: str = ""
    link: str = ""
    link_label: str = ""


def callout_of(board: Board, bar: ScopeBar, language: str) -> Callout | None:
    """What stands out: rates that are missing first, then the biggest gap, else how it stands with targets."""
    if not board.has_data:
        return None
    if board.missing_rates:
        return _rates(board)
    found = biggest_shortfall(board)
    if found is not None:
        return _gap(found, board, bar, language)
    if board.ask.channels:
        return Callout("info", _("Targets hold for all channels together, so these values are held against none."))
    if targets_judged(board):
        return Callout("good", _("Every value with a target is on target or near it."))
    return Callout(
        "info",
        _("There are no targets for this period yet."),
        _("With targets the board shows what has been reached."),
        reverse("kpis:targets"),
        _("Set targets"),
    )


def _rates(board: Board) -> Callout:
    missing = board.missing_rates
    return Callout(
        "warn",
        ngettext("An exchange rate is missing: %(rates)s.", "Exchange rates are missing: %(rates)s.", len(missing))
        % {"rates": ", ".join(missing[:4]) + (" …" if len(missing) > 4 else "")},
        _("Values that need them are left empty until they are entered."),
        reverse("kpis:rates") + f"?kind={board.ask.conversion.rate_kind}",
        _("Enter rates"),
    )


def _gap(found: Shortfall, board: Board, bar: ScopeBar, language: str) -> Callout:
    names = {market.code: market.name(language) for market in board.ask.markets}
    cell, kpi = found.cell, found.kpi
    market = names[cell.market]
    reached = reached_text(cell.reached, language)
    rest = ""
    if found.missing is not None:
        money = formats.format_value(found.missing, "money", currency=cell.currency, language=language, compact=True)
        words = {"market": market, "kpi": kpi.name, "money": money}
        if cell.through is not None:
            first = _("%(market)s, %(kpi)s: %(money)s below what is due by now.") % words
        else:
            first = _("%(market)s, %(kpi)s: %(money)s below target.") % words
        rest = _("%(reached)s of the target.") % {"reached": reached}
        if found.weakest is not None:
            rest += " " + _weakest(found, board, language)
    else:
        first = _("%(market)s, %(kpi)s: the furthest from target.") % {"market": market, "kpi": kpi.name}
        value = value_text(kpi, cell.actual, cell.currency, language)
        rest = _("%(value)s, %(reached)s of the target.") % {"value": value, "reached": reached}
        rest += _worth(found, board, language)
    led_to = found.weakest[0].key if found.weakest else kpi.key
    url = f"{reverse('kpis:why')}?period={bar.period.text}&market={cell.market}&kpi={led_to}&compare=target"
    return Callout("bad", first, rest, url, _("See why"))


def _weakest(found: Shortfall, board: Board, language: str) -> str:
    if found.weakest is None:
        return ""
    kpi, cell = found.weakest
    text = _("There, %(kpi)s is furthest from its target: %(value)s, %(reached)s of it.") % {
        "kpi": kpi.name,
        "value": value_text(kpi, cell.actual, cell.currency, language),
        "reached": reached_text(cell.reached, language),
    }
    return text + _worth(found, board, language)


def _worth(found: Shortfall, board: Board, language: str) -> str:
    if found.worth is None:
        return ""
    money = formats.format_value(found.worth, "money", currency=board.ask.currency, language=language, compact=True)
    return " " + _("On target it would bring %(money)s more at the same visits and order value.") % {"money": money}
