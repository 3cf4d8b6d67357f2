"""What KPIs do when the lake has changed: tell of settled months that moved, and check alerts."""

from __future__ import annotations

import logging
from typing import Any

from tenants.current import open_client

log = logging.getLogger(__name__)


def on_lake_changed(sender: object, *, load_id: str, undone: bool, **_more: Any) -> None:
    """Note restatements, in the task that loaded, after the load is durable."""
    from kpis.services.restatements import note_restatements

    client = open_client()
    told = note_restatements(client, load_id, undone=undone)
    if told:
        log.info("%s: %s restatements of settled months", client.slug, told)


def check_alerts_later(**_sent: Any) -> None:
    """Rows came or went: alerts are checked once that is certain."""
    from django.db import transaction

    from kpis.tasks import check_alerts

    transaction.on_commit(check_alerts.delay, robust=True)


def name_unlocked(sender: object, **asked: Any) -> list[str]:
    """The KPIs that a connector's table is enough for."""
    from kpis.queries.unlocked import kpis_unlocked_by

    return kpis_unlocked_by(asked["access"], asked["table"], asked["columns"], asked.get("medium", ""))
