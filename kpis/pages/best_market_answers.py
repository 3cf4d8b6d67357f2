"""Fair ranks as plain JSON and as a plain table: own markets, and nothing of anybody else's."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kpis.pages.best_market import BestAsk, currency_of
from kpis.pages.best_market_texts import not_ranked
from kpis.pages.board import language
from kpis.queries.best_market import BestMarket
from kpis.ranking import Standing
from tenants.access import Access


def best_answer(asked: BestAsk, found: BestMarket | None) -> dict[str, Any]:
    """The ranking with its reasons, or the reason why there is none."""
    head = {"kpi": asked.kpi.key, "period": asked.bar.period.text, "unit": asked.kpi.unit.value}
    if found is None:
        return {
            **head, "currency": None, "reason": "not_ranked", "sentence": not_ranked(asked.kpi), "method": "",
            "adjusted_for": [], "topple": None, "markets": [], "left_out": [],
        }  # fmt: skip
    ranking = found.ranking
    topple = None if found.limited or ranking.topple is None else ranking.topple
    return {
        **head,
        "currency": found.board.ask.currency,
        "reason": None,
        "sentence": "",
        "method": ranking.method,
        "adjusted_for": [ranking.by] if ranking.by else [],
        "topple": topple
        and {"market": topple.market, "channel": topple.segment, "share": topple.share, "needed": topple.needed},
        "markets": [_standing(found, one) for one in ranking.standings],
        "left_out": list(ranking.left_out),
    }


def _standing(found: BestMarket, one: Standing) -> dict[str, Any]:
    place, stake = found.places.get(one.market), found.stakes[one.market]
    answer = {
        "market": one.market,
        "as_measured": one.raw,
        "low": one.low,
        "high": one.high,
        "measured_on": one.weight,
        "worth_to_target": stake.to_target,
        "worth_to_median": stake.to_median,
        "worth_to_best": stake.to_best,
        "place": {"rank": place.rank, "of": place.of} if place else None,
    }
    if found.limited:
        return answer
    return {
        **answer,
        "at_the_same_mix": one.adjusted,
        "fair": one.fair,
        "chance": one.chance,
        "kept": one.kept,
        "rank_as_measured": one.rank_raw,
        "rank_fair": one.rank_fair,
    }


def best_rows(access: Access, asked: BestAsk, found: BestMarket | None) -> list[list[object]]:
    """A head and one row a market, with raw numbers: a percent as a rate from 0 to 1, money in the named currency."""
    if found is None:
        return [[_("KPI"), _("Note")], [str(asked.kpi.name), not_ranked(asked.kpi)]]
    spoken = language()
    named = {m.code: m.name_ko if spoken == "ko" else m.name_en for m in access.markets}
    unit = currency_of(found, asked.kpi) or asked.kpi.unit.value
    head: list[object] = [
        _("Market"),
        _("Market code"),
        _("As measured"),
        _("Low"),
        _("High"),
        _("Measured on"),
        _("Unit"),
    ]
    if found.limited:
        head.append(_("Place"))
    else:
        head += [_("Rank as measured"), _("Fair rank"), _("At the same mix"), _("Fair value"), _("Chance to be best")]
    head += [_("Worth to target"), _("Worth to the median"), _("Worth to the best"), _("Currency")]
    rows = [head]
    for one in found.ranking.standings:
        place, stake = found.places.get(one.market), found.stakes[one.market]
        row: list[object] = [named[one.market], one.market, one.raw, one.low, one.high, one.weight, unit]
        if found.limited:
            row.append(f"{place.rank}/{place.of}" if place else None)
        else:
            row += [one.rank_raw, one.rank_fair, one.adjusted, one.fair, one.chance]
        rows.append([*row, stake.to_target, stake.to_median, stake.to_best, found.board.ask.currency])
    return rows
