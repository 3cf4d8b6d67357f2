"""Recommended sets: which KPIs a kind of business begins with. Only KPIs that can be measured stand in one."""

from __future__ import annotations

from dataclasses import dataclass

from kpis.catalogue import CATALOGUE, DEFAULT_BOARD
from kpis.catalogue.kinds import Words


@dataclass(frozen=True, slots=True)
class RecommendedSet:
    """`keys` are switched on, all others of the catalogue off; `board` is what the board then begins with."""

    name: str
    title: Words
    about: Words
    keys: tuple[str, ...]
    board: tuple[str, ...]


_MEASURABLE = tuple(kpi.key for kpi in CATALOGUE if kpi.is_measurable)
_APP = {"installs", "cpi"}
_LEADS = {"leads", "cpl"}
_SHOP = {
    "product_view_rate", "add_to_cart_rate", "checkout_rate", "checkout_completion", "cart_abandonment", "orders",
    "cvr", "revenue", "aov", "revenue_per_session", "refund_rate", "promo_share", "repeat_rate",
    "second_purchase_rate", "purchase_gap", "top5_share", "promo_only_share",
}  # fmt: skip


def _without(left_out: set[str]) -> tuple[str, ...]:
    return tuple(key for key in _MEASURABLE if key not in left_out)


SETS: dict[str, RecommendedSet] = {
    one.name: one
    for one in (
        RecommendedSet(
            "commerce",
            Words("커머스", "Commerce"),
            Words("광고에서 주문, 재구매까지", "From ads to orders and repeat purchase"),
            _without(_APP | _LEADS),
            DEFAULT_BOARD,
        ),
        RecommendedSet(
            "leads",
            Words("리드 확보", "Lead generation"),
            Words("광고에서 상담과 가입까지", "From ads to enquiries and sign-ups"),
            _without(_APP | _SHOP),
            ("impressions", "ad_spend", "cpm", "ctr", "cpc", "sessions", "cost_per_session", "new_users",
             "engagement_rate", "scroll_rate", "sign_up_rate", "leads", "cpl", "cpa"),
        ),
        RecommendedSet(
            "app",
            Words("앱", "App"),
            Words("설치에서 재방문과 구매까지", "From installs to return visits and orders"),
            _without(_LEADS | {"scroll_rate"}),
            ("impressions", "ad_spend", "ctr", "installs", "cpi", "active_users", "new_users", "engagement_rate",
             "engagement_time", "stickiness", "sign_up_rate", "orders", "cvr", "revenue", "roas", "repeat_rate"),
        ),
    )
}  # fmt: skip
