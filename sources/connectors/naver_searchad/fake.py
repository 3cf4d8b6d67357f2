"""Naver SearchAd on loopback: checks signatures, knows accounts, campaigns and ad groups, and has days of its own."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any

from sources.connectors.fakes import Asked, Fake, Reply
from sources.connectors.naver_searchad.client import BATCH, WINDOW_DAYS

CUSTOMER = "1234567"
API_KEY = "0100000000fake-access-licence"
SECRET_KEY = "fake-secret-key="  # noqa: S105 (of a fake)
CLOCK_MS = 5 * 60 * 1000


@dataclass
class Numbers:
    """What one ad group did on one day and device."""

    impressions: int
    clicks: int
    cost: int
    conversions: int
    value: int


@dataclass
class NaverFake(Fake):
    """`days`: (ad group, day, "PC" or "MOBILE") → numbers; `extra` are fields that Naver adds one day."""

    name = "naver_searchad"
    customers: dict[str, str] = field(default_factory=lambda: {CUSTOMER: "demo"})
    campaigns: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[str, str]] = field(default_factory=dict)  # id → campaign, name
    days: dict[tuple[str, dt.date, str], Numbers] = field(default_factory=dict)
    secret: str = SECRET_KEY
    forbidden: set[str] = field(default_factory=set)
    extra: dict[str, Any] = field(default_factory=dict)
    batch_repeats: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def answer(self, asked: Asked) -> Reply:
        refused = self._refused(asked)
        if refused:
            return refused
        handlers = {
            "/customer-links": self._links,
            "/ncc/campaigns": self._campaigns,
            "/ncc/adgroups": self._groups,
            "/stats": self._stats,
        }
        handler = handlers.get(asked.path)
        return handler(asked) if handler else _problem(404, 1001, "요청하신 자원(아이디, 엔티티)을 찾을 수 없습니다.")

    def _refused(self, asked: Asked) -> Reply | None:
        head = asked.headers
        message = f"{head.get('x-timestamp')}.{asked.method}.{asked.path}".encode()
        wanted = base64.b64encode(hmac.new(self.secret.encode(), message, hashlib.sha256).digest()).decode()
        moment = head.get("x-timestamp", "")
        is_late = not moment.isdigit() or abs(int(moment) - time.time() * 1000) > CLOCK_MS
        if head.get("x-api-key") != API_KEY or head.get("x-signature") != wanted or is_late:
            told = {"type": "urn:naver:api:problem:invalid-signature", "title": "Invalid Signature", "status": 403}
            return Reply(told, 403)
        customer = head.get("x-customer", "")
        if customer not in self.customers:
            return _problem(404, 1001, "Cannot find the requested resource(ID or entity).")
        if customer in self.forbidden:
            return _problem(403, 1018, "No permission to access the resource.")
        return None

    def _links(self, _asked: Asked) -> Reply:
        others = [(key, login) for key, login in self.customers.items() if key != CUSTOMER]
        return Reply([{"clientCustomerId": int(key), "clientLoginId": login} for key, login in others])

    def _campaigns(self, _asked: Asked) -> Reply:
        return Reply(
            [{"nccCampaignId": key, "name": name, "campaignTp": "WEB_SITE"} for key, name in self.campaigns.items()]
        )

    def _groups(self, _asked: Asked) -> Reply:
        return Reply(
            [
                {"nccAdgroupId": key, "nccCampaignId": campaign, "name": name}
                for key, (campaign, name) in self.groups.items()
            ]
        )

    def _stats(self, asked: Asked) -> Reply:
        ids = asked.query.get("ids", "").split(",")
        span = json.loads(asked.query.get("timeRange", "{}"))
        first, last = dt.date.fromisoformat(span["since"]), dt.date.fromisoformat(span["until"])
        if len(ids) > BATCH or not 0 <= (last - first).days < WINDOW_DAYS:
            return _problem(400, 1002, "잘못된 요청입니다.")
        rows = []
        for key in ids:
            for offset in range((last - first).days + 1):
                day = first + dt.timedelta(days=offset)
                parts = [self._part(key, day, device) for device in ("PC", "MOBILE") if (key, day, device) in self.days]
                if parts:
                    rows.append({"id": key, "dateStart": str(day), "dateEnd": str(day), "breakdowns": parts})
        return Reply({"data": rows, "compTm": str(last)})

    def _part(self, key: str, day: dt.date, device: str) -> dict[str, Any]:
        n = self.days[key, day, device]
        ctr = round(n.clicks / n.impressions * 100, 2) if n.impressions else 0
        told = {"name": device, "impCnt": n.impressions, "clkCnt": n.clicks, "salesAmt": n.cost, "ctr": ctr}
        return {**told, "ccnt": n.conversions, "convAmt": n.value, "avgRnk": 1.5, **self.extra}


def _problem(status: int, code: int, message: str) -> Reply:
    return Reply({"code": code, "message": message, "status": status}, status)


def sample(days: int, until: dt.date, groups: int = 3, idle: int = 0) -> NaverFake:
    """A fake whose numbers anybody can work out again: by day, group and device; `idle` groups show nothing."""
    fake = NaverFake()
    fake.campaigns = {"cmp-a001": "브랜드", "cmp-a002": "카테고리"}
    fake.groups = {f"grp-{n:06}": (f"cmp-a{1 + n % 2:03}", f"그룹 {n}") for n in range(groups + idle)}
    for offset in range(days):
        day = until - dt.timedelta(days=offset)
        for n, key in enumerate(sorted(fake.groups, reverse=True)[:groups]):
            for device, weight in (("PC", 1), ("MOBILE", 3)):
                shown = 100 * weight * (n + 1) + day.day
                fake.days[key, day, device] = Numbers(shown, shown // 20, shown * 11, shown // 100, shown * 50)
    return fake
