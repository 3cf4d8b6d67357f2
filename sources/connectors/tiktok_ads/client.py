"""TikTok's API for Business: reports by page, at most 30 days a call; errors come as codes in answers with status 200.

Source: business-api.tiktok.com/portal/docs (report/integrated/get, return codes).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sources.connectors.kinds import Account, Cursor, Page, Stream, Window
from sources.connectors.problems import (
    AccountGone,
    AskedWrongly,
    KeyRefused,
    Nonsense,
    NotPermitted,
    TooManyCalls,
    VendorDown,
    VendorProblem,
)
from sources.connectors.session import HeaderKey, VendorSession, parsed

API = "/open_api/v1.3"
WINDOW_DAYS = 30
PAGE = 1000
METRICS = (
    "campaign_name", "adgroup_name", "ad_name", "currency", "spend", "impressions", "clicks", "reach",
    "video_play_actions", "complete_payment", "value_per_complete_payment",
)  # fmt: skip
KEY_CODES = {40102, 40104, 40105, 40106}
BUSY_CODES = {40016, 40100, 40133}
PERMISSION_CODES = {40001, 40007}
GONE_CODES = {40300}
DOWN_CODES = range(50000, 52000)


class TikTokAds:
    """A `sources.connectors.kinds.Client`."""

    def __init__(self, session: VendorSession, given: Mapping[str, str]) -> None:
        self.session, self.given = session, given
        session.auth = HeaderKey("Access-Token", given["access_token"])

    def accounts(self) -> list[Account]:
        """The advertisers that authorised the app. Errors: VendorProblem."""
        asked = {"app_id": self.given["app_id"], "secret": self.given["app_secret"]}
        found = self._data("/oauth2/advertiser/get/", asked, "")["list"]
        ids = [str(one["advertiser_id"]) for one in found]
        told: dict[str, Mapping[str, Any]] = {}
        for at in range(0, len(ids), 100):
            some = {"advertiser_ids": json.dumps(ids[at : at + 100])}
            told.update({str(one["advertiser_id"]): one for one in self._data("/advertiser/info/", some, "")["list"]})
        return [_account(key, told.get(key, {})) for key in ids]

    def pages(self, _stream: Stream, account: Account, window: Window, after: Cursor | None) -> Iterator[Page]:
        """Pages by number, in the order of day and ad."""
        number = int((after or {}).get("page", 1))
        while True:
            asked = {
                "advertiser_id": account.key,
                "report_type": "BASIC",
                "service_type": "AUCTION",
                "data_level": "AUCTION_AD",
                "dimensions": json.dumps(["ad_id", "stat_time_day"]),
                "metrics": json.dumps(METRICS),
                "start_date": str(window.first),
                "end_date": str(window.last),
                "page": number,
                "page_size": PAGE,
            }
            body = self.session.get(f"{API}/report/integrated/get/", asked).body
            data = self._checked(body, account.key)
            whole = json.dumps({"advertiser_id": account.key, "answer": parsed(body)}, ensure_ascii=False).encode()
            last = number >= int(data["page_info"]["total_page"])
            number += 1
            yield Page(whole, None if last else {"page": number})
            if last:
                return

    def _data(self, path: str, asked: Mapping[str, Any], account: str) -> Any:
        return self._checked(self.session.get(f"{API}{path}", asked).body, account)

    def _checked(self, body: bytes, account: str) -> Any:
        """The data of an answer. Errors: VendorProblem by TikTok's own code."""
        vendor = self.session.vendor
        told = parsed(body, vendor)
        if not isinstance(told, dict) or "code" not in told:
            raise Nonsense(vendor=vendor, said=body[:120].decode("utf-8", "replace"))
        if told["code"] == 0:
            return told["data"]
        raise self._problem(int(told["code"]), str(told.get("message", "")), account)

    def _problem(self, code: int, said: str, account: str) -> VendorProblem:
        vendor = self.session.vendor
        if code in KEY_CODES:
            return KeyRefused(vendor=vendor, said=said)
        if code in BUSY_CODES:
            return TooManyCalls(vendor=vendor, said=said, wait_s=60)
        if code in PERMISSION_CODES:
            return NotPermitted(vendor=vendor, said=said, account=account)
        if code in GONE_CODES:
            return AccountGone(vendor=vendor, said=said, account=account)
        return VendorDown(vendor=vendor, said=said) if code in DOWN_CODES else AskedWrongly(vendor=vendor, said=said)


def _account(key: str, told: Mapping[str, Any]) -> Account:
    zone = str(told.get("display_timezone") or "")
    return Account(key, str(told.get("name") or key), str(told.get("currency") or ""), zone)
