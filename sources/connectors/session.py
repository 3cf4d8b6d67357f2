"""Talking to a vendor: paced across workers, retried, bounded in time and size, and with its errors in our words."""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from django.core.cache import cache
from requests.auth import AuthBase

from problems.errors import Sentence
from sources.connectors.addresses import GuardedAdapter
from sources.connectors.problems import (
    AskedWrongly,
    KeyRefused,
    Nonsense,
    NotPermitted,
    PageTooLarge,
    TooManyCalls,
    VendorDown,
    VendorProblem,
)

log = logging.getLogger(__name__)

CONNECT_S, READ_S = 10.0, 120.0
MOST_TRIES = 5
WATCHED_READ_S, WATCHED_TRIES = 20.0, 2
MOST_BYTES = 64 << 20  # of one answer
LONGEST_WAIT_S = 60  # beyond it the task gives its worker back and comes again
CHUNK = 1 << 16
BLOT = b"***"
SHORTEST_SECRET = 6  # a shorter word may stand in a vendor's data by chance


@dataclass
class Meter:
    """What a sync cost so far."""

    calls: int = 0
    retries: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class Answer:
    """A vendor's answer, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass
class VendorSession:
    """One connection's way to its vendor. `pace` is what calls are counted under, across all workers of the portal.

    `judge` words a vendor's own errors: it gets an answer that isn't a success and may return a problem.
    """

    vendor: Sentence
    base: str
    pace: str
    gap_s: float = 0.0
    auth: AuthBase | None = None
    judge: Callable[[Answer], VendorProblem | None] | None = None
    meter: Meter = field(default_factory=Meter)
    alive: Callable[[], None] = lambda: None  # told before each call and wait; raises to stop
    backoff_s: float = 1.0
    is_watched: bool = False  # a person waits for the answer: better a sentence soon than a page that hangs
    hidden: tuple[str, ...] = ()  # secrets: blotted out wherever a vendor says them back

    def __post_init__(self) -> None:
        # Imported where it is needed: forty megabytes that a web process without syncs has no use for.
        from dlt.sources.helpers.requests import Client as RetryingClient

        client = RetryingClient(
            request_timeout=(CONNECT_S, WATCHED_READ_S if self.is_watched else READ_S),
            raise_for_status=False,
            status_codes=(429, 500, 502, 503, 504),
            exceptions=(requests.ConnectionError, requests.Timeout),
            request_max_attempts=WATCHED_TRIES if self.is_watched else MOST_TRIES,
            request_backoff_factor=self.backoff_s,
            request_max_retry_delay=LONGEST_WAIT_S,
            session_attrs={"trust_env": False, "headers": {"User-Agent": "Yeojeong"}},
        )
        self._session = client.session
        adapter = _BoundedAdapter(self)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def get(self, path: str, params: Mapping[str, Any] | None = None, **named: Any) -> Answer:
        """Errors: VendorProblem."""
        return self._ask("GET", path, params=params, **named)

    def post(self, path: str, **named: Any) -> Answer:
        """Errors: VendorProblem."""
        return self._ask("POST", path, **named)

    def json(self, path: str, params: Mapping[str, Any] | None = None, **named: Any) -> Any:
        """The answer's JSON. Errors: VendorProblem, Nonsense for what is no JSON."""
        return parsed(self.get(path, params, **named).body, self.vendor)

    def _ask(self, method: str, path: str, **named: Any) -> Answer:
        url = path if path.startswith(("http://", "https://")) else self.base.rstrip("/") + path
        try:
            found = self._session.request(method, url, auth=self.auth, allow_redirects=False, **named)
        except requests.RequestException as error:
            raise VendorDown(vendor=self.vendor, said=type(error).__name__) from error
        answer = Answer(found.status_code, found.headers, self._blotted(found.content))
        if 200 <= answer.status < 300:
            return answer
        raise (self.judge(answer) if self.judge else None) or self._judged(answer)

    def _blotted(self, body: bytes) -> bytes:
        for secret in self.hidden:
            body = body.replace(secret.encode(), BLOT)
        return body

    def _judged(self, answer: Answer) -> VendorProblem:
        said = " ".join(answer.text.split())[:200]
        if answer.status == 401:
            return KeyRefused(vendor=self.vendor, said=said)
        if answer.status == 403:
            return NotPermitted(vendor=self.vendor, said=said, account="")
        if answer.status == 429:
            return TooManyCalls(vendor=self.vendor, said=said, wait_s=waiting_time(answer.headers) or LONGEST_WAIT_S)
        if answer.status >= 500:
            return VendorDown(vendor=self.vendor, said=f"HTTP {answer.status}")
        if 300 <= answer.status < 400:
            return Nonsense(vendor=self.vendor, said=f"HTTP {answer.status}")
        return AskedWrongly(vendor=self.vendor, said=said or f"HTTP {answer.status}")

    def wait_for_turn(self) -> None:
        """Wait until this vendor may be called again, whichever worker called it last."""
        self.meter.calls += 1
        while True:
            self.alive()
            if self._is_our_turn():
                return
            time.sleep(min(0.2, self.gap_s or 0.2))

    def _is_our_turn(self) -> bool:
        if self.gap_s <= 0:
            return not cache.get(self._pace_key)
        return bool(cache.add(self._pace_key, 1, timeout=math.ceil(self.gap_s)))

    def hold(self, seconds: int) -> None:
        """The vendor asked for quiet: every worker keeps it."""
        cache.set(self._pace_key, 1, timeout=max(1, min(seconds, LONGEST_WAIT_S)))

    @property
    def _pace_key(self) -> str:
        return f"vendor-pace:{self.pace}"


