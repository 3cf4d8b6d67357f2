"""Puts the scope into an expression: every table becomes the rows of the markets that may be seen, as known then."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler

from warehouse.engine.ducklake.schema import SUM_OF_MONEY, column_type, stored_columns
from warehouse.errors import NotReadable
from warehouse.tables import CANONICAL, MEASURE_HISTORY, MEASURE_VERSIONS, MEASURES, Table

READABLE: dict[str, Table] = {**CANONICAL, **MEASURES, **MEASURE_VERSIONS}
LAKE = ops.Namespace(catalog="lk", database="main")
TYPES: dict[str, str] = {
    "VARCHAR": "string",
    "BIGINT": "int64",
    "DECIMAL(18, 6)": "decimal(18, 6)",
    SUM_OF_MONEY: "decimal(24, 6)",
    "DOUBLE": "float64",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "BOOLEAN": "boolean",
    "UUID": "uuid",
}


@lru_cache
def unbound(name: str) -> ir.Table:
    """A readable table's public face.

    *Errors*: NotReadable.
    """
    if name not in READABLE:
        raise NotReadable(name)
    table = READABLE[name]
    return ibis.table({c.name: TYPES[column_type(table, c)] for c in table.columns}, name=name)


def scoped_sql(op: ops.Relation, markets: tuple[str, ...], known_on: datetime.datetime | None = None) -> str:
    """DuckDB SQL of an expression in which every table is cut down to `markets` and the rows known at a moment.

    Without a moment these are the current rows.
    *Errors*: NotReadable when it reads anything but canonical tables and measures.
    """
    _check_leaves(op)
    moment = known_on.astimezone(datetime.UTC).replace(tzinfo=None) if known_on is not None else None
    cut = {leaf: _cut(leaf.name, markets, moment).op() for leaf in op.find(ops.UnboundTable)}
    expr = op.replace(cut).to_expr()
    exact = {name: expr[name].cast("float64") for name, kind in expr.schema().items() if isinstance(kind, dt.Decimal)}
    return str(DuckDBCompiler().to_sqlglot(expr.mutate(**exact) if exact else expr).sql("duckdb"))


def _check_leaves(op: ops.Relation) -> None:
    """Refuses whatever could bring rows in by another door."""
    for node in op.find((ops.PhysicalTable, ops.SQLStringView, ops.SQLQueryResult, ops.ScalarUDF, ops.AggUDF)):
        if isinstance(node, ops.DummyTable):
            continue
        name = str(getattr(node, "name", type(node).__name__))
        if not isinstance(node, ops.UnboundTable) or name not in READABLE or node != unbound(name).op():
            raise NotReadable(name)


def _cut(name: str, markets: tuple[str, ...], moment: datetime.datetime | None) -> ir.Table:
    """A table as it may be read. What measures said at a moment is what still stands and what has gone since."""
    table = READABLE[name]
    if name in MEASURE_VERSIONS:
        kept = _versions(name.removesuffix("_versions"), markets, moment)
    elif name in MEASURES and moment is not None:
        kept = _known(_versions(name, markets, moment), moment)
    else:
        kept = _stored(table, markets)
        if name in CANONICAL:
            kept = kept.filter(kept["known_to"].isnull()) if moment is None else _known(kept, moment)
    return kept.select([c.name for c in table.columns])


def _stored(table: Table, markets: tuple[str, ...]) -> ir.Table:
    schema = ibis.schema({c.name: TYPES[column_type(table, c)] for c in stored_columns(table)})
    stored: Any = ops.UnboundTable(name=table.name, schema=schema, namespace=LAKE).to_expr()
    return stored.filter(stored["market"].isin(markets))


def _versions(name: str, markets: tuple[str, ...], moment: datetime.datetime | None) -> ir.Table:
    """Everything that a measure ever said up to a moment, current rows with an open end."""
    gone = _stored(MEASURE_HISTORY[name], markets)
    open_end = {"known_to": ibis.null("timestamp"), "closed_by": ibis.null("string")}
    standing = _stored(MEASURES[name], markets).mutate(**open_end)
    found = standing.select(gone.columns).union(gone)
    return found if moment is None else found.filter(_since(found, moment))


def _known(rows: ir.Table, moment: datetime.datetime) -> ir.Table:
    ended: Any = rows["known_to"]
    return rows.filter(_since(rows, moment), ended.isnull() | (ended > ibis.literal(moment)))


def _since(rows: ir.Table, moment: datetime.datetime) -> Any:
    """Rows that began by then; what is older than its own date has stood since ever."""
    began: Any = rows["known_from"]
    return began.isnull() | (began <= ibis.literal(moment))
