"""What a data admin tells the portal about each export: whose it is, and what the whole file means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from demo.story import CHANNELS
from warehouse.plan import ColumnPlan, Plan


@dataclass(frozen=True)
class Feed:
    """A source of files. `says` are values that hold for the whole file, by canonical column."""

    key: str
    name: str
    says: Mapping[str, str] = field(default_factory=dict)


def _paid(feed: str) -> dict[str, str]:
    channel = next(c for c in CHANNELS if c.feed == feed)
    said = {"channel": channel.name, "medium": channel.medium}
    return {**said, "market": channel.only, "currency": "KRW"} if channel.only else said


FEEDS: dict[str, Feed] = {
    "products": Feed("catalogue", "상품 마스터"),
    "customers": Feed("crm", "CRM 회원"),
    "orders": Feed("shop", "자사몰 주문"),
    "google_ads": Feed("google_ads", "Google Ads", _paid("google_ads")),
    "youtube": Feed("youtube", "YouTube (Google Ads)", _paid("youtube")),
    "meta": Feed("meta_ads", "Meta", _paid("meta")),
    "tiktok": Feed("tiktok_ads", "TikTok", _paid("tiktok")),
    "naver": Feed("naver_search_ads", "네이버 검색광고", _paid("naver")),
    "kakao": Feed("kakao_moment", "카카오모먼트", _paid("kakao")),
    "search_console": Feed(
        "search_console", "Google Search Console", {"channel": "Organic search", "medium": "organic"}
    ),
    "events": Feed("events", "자사몰 행동 이벤트"),
}


def corrected(plan: Plan, feed: Feed) -> Plan:
    """The proposed mapping with what only a person knows; the same plan when there is nothing to add."""
    told = tuple(ColumnPlan(target=target, constant=value) for target, value in feed.says.items())
    kept = tuple(column for column in plan.columns if column.target not in feed.says)
    changed = replace(plan, source=feed.key, columns=kept + told)
    same = changed.source == plan.source and set(feed.says.items()) <= {(c.target, c.constant) for c in plan.columns}
    return plan if same else changed
