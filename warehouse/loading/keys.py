"""The business key of a row as SQL: an MD5 over values in a fixed order, kept apart by marks that no value has."""

from __future__ import annotations

from warehouse.tables import Table

SEPARATOR = "chr(31)"  # cells that contain it are rejected


def _joined(parts: list[str]) -> str:
    """MD5 over the parts; an absent value is nothing between two separators, which no value can be (empty is absent)."""
    return f"md5(concat_ws({SEPARATOR}, {', '.join(parts)}))::UUID"


def _parts(names: list[str], given: frozenset[str], prefix: str, never_null: frozenset[str]) -> list[str]:
    """One argument a value; neighbours that are absent are told at once, because each argument costs time."""
    parts: list[str] = []
    absent = 0
    for name in [*names, ""]:
        if name and name not in given:
            absent += 1
            continue
        if absent:
            parts.append(f"repeat({SEPARATOR}, {absent - 1})")
            absent = 0
        if name:
            text = f"{prefix}{name}::VARCHAR"
            parts.append(text if name in never_null else f"coalesce({text}, '')")
    return parts


def row_key(table: Table, given: frozenset[str], prefix: str = "v_") -> str:
    """The key over the table's key columns; what the plan doesn't give counts as absent."""
    required = frozenset(c.name for c in table.columns if c.required)
    return _joined(_parts(list(table.key), given, prefix, required))


def content_key(table: Table, given: frozenset[str], prefix: str = "v_") -> str:
    """The key of a row that is known by its content: over every column that the plan gives, and not over what is derived."""
    skipped = {"day"} if table.day_from in given else set()
    required = frozenset(c.name for c in table.columns if c.required)
    return _joined(["'content'", *_parts([c.name for c in table.columns], given - skipped, prefix, required)])


def nth_key(key: str, occurrence: str) -> str:
    """The key of the n-th line of identical content; the first keeps the content's own."""
    return f"CASE WHEN {occurrence} = 1 THEN {key} ELSE md5({key}::VARCHAR || {SEPARATOR} || {occurrence})::UUID END"
