"""What closing a gap is worth: along the revenue chain, or as spend that is saved."""

from __future__ import annotations

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
