"""The engine seam: the one way to read a lake. Another engine is another folder beside `ducklake`."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from warehouse.engine.answers import Answers
from warehouse.engine.ducklake.reading import forget_engine
from warehouse.engine.ducklake.reading import forget_engines as forget_ducklake
from warehouse.engine.ducklake.reading import run as run_ducklake
from warehouse.engine.ducklake.reading import snapshot as ducklake_snapshot
from warehouse.scope import Scope

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["data_version", "forget_engine", "forget_engines", "one", "rows", "table"]

TIMEOUT_S = 20.0
COMPILED = 512  # statements remembered a process

_answers = Answers()


def table(name: str) -> ir.Table:
    """A canonical or measure table to build an expression on; by itself it can't be read.

    *Shape*: the columns of `warehouse.tables` without housekeeping; moments are UTC without zone. The tables of
    `MEASURE_VERSIONS` hold everything that a measure ever said, with since when and until when it said so.
    *Errors*: NotReadable for a table that isn't canonical.
    """
    from warehouse.engine.scoping import unbound

    return unbound(name)


def rows(expr: ir.Table, scope: Scope, timeout: float = TIMEOUT_S) -> list[dict[str, Any]]:
    """The answer to an expression: each table in it holds only rows of the scope's markets, as known at its moment.

    *Shape*: one dict a row; exact sums (decimals) arrive as floats. The same question is answered from memory for as
    long as nothing in the lake changes.
    *Errors*: NotReadable, TooSlow, TooLarge, LakeMissing, LakeBusy.
    """
    sql = _compiled(expr.as_table().op(), tuple(sorted(set(scope.markets))), scope.known_on)
    key = (scope.client, ducklake_snapshot(scope.client), sql)
    answer = _answers.get(key)
    if answer is None:
        answer = run_ducklake(sql, scope.client, timeout)
        _answers.keep(key, answer)
    return answer.as_dicts()


def one(expr: ir.Table, scope: Scope, timeout: float = TIMEOUT_S) -> dict[str, Any] | None:
    """The first row of an expression's answer, or None when there is none."""
    found = rows(expr.limit(1), scope, timeout)
    return found[0] if found else None


def data_version(client: str) -> str:
    """A short text that changes whenever anything in the client's lake does: what caches are keyed by.

    *Errors*: LakeMissing.
    """
    return ducklake_snapshot(client)


@lru_cache(maxsize=COMPILED)
def _compiled(op: Any, markets: tuple[str, ...], known_on: dt.datetime | None) -> str:
    from warehouse.engine.scoping import scoped_sql

    return scoped_sql(op, markets, known_on)


def forget_engines() -> None:
    """Begin anew in this process: the servers behind the lakes change."""
    _answers.forget()
    forget_ducklake()
