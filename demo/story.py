"""The sample client's story, as data: a cosmetics brand at home in Korea that sells in eight markets.

Everything is made up: the brand is a description, its people are numbers. Korea leads, Germany loses buyers at the
last step of the checkout, Japan's ad figures are restated once, Viet Nam's ads have a hole of a few days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from demo.calendar import Rhythm


@dataclass(frozen=True)
class Funnel:
    """Chances along a session: each is "given the step before"."""

    engage: float
    view: float
    cart: float
    checkout: float
    purchase: float
    sign_up: float


@dataclass(frozen=True)
class MarketStory:
    """One market. `people_a_day`: new people on an ordinary day; `returns`: visits after the first, on average;
    `rebuy`: chance that an order is followed by another visit to buy; `tax`: VAT inside prices;
    `premium`
    and `click_price`: local prices of goods and of a click against Korea's."""

    code: str
    name_ko: str
    name_en: str
    country: str
    currency: str
    time_zone: str
    language: str
    people_a_day: float
    returns: float
    rebuy: float
    rhythm: Rhythm
    funnel: Funnel
    mobile: float
    app: float
    tax: float
    click_price: float
    premium: float
    shipping_krw: float
    cities: tuple[str, ...]


# fmt: off
MARKETS: tuple[MarketStory, ...] = (
    MarketStory(
        code="KR", name_ko="한국", name_en="Korea", country="South Korea",
        currency="KRW", time_zone="Asia/Seoul", language="ko",
        people_a_day=21.5, returns=1.34, rebuy=0.62, rhythm=Rhythm("KR", 0.16, office=True),
        funnel=Funnel(engage=0.66, view=0.58, cart=0.27, checkout=0.62, purchase=0.7, sign_up=0.2),
        mobile=0.82, app=0.3, tax=0.1, click_price=1.8, premium=1.0, shipping_krw=3000,
        cities=("서울", "부산", "인천", "대구", "대전", "광주", "수원"),
    ),
    MarketStory(
        code="JP", name_ko="일본", name_en="Japan", country="Japan",
        currency="JPY", time_zone="Asia/Tokyo", language="ja",
        people_a_day=14.5, returns=1.05, rebuy=0.5, rhythm=Rhythm("JP", 0.24),
        funnel=Funnel(engage=0.62, view=0.54, cart=0.23, checkout=0.57, purchase=0.64, sign_up=0.13),
        mobile=0.78, app=0.16, tax=0.1, click_price=1.35, premium=1.08, shipping_krw=4500,
        cities=("Tokyo", "Osaka", "Nagoya", "Fukuoka", "Sapporo"),
    ),
    MarketStory(
        code="US", name_ko="미국", name_en="United States", country="United States",
        currency="USD", time_zone="America/New_York", language="en",
        people_a_day=14.5, returns=0.88, rebuy=0.44, rhythm=Rhythm("US", 0.3),
        funnel=Funnel(engage=0.58, view=0.53, cart=0.22, checkout=0.54, purchase=0.6, sign_up=0.11),
        mobile=0.68, app=0.1, tax=0.0, click_price=1.65, premium=1.2, shipping_krw=8000,
        cities=("New York", "Los Angeles", "Chicago", "Houston", "Seattle"),
    ),
    MarketStory(
        code="DE", name_ko="독일", name_en="Germany", country="Germany",
        currency="EUR", time_zone="Europe/Berlin", language="de",
        people_a_day=8.4, returns=0.84, rebuy=0.42, rhythm=Rhythm("DE", 0.14),
        funnel=Funnel(engage=0.59, view=0.53, cart=0.22, checkout=0.55, purchase=0.63, sign_up=0.1),
        mobile=0.6, app=0.06, tax=0.19, click_price=1.3, premium=1.28, shipping_krw=7500,
        cities=("Berlin", "Hamburg", "München", "Köln", "Frankfurt"),
    ),
    MarketStory(
        code="FR", name_ko="프랑스", name_en="France", country="France",
        currency="EUR", time_zone="Europe/Paris", language="fr",
        people_a_day=7.2, returns=0.84, rebuy=0.4, rhythm=Rhythm("FR", 0.12),
        funnel=Funnel(engage=0.58, view=0.54, cart=0.21, checkout=0.54, purchase=0.6, sign_up=0.1),
        mobile=0.64, app=0.06, tax=0.2, click_price=1.15, premium=1.28, shipping_krw=7500,
        cities=("Paris", "Lyon", "Marseille", "Lille", "Bordeaux"),
    ),
    MarketStory(
        code="VN", name_ko="베트남", name_en="Viet Nam", country="Vietnam",
        currency="VND", time_zone="Asia/Ho_Chi_Minh", language="vi",
        people_a_day=8.2, returns=0.92, rebuy=0.42, rhythm=Rhythm("VN", 0.42),
        funnel=Funnel(engage=0.56, view=0.56, cart=0.2, checkout=0.51, purchase=0.57, sign_up=0.12),
        mobile=0.9, app=0.14, tax=0.1, click_price=0.75, premium=1.0, shipping_krw=2500,
        cities=("Hà Nội", "Hồ Chí Minh", "Đà Nẵng", "Hải Phòng"),
    ),
    MarketStory(
        code="TH", name_ko="태국", name_en="Thailand", country="Thailand",
        currency="THB", time_zone="Asia/Bangkok", language="th",
        people_a_day=7.0, returns=0.92, rebuy=0.42, rhythm=Rhythm("TH", 0.28),
        funnel=Funnel(engage=0.56, view=0.55, cart=0.2, checkout=0.52, purchase=0.58, sign_up=0.12),
        mobile=0.88, app=0.13, tax=0.07, click_price=0.75, premium=1.05, shipping_krw=3000,
        cities=("Bangkok", "Chiang Mai", "Phuket", "Khon Kaen"),
    ),
    MarketStory(
        code="GB", name_ko="영국", name_en="United Kingdom", country="United Kingdom",
        currency="GBP", time_zone="Europe/London", language="en",
        people_a_day=7.0, returns=0.88, rebuy=0.42, rhythm=Rhythm("GB", 0.1),
        funnel=Funnel(engage=0.6, view=0.53, cart=0.22, checkout=0.55, purchase=0.61, sign_up=0.1),
        mobile=0.67, app=0.07, tax=0.2, click_price=1.4, premium=1.25, shipping_krw=7000,
        cities=("London", "Manchester", "Birmingham", "Leeds", "Glasgow"),
    ),
)
# fmt: on

