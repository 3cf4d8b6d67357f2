"""What a client's sources leave in its schema; the rows themselves live in its lake."""

from __future__ import annotations

from sources.models.connections import (
    Connection,
    ConnectionState,
    DayFault,
    Portion,
    PortionState,
    Sync,
    SyncKind,
    SyncLine,
    SyncState,
)
from sources.models.imports import FileImport, ImportState, RememberedMapping, Source
from sources.models.restatements import Restatement, RestatementRule

__all__ = [
    "Connection", "ConnectionState", "DayFault", "FileImport", "ImportState", "Portion", "PortionState",
    "RememberedMapping", "Restatement", "RestatementRule", "Source", "Sync", "SyncKind", "SyncLine", "SyncState",
]  # fmt: skip
