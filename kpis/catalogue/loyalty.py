"""Loyalty: who comes back, and how much hangs on a few."""

from __future__ import annotations

from kpis.catalogue.formula import PeriodRatio, PeriodValue
from kpis.catalogue.kinds import Better, Kpi, Rollup, Stage, Unit, Words

KPIS = (
    Kpi(
        49,
        "repeat_rate",
        Stage.LOYALTY,
        Words("재구매율", "Repeat purchase rate"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.COHORT,
        PeriodRatio("repeat_customers_12m", "customers_12m"),
        shows=Words(
            "최근 12개월에 산 고객 중 두 번 넘게 산 비율이에요.",
            "Of customers of the last 12 months, those with two orders or more.",
        ),
        reads=Words(
            "천천히 움직이는 값이라 한 달의 변화보다 반년의 방향을 보세요.",
            "It moves slowly: look at the direction over half a year.",
        ),
        acts=Words(
            "첫 구매 뒤 30일 안에 다음에 살 이유를 알려 주세요.",
            "Within 30 days of the first order, give a reason for the second.",
        ),
        computed_note=Words(
            "기간의 마지막 날에서 12개월을 거슬러 세요.", "Counted over the 12 months that end with the period."
        ),
    ),
    Kpi(
        50,
        "second_purchase_rate",
        Stage.LOYALTY,
        Words("첫→두번째 구매 전환율", "First-to-second purchase rate"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.COHORT,
        PeriodRatio("second_buyers_90d", "first_buyers_mature"),
        shows=Words(
            "처음 산 고객이 90일 안에 다시 산 비율이에요.", "First-time buyers who ordered again within 90 days."
        ),
        reads=Words(
            "첫 구매 뒤 90일이 지난 고객만 세요. 그래서 최근에 시작한 고객은 들어 있지 않아요.",
            "Only buyers whose 90 days have passed are counted, so recent ones aren't in it.",
        ),
        acts=Words(
            "낮은 시장은 두 번째 구매 쿠폰과 사용법 안내를 시험하세요.",
            "Where low, test a second-order offer and help with using the product.",
        ),
    ),
    Kpi(
        51,
        "purchase_gap",
        Stage.LOYALTY,
        Words("구매 주기", "Median days between orders"),
        Unit.DAYS,
        Better.LOWER,
        Rollup.NON_ADDITIVE,
        PeriodValue("median_gap_days"),
        shows=Words(
            "같은 고객이 다시 사기까지 걸린 날수의 중앙값이에요.", "The median gap between two orders of a customer."
        ),
        reads=Words(
            "상품을 다 쓰는 기간과 비교하세요. 쌓아 두고 사는 행사가 있으면 길어져요.",
            "Compare it with how long the product lasts; stocking-up offers lengthen it.",
        ),
        acts=Words("주기가 지난 고객에게 알림을 보내 보세요.", "Remind customers whose usual gap has passed."),
        computed_note=Words(
            "중앙값이라 시장끼리 더하거나 평균 낼 수 없어요.", "A median can't be added up or averaged over markets."
        ),
    ),
    Kpi(
        56,
        "top5_share",
        Stage.LOYALTY,
        Words("상위 5% 매출 비중", "Top-5 % revenue share"),
        Unit.PERCENT,
        Better.WATCH,
        Rollup.NON_ADDITIVE,
        PeriodValue("top5_revenue_share"),
        shows=Words(
            "매출이 큰 고객 5 %가 차지하는 매출 비중이에요.",
            "The share of revenue that the top 5 % of customers bring.",
        ),
        reads=Words(
            "높으면 소수에게 기대고 있다는 뜻이에요. 좋고 나쁨보다 변화를 보세요.",
            "A high share leans on few people; watch the change rather than the level.",
        ),
        acts=Words(
            "갑자기 오르면 도매나 되팔이 주문이 섞였는지 확인하세요.",
            "If it jumps, check for wholesale or resale orders.",
        ),
    ),
    Kpi(
        57,
        "promo_only_share",
        Stage.LOYALTY,
        Words("프로모션 의존 고객 비중", "Promo-only buyer share"),
        Unit.PERCENT,
        Better.LOWER,
        Rollup.COHORT,
        PeriodRatio("promo_only_buyers", "buyers"),
        shows=Words("할인된 주문만 한 고객의 비율이에요.", "Buyers whose every order was discounted."),
        reads=Words("높을수록 정가로 사는 고객이 적다는 뜻이에요.", "The higher, the fewer people buy at full price."),
        acts=Words(
            "이 고객에게는 할인 대신 신상품이나 구성 혜택을 보내 보세요.",
            "Send these people novelties or bundles in place of discounts.",
        ),
    ),
)
