"""Behaviour: what people do once they are here."""

from __future__ import annotations

from kpis.catalogue.formula import PeriodRatio, Ratio
from kpis.catalogue.kinds import Better, Kpi, Rollup, Stage, Unit, Words

KPIS = (
    Kpi(
        25,
        "engagement_rate",
        Stage.BEHAVIOUR,
        Words("참여율", "Engagement rate"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.RATIO,
        Ratio("engaged_sessions", "sessions"),
        shows=Words("머물거나 움직인 방문의 비율이에요.", "The share of sessions in which people engaged."),
        reads=Words(
            "10초 넘게 머물거나, 주요 행동을 하거나, 두 페이지 이상 본 방문을 참여로 쳐요.",
            "Engaged: longer than 10 seconds, or a key event, or two views or more.",
        ),
        acts=Words(
            "유입은 많은데 낮은 채널의 도착 페이지를 광고 내용과 맞추세요.",
            "Match landing page and ad on channels that bring many and engage few.",
        ),
    ),
    Kpi(
        26,
        "bounce_rate",
        Stage.BEHAVIOUR,
        Words("이탈률", "Bounce rate"),
        Unit.PERCENT,
        Better.LOWER,
        Rollup.RATIO,
        Ratio("engaged_sessions", "sessions", complement=True),
        shows=Words("아무것도 하지 않고 떠난 방문의 비율이에요.", "The share of sessions that left without engaging."),
        reads=Words("참여율과 더하면 100 %예요.", "Together with the engagement rate it makes 100 %."),
        acts=Words(
            "이탈이 많은 도착 페이지의 첫 화면과 속도를 먼저 보세요.",
            "Look at the first screen and the speed of the pages people bounce from.",
        ),
    ),
    Kpi(
        27,
        "engagement_time",
        Stage.BEHAVIOUR,
        Words("평균 참여 시간", "Average engagement time"),
        Unit.SECONDS,
        Better.HIGHER,
        Rollup.NON_ADDITIVE,
        PeriodRatio("engagement_seconds", "active_users"),
        shows=Words("한 사람이 화면을 보고 있던 평균 시간이에요.", "How long a person had us on screen, on average."),
        reads=Words(
            "길수록 좋지만 결제 단계가 헤매게 해도 길어져요.",
            "Longer is better, though a confusing checkout lengthens it too.",
        ),
        acts=Words("짧은 시장은 상품 상세의 내용을 보강하세요.", "Where it is short, enrich the product pages."),
    ),
    Kpi(
        28,
        "views_per_session",
        Stage.BEHAVIOUR,
        Words("세션당 조회수", "Views per session"),
        Unit.RATIO,
        Better.HIGHER,
        Rollup.RATIO,
        Ratio("page_views", "sessions"),
        shows=Words("한 번 방문해서 본 화면 수예요.", "Pages or screens seen in a session."),
        reads=Words(
            "둘러보는 깊이를 보여 줘요. 검색 필터가 불편해도 늘 수 있어요.",
            "It shows how deep people browse; poor filters raise it too.",
        ),
        acts=Words(
            "낮다면 추천 상품과 관련 콘텐츠를 더 보여 주세요.", "If low, show more related products and content."
        ),
    ),
    Kpi(
        29,
        "scroll_rate",
        Stage.BEHAVIOUR,
        Words("스크롤 완독률", "Scroll-through rate"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.RATIO,
        Ratio("scrolls", "page_views"),
        shows=Words("페이지를 90 % 넘게 내려 본 비율이에요.", "Page views in which 90 % of the page was scrolled."),
        reads=Words(
            "짧은 페이지는 저절로 높아져요. 같은 종류의 페이지끼리 비교하세요.",
            "Short pages score high by themselves; compare pages of one kind.",
        ),
        acts=Words(
            "낮은 페이지는 핵심 내용을 위로 올리고 길이를 줄이세요.",
            "Where low, move the essence up and shorten the page.",
        ),
    ),
    Kpi(
        30,
        "product_view_rate",
        Stage.BEHAVIOUR,
        Words("상품 상세 조회율", "Product view rate"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.RATIO,
        Ratio("view_item_sessions", "sessions"),
        shows=Words("상품 상세를 본 방문의 비율이에요.", "The share of sessions with a product view."),
        reads=Words(
            "목록에서 상세로 넘어가는 힘이에요. 낮으면 원하는 상품을 못 찾는 거예요.",
            "How well lists lead to products; low means people don't find what they want.",
        ),
        acts=Words(
            "인기 상품을 첫 화면에 올리고 검색과 필터를 점검하세요.",
            "Put best sellers on the first screen; check search and filters.",
        ),
    ),
    Kpi(
        31,
        "add_to_cart_rate",
        Stage.BEHAVIOUR,
        Words("장바구니 담기율", "Add-to-cart rate"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.NON_ADDITIVE,
        PeriodRatio("cart_users", "view_item_users"),
        shows=Words(
            "상품을 본 사람 중 장바구니에 담은 비율이에요.", "Of people who viewed a product, those who added to cart."
        ),
        reads=Words(
            "가격, 배송비, 후기에 대한 반응이에요. 사람 수로 세요.",
            "The answer to price, shipping and reviews, counted in people.",
        ),
        acts=Words(
            "가장 높은 시장의 상품 상세 구성과 혜택 안내를 비교해 보세요.",
            "Compare product pages and offers with the market that leads.",
        ),
    ),
    Kpi(
        32,
        "sign_up_rate",
        Stage.BEHAVIOUR,
        Words("회원가입 전환율", "Sign-up rate"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.RATIO,
        Ratio("sign_ups", "new_users"),
        shows=Words("처음 온 사람에 견준 회원가입 비율이에요.", "Sign-ups as a share of new users."),
        reads=Words(
            "다른 달에 처음 온 사람의 가입도 들어 있어요.",
            "Sign-ups of people who first came in another month are in it too.",
        ),
        acts=Words(
            "가입 항목을 줄이고 간편 로그인을 앞에 두세요.", "Ask for less at sign-up and put social sign-in first."
        ),
    ),
    Kpi(
        33,
        "stickiness",
        Stage.BEHAVIOUR,
        Words("고착도", "Stickiness (DAU/MAU)"),
        Unit.PERCENT,
        Better.HIGHER,
        Rollup.NON_ADDITIVE,
        PeriodRatio("mean_daily_users", "active_users"),
        shows=Words(
            "한 달에 온 사람 중 하루에 평균 얼마나 오는지예요.",
            "Of the people active in the period, the share active on an average day.",
        ),
        reads=Words(
            "10 %면 한 사람이 한 달에 사흘쯤 온다는 뜻이에요.",
            "10 % means that a person comes on about three days a month.",
        ),
        acts=Words(
            "낮다면 다시 올 이유(새 상품, 알림, 적립)를 만들어 주세요.",
            "If low, give reasons to return: novelties, alerts, points.",
        ),
    ),
)
