"""The environment, read by typed helpers; what is missing raises with the fix. Standard library only."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit


class Misconfigured(RuntimeError):
    """A setting is missing or can't be read; the message says which and what to write."""


def load_env_file(path: Path) -> None:
    """Put `NAME=value` lines of a file into the environment; what is already set wins."""
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, separator, value = text.partition("=")
        if not separator:
            raise Misconfigured(f"{path}, line {number}: write NAME=value.")
        os.environ.setdefault(name.strip(), value.strip().strip('"'))


def text(name: str, default: str = "") -> str:
    return os.environ.get(name) or default


def flag(name: str, default: bool) -> bool:
    raw = os.environ.get(name, "").strip().lower()
    if not raw:
        return default
    if raw in ("1", "true", "yes", "on"):
        return True
    if raw in ("0", "false", "no", "off"):
        return False
    raise Misconfigured(f"{name}={raw!r}: write true or false.")


def number(name: str, default: int) -> int:
    raw = os.environ.get(name, "").strip()
    try:
        return int(raw) if raw else default
    except ValueError as error:
        raise Misconfigured(f"{name}={raw!r}: write a whole number.") from error


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def pairs(name: str) -> dict[str, str]:
    """`key=value` words, separated by commas."""
    found = [word.partition("=") for word in words(name)]
    if any(not separator for _key, separator, _value in found):
        raise Misconfigured(f"{name}: write key=value, separated by commas.")
    return {key.strip(): value.strip() for key, _separator, value in found}


def redis(url: str, number: int) -> str:
    """A Redis address with one of its numbered databases; a number that the address names is replaced."""
    if url.startswith("unix://"):
        return f"{url}?db={number}"
    return urlsplit(url)._replace(path=f"/{number}").geturl()


def database(url: str) -> dict[str, str]:
    """Split `postgresql://user:password@host:port/name?host=/socket/dir` into Django's names."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise Misconfigured(
            f"DATABASE_URL starts with {parts.scheme!r}: write postgresql://user:password@host:5432/name."
        )
    query = parse_qs(parts.query)
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [unquote(parts.hostname or "")])[0],
        "PORT": str(parts.port or query.get("port", ["5432"])[0]),
        "SSLMODE": query.get("sslmode", [""])[0],
    }
