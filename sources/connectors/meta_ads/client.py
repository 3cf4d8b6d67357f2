"""Meta's Marketing API: reports are ordered, made in the background, and fetched page by page.

Source: developers.facebook.com/docs/marketing-api (insights, asynchronous reports, error codes). Unique numbers of a
report are of its breakdown's grain; reach is kept for the day it was asked for and never added over days.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from sources.connectors.kinds import Account, Cursor, Page, Stream, Window
from sources.connectors.problems import (
    AccountGone,
    AskedWrongly,
    KeyRefused,
    NotPermitted,
    TooManyCalls,
    VendorDown,
    VendorProblem,
)
from sources.connectors.session import Answer, HeaderKey, VendorSession, parsed

VERSION = "v25.0"
WINDOW_DAYS = 30
PAGE = 500
FIELDS = (
    "account_id", "account_currency", "campaign_id", "campaign_name", "adset_id", "adset_name", "ad_id", "ad_name",
    "impressions", "clicks", "spend", "reach", "actions", "action_values", "video_play_actions",
)  # fmt: skip
ACCOUNT_FIELDS = "account_id,name,currency,timezone_name"
STATUS_FIELDS = "async_status,async_percent_completion"
DONE, FAILED = "Job Completed", ("Job Failed", "Job Skipped")
ASK_AGAIN_S = 2.0
MOST_ASKS = 900  # half an hour for one report
KEY_CODES = {102, 190, 463, 467}
PERMISSION_CODES = {3, 10, *range(200, 300)}
BUSY_CODES = {4, 17, 32, 613, 80000, 80003, 80004, 80014}
PASSING_CODES = {1, 2}
GONE_SUBCODES = {33}


def _account(one: Mapping[str, Any]) -> Account:
    texts = (str(one.get(name) or "") for name in ("name", "currency", "timezone_name"))
    return Account(str(one["account_id"]), *texts)


class MetaAds:
    """A `sources.connectors.kinds.Client`."""

    def __init__(self, session: VendorSession, given: Mapping[str, str]) -> None:
        self.session = session
        self.account = ""
        session.auth = HeaderKey("Authorization", f"Bearer {given['access_token']}")
        session.judge = self._judge

    def accounts(self) -> list[Account]:
        """The ad accounts of the token. Errors: VendorProblem."""
        found, after = [], ""
        while True:
            asked = {
                "fields": "account_id,name,currency,timezone_name",
                "limit": 200,
                **({"after": after} if after else {}),
            }
            told = self.session.json(f"/{VERSION}/me/adaccounts", asked)
            found += [
                Account(
                    str(one["account_id"]),
                    str(one.get("name", "")),
                    one.get("currency", ""),
                    one.get("timezone_name", ""),
                )
                for one in told["data"]
            ]
            after = str(told.get("paging", {}).get("cursors", {}).get("after", ""))
            if not after or not told.get("paging", {}).get("next"):
                return found

    def pages(self, _stream: Stream, account: Account, window: Window, after: Cursor | None) -> Iterator[Page]:
        """The pages of one report. A report that is gone when a sync goes on is ordered anew, from its first page."""
        self.account = account.key
        run = str((after or {}).get("run", "")) or self._ordered(account, window)
        place = str((after or {}).get("after", ""))
        self._finished(run)
        while True:
            asked = {"limit": PAGE, **({"after": place} if place else {})}
            body = self.session.get(f"/{VERSION}/{run}/insights", asked).body
            paging = parsed(body, self.session.vendor).get("paging", {})
            following = str(paging.get("cursors", {}).get("after", "")) if paging.get("next") else ""
            yield Page(body, {"run": run, "after": following} if following else None)
            if not following:
                return
            place = following

    def _ordered(self, account: Account, window: Window) -> str:
        answer = self.session.post(
            f"/{VERSION}/act_{account.key}/insights",
            data={
                "level": "ad",
                "time_increment": "1",
                "time_range": json.dumps({"since": str(window.first), "until": str(window.last)}),
                "fields": ",".join(FIELDS),
                "breakdowns": "publisher_platform",
                "use_unified_attribution_setting": "true",
            },
        )
        return str(parsed(answer.body, self.session.vendor)["report_run_id"])

    def _finished(self, run: str) -> None:
        """Wait for a report. Errors: VendorDown when it failed or takes too long."""
        for _ask in range(MOST_ASKS):
            told: dict[str, Any] = self.session.json(
                f"/{VERSION}/{run}", {"fields": "async_status,async_percent_completion"}
            )
            status = told.get("async_status")
            if status == DONE:
                return
            if status in FAILED:
                raise VendorDown(vendor=self.session.vendor, said=str(status))
            time.sleep(ASK_AGAIN_S * self.session.backoff_s)
        raise VendorDown(vendor=self.session.vendor, said="report not finished")

    def _judge(self, answer: Answer) -> VendorProblem | None:
        try:
            error = parsed(answer.body).get("error", {})
        except (VendorProblem, AttributeError):
            return None
        code, sub, said = error.get("code"), error.get("error_subcode"), str(error.get("message", ""))
        told: dict[str, Any] = {"vendor": self.session.vendor, "said": said}
        if code in KEY_CODES:
            return KeyRefused(**told)
        if code in BUSY_CODES:
            return TooManyCalls(**told, wait_s=self._minutes(answer) * 60 or 60)
        if code in PASSING_CODES or error.get("is_transient"):
            return VendorDown(**told)
        if code == 100 and sub in GONE_SUBCODES:
            return AccountGone(**told, account=self.account)
        if code in PERMISSION_CODES:
            return NotPermitted(**told, account=self.account)
        return AskedWrongly(**told) if code else None

    def _minutes(self, answer: Answer) -> int:
        """Minutes until access is given again, from the usage that Meta tells in a header."""
        try:
            usage = json.loads(answer.headers.get("X-Business-Use-Case-Usage", "{}"))
        except ValueError:
            return 0
        waits = [one.get("estimated_time_to_regain_access", 0) for entries in usage.values() for one in entries]
        return int(max(waits, default=0))
