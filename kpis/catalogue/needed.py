"""KPIs that are defined and can't be measured yet: each names what it needs, and no cell of it shows a number."""

from __future__ import annotations

from kpis.catalogue.formula import Needed
from kpis.catalogue.kinds import Better, Kpi, Rollup, Stage, Unit, Words

KPIS = (
    Kpi(
        2,
        "reach",
        Stage.EXPOSURE,
        Words("도달 사용자", "Reach"),
        Unit.PEOPLE,
        Better.HIGHER,
        Rollup.NON_ADDITIVE,
        Needed(("reach",), "광고를 한 번 이상 본 서로 다른 사람", "distinct people shown at least one ad"),
        shows=Words(
            "광고를 한 번 이상 본 사람 수예요.",
            "Distinct people who were shown an ad.",
        ),
        reads=Words(
            "노출수는 느는데 그대로라면 같은 사람에게만 보이고 있어요.",
            "If impressions grow and reach does not, the same people see more ads.",
        ),
        acts=Words(
            "타겟을 넓히거나 빈도 상한을 걸어 보세요.",
            "Widen the targeting, or cap the frequency.",
        ),
    ),
    Kpi(
        3,
        "frequency",
        Stage.EXPOSURE,
        Words("노출 빈도", "Frequency"),
        Unit.RATIO,
        Better.TARGET,
        Rollup.NON_ADDITIVE,
        Needed(("reach_impressions", "reach"), "노출수 ÷ 도달 사용자", "impressions ÷ reach"),
        shows=Words(
            "한 사람이 광고를 평균 몇 번 봤는지예요.",
            "How often a person saw an ad on average.",
        ),
        reads=Words(
            "너무 낮으면 기억에 남지 않고, 너무 높으면 지겨워져요.",
            "Too low is forgotten, too high tires people.",
        ),
        acts=Words(
            "목표에서 벗어난 캠페인의 빈도 상한부터 조정하세요.",
            "Adjust the frequency cap of campaigns that are off.",
        ),
    ),
    Kpi(
        13,
        "social_engagement_rate",
        Stage.EXPOSURE,
        Words("소셜 참여율", "Social engagement rate"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.NON_ADDITIVE,
        Needed(
            ("social_engagements", "social_reach"),
            "(좋아요 + 댓글 + 공유 + 저장) ÷ 게시물 도달",
            "(likes + comments + shares + saves) ÷ reach of posts",
        ),
        shows=Words(
            "게시물을 본 사람 중 반응한 비율이에요.",
            "Of people reached by posts, how many reactions came.",
        ),
        reads=Words(
            "팔로워가 많을수록 낮아지기 쉬워요. 비슷한 크기의 계정끼리 비교하세요.",
            "Large accounts score lower; compare accounts of similar size.",
        ),
        acts=Words(
            "저장과 공유가 많은 게시물의 형식을 늘리세요.",
            "Make more of what is saved and shared.",
        ),
    ),
    Kpi(
        46,
        "lead_to_opportunity",
        Stage.CONVERSION,
        Words("리드→기회 전환율", "Lead-to-opportunity rate"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.RATIO,
        Needed(
            ("opportunities", "crm_leads"),
            "영업 기회 ÷ 리드 (리드가 생긴 달 기준)",
            "opportunities ÷ leads (by month of the lead)",
        ),
        shows=Words(
            "리드 중 영업 기회가 된 비율이에요.",
            "The share of leads that became opportunities.",
        ),
        reads=Words(
            "최근 달은 아직 기회가 될 시간이 남아 있어 낮게 보여요.",
            "Recent months look low because their leads still have time.",
        ),
        acts=Words(
            "낮은 채널의 리드 기준과 응대 속도를 점검하세요.",
            "Check lead criteria and speed of response where it is low.",
        ),
    ),
    Kpi(
        52,
        "retention_d30",
        Stage.LOYALTY,
        Words("잔존율 (D30)", "Retention D30"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.COHORT,
        Needed(
            ("returned_day_30", "cohort_people"),
            "30일째 다시 온 사람 ÷ 30일 전에 처음 온 사람",
            "people who returned on day 30 ÷ people who first came 30 days before",
        ),
        shows=Words(
            "처음 온 사람이 30일째에 다시 온 비율이에요.",
            "Of people who first came, those who returned on day 30.",
        ),
        reads=Words(
            "30일이 지나야 알 수 있어서 늦게 움직여요.",
            "It is known 30 days later, so it moves late.",
        ),
        acts=Words(
            "첫 주에 다시 올 이유를 만들어 주세요.",
            "Give a reason to return in the first week.",
        ),
    ),
    Kpi(
        53,
        "churn_rate",
        Stage.LOYALTY,
        Words("이탈 고객 비율", "Churn rate"),
        Unit.PERCENT,
        Better.LOWER,
        Rollup.COHORT,
        Needed(
            ("silent_customers", "active_customers"),
            "평소 간격을 넘겨 조용한 고객 ÷ 기간 초의 활동 고객",
            "customers silent beyond their usual gap ÷ customers active at the start",
        ),
        shows=Words(
            "활동하던 고객 중 조용해진 고객의 비율이에요.",
            "Of active customers, those who have fallen silent.",
        ),
        reads=Words(
            "구매 주기가 긴 상품은 기준도 길게 잡아야 해요.",
            "Products that last long need a longer limit.",
        ),
        acts=Words(
            "조용해지기 직전의 고객에게 먼저 연락하세요.",
            "Write to customers before they fall silent.",
        ),
    ),
    Kpi(
        54,
        "ltv",
        Stage.LOYALTY,
        Words("고객 생애 가치", "LTV (predicted, 365 days)"),
        Unit.MONEY,
        Better.HIGHER,
        Rollup.COHORT,
        Needed(
            ("predicted_value",),
            "다시 살 확률 × 예상 주문수 × 예상 객단가",
            "probability of return × expected orders × expected order value",
        ),
        shows=Words(
            "고객 한 명이 앞으로 365일 동안 가져올 매출의 예측이에요.",
            "What a customer is predicted to bring in the next 365 days.",
        ),
        reads=Words(
            "예측이라 오차 범위와 함께 보세요.",
            "It is a prediction: read it with its error.",
        ),
        acts=Words(
            "가치가 높은 고객이 온 채널의 예산을 늘려 보세요.",
            "Move budget to the channels that bring valuable customers.",
        ),
    ),
    Kpi(
        55,
        "ltv_to_cac",
        Stage.LOYALTY,
        Words("LTV:CAC", "LTV to CAC"),
        Unit.RATIO,
        Better.HIGHER,
        Rollup.RATIO,
        Needed(
            ("predicted_value", "acquisition_cost"),
            "고객 생애 가치 ÷ (광고비 ÷ 신규 고객)",
            "LTV ÷ (ad spend ÷ new customers)",
        ),
        shows=Words(
            "고객을 데려오는 데 쓴 돈의 몇 배를 돌려받는지예요.",
            "How many times what a customer cost comes back.",
        ),
        reads=Words(
            "보통 3배를 넘으면 건강하다고 봐요.",
            "Above three is usually held to be healthy.",
        ),
        acts=Words(
            "낮다면 비싼 채널을 줄이거나 두 번째 구매를 늘리세요.",
            "If low, cut dear channels or win the second order.",
        ),
    ),
    Kpi(
        58,
        "reachable_rate",
        Stage.LOYALTY,
        Words("수신 동의 도달률", "Reachable customer rate"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.COHORT,
        Needed(
            ("reachable_customers", "known_customers"),
            "동의한 연락처가 있는 고객 ÷ 고객",
            "customers with a consented, valid channel ÷ customers",
        ),
        shows=Words(
            "메시지를 보내도 되는 고객의 비율이에요.",
            "The share of customers who may be written to.",
        ),
        reads=Words(
            "낮으면 다시 오게 할 방법이 광고뿐이에요.",
            "If low, only ads can bring people back.",
        ),
        acts=Words(
            "가입과 결제 단계에서 동의의 이점을 알려 주세요.",
            "Say at sign-up and checkout what consent is good for.",
        ),
    ),
    Kpi(
        59,
        "unsubscribe_rate",
        Stage.LOYALTY,
        Words("수신거부율", "Unsubscribe rate"),
        Unit.PERCENT,
        Better.LOWER,
        Rollup.RATIO,
        Needed(("opt_outs", "delivered"), "수신거부 ÷ 전달된 메시지", "opt-outs ÷ delivered messages"),
        shows=Words(
            "받은 메시지 중 수신거부로 이어진 비율이에요.",
            "The share of delivered messages that made somebody opt out.",
        ),
        reads=Words(
            "한 번에 많이 보내면 튀어요. 보낸 날과 같이 보세요.",
            "It jumps with large sends; read it beside the days of sending.",
        ),
        acts=Words(
            "거부가 많은 세그먼트의 빈도를 줄이세요.",
            "Write less often to the segments that opt out.",
        ),
    ),
    Kpi(
        60,
        "nps",
        Stage.LOYALTY,
        Words("순추천지수", "NPS"),
        Unit.POINTS,
        Better.HIGHER,
        Rollup.RATIO,
        Needed(
            ("promoters", "detractors", "survey_answers"),
            "(추천 고객 − 비추천 고객) ÷ 응답 × 100",
            "(promoters − detractors) ÷ answers × 100",
        ),
        shows=Words(
            "추천하겠다는 고객에서 추천하지 않겠다는 고객을 뺀 점수예요.",
            "Promoters minus detractors, in points.",
        ),
        reads=Words(
            "나라마다 점수를 주는 습관이 달라요. 시장끼리보다 지난번과 비교하세요.",
            "People score differently by country; compare with the last time rather than between markets.",
        ),
        acts=Words(
            "비추천 고객이 적은 이유부터 고치세요.",
            "Mend what detractors write about first.",
        ),
        computed_note=Words(
            "시장을 합칠 때는 응답 수로 가중해요.",
            "Markets are weighted by their number of answers.",
        ),
    ),
)
