"""The measures that formulas are made of: their names, where they come from, and which of them are money."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from kpis.catalogue.conditions import term_of
from warehouse.tables import ADDITIVE_MEASURES, PERIOD_MEASURES


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of the warehouse. `origin` is the canonical table that it is counted from.

    `over_time`: it may be added over days. `kept`: some table of the lake gives it today; a measure that isn't kept
    is named so that a KPI can say what it needs.
    """

    key: str
    ko: str
    en: str
    origin: str
    money: bool = False
    over_time: bool = True
    kept: bool = True

    def name(self, language: str) -> str:
        return self.ko if language.startswith("ko") else self.en

    @property
    def kind(self) -> str:
        """What one of it is: money, people or count."""
        return "money" if self.money else "people" if self.key in PEOPLE_MEASURES else "count"


_NAMES: dict[str, tuple[str, str]] = {
    "impressions": ("노출수", "impressions"),
    "clicks": ("클릭수", "clicks"),
    "cost": ("광고비", "ad spend"),
    "views": ("동영상 조회수", "video views"),
    "view_impressions": ("동영상 노출수", "video impressions"),
    "ad_conversions": ("광고 전환수", "ad conversions"),
    "ad_value": ("광고 전환 매출", "attributed revenue"),
    "organic_impressions": ("자연검색 노출수", "organic impressions"),
    "organic_clicks": ("자연검색 클릭수", "organic clicks"),
    "organic_position_sum": ("순위 × 노출수", "position × impressions"),
    "share_impressions": ("검색광고 노출수", "search ad impressions"),
    "eligible_impressions": ("노출 가능 횟수", "eligible impressions"),
    "orders": ("주문수", "orders"),
    "gross_revenue": ("총매출", "gross revenue"),
    "revenue": ("매출", "revenue"),
    "refunds": ("환불액", "refunded value"),
    "promo_revenue": ("프로모션 매출", "promo revenue"),
    "units": ("판매 수량", "units"),
    "sessions": ("세션", "sessions"),
    "paid_sessions": ("광고 유입 세션", "paid sessions"),
    "engaged_sessions": ("참여 세션", "engaged sessions"),
    "page_views": ("페이지 조회수", "page views"),
    "scrolls": ("90 % 스크롤", "90 % scrolls"),
    "view_item_sessions": ("상품 조회 세션", "sessions with a product view"),
    "cart_sessions": ("장바구니 세션", "add-to-cart sessions"),
    "checkout_sessions": ("결제 시작 세션", "begin-checkout sessions"),
    "purchase_sessions": ("구매 세션", "purchase sessions"),
    "purchases": ("구매", "purchases"),
    "new_users": ("신규 사용자", "new users"),
    "sign_ups": ("회원가입", "sign-ups"),
    "installs": ("앱 설치", "installs"),
    "leads": ("리드", "leads"),
    "active_users": ("서로 다른 활성 사용자", "distinct active users"),
    "mean_daily_users": ("일평균 활성 사용자", "mean daily active users"),
    "engagement_seconds": ("참여 시간(초)", "engagement seconds"),
    "view_item_users": ("상품 조회 사용자", "users with a product view"),
    "cart_users": ("장바구니 사용자", "users who added to cart"),
    "checkout_users": ("결제 시작 사용자", "users who began checkout"),
    "customers_12m": ("최근 12개월 구매 고객", "customers of the last 12 months"),
    "repeat_customers_12m": ("2회 이상 구매 고객", "customers with two orders or more"),
    "first_buyers_mature": ("첫 구매 후 90일이 지난 고객", "first-time buyers 90 days on"),
    "second_buyers_90d": ("90일 안에 다시 산 고객", "buyers with a second order within 90 days"),
    "median_gap_days": ("주문 간격의 중앙값", "median gap between orders"),
    "buyers": ("구매 고객", "buyers"),
    "promo_only_buyers": ("할인 주문만 한 고객", "buyers with discounted orders only"),
    "top5_revenue_share": ("상위 5 % 고객의 매출 ÷ 매출", "revenue of the top 5 % of customers ÷ revenue"),
    "new_customers": ("신규 고객", "new customers"),
}

MONEY_MEASURES = frozenset({"cost", "ad_value", "gross_revenue", "revenue", "refunds", "promo_revenue"})

PEOPLE_MEASURES = frozenset({"new_users"})

# Measures that no table of the lake gives yet, by the kind of data that will.
_NEEDED: dict[str, tuple[str, str, str]] = {
    "reach": ("도달 사용자", "people reached", "reach_reports"),
    "reach_impressions": ("도달을 잰 노출수", "impressions with reach", "reach_reports"),
    "social_reach": ("게시물 도달", "reach of posts", "social_posts"),
    "social_engagements": ("좋아요 + 댓글 + 공유 + 저장", "likes + comments + shares + saves", "social_posts"),
    "opportunities": ("영업 기회", "opportunities", "crm"),
    "crm_leads": ("CRM 리드", "CRM leads", "crm"),
    "cohort_people": ("30일 전에 처음 온 사람", "people who first came 30 days before", "person_history"),
    "returned_day_30": ("30일째 다시 온 사람", "people who returned on day 30", "person_history"),
    "active_customers": ("기간 초의 활동 고객", "customers active at the start", "person_history"),
    "silent_customers": ("평소 간격을 넘겨 조용한 고객", "customers silent beyond their usual gap", "person_history"),
    "predicted_value": ("고객당 예측 매출 (365일)", "predicted revenue a customer (365 days)", "prediction"),
    "acquisition_cost": ("신규 고객당 광고비", "ad spend a new customer", "prediction"),
    "reachable_customers": ("동의한 연락처가 있는 고객", "customers with a consented channel", "consents"),
    "known_customers": ("고객", "customers", "consents"),
    "opt_outs": ("수신거부", "opt-outs", "messages"),
    "delivered": ("전달된 메시지", "messages delivered", "messages"),
    "promoters": ("추천 고객 응답", "promoters", "surveys"),
    "detractors": ("비추천 고객 응답", "detractors", "surveys"),
    "survey_answers": ("설문 응답", "survey answers", "surveys"),
}

_FROM_EVENTS = frozenset({
    "active_users", "mean_daily_users", "engagement_seconds", "view_item_users", "cart_users", "checkout_users",
})  # fmt: skip


def _measures() -> dict[str, Measure]:
    found = {
        key: Measure(key, *_NAMES[key], origin=origin, money=key in MONEY_MEASURES)
        for origin, keys in ADDITIVE_MEASURES.items()
        for key in keys
    }
    for key in PERIOD_MEASURES:
        found[key] = Measure(key, *_NAMES[key], origin="events" if key in _FROM_EVENTS else "orders", over_time=False)
    for key, (ko, en, origin) in _NEEDED.items():
        money = key in ("predicted_value", "acquisition_cost")
        found[key] = Measure(key, ko, en, origin, money=money, over_time=False, kept=False)
    return found


MEASURES: dict[str, Measure] = _measures()


@lru_cache(maxsize=4096)
def measure(key: str) -> Measure:
    """The measure of this key; of a filtered one such as `revenue[channel=naver]` its base, named with its filter.

    Errors: KeyError for a key that no formula can have.
    """
    found = MEASURES.get(key)
    if found is not None:
        return found
    term = term_of(key)
    base = MEASURES[term.base]
    return replace(base, key=key, ko=f"{base.ko}{term.shown}", en=f"{base.en}{term.shown}")
