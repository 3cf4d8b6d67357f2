"""A portal of its own to ask over HTTP, and a person who is signed in to it."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

from django.conf import settings

START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def portal() -> Iterator[tuple[str, int]]:
    """gunicorn as `make run` starts it, on a free port. *Shape*: address, process id of its master."""
    bind = f"127.0.0.1:{free_port()}"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        bind,
        "--worker-class",
        "gthread",
        "--threads",
        "8",
        "--workers",
        "1",
        "--preload",
        "--no-control-socket",
        "--log-level",
        "warning",
    ]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env={**os.environ, "LOG_LEVEL": "WARNING"})
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(bind):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("The web server did not start.")
            time.sleep(0.1)
        yield bind, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _answers(bind: str) -> bool:
    try:
        return Visitor(bind).get("/health/")[0] == 200
    except OSError:
        return False


class Visitor:
    """One browser's worth of HTTP: cookies, a kept connection, redirects followed by hand."""

    def __init__(self, bind: str) -> None:
        host, port = bind.rsplit(":", 1)
        self.connection = http.client.HTTPConnection(host, int(port), timeout=120)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """*Shape*: status, body, Location."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Accept-Language": "ko"}
        body = urlencode(form) if form else None
        if body:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"http://{self.connection.host}{path}",
            }
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _sign, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, answer.read().decode(errors="replace"), answer.getheader("Location") or ""

    def get(self, path: str) -> tuple[int, str]:
        status, body, _location = self.ask("GET", path)
        return status, body

    def sign_in(self, email: str, password: str) -> None:
        """Errors: RuntimeError when the portal doesn't let them in."""
        _status, page = self.get("/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if token is None:
            raise RuntimeError("The sign-in page has no form.")
        status, _page, location = self.ask(
            "POST", "/accounts/login/", {"login": email, "password": password, "csrfmiddlewaretoken": token[1]}
        )
        if status != 302 or "login" in urlsplit(location).path:
            raise RuntimeError(f"{email} could not sign in ({status}).")
