"""What closing a gap is worth: along the revenue chain, or as spend that is saved."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.catalogue.conditions import term_of
from kpis.catalogue.formula import Expression, as_expression
from kpis.catalogue.kinds import Better, Kpi
from kpis.catalogue.measures import measure as measure_of

# What follows from what: a rate from an earlier step to a later one moves the last.
CHAINS: dict[str, tuple[str, ...]] = {
    "revenue": ("sessions", "view_item_sessions", "cart_sessions", "checkout_sessions", "purchase_sessions", "orders",
                "revenue"),
    "ad_value": ("impressions", "clicks", "paid_sessions", "ad_conversions", "ad_value"),
}  # fmt: skip
SPENT = frozenset({"cost", "refunds"})

# What a KPI moves, with everything after it in the chain as it is: revenue, revenue of ads, or spend.
STAKES: dict[str, str] = {
    **dict.fromkeys(
        ("revenue", "orders", "sessions", "cvr", "aov", "revenue_per_session", "product_view_rate", "add_to_cart_rate",
         "checkout_rate", "checkout_completion", "cart_abandonment"),
        "revenue",
    ),
    **dict.fromkeys(("clicks", "ctr", "click_to_session", "roas"), "ad_value"),
    **dict.fromkeys(("cpm", "cpv", "cpc", "cost_per_session", "cpi", "cpa", "cpl"), "cost"),
}  # fmt: skip


def gain(key: str, own: float, goal: float, moved: float) -> float | None:
    """What reaching `goal` is worth, 0 where it is reached already; None where it can't be said.

    `moved` is the market's revenue, revenue of ads or spend of the period (see `STAKES`). A rate of the chain at
    `goal` brings revenue × (goal ÷ own − 1), which is Δ rate × volume × value; a cost per unit at `goal` saves
    spend × (1 − goal ÷ own) at the same volume.

    *Units*: as `moved`, for the period.
    """
    if key not in STAKES:
        return None
    if key == "cart_abandonment":
        own, goal = 1 - own, 1 - goal
    if own <= 0 or goal < 0:
        return None
    share = 1 - goal / own if STAKES[key] == "cost" else goal / own - 1
    return max(share, 0.0) * moved


def stake_kind(kpi: Kpi) -> str:
    """What a KPI moves: revenue, ad_value or cost (see `STAKES`); empty where nobody can say.

    Of an own KPI it follows from the formula: "brought" or "saved" where the numerator itself is money that the good
    side has more or less of, else the chain along which it is a rate.
    """
    if not kpi.is_own:
        return STAKES.get(kpi.key, "")
    form = as_expression(kpi.formula)
    if form is None or kpi.better not in (Better.HIGHER, Better.LOWER):
        return ""
    if all(measure_of(key).money for key in form.above.keys):
        return _of_money(kpi, form)
    if form.below is None or len(form.sums) != len(form.above.terms) + len(form.below.terms) or len(form.sums) != 2:
        return ""
    above, below = form.sums
    for kind, chain in CHAINS.items():
        if above in chain and below in chain and chain.index(below) < chain.index(above):
            return kind if (form.scale > 0) == (kpi.better is Better.HIGHER) else ""
    return ""


def _of_money(kpi: Kpi, form: Expression) -> str:
    """Every term has to be on the same side of the purse, and that has to be the KPI's good side."""
    spends = [(factor * form.scale < 0) != (term_of(key).base in SPENT) for factor, key in form.above.terms]
    if kpi.better is Better.HIGHER:
        return "" if any(spends) else "brought"
    return "saved" if all(spends) else ""


def worth(kpi: Kpi, own: float, goal: float, moved: float) -> float | None:
    """What reaching `goal` is worth, 0 where it is reached already; None where it can't be said.

    `moved` as of `gain`; where an own KPI is money itself, the money that one of its unit makes (see `unit_worth`).

    *Units*: as `moved`, for the period.
    """
    kind, form = stake_kind(kpi), as_expression(kpi.formula)
    if not kpi.is_own or form is None:
        return gain(kpi.key, own, goal, moved)
    if kind in ("brought", "saved"):
        return max(goal - own if kind == "brought" else own - goal, 0.0) * moved
    rate, aim = ((number - form.offset) / form.scale for number in (own, goal))
    return max(aim / rate - 1, 0.0) * moved if kind and rate > 0 and aim >= 0 else None


def unit_worth(form: Expression, amounts: Mapping[str, float]) -> float | None:
    """How much money one unit more of a formula is, at the same denominator; None where it wasn't measured."""
    if form.below is None:
        return 1.0
    below = form.below.of(amounts)
    return None if below is None else abs(below / form.scale)
