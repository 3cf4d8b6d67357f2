"""A whole portal of its own, started as a person starts it: by the supervisor, with real servers, worker and files."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.web import free_port

BASE = Path(__file__).resolve().parent.parent.parent
OPERATOR, PASSWORD = "operator@example.com", "journey-checks-2026"
OWN = (
    "VAR_ROOT",
    "DATABASE_URL",
    "LAKE_DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "LAKE_SECRET",
    "CONNECTION_KEYS",
    "DJANGO_SETTINGS_MODULE",
)
PATIENCE = 300


@dataclass(frozen=True)
class Portal:
    """Where it answers, and how its own command line is called."""

    url: str
    environment: dict[str, str]
    vendor_port: int  # where it looks for Naver: a test may serve the fake there

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=BASE, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@contextlib.contextmanager
def running(var: Path, *, demo: bool) -> Iterator[Portal]:
    """A portal in a folder of its own, with one operator; stopped afterwards, with nothing left running."""
    bind = f"127.0.0.1:{free_port()}"
    vendor_port = free_port()
    environment = {k: v for k, v in os.environ.items() if k not in OWN} | {
        "VAR_ROOT": str(var),
        "CONNECTOR_ADDRESSES": f"naver_searchad=http://127.0.0.1:{vendor_port}",
        "CONNECTOR_PRIVATE_HOSTS": "127.0.0.1",
    }
    words = [sys.executable, "-m", "config.supervisor", "--bind", bind, *([] if demo else ["--no-demo"])]
    var.mkdir(parents=True, exist_ok=True)
    with (var / "supervisor.log").open("wb") as log:
        process = subprocess.Popen(words, cwd=BASE, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait(bind, process, var / "supervisor.log")
        portal = Portal(f"http://{bind}", environment, vendor_port)
        portal.manage(
            "shell",
            "-v0",
            "-c",
            (
                "from tenants.models import User; "
                f"User.objects.filter(email='{OPERATOR}').exists() or "
                f"User.objects.create_superuser('{OPERATOR}', '{PASSWORD}', name='Operator')"
            ),
        )
        yield portal
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(90)


def _wait(bind: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-3000:]
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{bind}/health/", timeout=2):
            return
        time.sleep(0.2)
    raise AssertionError("the portal did not start:\n" + log.read_text()[-3000:])
