"""Exposure: how often and at what price people get to see us."""

from __future__ import annotations

from kpis.catalogue.formula import Pacing, Ratio, Sum
from kpis.catalogue.kinds import Better, Kpi, Rollup, Stage, Unit, Words

KPIS = (
    Kpi(
        1,
        "impressions",
        Stage.EXPOSURE,
        Words("노출수", "Impressions"),
        Unit.COUNT,
        Better.HIGHER,
        Rollup.ADDITIVE,
        Sum("impressions"),
        shows=Words("광고가 화면에 뜬 횟수예요.", "How often ads were shown."),
        reads=Words(
            "예산에 비해 줄었다면 입찰 경쟁이 세졌거나 노출이 제한됐을 수 있어요. 천회 노출당 비용과 같이 보세요.",
            "If it falls while spend holds, competition rose or delivery is limited. Read it beside CPM.",
        ),
        acts=Words(
            "목표에 못 미치면 예산 한도에 걸린 캠페인부터 확인하고 타겟 범위를 넓혀 보세요.",
            "Below target, look for campaigns capped by budget first, then widen the targeting.",
        ),
    ),
    Kpi(
        4,
        "ad_spend",
        Stage.EXPOSURE,
        Words("광고비", "Ad spend"),
        Unit.MONEY,
        Better.TARGET,
        Rollup.ADDITIVE,
        Sum("cost"),
        shows=Words("모든 광고 매체에 쓴 돈이에요.", "What was spent on all ad channels."),
        reads=Words(
            "계획에 가까울수록 좋아요. 덜 쓰면 기회를 놓치고, 더 쓰면 다음 달 예산이 줄어요.",
            "The nearer to plan the better: underspend loses reach, overspend takes next month's budget.",
        ),
        acts=Words(
            "계획에서 15 % 넘게 벗어나면 차이가 가장 큰 캠페인의 일 예산을 조정하세요.",
            "More than 15 % off plan: adjust the daily budget of the campaign that is furthest off.",
        ),
    ),
    Kpi(
        5,
        "budget_pacing",
        Stage.EXPOSURE,
        Words("예산 소진율", "Budget pacing"),
        Unit.PERCENT,
        Better.TARGET,
        Rollup.RATIO,
        Pacing("cost", "ad_spend"),
        shows=Words(
            "지난 날짜만큼 계획한 광고비 중 얼마를 썼는지예요.",
            "Spend so far as a share of what was planned for the days that have passed.",
        ),
        reads=Words(
            "100 %면 계획대로예요. 한 달 계획은 날짜에 고르게 나눠요.",
            "100 % is on plan. A month's plan is spread evenly over its days.",
        ),
        acts=Words(
            "85 %보다 낮거나 115 %보다 높으면 남은 날의 일 예산을 다시 나누세요.",
            "Under 85 % or over 115 %: spread what is left over the remaining days again.",
        ),
        computed_note=Words("계획은 광고비 목표에서 가져와요.", "The plan is the target of ad spend."),
    ),
    Kpi(
        6,
        "cpm",
        Stage.EXPOSURE,
        Words("천회 노출당 비용", "CPM"),
        Unit.MONEY,
        Better.LOWER,
        Rollup.RATIO,
        Ratio("cost", "impressions", scale=1000),
        shows=Words("광고를 천 번 보여 주는 데 든 비용이에요.", "What a thousand ad impressions cost."),
        reads=Words(
            "시즌에 따라 경매 가격이 움직여요. 지난달보다 작년 같은 달과 비교하면 더 정확해요.",
            "Auction prices are seasonal: the same month of last year is the fairer comparison.",
        ),
        acts=Words(
            "계속 오르면 지면과 타겟을 바꿔 시험하고, 값이 싼 매체의 비중을 늘려 보세요.",
            "If it keeps rising, test other placements and audiences and shift weight to cheaper channels.",
        ),
    ),
    Kpi(
        7,
        "video_views",
        Stage.EXPOSURE,
        Words("동영상 조회수", "Video views"),
        Unit.COUNT,
        Better.HIGHER,
        Rollup.ADDITIVE,
        Sum("views"),
        shows=Words("동영상 광고가 재생된 횟수예요.", "How often video ads were viewed."),
        reads=Words(
            "조회로 치는 시간은 매체마다 달라요. 매체끼리보다 같은 매체의 변화를 보세요.",
            "Each platform has its own rule for a view; compare a platform with itself.",
        ),
        acts=Words(
            "줄었다면 소재의 첫 3초를 바꿔 시험해 보세요.",
            "If it falls, test another first three seconds of the film.",
        ),
    ),
    Kpi(
        8,
        "view_rate",
        Stage.EXPOSURE,
        Words("동영상 조회율", "VTR / view rate"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.RATIO,
        Ratio("views", "view_impressions"),
        shows=Words(
            "동영상 광고를 본 사람이 끝까지 머문 비율이에요.", "The share of video ad impressions that became a view."
        ),
        reads=Words(
            "소재의 힘을 보여 줘요. 길이가 다른 영상끼리는 나눠서 보세요.",
            "It tells how well the film holds; compare films of the same length.",
        ),
        acts=Words(
            "낮은 소재는 멈추고 높은 소재의 도입부를 다른 시장에 나눠 주세요.",
            "Stop the weak films and pass the opening of the strong ones on to other markets.",
        ),
        computed_note=Words(
            "동영상 광고의 노출수만 분모로 써요.", "Only impressions of video ads are in the denominator."
        ),
    ),
    Kpi(
        9,
        "cpv",
        Stage.EXPOSURE,
        Words("조회당 비용", "CPV"),
        Unit.MONEY,
        Better.LOWER,
        Rollup.RATIO,
        Ratio("cost", "views"),
        shows=Words("동영상 조회 한 번에 든 비용이에요.", "What one video view cost."),
        reads=Words(
            "동영상이 아닌 광고비도 분자에 들어가요. 매체별로 나눠 보면 더 정확해요.",
            "Spend on other formats is in the numerator too; read it by channel.",
        ),
        acts=Words(
            "오르면 조회율이 낮은 소재부터 바꾸세요.",
            "If it rises, replace the films with the lowest view rate first.",
        ),
    ),
    Kpi(
        10,
        "organic_impressions",
        Stage.EXPOSURE,
        Words("자연검색 노출수", "Organic impressions"),
        Unit.COUNT,
        Better.HIGHER,
        Rollup.ADDITIVE,
        Sum("organic_impressions"),
        shows=Words("검색 결과에 우리 페이지가 나온 횟수예요.", "How often our pages appeared in search results."),
        reads=Words(
            "수요의 온도를 보여 줘요. 순위와 함께 봐야 이유를 알 수 있어요.",
            "It shows demand; read it with position to know why it moves.",
        ),
        acts=Words(
            "순위는 그대로인데 줄었다면 수요가 줄어든 거예요. 새 주제의 콘텐츠를 준비하세요.",
            "If it falls while position holds, demand fell: prepare content on new topics.",
        ),
    ),
    Kpi(
        11,
        "average_position",
        Stage.EXPOSURE,
        Words("평균 게재순위", "Average position"),
        Unit.RANK,
        Better.LOWER,
        Rollup.WEIGHTED,
        Ratio("organic_position_sum", "organic_impressions"),
        shows=Words("검색 결과에서 평균 몇 번째에 나오는지예요.", "The mean rank at which we appear in search."),
        reads=Words(
            "1에 가까울수록 위예요. 새 검색어가 늘면 평균이 내려갈 수 있어요.",
            "Nearer to 1 is higher up; new queries can pull the mean down.",
        ),
        acts=Words(
            "4위에서 10위 사이의 검색어부터 제목과 내용을 다듬으세요.",
            "Work on title and content of queries ranked 4 to 10 first.",
        ),
    ),
    Kpi(
        12,
        "search_impression_share",
        Stage.EXPOSURE,
        Words("검색 노출 점유율", "Search impression share"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.WEIGHTED,
        Ratio("share_impressions", "eligible_impressions"),
        shows=Words(
            "나올 수 있었던 검색 중 실제로 광고가 나온 비율이에요.",
            "Of the searches in which our ad could have appeared, the share in which it did.",
        ),
        reads=Words(
            "낮으면 예산이나 순위 때문에 기회를 놓치고 있다는 뜻이에요.",
            "A low share means chances lost to budget or rank.",
        ),
        acts=Words(
            "브랜드 검색어는 90 % 이상을 지키고, 나머지는 전환이 좋은 검색어부터 늘리세요.",
            "Hold brand terms above 90 %, then grow the terms that convert.",
        ),
        computed_note=Words(
            "노출 가능 횟수는 노출수를 점유율로 나눠 구해요.",
            "Eligible impressions are impressions divided by the reported share.",
        ),
    ),
)