class _BoundedAdapter(GuardedAdapter):
    """Reads every answer whole inside the retried call, so that half an answer is asked for again."""

    def __init__(self, session: VendorSession) -> None:
        self.told = session
        super().__init__(pool_maxsize=2)

    def send(self, request: requests.PreparedRequest, *args: Any, **named: Any) -> requests.Response:
        self.told.wait_for_turn()
        named["stream"] = True
        if getattr(request, "asked_before", False):
            self.told.meter.retries += 1
        request.asked_before = True  # type: ignore[attr-defined]
        answer = super().send(request, *args, **named)
        body, size = [], 0
        try:
            for chunk in answer.iter_content(CHUNK):
                size += len(chunk)
                if size > MOST_BYTES:
                    answer.close()
                    raise PageTooLarge(vendor=self.told.vendor, limit_mb=MOST_BYTES >> 20)
                body.append(chunk)
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError) as error:
            raise requests.ConnectionError(str(error)) from error
        answer._content, answer._content_consumed = b"".join(body), True
        self.told.meter.bytes += size
        if answer.status_code == 429:
            wait_s = waiting_time(answer.headers)
            self.told.hold(wait_s or 1)
            if self.told.is_watched or wait_s > LONGEST_WAIT_S:
                raise TooManyCalls(vendor=self.told.vendor, wait_s=wait_s or LONGEST_WAIT_S)
        return answer


class HeaderKey(AuthBase):
    """A key in a header, never in an address."""

    def __init__(self, name: str, value: str) -> None:
        self.name, self.value = name, value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers[self.name] = self.value
        return request


def waiting_time(headers: Mapping[str, str]) -> int:
    """Seconds that a vendor asks to wait; 0 when it doesn't say."""
    raw = headers.get("Retry-After", "").strip()
    return int(raw) if raw.isdigit() else 0


def parsed(body: bytes, vendor: Sentence = "") -> Any:
    """JSON as the standard has it: NaN and Infinity are none. Errors: Nonsense."""
    try:
        return json.loads(body, parse_constant=_no_number)
    except ValueError as error:
        raise Nonsense(vendor=vendor, said=" ".join(body[:120].decode("utf-8", "replace").split())) from error


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no JSON number")
