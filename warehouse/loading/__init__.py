"""Writing to a lake: check what a file would do, load it, take it back."""

from __future__ import annotations

from warehouse.loading.checking import check
from warehouse.loading.undoing import undo
from warehouse.loading.writing import known_at, load

__all__ = ["check", "known_at", "load", "undo"]
