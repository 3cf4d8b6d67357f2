"""A vendor on loopback: what a connector is tried against where there is no account, by people and by the checks.

A fake answers as the vendor does (paths, authentication, paging, errors) from data that it is given. `troubles` are
what real networks and vendors do to everybody: each is spent on one request.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Literal
from urllib.parse import parse_qs, urlsplit

Trouble = Literal["429", "500", "html", "nan", "truncated", "closed"]
HTML = b"<!doctype html><html><body><h1>Service maintenance</h1></body></html>"


@dataclass(frozen=True)
class Asked:
    """A request as a fake sees it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"null")


@dataclass
class Reply:
    """An answer: JSON of `data`, or bytes as they are."""

    data: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json;charset=UTF-8"

    @property
    def body(self) -> bytes:
        return self.data if isinstance(self.data, bytes) else json.dumps(self.data, ensure_ascii=False).encode()


class Fake:
    """The base of a vendor's fake: answers a request, keeps what was asked, and has troubles when told to."""

    name: ClassVar[str] = ""
    retry_after: ClassVar[int] = 1

    def __init__(self) -> None:
        self.troubles: deque[Trouble] = deque()
        self.asked: list[Asked] = []

    def answer(self, asked: Asked) -> Reply:
        """What the vendor says to a request."""
        raise NotImplementedError

    @contextmanager
    def serving(self, port: int = 0) -> Iterator[str]:
        """Serve on loopback for the length of the block; gives the base address."""
        server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _handler(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, parts.path, query, headers, self.rfile.read(length))
            fake.asked.append(asked)
            trouble = fake.troubles.popleft() if fake.troubles else None
            if trouble == "closed":
                self.close_connection = True
                return
            self._send(_troubled(fake, asked, trouble), cut=trouble == "truncated")

        def _send(self, reply: Reply, *, cut: bool) -> None:
            body = reply.body
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if cut else body)
            if cut:
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 (the base's names)

        def log_message(self, format: str, *args: Any) -> None:
            """Fakes are quiet."""

    return Handler


def _troubled(fake: Fake, asked: Asked, trouble: Trouble | None) -> Reply:
    if trouble == "429":
        return Reply({"message": "too many requests"}, 429, {"Retry-After": str(fake.retry_after)})
    if trouble == "500":
        return Reply({"message": "internal error"}, 500)
    if trouble == "html":
        return Reply(HTML, 200, content_type="text/html")
    if trouble == "nan":
        return Reply(b'{"data": [NaN]}')
    return fake.answer(asked)


def run_for_ever(fake: Fake, port: int) -> None:
    """Serve until interrupted, for trying a connector by hand."""
    with fake.serving(port):
        while True:
            time.sleep(3600)