AdFeed = Literal["google_ads", "youtube", "meta", "tiktok", "naver", "kakao"]


@dataclass(frozen=True)
class Campaign:
    """A campaign and its ad groups (or keywords); `share` of its channel's visits."""

    name: str
    groups: tuple[str, ...]
    share: float
    intent: float = 1.0


@dataclass(frozen=True)
class Channel:
    """Where visits come from. `first`/`back`: weight among first and returning visits; `intent` multiplies the
    chance to go on at each step; `drift` is the yearly change of its weight. Paid ones have a feed and prices."""

    name: str
    source: str
    medium: str
    first: float
    back: float
    intent: float = 1.0
    drift: float = 0.0
    only: str = ""
    feed: AdFeed | None = None
    ctr: float = 0.0
    cpc_krw: float = 0.0
    arrives: float = 0.88
    claims: float = 1.0
    campaigns: tuple[Campaign, ...] = ()


CHANNELS: tuple[Channel, ...] = (
    Channel(
        "Google Ads",
        "google",
        "cpc",
        22,
        11,
        1.06,
        0.02,
        feed="google_ads",
        ctr=0.042,
        cpc_krw=810,
        arrives=0.90,
        claims=1.05,
        campaigns=(
            Campaign("Brand | Search", ("Brand exact", "Brand + product"), 0.34, 1.3),
            Campaign("Category | Search", ("Moisture cream", "Sunscreen"), 0.42, 0.9),
            Campaign("Shopping | All products", ("All products",), 0.24, 1.0),
        ),
    ),
    Channel(
        "Meta",
        "facebook",
        "paid_social",
        20,
        9,
        0.88,
        -0.06,
        feed="meta",
        ctr=0.013,
        cpc_krw=620,
        arrives=0.80,
        claims=1.30,
        campaigns=(
            Campaign("Prospecting | Reels", ("Lookalike buyers", "Interest skincare"), 0.55, 0.8),
            Campaign("Catalogue | Retargeting", ("Viewed product",), 0.30, 1.35),
            Campaign("Always-on | Feed", ("Broad",), 0.15, 0.9),
        ),
    ),
    Channel(
        "Naver 검색광고",
        "naver",
        "cpc",
        22,
        11,
        1.12,
        -0.03,
        only="KR",
        feed="naver",
        ctr=0.031,
        cpc_krw=680,
        arrives=0.93,
        campaigns=(
            Campaign("파워링크_브랜드", ("브랜드명", "브랜드 수분크림"), 0.40, 1.3),
            Campaign("파워링크_일반", ("수분크림 추천", "선크림 추천", "민감성 스킨케어"), 0.38, 0.85),
            Campaign("쇼핑검색_전체상품", ("스킨케어", "메이크업"), 0.22, 1.05),
        ),
    ),
    Channel(
        "Kakao 모먼트",
        "kakao",
        "paid_social",
        11,
        10,
        0.95,
        0.04,
        only="KR",
        feed="kakao",
        ctr=0.009,
        cpc_krw=550,
        arrives=0.85,
        claims=1.1,
        campaigns=(
            Campaign("비즈보드_신규고객", ("관심사_뷰티", "유사고객"), 0.6, 0.85),
            Campaign("비즈보드_리타기팅", ("상품조회", "장바구니"), 0.4, 1.3),
        ),
    ),
    Channel(
        "TikTok",
        "tiktok",
        "paid_social",
        9,
        3,
        0.70,
        0.35,
        feed="tiktok",
        ctr=0.010,
        cpc_krw=390,
        arrives=0.74,
        claims=1.15,
        campaigns=(
            Campaign("Spark Ads | Routine", ("Morning routine", "Night routine"), 0.65, 0.9),
            Campaign("Shop the look", ("Bestsellers",), 0.35, 1.1),
        ),
    ),
    Channel(
        "YouTube",
        "youtube",
        "cpv",
        5,
        2,
        0.78,
        0.12,
        feed="youtube",
        ctr=0.006,
        cpc_krw=1090,
        arrives=0.82,
        campaigns=(Campaign("In-stream | Brand film", ("Beauty viewers", "Custom intent"), 1.0, 1.0),),
    ),
    Channel("Organic search", "google", "organic", 15, 13, 1.10, 0.08),
    Channel("Direct", "(direct)", "(none)", 11, 24, 1.25),
    Channel("Organic social", "instagram", "social", 9, 6, 0.85, 0.05),
    Channel("Referral", "beautyreview", "referral", 4, 2, 1.05),
    Channel("Email", "crm", "email", 0.5, 15, 1.35, 0.05),
)


