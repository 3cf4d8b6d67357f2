"""`make test` without the browser: the checks in two halves side by side, each with servers of its own.

Checks that make lakes share their server's roles, so one server can't be shared by two processes; two servers can run
beside each other. A half's output is printed when it is done, whole.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

BASE = Path(__file__).resolve().parent.parent
APART = "kpis"  # about as long as all others together


def halves() -> dict[str, list[str]]:
    """Folders of checks by half."""
    folders = sorted(path.name for path in (BASE / "tests").iterdir() if path.is_dir() and any(path.glob("test_*.py")))
    own = [name for name in folders if name not in ("e2e", APART)]
    return {"first": [f"tests/{APART}"], "second": [f"tests/{name}" for name in own]}


def main() -> int:
    began, worst = time.monotonic(), 0
    with ExitStack() as stack:
        running = [(name, *_started(stack, name, folders)) for name, folders in halves().items()]
        for name, process, output in running:
            worst = max(worst, abs(process.wait()))
            output.seek(0)
            minutes = (time.monotonic() - began) / 60
            sys.stdout.write(f"\n=== the {name} half of the checks, after {minutes:.1f} min ===\n{output.read()}")
            sys.stdout.flush()
    return worst


def _started(stack: ExitStack, name: str, folders: list[str]) -> tuple[subprocess.Popen[bytes], IO[str]]:
    """A half at work, and the file that its output goes to: a pipe that nobody reads would stop it."""
    output = stack.enter_context(TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115
    words = [sys.executable, "-m", "pytest", "-m", "not e2e", *folders, *sys.argv[1:]]
    environment = {**os.environ, "TEST_SERVERS": name}
    process = subprocess.Popen(words, cwd=BASE, env=environment, stdout=output, stderr=subprocess.STDOUT)
    return process, output


if __name__ == "__main__":
    raise SystemExit(main())
