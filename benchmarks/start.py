"""From a clean clone to the demo board: the first start, the second, and what everything takes at rest."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from django.conf import settings

from benchmarks.figures import Figure
from benchmarks.web import Visitor, free_port

PATIENCE = 900
REST = 5


def run(size: int = 1) -> list[Figure]:
    """*Figures*: first_s, second_s, rss_mb and web_rss_mb. The package cache is warm: the machine's own is used."""
    home = Path(tempfile.mkdtemp(prefix="bench-start-"))
    home.chmod(0o755)
    try:
        checkout = home / "yeojeong"
        subprocess.run(["git", "clone", "--quiet", str(settings.BASE_DIR), str(checkout)], check=True)
        first, _memory = _start(checkout, home)
        second, memory = _start(checkout, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return [
        Figure("first_s", first, "s", 180, "clone, install from a warm cache, demo client, first board"),
        Figure("second_s", second, "s", 10, "the same folder again, to the demo board"),
        Figure(
            "rss_mb",
            memory["all"],
            "MB",
            900,
            "proportional set size of all processes, so that shared pages count once",
        ),
        Figure("web_rss_mb", memory["web"], "MB", 250, "proportional set size of gunicorn's processes"),
        Figure(
            "rss_sum_mb",
            memory["sum"],
            "MB",
            note="the same processes' resident sizes added up, shared pages counted again each time",
        ),
    ]


def _start(checkout: Path, home: Path) -> tuple[float, dict[str, float]]:
    """Seconds from `make run` to a signed-in demo board, and the memory at rest; then everything is stopped."""
    bind = f"127.0.0.1:{free_port()}"
    cache = subprocess.run(["python3", "-m", "pip", "cache", "dir"], capture_output=True, text=True).stdout.strip()
    inherited = {
        k: v
        for k, v in os.environ.items()
        if k not in ("VAR_ROOT", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "LAKE_SECRET", "DJANGO_SETTINGS_MODULE")
    }
    environment = {**inherited, "HOME": str(home), "BIND": bind, **({"PIP_CACHE_DIR": cache} if cache else {})}
    began = time.monotonic()
    with (home / "log.txt").open("ab") as log:
        process = subprocess.Popen(
            ["make", "run"], cwd=checkout, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        seconds = _until_board(bind, process, began, home / "log.txt")
        time.sleep(REST)
        return seconds, _memory(process.pid)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(90)


def _until_board(bind: str, process: subprocess.Popen[bytes], began: float, log: Path) -> float:
    from demo.logins import DEMO_SLUG, LOGINS, PASSWORD

    while time.monotonic() - began < PATIENCE:
        if process.poll() is not None:
            raise RuntimeError("`make run` ended:\n" + "\n".join(log.read_text().splitlines()[-15:]))
        try:
            visitor = Visitor(bind)
            if visitor.get("/health/")[0] == 200:
                visitor.sign_in(LOGINS[0].email, PASSWORD)
                status, _page = visitor.get(f"/c/{DEMO_SLUG}/kpi/board/")
                if status == 200:
                    return time.monotonic() - began
                raise RuntimeError(f"The demo board answered {status}.")
        except OSError:
            pass
        time.sleep(0.2)
    raise RuntimeError("The demo board did not answer in time.")


def _memory(root: int) -> dict[str, float]:
    """Megabytes of the whole family of a process."""
    sums = {"all": 0.0, "web": 0.0, "sum": 0.0}
    for pid in _family(root):
        try:
            rollup = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        pss, rss = (float(rollup[name].split()[0]) / 1024 for name in ("Pss", "Rss"))
        sums["all"] += pss
        sums["sum"] += rss
        sums["web"] += pss if b"gunicorn" in words else 0
    return sums


def _family(root: int) -> list[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
    family = [root]
    for pid in family:
        family += [child for child, parent in parents.items() if parent == pid]
    return family
