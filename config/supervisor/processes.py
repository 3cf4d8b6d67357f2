"""Children that never outlive us: each in its own session, told by the kernel when we die, stopped in reverse order."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.supervisor.places import Owner

PR_SET_PDEATHSIG = 1
MOST_FALLS, FALLS_WITHIN_S = 5, 600.0


def _die_with_parent(stop: signal.Signals) -> Callable[[], None]:
    """Ask the kernel for `stop` when our process dies, however it dies (Linux; elsewhere a no-op)."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, stop)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return ask


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    stop: signal.Signals
    patience: float
    command: Sequence[str | Path] = ()
    again: bool = False
    falls: list[float] = field(default_factory=list)


@dataclass
class Family:
    """The processes of one run."""

    environment: dict[str, str]
    logs: Path
    children: list[Child] = field(default_factory=list)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        stop: signal.Signals = signal.SIGTERM,
        owner: Owner | None = None,
        patience: float = 20,
        again: bool = False,
    ) -> Child:
        """Start `command`, its output in logs/<name>.log. `again`: it is started anew when it ends by itself."""
        self.logs.mkdir(parents=True, exist_ok=True)
        identity = {"user": owner.uid, "group": owner.gid, "extra_groups": []} if owner else {}
        with (self.logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(  # type: ignore[call-overload]
                [str(word) for word in command],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent(stop),
                cwd="/" if owner else None,
                **identity,
            )
        child = Child(name, process, stop, patience, command, again)
        self.children.append(child)
        return child

    def restart(self, child: Child) -> bool:
        """Start a child anew that has ended; False when it does that too often, or may not be."""
        now = time.monotonic()
        child.falls = [*(at for at in child.falls if now - at < FALLS_WITHIN_S), now]
        if not child.again or len(child.falls) > MOST_FALLS:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)  # what it started itself
        fresh = self.start(child.name, child.command, stop=child.stop, patience=child.patience, again=True)
        self.children.remove(fresh)
        self.children[self.children.index(child)] = fresh
        fresh.falls = child.falls
        return True

    def fallen(self) -> Child | None:
        """The first child that has ended by itself, if any."""
        return next((child for child in self.children if child.process.poll() is not None), None)

    def stop_all(self) -> None:
        for child in reversed(self.children):
            stop_child(child)
        self.children.clear()


def stop_child(child: Child) -> None:
    """Ask, wait, then insist on the whole session of the child."""
    if child.process.poll() is None:
        child.process.send_signal(child.stop)
        try:
            child.process.wait(child.patience)
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


def wait_until(ready: Callable[[], bool], *, child: Child, seconds: float, log: Path) -> None:
    """Wait for a child to be ready; if it ends or takes too long, say where to read why."""
    deadline = time.monotonic() + seconds
    while not ready():
        if child.process.poll() is not None or time.monotonic() > deadline:
            lines = log.read_text(errors="replace").splitlines()[-8:] if log.exists() else []
            raise SystemExit(f"{child.name} did not start. The end of {log}:\n" + "\n".join(lines))
        time.sleep(0.05)
