"""How far the making of a sample client has come, as its audit trail says: light, so that every start may ask."""

from __future__ import annotations

from typing import Any

from tenants.models import AuditEntry, Client
from tenants.services import record

BEGUN, LOADED = "sample.begun", "sample.loaded"


def note_begun(client: Client, **story: Any) -> None:
    """Remember which story a client was begun with."""
    record(None, BEGUN, client.slug, client=client, **story)


def note_loaded(client: Client) -> None:
    """Remember that a client is complete."""
    record(None, LOADED, client.slug, client=client)


def begun_with(client: Client) -> dict[str, Any]:
    """The story that a client was begun with; empty when nobody noted it."""
    return AuditEntry.objects.filter(client=client, action=BEGUN).values_list("detail", flat=True).first() or {}


def is_loaded(client: Client) -> bool:
    """Whether a sample client is complete."""
    return AuditEntry.objects.filter(client=client, action=LOADED).exists()


def has_unfinished() -> bool:
    """Whether a sample client was begun and never completed: `load_demo` would go on with it."""
    return any(not is_loaded(client) for client in Client.objects.filter(is_sample=True))
