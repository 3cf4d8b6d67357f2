"""Where the embedded servers keep what they keep, and the addresses that follow from it."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

SOCKET_PATH_LIMIT = 100  # sockaddr_un holds 107 bytes; the file name is added by the server
DATABASE = "yeojeong"
SECRETS = ("SECRET_KEY", "LAKE_SECRET", "CONNECTION_KEYS", "POSTGRES", "VALKEY")
PORT = 5432  # only the socket's name: nothing listens on TCP


@dataclass(frozen=True)
class Owner:
    """The ordinary user that PostgreSQL runs as, because it refuses to run as root."""

    name: str
    uid: int
    gid: int


def server_owner() -> Owner | None:
    """The user to run PostgreSQL as when we are root, else None: ourselves."""
    if os.geteuid() != 0:
        return None
    wanted = [os.environ.get("YEOJEONG_POSTGRES_USER", ""), "postgres", "nobody"]
    for name in filter(None, wanted):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(name, entry.pw_uid, entry.pw_gid)
    raise SystemExit("Running as root needs an ordinary user for PostgreSQL: set YEOJEONG_POSTGRES_USER to one.")


def reachable_by_all(path: Path) -> bool:
    """Whether another user can walk down to `path`: every parent folder lets others pass."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in [path, *path.parents] if parent.exists())


@dataclass(frozen=True)
class Places:
    """The folders of one installation; `var` is inside the checkout unless VAR_ROOT says otherwise."""

    var: Path

    @property
    def tag(self) -> str:
        return hashlib.sha256(str(self.var).encode()).hexdigest()[:10]

    @property
    def server_home(self) -> Path:
        """PostgreSQL's own folder; outside the checkout when its ordinary user couldn't reach it there."""
        if server_owner() and not reachable_by_all(self.var):
            return Path("/var/lib") / f"yeojeong-{self.tag}"
        return self.var / "postgres"

    @property
    def run(self) -> Path:
        """The folder of the sockets; a short one under /tmp when the checkout lies too deep."""
        inside = self.server_home / "run"
        return inside if len(str(inside)) < SOCKET_PATH_LIMIT - 20 else Path("/tmp") / f"yeojeong-{self.tag}"  # noqa: S108

    @property
    def logs(self) -> Path:
        return self.var / "log"

    def secrets(self) -> dict[str, str]:
        """This installation's own secrets, made once and readable by its user only."""
        path = self.var / "secrets.json"
        if path.exists():
            return self._with_new_ones(path)
        self.var.mkdir(parents=True, exist_ok=True)
        made = {name: secrets.token_urlsafe(32) for name in SECRETS}
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made, indent=1))
        try:
            os.link(draft, path)  # fails if another process was first; then its secrets count
        except FileExistsError:
            return self.secrets()
        finally:
            draft.unlink()
        return made

    def _with_new_ones(self, path: Path) -> dict[str, str]:
        """What is kept, with those that an earlier release didn't know."""
        known: dict[str, str] = json.loads(path.read_text())
        missing = [name for name in SECRETS if name not in known]
        if missing:
            known |= {name: secrets.token_urlsafe(32) for name in missing}
            draft = path.with_suffix(f".{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(json.dumps(known, indent=1))
            draft.replace(path)
        return known

    def environment(self) -> dict[str, str]:
        """What the application needs to reach the embedded servers; names as in `.env.example`."""
        secret = self.secrets()
        socket = quote(str(self.run), safe="/")
        valkey = f"{self.run}/valkey.sock"
        return {
            "SECRET_KEY": secret["SECRET_KEY"],
            "LAKE_SECRET": secret["LAKE_SECRET"],
            "CONNECTION_KEYS": secret["CONNECTION_KEYS"],
            "DATABASE_URL": f"postgresql://yeojeong:{quote(secret['POSTGRES'])}@/{DATABASE}?host={socket}&port={PORT}",
            "REDIS_URL": f"unix://:{secret['VALKEY']}@{valkey}",
        }
