"""`python -m config.supervisor`: start everything, say where, stop cleanly on Ctrl-C."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from config.env import load_env_file
from config.supervisor.places import Places
from config.supervisor.processes import Family
from config.supervisor.servers import lock, start_missing_servers

BASE = Path(__file__).resolve().parent.parent.parent


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run", description="Run Yeojeong on this machine.")
    parser.add_argument(
        "--bind", default=os.environ.get("BIND", "127.0.0.1:8000"), help="address:port of the web server"
    )
    parser.add_argument("--no-demo", action="store_true", help="don't load the demo client when there is no client")
    return parser.parse_args()


def _say(text: str) -> None:
    print(f"[yeojeong] {text}", flush=True)


def _manage(environment: dict[str, str], *words: str) -> None:
    done = subprocess.run([sys.executable, "manage.py", *words], env=environment, cwd=BASE)
    if done.returncode:
        raise SystemExit(f"`manage.py {' '.join(words)}` failed; the lines above say why.")


def _answers(bind: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{bind}/health/", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _start_application(family: Family, bind: str) -> None:
    python = sys.executable
    threads = os.environ.get("WEB_THREADS", "8")
    web = [
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        bind,
        "--worker-class",
        "gthread",
        "--threads",
        threads,
        "--workers",
        os.environ.get("WEB_WORKERS", "1"),
        "--graceful-timeout",
        "10",
        "--timeout",
        "120",
        "--preload",
        "--no-control-socket",
    ]
    worker = [
        "-m",
        "celery",
        "-A",
        "config.celery",
        "worker",
        "--loglevel",
        "info",
        "--concurrency",
        os.environ.get("WORKER_CONCURRENCY", "1"),
        "--without-gossip",
        "--without-mingle",
    ]
    beat = [
        "-m",
        "celery",
        "-A",
        "config.celery",
        "beat",
        "--loglevel",
        "info",
        "--pidfile=",
        "--schedule",
        str(family.logs.parent / "beat-schedule"),
    ]
    os.chdir(BASE)
    family.start("web", [python, *web], patience=15, again=True)
    family.start("worker", [python, *worker], patience=60, again=True)
    family.start("beat", [python, *beat], again=True)


def main() -> None:
    load_env_file(BASE / ".env")
    arguments = _arguments()
    places = Places(Path(os.environ.get("VAR_ROOT") or BASE / "var").resolve())
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    with lock(places) as ours:
        if not ours:
            raise SystemExit(
                "Yeojeong is already running from this folder. Stop it first, or set VAR_ROOT to another folder."
            )
        family = Family({}, places.logs)
        try:
            _run(family, places, arguments, stopping)
        finally:
            _say("stopping")
            family.stop_all()
            _say("stopped")


def _run(family: Family, places: Places, arguments: argparse.Namespace, stopping: list[int]) -> None:
    began = time.monotonic()
    _say("starting the servers")
    environment = start_missing_servers(family, places)
    _say("preparing the database")
    _manage(environment, "prepare", *(["--no-demo"] if arguments.no_demo else []))
    if stopping:
        return
    _start_application(family, arguments.bind)
    while not _answers(arguments.bind):
        if stopping or _fell(family):
            return
        time.sleep(0.1)
    _say(f"ready in {time.monotonic() - began:.0f} s: http://{arguments.bind}/  (Ctrl-C stops everything)")
    _manage(environment, "prepare", "--logins")
    while not stopping and not _fell(family):
        time.sleep(0.3)


def _fell(family: Family) -> bool:
    """Whether a child has ended by itself that can't be started anew."""
    child = family.fallen()
    if child is None:
        return False
    why = f"{child.name} ended by itself (exit {child.process.returncode}); read {family.logs / child.name}.log"
    again = family.restart(child)
    _say(f"{why}; started again" if again else why)
    return not again


if __name__ == "__main__":
    main()
