"""Naver's interface: signed requests, ad groups in batches, at most 92 days a call.

Source: naver.github.io/searchad-apidoc (signature, /customer-links, /ncc/campaigns, /ncc/adgroups, /stats).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest
from requests.auth import AuthBase

from sources.connectors.kinds import Account, Cursor, Page, Stream, Window
from sources.connectors.problems import AccountGone, KeyRefused, NotPermitted, TooManyCalls, VendorProblem
from sources.connectors.session import Answer, VendorSession, parsed

WINDOW_DAYS = 92
BATCH = 100  # ad groups of one call
FIELDS = ("impCnt", "clkCnt", "salesAmt", "ccnt", "convAmt", "avgRnk")
NO_PERMISSION = {1006, 1018}
TOO_MANY = {1016}
NOT_FOUND = {1001}


class Signature(AuthBase):
    """X-Signature: HMAC-SHA256 of "timestamp.method.path", in Base64; it holds for a few minutes."""

    def __init__(self, api_key: str, secret_key: str, customer: str) -> None:
        self.api_key, self.secret_key, self.customer = api_key, secret_key, customer

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        moment = str(round(time.time() * 1000))
        path = urlsplit(str(request.url)).path
        message = f"{moment}.{request.method}.{path}".encode()
        digest = hmac.new(self.secret_key.encode(), message, hashlib.sha256).digest()
        request.headers.update(
            {
                "X-Timestamp": moment,
                "X-API-KEY": self.api_key,
                "X-Customer": self.customer,
                "X-Signature": base64.b64encode(digest).decode(),
            }
        )
        return request


class NaverSearchAd:
    """A `sources.connectors.kinds.Client`."""

    def __init__(self, session: VendorSession, given: Mapping[str, str]) -> None:
        self.session, self.given = session, given
        session.judge = self._judge

    def accounts(self) -> list[Account]:
        """The own account and, of an agency's, those that it manages. Errors: VendorProblem."""
        own = self.given["customer_id"]
        self._as(own)
        self.session.json("/ncc/campaigns", {"recordSize": 1})
        linked = self.session.json("/customer-links", {"type": "MYCLIENTS"})
        found = {own: Account(own, own, "KRW", "Asia/Seoul")}
        for one in linked if isinstance(linked, list) else ():
            key = str(one.get("clientCustomerId") or one.get("customerId") or "")
            if key and key != own:
                found[key] = Account(key, str(one.get("clientLoginId") or key), "KRW", "Asia/Seoul")
        return list(found.values())

    def pages(self, stream: Stream, account: Account, window: Window, after: Cursor | None) -> Iterator[Page]:
        """One page a batch of ad groups and device; a batch begins after the last id of the one before."""
        self._as(account.key)
        campaigns = self.session.json("/ncc/campaigns")
        groups = sorted(self.session.json("/ncc/adgroups"), key=lambda one: str(one["nccAdgroupId"]))
        begins = str((after or {}).get("after_id", ""))
        left = [one for one in groups if str(one["nccAdgroupId"]) > begins]
        batches = [left[at : at + BATCH] for at in range(0, len(left), BATCH)]
        for index, batch in enumerate(batches):
            last = index == len(batches) - 1
            body = {
                "account": account.key,
                "campaigns": campaigns,
                "ad_groups": batch,
                "stats": self._stats(batch, window),
            }
            cursor = None if last else {"after_id": str(batch[-1]["nccAdgroupId"])}
            yield Page(json.dumps(body, ensure_ascii=False).encode(), cursor)

    def _stats(self, batch: list[dict[str, Any]], window: Window) -> Any:
        return self.session.json(
            "/stats",
            {
                "ids": ",".join(str(one["nccAdgroupId"]) for one in batch),
                "fields": json.dumps(FIELDS),
                "timeRange": json.dumps({"since": window.first.isoformat(), "until": window.last.isoformat()}),
                "timeIncrement": "1",
                "breakdown": "pcMblTp",
            },
        )

    def _as(self, customer: str) -> None:
        self.session.auth = Signature(self.given["api_key"], self.given["secret_key"], customer)

    def _judge(self, answer: Answer) -> VendorProblem | None:
        vendor = self.session.vendor
        try:
            told = parsed(answer.body)
        except VendorProblem:
            return None
        if not isinstance(told, dict):
            return None
        code, said = told.get("code"), str(told.get("message") or told.get("title") or "")
        customer = self.session.auth.customer if isinstance(self.session.auth, Signature) else ""
        if "signature" in str(told.get("type", "")) or "signature" in said.lower() or answer.status == 401:
            return KeyRefused(vendor=vendor, said=said)
        if code in NO_PERMISSION or answer.status == 403:
            return NotPermitted(vendor=vendor, said=said, account=customer)
        if code in TOO_MANY:
            return TooManyCalls(vendor=vendor, said=said, wait_s=60)
        if code in NOT_FOUND or answer.status == 404:
            return AccountGone(vendor=vendor, said=said, account=customer)
        return None
