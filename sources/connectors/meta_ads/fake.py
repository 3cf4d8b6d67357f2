"""Meta's Marketing API on loopback: tokens, ad accounts, reports that take a while, pages by cursor, Meta's errors."""

from __future__ import annotations

import base64
import datetime as dt
import itertools
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from sources.connectors.fakes import Asked, Fake, Reply
from sources.connectors.meta_ads.client import PAGE, VERSION

TOKEN = "EAAfake0system0user0token0000"  # noqa: S105 (of a fake)
ACCOUNT = "212551616838260"
CONVERSIONS = ("omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase")


@dataclass
class Numbers:
    """What one ad did on one day and platform."""

    impressions: int
    clicks: int
    spend: float
    purchases: int
    value: float


@dataclass
class MetaFake(Fake):
    """`days`: (ad id, day, platform) → numbers; `extra` are fields that Meta adds one day."""

    name = "meta_ads"
    ads: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # id → campaign, ad set, ad
    days: dict[tuple[str, dt.date, str], Numbers] = field(default_factory=dict)
    token: str = TOKEN
    forbidden: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    asks_until_done: int = 2

    def __post_init__(self) -> None:
        super().__init__()
        self.runs: dict[str, dict[str, Any]] = {}
        self.numbers = itertools.count(6_000_000_001)

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return _error(401, 190, "Error validating access token: The session has been invalidated.", 460)
        if self.forbidden:
            return _error(403, 200, "(#200) Ad account owner has NOT grant ads_management or ads_read permission.")
        path = asked.path.removeprefix(f"/{VERSION}/")
        if path == "me/adaccounts":
            one = {"account_id": ACCOUNT, "id": f"act_{ACCOUNT}", "name": "demo", "currency": "KRW"}
            return Reply({"data": [{**one, "timezone_name": "Asia/Seoul"}], "paging": {"cursors": {"after": "QVFI"}}})
        if found := re.fullmatch(r"act_(\d+)/insights", path):
            return self._order(found[1], asked) if asked.method == "POST" else _unsupported(path)
        if path in self.runs:
            return self._status(path)
        run = path.removesuffix("/insights")
        return self._page(run, asked) if path.endswith("/insights") and run in self.runs else _unsupported(path)

    def _order(self, account: str, asked: Asked) -> Reply:
        if account != ACCOUNT:
            return _unsupported(account)
        form = {name: values[-1] for name, values in parse_qs(asked.body.decode()).items()}
        run = str(next(self.numbers))
        self.runs[run] = {"span": json.loads(form["time_range"]), "asks": 0}
        return Reply({"report_run_id": run})

    def _status(self, run: str) -> Reply:
        state = self.runs[run]
        state["asks"] += 1
        done = state["asks"] >= self.asks_until_done
        status, percent = ("Job Completed", 100) if done else ("Job Running", 40)
        return Reply({"id": run, "async_status": status, "async_percent_completion": percent})

    def _page(self, run: str, asked: Asked) -> Reply:
        span = self.runs[run]["span"]
        first, last = dt.date.fromisoformat(span["since"]), dt.date.fromisoformat(span["until"])
        rows = [self._row(place) for place in sorted(self.days) if first <= place[1] <= last]
        start = int(base64.b64decode(asked.query.get("after", "")).decode() or 0)
        size = min(int(asked.query.get("limit", "25")), PAGE)
        paging: dict[str, Any] = {"cursors": {"after": base64.b64encode(str(start + size).encode()).decode()}}
        if start + size < len(rows):
            paging["next"] = f"https://graph.facebook.com/{VERSION}/{run}/insights?after={paging['cursors']['after']}"
        return Reply({"data": rows[start : start + size], "paging": paging})

    def _row(self, place: tuple[str, dt.date, str]) -> dict[str, Any]:
        ad, day, platform = place
        campaign, ad_set, name = self.ads[ad]
        n = self.days[place]
        actions = [{"action_type": one, "value": str(n.purchases)} for one in CONVERSIONS]
        values = [{"action_type": one, "value": f"{n.value:.2f}"} for one in CONVERSIONS]
        return {
            "account_id": ACCOUNT, "account_currency": "KRW", "campaign_id": f"c{ad}", "campaign_name": campaign,
            "adset_id": f"s{ad}", "adset_name": ad_set, "ad_id": ad, "ad_name": name, "date_start": str(day),
            "date_stop": str(day), "publisher_platform": platform, "impressions": str(n.impressions),
            "clicks": str(n.clicks), "spend": f"{n.spend:.2f}", "reach": str(n.impressions // 2),
            "actions": [{"action_type": "link_click", "value": str(n.clicks)}, *actions],
            "action_values": values, **self.extra,
        }  # fmt: skip


def _error(status: int, code: int, message: str, sub: int = 0) -> Reply:
    told = {"message": message, "type": "OAuthException", "code": code, "error_subcode": sub, "fbtrace_id": "A0"}
    return Reply({"error": told}, status)


def _unsupported(what: str) -> Reply:
    said = f"Unsupported get request. Object with ID '{what}' does not exist or cannot be loaded."
    return _error(400, 100, said, 33)


def sample(days: int, until: dt.date, ads: int = 4) -> MetaFake:
    """A fake whose numbers anybody can work out again: by day, ad and platform."""
    fake = MetaFake()
    fake.ads = {f"2384676522831{n:04}": (f"전환 | 캠페인 {n % 2}", f"세트 {n}", f"광고 {n}") for n in range(ads)}
    for offset in range(days):
        day = until - dt.timedelta(days=offset)
        for n, key in enumerate(fake.ads):
            for platform, weight in (("facebook", 1), ("instagram", 2)):
                shown = 200 * weight * (n + 1) + day.day
                fake.days[key, day, platform] = Numbers(shown, shown // 30, shown * 12.5, shown // 90, shown * 61.0)
    return fake
