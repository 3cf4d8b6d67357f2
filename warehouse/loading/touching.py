"""Which markets, days and months a load, an undo or a recompute concerns: what the roll-up works out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def begin_touching(root: duckdb.DuckDBPyConnection) -> None:
    """Empty `touched_days` and `touched`: markets with the days, and their months, whose measures aren't right."""
    root.execute("CREATE OR REPLACE TEMP TABLE touched_days (market VARCHAR, day DATE)")
    root.execute("CREATE OR REPLACE TEMP TABLE touched (market VARCHAR, month DATE)")


def note_touched(root: duckdb.DuckDBPyConnection, days: str) -> None:
    """Note the days that a statement (market, day) answers, and their months."""
    root.execute(f"INSERT INTO touched_days {days}")
    root.execute("INSERT INTO touched SELECT DISTINCT market, date_trunc('month', day)::DATE FROM touched_days")