@dataclass(frozen=True)
class Leak:
    """From this many months before the running one, a market loses buyers at one step."""

    market: str = "DE"
    months_before: int = 7
    keeps: float = 0.55


@dataclass(frozen=True)
class Restatement:
    """The last full months of a market's ad figures, delivered twice: first as preliminary, then as final."""

    market: str = "JP"
    months: int = 2
    feed: AdFeed = "google_ads"
    cost: float = 0.93
    conversions: float = 0.87


@dataclass(frozen=True)
class Hole:
    """Days of the last full month for which a market's ad files have no rows."""

    market: str = "VN"
    first_day: int = 11
    days: int = 4


# Meta and TikTok bill these markets' accounts in dollars.
BILLED_IN_USD: frozenset[str] = frozenset({"VN", "TH"})

LEAK, RESTATEMENT, HOLE = Leak(), Restatement(), Hole()

# Won for one unit of the currency: level at the start, yearly drift, monthly wobble.
RATES_KRW: dict[str, tuple[float, float, float]] = {
    "USD": (1392.0, 0.020, 0.012),
    "JPY": (9.18, 0.012, 0.014),
    "EUR": (1498.0, 0.045, 0.013),
    "GBP": (1786.0, 0.030, 0.012),
    "THB": (40.6, 0.035, 0.013),
    "VND": (0.0552, 0.004, 0.009),
}
RATE_MISSING = "THB"  # no rate yet for the running month: the board has to show the hole


def market(code: str) -> MarketStory:
    """The market with this code."""
    return next(m for m in MARKETS if m.code == code)


def channels_of(code: str) -> tuple[Channel, ...]:
    """The channels that a market has, in the portal's fixed order."""
    return tuple(c for c in CHANNELS if not c.only or c.only == code)
