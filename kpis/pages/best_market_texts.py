"""Fair ranks in sentences that a manager understands."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kpis.catalogue import Better, Kpi
from kpis.catalogue.conditions import term_of
from kpis.catalogue.formula import as_expression
from kpis.catalogue.measures import measure as measure_of
from kpis.pages.texts import value_text
from kpis.queries.best_market import BestMarket, Place
from kpis.ranking import Standing
from kpis.values import Value
from ui import formats

LIKELY = 0.8
BIG_MOVE = 2


def not_ranked(kpi: Kpi) -> str:
    """Why markets aren't ranked on a KPI."""
    if kpi.better not in (Better.HIGHER, Better.LOWER):
        return _("%(kpi)s has no good or bad side, so markets aren't ranked on it.") % {"kpi": kpi.name}
    if kpi.formula.periods:
        return _("%(kpi)s can't be drawn as a share of counted people, so its intervals aren't known.") % {
            "kpi": kpi.name
        }
    return _("%(kpi)s is a sum: a ranking would only tell the size of the markets. Choose a rate or a cost.") % {
        "kpi": kpi.name
    }


def interval_text(kpi: Kpi, one: Standing, currency: str, language: str) -> str:
    ends = (value_text(kpi, Value(number), currency, language) for number in (one.low, one.high))
    return " – ".join(ends)


def ratio_text(kpi: Kpi, one: Standing, currency: str, language: str) -> str:
    """What a value was measured on: 12,345 sessions."""
    form = as_expression(kpi.formula)
    if form is None or form.below is None:
        keys, name = kpi.formula.periods[-1:], measure_of(kpi.formula.periods[-1]).name(language)
    else:
        keys, name = form.below.keys, form.below.text(lambda key: measure_of(key).name(language))
    unit = "money" if measure_of(keys[0]).money else "count"
    shown = formats.format_value(one.weight, unit, currency=currency, language=language, compact=True)
    return f"{name} {shown}" if language == "ko" else f"{shown} {name}"


def chance_text(chance: float, language: str) -> str:
    """A chance in whole percent; never nothing and never all, because it is drawn."""
    sign = "> " if chance > 0.99 else "< " if chance < 0.01 else ""
    return sign + formats.format_achievement(min(max(chance, 0.01), 0.99), language=language)


def place_text(place: Place) -> str:
    return _("no. %(rank)d of %(of)d") % {"rank": place.rank, "of": place.of}


def stake_head(found: BestMarket) -> list[str]:
    """The columns of money at stake that have anything in them."""
    words = {
        "to_target": _("Worth to target"),
        "to_median": _("Worth to the median"),
        "to_best": _("Worth to the best"),
    }
    return [words[name] for name in stake_names(found)]


def stake_names(found: BestMarket) -> list[str]:
    names = ("to_target", "to_median", "to_best")
    return [name for name in names if any(getattr(one, name) is not None for one in found.stakes.values())]


def stake_text(found: BestMarket, market: str, language: str) -> list[str]:
    stake = found.stakes[market]
    return [_worth(getattr(stake, name), found, language) for name in stake_names(found)]


def _worth(number: float | None, found: BestMarket, language: str) -> str:
    if number is None:
        return "–"
    if number == 0:
        return _("reached")
    currency = found.board.ask.currency
    return formats.format_value(number, "money", currency=currency, language=language, compact=True)


