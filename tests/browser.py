"""Finds a Chromium and a Korean font for the browser checks, or installs them: `python -m tests.browser install`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Background traffic of the browser itself; the checks talk to this machine only.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """The browser that the checks drive: `CHROMIUM`, the system's, or the one that playwright has installed."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        own = play.chromium.executable_path
    return own if Path(own).exists() else None


def has_korean_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=ko", "family"], capture_output=True, text=True)
    return bool(listed.stdout.strip())


def _install_with_apt(*packages: str) -> bool:
    if not shutil.which("apt-get"):
        return False
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*prefix, "apt-get", "update", "-qq"], env=environment, stdout=subprocess.DEVNULL)
    done = subprocess.run(
        [*prefix, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    return done.returncode == 0


def install() -> None:
    """Install what is missing. Errors: SystemExit that names what could not be installed and how to do it by hand."""
    if not has_korean_font():
        _install_with_apt("fontconfig", "fonts-noto-cjk")
    if chromium() is None and not _install_with_apt("chromium"):
        subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"])
    missing = [
        what
        for what, there in (
            ("a Chromium (set CHROMIUM to its path)", chromium()),
            ("a Korean font such as Noto Sans CJK", has_korean_font()),
        )
        if not there
    ]
    if missing:
        raise SystemExit("The browser checks need " + " and ".join(missing) + ": install it and run again.")


if __name__ == "__main__":
    if sys.argv[1:] == ["install"]:
        install()
    else:
        sys.exit("python -m tests.browser install")
