"""Conversion: who buys, how much, and what it costs to get there."""

from __future__ import annotations

from kpis.catalogue.formula import PeriodRatio, Ratio, Sum
from kpis.catalogue.kinds import Better, Kpi, Rollup, Stage, Unit, Words

KPIS = (
    Kpi(
        34,
        "checkout_rate",
        Stage.CONVERSION,
        Words("결제 시작률", "Begin-checkout rate"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.NON_ADDITIVE,
        PeriodRatio("checkout_users", "cart_users"),
        shows=Words(
            "장바구니에 담은 사람 중 결제를 시작한 비율이에요.",
            "Of people who added to cart, those who began checkout.",
        ),
        reads=Words(
            "낮으면 장바구니에서 배송비나 합계를 보고 멈춘 거예요.",
            "A low rate: people stop at the cart, often at shipping or the sum.",
        ),
        acts=Words(
            "배송비를 미리 알리고 결제 단추를 눈에 띄게 하세요.", "Tell shipping early and make the button plain."
        ),
    ),
    Kpi(
        35,
        "checkout_completion",
        Stage.CONVERSION,
        Words("결제 완료율", "Checkout completion rate"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.RATIO,
        Ratio("purchases", "checkout_sessions"),
        shows=Words(
            "결제를 시작한 방문이 구매로 끝난 비율이에요.", "Purchases as a share of sessions that began checkout."
        ),
        reads=Words(
            "결제 오류와 복잡한 절차가 바로 드러나는 값이에요.", "Payment errors and long forms show here at once."
        ),
        acts=Words(
            "갑자기 떨어지면 결제 수단별 오류부터 확인하세요.",
            "If it drops suddenly, check errors by payment method first.",
        ),
    ),
    Kpi(
        36,
        "cart_abandonment",
        Stage.CONVERSION,
        Words("장바구니 이탈률", "Cart abandonment"),
        Unit.PERCENT,
        Better.LOWER,
        Rollup.RATIO,
        Ratio("purchase_sessions", "cart_sessions", complement=True),
        shows=Words(
            "장바구니에 담고 사지 않은 방문의 비율이에요.", "Sessions with a cart that ended without a purchase."
        ),
        reads=Words(
            "70 % 안팎이 흔해요. 절대값보다 시장 사이의 차이를 보세요.",
            "Around 70 % is common; look at the difference between markets.",
        ),
        acts=Words(
            "높은 시장은 장바구니 알림과 간편 결제를 먼저 시험하세요.",
            "Where high, test cart reminders and one-step payment.",
        ),
    ),
    Kpi(
        37,
        "orders",
        Stage.CONVERSION,
        Words("주문수", "Orders"),
        Unit.COUNT,
        Better.HIGHER,
        Rollup.ADDITIVE,
        Sum("orders"),
        shows=Words("들어온 주문 수예요.", "Orders received."),
        reads=Words(
            "세션과 구매 전환율 중 무엇이 움직였는지 나눠 보세요.", "Ask which moved: sessions or the conversion rate."
        ),
        acts=Words(
            "목표에 못 미치면 전환율이 가장 낮은 단계부터 고치세요.",
            "Below target, mend the weakest step of the funnel first.",
        ),
    ),
    Kpi(
        38,
        "cvr",
        Stage.CONVERSION,
        Words("구매 전환율", "Conversion rate (CVR)"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.RATIO,
        Ratio("orders", "sessions"),
        shows=Words("방문이 주문으로 이어진 비율이에요.", "The share of sessions that became an order."),
        reads=Words(
            "주문은 판매 데이터, 세션은 행동 데이터에서 와요. 한쪽이 빠진 달은 계산하지 않아요.",
            "Orders come from commerce, sessions from behaviour data; a month that lacks one is left out.",
        ),
        acts=Words(
            "앞선 시장의 상품 상세와 결제 과정을 비교해 가장 큰 차이부터 따라 하세요.",
            "Compare product pages and checkout with the market that leads and copy the biggest difference.",
        ),
    ),
    Kpi(
        39,
        "revenue",
        Stage.CONVERSION,
        Words("매출", "Revenue (net)"),
        Unit.MONEY,
        Better.HIGHER,
        Rollup.ADDITIVE,
        Sum("revenue"),
        shows=Words("세금, 배송비, 환불을 뺀 매출이에요.", "Revenue after tax, shipping and refunds."),
        reads=Words(
            "주문수와 객단가로 나눠 보면 이유가 보여요. 환율만 움직여도 변할 수 있어요.",
            "Split it into orders and AOV to see why; exchange rates alone can move it.",
        ),
        acts=Words(
            "목표와 차이가 가장 큰 시장의 전환 단계부터 살펴보세요.",
            "Start with the conversion stage of the market that is furthest from target.",
        ),
        computed_note=Words("주문 금액에서 세금, 배송비, 환불을 빼요.", "Order value minus tax, shipping and refunds."),
    ),
    Kpi(
        40,
        "aov",
        Stage.CONVERSION,
        Words("객단가", "AOV"),
        Unit.MONEY,
        Better.HIGHER,
        Rollup.RATIO,
        Ratio("revenue", "orders"),
        shows=Words("주문 한 건의 평균 매출이에요.", "Average revenue of an order."),
        reads=Words(
            "할인 행사가 있으면 내려가요. 프로모션 매출 비중과 같이 보세요.", "Promotions lower it; see promo share."
        ),
        acts=Words(
            "묶음 구성과 무료 배송 기준 금액을 시험해 보세요.", "Test bundles and the threshold of free shipping."
        ),
    ),
    Kpi(
        41,
        "revenue_per_session",
        Stage.CONVERSION,
        Words("방문당 매출", "Revenue per session"),
        Unit.MONEY,
        Better.HIGHER,
        Rollup.RATIO,
        Ratio("revenue", "sessions"),
        shows=Words("방문 한 번이 벌어 준 매출이에요.", "Revenue that one session brings."),
        reads=Words("방문당 비용보다 높아야 남아요.", "It has to stand above the cost per session to earn."),
        acts=Words(
            "낮은 채널의 예산을 높은 채널로 옮겨 보세요.",
            "Move budget from the channels where it is low to those where it is high.",
        ),
    ),
    Kpi(
        42,
        "cpa",
        Stage.CONVERSION,
        Words("전환당 비용", "CPA"),
        Unit.MONEY,
        Better.LOWER,
        Rollup.RATIO,
        Ratio("cost", "ad_conversions"),
        shows=Words("광고 전환 한 건에 든 비용이에요.", "What one ad conversion cost."),
        reads=Words(
            "전환은 매체가 보고한 수예요. 같은 구매를 두 매체가 각각 셀 수 있어요.",
            "Conversions as the platforms report them; two may count the same purchase.",
        ),
        acts=Words(
            "목표보다 비싼 캠페인의 입찰을 낮추고 잘되는 곳에 더하세요.",
            "Lower bids on campaigns above target and add to those below.",
        ),
    ),
    Kpi(
        43,
        "roas",
        Stage.CONVERSION,
        Words("광고 수익률", "ROAS"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.RATIO,
        Ratio("ad_value", "cost"),
        shows=Words("광고비 대비 광고가 만든 매출의 비율이에요.", "Attributed revenue as a share of ad spend."),
        reads=Words(
            "매체가 보고한 기여 매출이에요. 100 %면 쓴 만큼 벌었다는 뜻이고 마진은 빠져 있어요.",
            "As attributed by the platforms. 100 % earns back the spend, before margin.",
        ),
        acts=Words(
            "낮은 캠페인을 멈추기 전에 신규 고객 비중을 같이 확인하세요.",
            "Before stopping a weak campaign, check its share of new customers.",
        ),
        computed_note=Words("기여 기준은 각 매체의 설정을 따라요.", "Each platform's own attribution model applies."),
    ),
    Kpi(
        44,
        "leads",
        Stage.CONVERSION,
        Words("리드수", "Leads"),
        Unit.COUNT,
        Better.HIGHER,
        Rollup.ADDITIVE,
        Sum("leads"),
        shows=Words("상담이나 견적을 신청한 수예요.", "Enquiries and requests received."),
        reads=Words(
            "수보다 질이 중요해요. 영업으로 이어진 비율을 같이 보세요.",
            "Quality matters more than number; see what sales makes of them.",
        ),
        acts=Words("신청 양식의 항목을 줄여 시험해 보세요.", "Test a shorter form."),
    ),
    Kpi(
        45,
        "cpl",
        Stage.CONVERSION,
        Words("리드당 비용", "CPL"),
        Unit.MONEY,
        Better.LOWER,
        Rollup.RATIO,
        Ratio("cost", "leads"),
        shows=Words("리드 한 건에 든 비용이에요.", "What one lead cost."),
        reads=Words(
            "모든 광고비로 나눈 값이에요. 리드 캠페인만 보려면 캠페인으로 나눠 보세요.",
            "All ad spend is in it; split by campaign to see the lead campaigns alone.",
        ),
        acts=Words(
            "비싼 캠페인의 도착 페이지와 신청 양식을 먼저 고치세요.",
            "Mend landing page and form of the dear campaigns first.",
        ),
    ),
    Kpi(
        47,
        "refund_rate",
        Stage.CONVERSION,
        Words("환불률", "Refund rate"),
        Unit.PERCENT,
        Better.LOWER,
        Rollup.RATIO,
        Ratio("refunds", "gross_revenue"),
        shows=Words("총매출 중 돌려준 금액의 비율이에요.", "The share of gross revenue that was paid back."),
        reads=Words(
            "환불은 주문한 날짜에 반영돼요. 최근 달은 아직 오를 수 있어요.",
            "Refunds count on the day of the order; recent months can still rise.",
        ),
        acts=Words(
            "환불이 많은 상품의 설명, 크기표, 품질을 확인하세요.",
            "Check description, sizes and quality of the products sent back.",
        ),
    ),
    Kpi(
        48,
        "promo_share",
        Stage.CONVERSION,
        Words("프로모션 매출 비중", "Promo revenue share"),
        Unit.PERCENT,
        Better.TARGET,
        Rollup.RATIO,
        Ratio("promo_revenue", "gross_revenue"),
        shows=Words(
            "총매출 중 할인이나 쿠폰이 들어간 주문의 비중이에요.",
            "The share of gross revenue from orders with a discount or coupon.",
        ),
        reads=Words(
            "너무 높으면 정가로 안 팔리고, 너무 낮으면 행사가 약한 거예요.",
            "Too high: full price no longer sells; too low: promotions don't reach.",
        ),
        acts=Words(
            "목표보다 높으면 할인 폭보다 대상을 먼저 좁히세요.",
            "Above target, narrow who gets the discount before its depth.",
        ),
    ),
)
