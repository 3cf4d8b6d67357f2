"""TikTok's API for Business on loopback: status 200 for everything, and what is wrong as a code."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from sources.connectors.fakes import Asked, Fake, Reply
from sources.connectors.tiktok_ads.client import API, WINDOW_DAYS

APP_ID = "7001234567890123456"
APP_SECRET = "fake-app-secret-0000"  # noqa: S105 (of a fake)
TOKEN = "fake-long-lived-token-0000"  # noqa: S105
ADVERTISER = "7002238017842757633"


@dataclass
class Numbers:
    """What one ad did on one day; `each` is what a payment was worth."""

    impressions: int
    clicks: int
    spend: float
    payments: int
    each: float


@dataclass
class TikTokFake(Fake):
    """`days`: (ad id, day) → numbers; `extra` are metrics that TikTok adds one day."""

    name = "tiktok_ads"
    ads: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # id → campaign, ad group, ad
    days: dict[tuple[str, dt.date], Numbers] = field(default_factory=dict)
    token: str = TOKEN
    forbidden: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    page: int = 60

    def __post_init__(self) -> None:
        super().__init__()

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("access-token") != self.token:
            return _told(40105, "Access token is incorrect or has been revoked.")
        if self.forbidden:
            return _told(40001, "No permission to operate advertiser.")
        path = asked.path.removeprefix(API)
        if path == "/oauth2/advertiser/get/":
            if asked.query.get("secret") != APP_SECRET or asked.query.get("app_id") != APP_ID:
                return _told(40104, "app_id or secret is incorrect.")
            return _told(0, "OK", {"list": [{"advertiser_id": ADVERTISER, "advertiser_name": "demo"}]})
        if path == "/advertiser/info/":
            zones = {"timezone": "Etc/GMT-9", "display_timezone": "Asia/Seoul", "currency": "KRW"}
            return _told(0, "OK", {"list": [{"advertiser_id": ADVERTISER, "name": "demo", **zones}]})
        return self._report(asked) if path == "/report/integrated/get/" else _told(40002, "Path is invalid.")

    def _report(self, asked: Asked) -> Reply:
        query = asked.query
        first, last = (dt.date.fromisoformat(query[name]) for name in ("start_date", "end_date"))
        if query["advertiser_id"] != ADVERTISER:
            return _told(40300, "Advertiser doesn't exist or has been deleted.")
        if (last - first).days >= WINDOW_DAYS:
            return _told(40002, "The time span can't be longer than 30 days.")
        places = sorted((place for place in self.days if first <= place[1] <= last), key=lambda one: (one[1], one[0]))
        number, size = int(query["page"]), min(int(query["page_size"]), self.page)
        rows = [self._row(place) for place in places[(number - 1) * size : number * size]]
        info = {"page": number, "page_size": size, "total_number": len(places), "total_page": -(-len(places) // size)}
        return _told(0, "OK", {"list": rows, "page_info": info})

    def _row(self, place: tuple[str, dt.date]) -> dict[str, Any]:
        ad, day = place
        campaign, group, name = self.ads[ad]
        n = self.days[place]
        return {
            "dimensions": {"ad_id": ad, "stat_time_day": f"{day} 00:00:00"},
            "metrics": {
                "campaign_name": campaign, "adgroup_name": group, "ad_name": name, "currency": "KRW",
                "spend": f"{n.spend:.2f}", "impressions": str(n.impressions), "clicks": str(n.clicks),
                "reach": str(n.impressions // 2), "video_play_actions": n.impressions // 3,
                "complete_payment": str(n.payments), "value_per_complete_payment": f"{n.each:.2f}", **self.extra,
            },
        }  # fmt: skip


def _told(code: int, message: str, data: Any = None) -> Reply:
    return Reply(json.dumps({"code": code, "message": message, "request_id": "0", "data": data or {}}).encode())


def sample(days: int, until: dt.date, ads: int = 4) -> TikTokFake:
    """A fake whose numbers anybody can work out again: by day and ad."""
    fake = TikTokFake()
    fake.ads = {f"17140730852567{n:02}": (f"캠페인 {n % 2}", f"그룹 {n}", f"영상 {n}") for n in range(ads)}
    for offset in range(days):
        day = until - dt.timedelta(days=offset)
        for n, key in enumerate(fake.ads):
            shown = 300 * (n + 1) + day.day
            fake.days[key, day] = Numbers(shown, shown // 40, shown * 9.25, shown // 120, 31_000.0)
    return fake
