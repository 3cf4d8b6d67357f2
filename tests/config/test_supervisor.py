"""`make run`'s supervisor: what it starts it stops, however it ends, and nothing keeps it from starting again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.web import free_port
from config.supervisor.places import Places
from config.supervisor.servers import embedded_servers
from tests.e2e.portal import BASE, OWN


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield BASE / "var" / "test-supervisor"
    subprocess.run(["rm", "-rf", str(BASE / "var" / "test-supervisor")], check=True)


def _start(var: Path) -> tuple[subprocess.Popen[bytes], str]:
    bind = f"127.0.0.1:{free_port()}"
    environment = {k: v for k, v in os.environ.items() if k not in OWN} | {"VAR_ROOT": str(var)}
    process = subprocess.Popen(
        [sys.executable, "-m", "config.supervisor", "--no-demo", "--bind", bind],
        cwd=BASE,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert process.poll() is None, "the supervisor ended by itself"
        try:
            with urllib.request.urlopen(f"http://{bind}/health/", timeout=1):
                return process, bind
        except OSError:
            time.sleep(0.2)
    raise AssertionError("it did not start")


def _processes(var: Path) -> list[str]:
    """Command lines of every process that belongs to this folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if str(var).encode() in words:
                found.append(f"{entry.name} {(entry / 'cmdline').read_bytes()[:80]!r}")
    return found


def _gone(var: Path, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not _processes(var):
            return True
        time.sleep(0.2)
    return False


def test_ctrl_c_stops_everything(var: Path) -> None:
    process, _bind = _start(var)
    assert len(_processes(var)) >= 6, "postgres, valkey, web, worker and beat run"
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert _gone(var, 5), _processes(var)


def test_a_killed_web_server_and_worker_are_started_again(var: Path) -> None:
    process, bind = _start(var)
    killed = [line for line in _processes(var) if "gunicorn" in line or "worker" in line]
    assert len(killed) >= 2
    for line in killed:
        os.kill(int(line.split()[0]), signal.SIGKILL)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        fresh = [line for line in _processes(var) if line not in killed]
        if any("gunicorn" in line for line in fresh) and any("worker" in line for line in fresh) and _health(bind):
            break
        time.sleep(0.3)
    else:
        raise AssertionError(_processes(var))
    process.send_signal(signal.SIGINT)
    assert process.wait(90) == 0


def _health(bind: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{bind}/health/", timeout=1):
            return True
    except OSError:
        return False


def test_a_killed_supervisor_leaves_nothing_that_stops_the_next_start(var: Path) -> None:
    process, _bind = _start(var)
    process.kill()
    process.wait()
    assert _gone(var, 30), _processes(var)
    again, bind = _start(var)
    with urllib.request.urlopen(f"http://{bind}/accounts/login/", timeout=10) as answer:
        assert answer.status == 200
    again.send_signal(signal.SIGINT)
    assert again.wait(60) == 0


def test_a_second_supervisor_is_told_that_one_runs(var: Path) -> None:
    process, _bind = _start(var)
    environment = {k: v for k, v in os.environ.items() if k not in OWN} | {"VAR_ROOT": str(var)}
    second = subprocess.run(
        [sys.executable, "-m", "config.supervisor"], cwd=BASE, env=environment, capture_output=True, text=True
    )
    process.send_signal(signal.SIGINT)
    process.wait(60)
    assert second.returncode == 1
    assert "already running" in second.stderr


def test_servers_that_are_named_are_used_and_not_started(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@db.example/portal")
    monkeypatch.setenv("REDIS_URL", "redis://cache.example:6379")
    with embedded_servers(var / "named") as environment:
        assert environment["DATABASE_URL"] == "postgresql://somebody@db.example/portal"
        assert not _processes(var / "named")


def test_secrets_are_made_once_and_readable_by_their_user_only(tmp_path: Path) -> None:
    places = Places(tmp_path / "var")
    first = places.secrets()
    assert places.secrets() == first
    assert (tmp_path / "var" / "secrets.json").stat().st_mode & 0o077 == 0
