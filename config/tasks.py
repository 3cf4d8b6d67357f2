"""Beat's public task: once a night, for every client."""

from __future__ import annotations

from celery import shared_task

from tenants.current import opened
from tenants.models import Client


@shared_task(name="config.tasks.upkeep_of_every_client")
def upkeep_of_every_client() -> None:
    """Fan out the nightly upkeep: one task a client, so that one client's trouble isn't another's."""
    from sources.tasks import nightly_upkeep

    for client in Client.objects.filter(state=Client.State.READY, is_template=False):
        with opened(client):
            nightly_upkeep.delay()
