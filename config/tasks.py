"""Beat's public tasks: they fan out, one task a client, so that one client's trouble isn't another's."""

from __future__ import annotations

from celery import shared_task

from tenants.current import opened
from tenants.models import Client


@shared_task(name="config.tasks.upkeep_of_every_client")
def upkeep_of_every_client() -> None:
    """The nightly upkeep of every client."""
    from sources.tasks import nightly_upkeep

    for client in Client.objects.filter(state=Client.State.READY, is_template=False):
        with opened(client):
            nightly_upkeep.delay()


@shared_task(name="config.tasks.alerts_of_every_client")
def alerts_of_every_client() -> None:
    """The hourly round of every client: its alerts, the mails that wait, the digests that are due."""
    from kpis.tasks import check_alerts, send_waiting_mail

    for client in Client.objects.filter(state=Client.State.READY, is_template=False):
        with opened(client):
            check_alerts.delay()
            send_waiting_mail.delay()


@shared_task(name="config.tasks.resume_of_every_client")
def resume_of_every_client(silent_for_s: int) -> None:
    """Imports of every client that a killed worker left behind."""
    from sources.tasks import resume_stalled

    for client in Client.objects.filter(state=Client.State.READY, is_template=False):
        with opened(client):
            resume_stalled.delay(silent_for_s)


@shared_task(name="config.tasks.syncs_of_every_client")
def syncs_of_every_client() -> None:
    """What connections of every client are due to read."""
    from sources.tasks import start_due_syncs

    for client in Client.objects.filter(state=Client.State.READY, is_template=False):
        with opened(client):
            start_due_syncs.delay()
