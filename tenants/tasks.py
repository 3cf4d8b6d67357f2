"""Background work on clients themselves: public tasks, because the client isn't there yet."""

from __future__ import annotations

import logging

from celery import shared_task

from tenants.models import Client
from tenants.services import prepare, prepare_failed

log = logging.getLogger(__name__)


@shared_task(name="tenants.prepare_client")
def prepare_client(client_id: int) -> None:
    """Make a new client's schema and lake; can be run twice."""
    client = Client.objects.get(pk=client_id)
    try:
        prepare(client)
    except Exception as error:
        log.exception("client %s could not be prepared", client.slug)
        prepare_failed(client_id, f"{type(error).__name__}")
        raise
