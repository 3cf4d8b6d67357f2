"""Runs a question on a client's lake: one DuckDB a client and process, opened when it is first asked."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from warehouse.engine.answers import Answer
from warehouse.engine.ducklake.catalogue import catalogue_name
from warehouse.engine.ducklake.instance import open_instance, reading_limits, refusal
from warehouse.engine.ducklake.schema import literal, quoted
from warehouse.errors import LakeBusy, TooLarge, TooSlow

if TYPE_CHECKING:
    import duckdb

MOST_OPEN = 8  # instances a process keeps; the one that was longest unused is closed

_open: OrderedDict[str, duckdb.DuckDBPyConnection] = OrderedDict()
_owner = os.getpid()
_door = threading.Lock()


def _start_over_after_fork() -> None:
    """A child must not touch what it inherited: the sockets and threads behind it are its parent's."""
    global _open, _owner, _door
    _inherited.append(_open)
    _open, _owner, _door = OrderedDict(), os.getpid(), threading.Lock()


_inherited: list[
    OrderedDict[str, duckdb.DuckDBPyConnection]
] = []  # kept, because closing would speak on the parent's sockets
os.register_at_fork(after_in_child=_start_over_after_fork)


def _cursor(client: str) -> duckdb.DuckDBPyConnection:
    with _door:
        root = _open.get(client)
        if root is None:
            root = _opened(client)
            _open[client] = root
        _open.move_to_end(client)
        while len(_open) > MOST_OPEN:
            # Cursors in use keep their instance alive; it goes when the last of them is closed.
            _open.popitem(last=False)
        return root.cursor()


def _opened(client: str) -> duckdb.DuckDBPyConnection:
    import duckdb

    try:
        return open_instance(client, reading_limits())
    except duckdb.Error as error:
        raise refusal(client, error) from error


def run(sql: str, client: str, timeout: float) -> Answer:
    """The answer to a statement, all of it fetched.

    *Errors*: TooSlow after `timeout` seconds, TooLarge past the memory limit, LakeMissing, LakeBusy.
    """
    import duckdb

    cursor = _cursor(client)
    timer = threading.Timer(timeout, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        answer = cursor.execute(sql)
        return Answer(tuple(column[0] for column in answer.description or ()), tuple(answer.fetchall()))
    except duckdb.InterruptException:
        raise TooSlow(timeout) from None
    except duckdb.OutOfMemoryException as error:
        raise TooLarge from error
    except (duckdb.IOException, duckdb.ConnectionException, duckdb.FatalException) as error:
        forget_engine(client)  # the catalogue's server was restarted, or files were moved: open anew next time
        raise LakeBusy(client) from error
    finally:
        timer.cancel()
        cursor.close()


def snapshot(client: str) -> str:
    """The lake's latest snapshot, with its time: a lake that was made anew counts from one again.

    *Errors*: LakeMissing.
    """
    latest = (
        "select snapshot_id || '-' || (extract(epoch from snapshot_time) * 1000000)::bigint as version "
        f"from {quoted(catalogue_name(client))}.ducklake_snapshot order by snapshot_id desc limit 1"
    )
    sql = f"SELECT version FROM postgres_query('__ducklake_metadata_lk', {literal(latest)})"
    return str(run(sql, client, timeout=10).rows[0][0])


def forget_engine(client: str) -> None:
    """Drop this process's instance of a client; the next question opens one anew."""
    with _door:
        _open.pop(client, None)


def forget_engines() -> None:
    """Drop every instance of this process: the server behind them changes."""
    with _door:
        _open.clear()
