"""Acquisition: who comes, from where, at what price."""

from __future__ import annotations

from kpis.catalogue.formula import PeriodValue, Ratio, Sum
from kpis.catalogue.kinds import Better, Kpi, Rollup, Stage, Unit, Words

KPIS = (
    Kpi(
        14,
        "clicks",
        Stage.ACQUISITION,
        Words("클릭수", "Clicks"),
        Unit.COUNT,
        Better.HIGHER,
        Rollup.ADDITIVE,
        Sum("clicks"),
        shows=Words("광고를 누른 횟수예요.", "How often ads were clicked."),
        reads=Words(
            "노출수와 클릭률 중 무엇이 움직였는지 나눠서 보세요.",
            "Ask which of the two moved: impressions or CTR.",
        ),
        acts=Words(
            "줄었다면 클릭률이 떨어진 캠페인의 소재부터 바꾸세요.",
            "If it falls, refresh the creatives of the campaigns whose CTR fell.",
        ),
    ),
    Kpi(
        15,
        "ctr",
        Stage.ACQUISITION,
        Words("클릭률", "CTR"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.RATIO,
        Ratio("clicks", "impressions"),
        shows=Words("광고를 본 횟수 중 누른 비율이에요.", "The share of impressions that were clicked."),
        reads=Words(
            "매체 구성이 바뀌면 같이 움직여요. 매체별로 나눠 보세요.",
            "It moves with the mix of channels; look at it by channel.",
        ),
        acts=Words(
            "가장 높은 시장의 소재와 문구를 가져와 시험해 보세요.",
            "Test the creative and the copy of the market that leads.",
        ),
    ),
    Kpi(
        16,
        "cpc",
        Stage.ACQUISITION,
        Words("클릭당 비용", "CPC"),
        Unit.MONEY,
        Better.LOWER,
        Rollup.RATIO,
        Ratio("cost", "clicks"),
        shows=Words("클릭 한 번에 든 비용이에요.", "What one click cost."),
        reads=Words(
            "싸도 구매로 이어지지 않으면 소용없어요. 전환당 비용과 같이 보세요.",
            "Cheap clicks that don't buy are not cheap; read it with CPA.",
        ),
        acts=Words(
            "비싸지면 경쟁이 심한 검색어의 입찰가를 낮추고 세부 검색어를 늘리세요.",
            "If it rises, lower bids on contested terms and add longer ones.",
        ),
    ),
    Kpi(
        17,
        "organic_ctr",
        Stage.ACQUISITION,
        Words("자연검색 클릭률", "Organic CTR"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.RATIO,
        Ratio("organic_clicks", "organic_impressions"),
        shows=Words(
            "검색 결과에서 우리 페이지를 누른 비율이에요.", "The share of search impressions that were clicked."
        ),
        reads=Words(
            "순위가 비슷한데 낮다면 제목과 설명이 약한 거예요.",
            "Low at a similar position means weak titles and descriptions.",
        ),
        acts=Words(
            "노출이 많고 클릭률이 낮은 페이지의 제목부터 고치세요.",
            "Rewrite the titles of pages with many impressions and few clicks.",
        ),
    ),
    Kpi(
        18,
        "sessions",
        Stage.ACQUISITION,
        Words("세션", "Sessions"),
        Unit.COUNT,
        Better.HIGHER,
        Rollup.ADDITIVE,
        Sum("sessions"),
        shows=Words("사이트와 앱을 찾아온 방문 횟수예요.", "Visits to the site and the app."),
        reads=Words(
            "늘어도 참여율이 떨어지면 질이 낮은 유입이에요.",
            "More sessions with a falling engagement rate is traffic of poor quality.",
        ),
        acts=Words(
            "목표에 못 미치면 채널별로 나눠 가장 크게 줄어든 채널부터 보세요.",
            "Below target, split by channel and start with the one that fell most.",
        ),
        computed_note=Words(
            "자정을 넘긴 방문은 시작한 날에 세요.", "A session that passes midnight counts on the day it began."
        ),
    ),
    Kpi(
        19,
        "active_users",
        Stage.ACQUISITION,
        Words("활성 사용자", "Active users"),
        Unit.PEOPLE,
        Better.HIGHER,
        Rollup.NON_ADDITIVE,
        PeriodValue("active_users"),
        shows=Words("기간 안에 찾아와 머문 사람 수예요.", "Distinct people who came and engaged in the period."),
        reads=Words(
            "한 사람은 기간 안에서 한 번만 세요. 그래서 날짜별 값을 더하면 안 돼요.",
            "A person counts once in the period, so days don't add up to it.",
        ),
        acts=Words(
            "세션은 느는데 사람이 그대로라면 신규 유입 채널을 넓히세요.",
            "If sessions grow and people don't, widen the channels that bring new ones.",
        ),
    ),
    Kpi(
        20,
        "new_users",
        Stage.ACQUISITION,
        Words("신규 사용자", "New users"),
        Unit.PEOPLE,
        Better.HIGHER,
        Rollup.ADDITIVE,
        Sum("new_users"),
        shows=Words("처음 찾아온 사람 수예요.", "People who came for the first time."),
        reads=Words(
            "한 사람은 처음 온 날에만 세기 때문에 날짜를 더해도 겹치지 않아요.",
            "Each counts only on the first day, so days can be added up.",
        ),
        acts=Words(
            "줄었다면 도달이 큰 매체의 예산과 타겟을 확인하세요.",
            "If it falls, check budget and targeting of the channels with the widest reach.",
        ),
    ),
    Kpi(
        21,
        "click_to_session",
        Stage.ACQUISITION,
        Words("클릭→방문 도달률", "Click-to-session rate"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.RATIO,
        Ratio("paid_sessions", "clicks"),
        shows=Words("광고 클릭이 실제 방문으로 이어진 비율이에요.", "The share of ad clicks that became a session."),
        reads=Words(
            "80 % 아래라면 태그가 빠졌거나 페이지가 느린 경우가 많아요. 100 %를 넘으면 출처가 잘못 붙고 있어요.",
            "Below 80 % usually means missing tags or slow pages; above 100 %, wrong attribution of the source.",
        ),
        acts=Words("도착 페이지의 태그와 속도를 먼저 점검하세요.", "Check tags and speed of the landing pages first."),
    ),
    Kpi(
        22,
        "cost_per_session",
        Stage.ACQUISITION,
        Words("방문당 비용", "Cost per session"),
        Unit.MONEY,
        Better.LOWER,
        Rollup.RATIO,
        Ratio("cost", "paid_sessions"),
        shows=Words("광고로 온 방문 한 번에 든 비용이에요.", "What one paid session cost."),
        reads=Words(
            "클릭당 비용은 그대로인데 오르면 도달률이 떨어진 거예요.",
            "If it rises while CPC holds, fewer clicks arrive.",
        ),
        acts=Words("도착 페이지가 느린 캠페인부터 고치세요.", "Mend the campaigns with slow landing pages first."),
    ),
    Kpi(
        23,
        "installs",
        Stage.ACQUISITION,
        Words("앱 설치수", "Installs"),
        Unit.COUNT,
        Better.HIGHER,
        Rollup.ADDITIVE,
        Sum("installs"),
        shows=Words("앱을 설치하고 처음 연 횟수예요.", "Apps installed and opened for the first time."),
        reads=Words(
            "설치만으로는 부족해요. 첫 구매까지 이어지는지 같이 보세요.",
            "Installs alone are not enough; see whether they lead to a first order.",
        ),
        acts=Words("설치당 비용이 낮은 매체로 예산을 옮겨 보세요.", "Move budget to the channels with the lowest CPI."),
    ),
    Kpi(
        24,
        "cpi",
        Stage.ACQUISITION,
        Words("설치당 비용", "CPI"),
        Unit.MONEY,
        Better.LOWER,
        Rollup.RATIO,
        Ratio("cost", "installs"),
        shows=Words("앱 설치 한 번에 든 비용이에요.", "What one install cost."),
        reads=Words(
            "모든 광고비로 나눈 값이라 앱 광고 비중이 낮은 시장에서는 높게 나와요.",
            "All ad spend is in it, so markets with little app advertising look dear.",
        ),
        acts=Words(
            "앱 캠페인만 골라 다시 보고, 비싼 매체의 소재를 바꾸세요.",
            "Look at the app campaigns alone and refresh the creatives of the dear channels.",
        ),
    ),
)
