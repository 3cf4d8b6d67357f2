"""Connections and their syncs: connecting a vendor, reading it page by page, loading what was read."""

from __future__ import annotations

from sources.services.syncs.asking import ask_for_sync, cancel_sync, mark, plan_due, resume_syncs, try_again
from sources.services.syncs.running import give_up, run_sync

__all__ = ["ask_for_sync", "cancel_sync", "give_up", "mark", "plan_due", "resume_syncs", "run_sync", "try_again"]