def sentences(found: BestMarket, kpi: Kpi, named: dict[str, str], language: str) -> list[str]:
    """Who leads and how surely, who looks better or worse than it is, what would topple the leader."""
    currency = found.board.ask.currency if kpi.is_money else ""
    if found.limited:
        return _own_sentences(found, kpi, named, language)
    ranking = found.ranking
    if len(ranking.standings) < 2:
        return [_("Only one market has measured this KPI, so there is nothing to rank.")] if ranking.standings else []
    first = ranking.standings[0]
    if len({one.raw for one in ranking.standings}) == 1:
        return [
            _("%(kpi)s is %(value)s in every market, so none does best.")
            % {"kpi": kpi.name, "value": value_text(kpi, Value(first.raw), currency, language)}
        ]
    words = {
        "market": named[first.market],
        "kpi": kpi.name,
        "value": value_text(kpi, Value(first.fair), currency, language),
        "chance": chance_text(first.chance, language),
    }
    if first.chance >= LIKELY:
        said = [_("%(market)s does best at %(kpi)s: %(value)s, and leads with a chance of %(chance)s.") % words]
    else:
        said = [
            _("%(market)s is first at %(kpi)s with %(value)s, but it is close: it leads with a chance of %(chance)s.")
            % words
        ]
    said += [
        text
        for text in (_mover(found, named), _topple(found, named, language), _all_of_it(found, kpi, language))
        if text
    ]
    said.append(_how_adjusted(found, kpi))
    return said


def _own_sentences(found: BestMarket, kpi: Kpi, named: dict[str, str], language: str) -> list[str]:
    said = []
    for one in found.ranking.standings:
        place = found.places.get(one.market)
        if place:
            said.append(
                _("%(market)s is no. %(rank)d of %(of)d markets at %(kpi)s, after adjusting for mix and size.")
                % {"market": named[one.market], "rank": place.rank, "of": place.of, "kpi": kpi.name}
            )
    if not found.places:
        said.append(_("Your company doesn't show ranks to single markets; these are your own numbers."))
    return said


def _mover(found: BestMarket, named: dict[str, str]) -> str:
    """The market whose place changes most by being fair; of those that share a value none has a place of its own."""
    values = [one.raw for one in found.ranking.standings]
    apart = [one for one in found.ranking.standings if values.count(one.raw) == 1]
    one = max(apart, key=lambda s: (abs(s.rank_raw - s.rank_fair), s.weight), default=found.ranking.standings[0])
    if abs(one.rank_raw - one.rank_fair) < BIG_MOVE:
        return ""
    return _("%(market)s is no. %(raw)d as measured and no. %(fair)d once mix and size are taken into account.") % {
        "market": named[one.market],
        "raw": one.rank_raw,
        "fair": one.rank_fair,
    }


def _topple(found: BestMarket, named: dict[str, str], language: str) -> str:
    if not found.ranking.by:
        return ""
    topple = found.ranking.topple
    if topple is None:
        return _("It would still lead whatever the mix of channels.")
    shares = [formats.format_achievement(share, language=language) for share in (topple.share, topple.needed)]
    return _(
        "It would still lead unless the share of %(channel)s grew from %(now)s to %(then)s: then %(other)s would."
    ) % {
        "channel": topple.segment or _("(no name)"), "now": shares[0], "then": shares[1],
        "other": named[topple.market],
    }  # fmt: skip


def _all_of_it(found: BestMarket, kpi: Kpi, language: str) -> str:
    """What it were worth if every market did as well as the best."""
    known = [one.to_best for one in found.stakes.values() if one.to_best is not None]
    if not known or not sum(known):
        return ""
    money = formats.format_value(
        sum(known), "money", currency=found.board.ask.currency, language=language, compact=True
    )
    if found.stake_kind in ("cost", "saved"):
        return _("If every market were as good as the best, %(money)s of spend would be saved in this period.") % {
            "money": money
        }
    return _("If every market were as good as the best, it would bring %(money)s more in this period.") % {
        "money": money
    }


def _how_adjusted(found: BestMarket, kpi: Kpi) -> str:
    if found.ranking.by:
        return _(
            "Adjusted to the same mix of channels; device and new or returning visitors aren't measured by market."
        )
    if any(term_of(key).conditions for key in kpi.formula.sums):
        return _("Not adjusted for mix: its formula picks channels, campaigns or sources itself.")
    return _("Not adjusted for mix: what this KPI is made of isn't measured by the same channels.")
