"""Opens a sandboxed DuckDB on one client's lake."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from warehouse.engine.ducklake.catalogue import catalogue_name, lake_folder, place, role_password, spill_folder
from warehouse.engine.ducklake.schema import literal
from warehouse.errors import LakeBusy, LakeMissing, TooLarge

if TYPE_CHECKING:
    import duckdb

EXTENSIONS = (
    "httpfs",
    "postgres_scanner",
    "ducklake",
)  # httpfs carries the cipher that encrypted files are written with


@dataclass(frozen=True)
class Limits:
    """What an instance may use, which other folders it may touch, and which optimizers it does without."""

    memory: str
    threads: int
    folders: tuple[Path, ...] = ()
    without: str = ""


def reading_limits() -> Limits:
    """The limits of the instances that answer questions."""
    return Limits(memory=settings.LAKE_MEMORY, threads=settings.LAKE_THREADS)


def extension_path(name: str) -> str:
    """Where the wheel keeps an extension; nothing is ever downloaded.

    *Errors*: FileNotFoundError, naming the wheel to install.
    """
    spec = importlib.util.find_spec(f"duckdb_extension_{name}")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for path in sorted(Path(folder).glob(f"extensions/v*/{name}.duckdb_extension")):
            return str(path)
    raise FileNotFoundError(f"duckdb-extension-{name.replace('_', '-')} is not installed: pip install it beside duckdb")


def _mark(path: str) -> tuple[str, int, int]:
    found = Path(path).stat()
    return path, found.st_mtime_ns, found.st_size


# Extensions whose signatures this process has seen verified. Hashing them costs a quarter of a second of every
# instance, and they are files of installed wheels, as our own code is: once a process is enough. Nothing else can be
# loaded: outside access is shut before anybody else's statement runs.
_verified: set[tuple[tuple[str, int, int], ...]] = set()


def open_instance(client: str, limits: Limits) -> duckdb.DuckDBPyConnection:
    """A DuckDB with the client's lake attached as `lk`, and nothing else within reach.

    Its settings are locked, the catalogue's password is hidden, and its role can't see another client's schema.
    """
    import duckdb

    paths = tuple(extension_path(name) for name in EXTENSIONS)
    marks = tuple(_mark(path) for path in paths)
    known = marks in _verified
    config = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    root = duckdb.connect(config={**config, "allow_unsigned_extensions": known})
    try:
        for path in paths:
            root.execute(f"LOAD {literal(path)}")
        _verified.add(marks)
        root.execute("SET TimeZone = 'UTC'")
        root.execute(f"SET threads = {int(limits.threads)}")
        root.execute(f"SET memory_limit = {literal(limits.memory)}")
        root.execute(f"SET temp_directory = {literal(str(spill_folder()))}")
        # Months are partitions: without this each thread keeps half a million rows of each in memory.
        root.execute("SET partitioned_write_flush_threshold = 100000")
        root.execute(f"SET disabled_optimizers = {literal(limits.without)}")
        _attach(root, client)
        _lock_down(root, client, limits)
    except BaseException:
        root.close()
        raise
    return root


def _attach(root: duckdb.DuckDBPyConnection, client: str) -> None:
    at = place()
    known = {"HOST": "host", "PORT": "port", "DATABASE": "dbname"}
    options = [f"{option} {literal(at[key])}" for option, key in known.items() if at.get(key)]
    options += [f"USER {literal(catalogue_name(client))}", f"PASSWORD {literal(role_password(client))}"]
    if at.get("sslmode"):
        options.append(f"SSLMODE {literal(at['sslmode'])}")
    root.execute(f"CREATE SECRET (TYPE postgres, {', '.join(options)})")
    root.execute(
        f"ATTACH 'ducklake:postgres:' AS lk (METADATA_SCHEMA {literal(catalogue_name(client))}, "
        f"DATA_PATH {literal(str(lake_folder(client)) + '/')}, OVERRIDE_DATA_PATH true, "
        "DATA_INLINING_ROW_LIMIT 0, ENCRYPTED)"
    )
    lake_folder(client).mkdir(mode=0o700, parents=True, exist_ok=True)  # a restored catalogue comes without its folder


def _lock_down(root: duckdb.DuckDBPyConnection, client: str, limits: Limits) -> None:
    folders = [lake_folder(client), spill_folder(), *limits.folders]
    allowed = ", ".join(literal(f"{folder}/") for folder in folders)
    root.execute(f"SET allowed_directories = [{allowed}]")
    root.execute("SET enable_external_access = false")
    root.execute("SET lock_configuration = true")


@contextmanager
def instance(client: str, limits: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
    """An instance of one's own for a long job, closed at its end.

    *Errors*: LakeMissing, LakeBusy, TooLarge for what the engine says of these.
    """
    import duckdb

    try:
        root = open_instance(client, limits)
    except duckdb.Error as error:
        raise refusal(client, error) from error
    try:
        yield root
    except duckdb.OutOfMemoryException as error:
        raise TooLarge from error
    except (
        duckdb.IOException,
        duckdb.ConnectionException,
        duckdb.FatalException,
        duckdb.TransactionException,
    ) as error:
        raise LakeBusy(client) from error
    finally:
        root.close()


@contextmanager
def transaction(root: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of what is done inside, or nothing."""
    import duckdb

    root.execute("BEGIN")
    try:
        yield
        root.execute("COMMIT")
    except BaseException:
        # To close a connection that is inside a transaction whose server has gone would abort the process.
        with suppress(duckdb.Error):
            root.execute("ROLLBACK")
        raise


def refusal(client: str, error: Exception) -> LakeMissing | LakeBusy:
    """What it means that a lake can't be opened: nobody made it, or the catalogue's server is away."""
    text = str(error)
    missing = ("does not exist", "password authentication failed", "permission denied")
    return LakeMissing(client) if any(words in text for words in missing) else LakeBusy(client)
