"""Puts the scope into an expression: every table of it becomes its current rows of the markets that may be seen."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler

from warehouse.engine.ducklake.schema import SUM_OF_MONEY, column_type, stored_columns
from warehouse.errors import NotReadable
from warehouse.tables import CANONICAL, MEASURES, Table

READABLE: dict[str, Table] = {**CANONICAL, **MEASURES}
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


def scoped_sql(op: ops.Relation, markets: tuple[str, ...]) -> str:
    """DuckDB SQL of an expression in which every table is cut down to `markets` and current rows.

    *Errors*: NotReadable when it reads anything but canonical tables.
    """
    _check_leaves(op)
    cut = {leaf: _cut(leaf.name, markets).op() for leaf in op.find(ops.UnboundTable)}
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


def _cut(name: str, markets: tuple[str, ...]) -> ir.Table:
    table = READABLE[name]
    schema = ibis.schema({c.name: TYPES[column_type(table, c)] for c in stored_columns(table)})
    stored: Any = ops.UnboundTable(name=name, schema=schema, namespace=LAKE).to_expr()
    kept = stored.filter(stored["market"].isin(markets))
    if name in CANONICAL:
        kept = kept.filter(kept["known_to"].isnull())
    return kept.select([c.name for c in table.columns])
