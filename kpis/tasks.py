"""Background work of KPIs: checking alerts, and mails of inbox items."""

from __future__ import annotations

import logging

from celery import Task, shared_task
from django.utils import timezone

from kpis.services import checking, mailing
from problems.errors import Problem
from tenants.current import open_client

log = logging.getLogger(__name__)
RETRY_AFTER_S = 60
MOST_TRIES = 5


@shared_task(name="kpis.check_alerts")
def check_alerts() -> None:
    """Have every alert of a client checked, each by itself: the trouble of one isn't that of the others."""
    open_client()
    for alert_id in checking.active_alerts():
        check_alert.delay(alert_id)


@shared_task(name="kpis.check_alert", bind=True, max_retries=MOST_TRIES)
def check_alert(self: Task, alert_id: int) -> None:
    """Check one alert. A busy lake is asked again; what nobody foresaw is marked on the alert and raised."""
    client = open_client()
    try:
        checking.check_alert(client, alert_id, now=timezone.now())
    except Problem as problem:
        if self.request.retries >= MOST_TRIES:
            raise
        raise self.retry(exc=problem, countdown=RETRY_AFTER_S * 2**self.request.retries) from problem
    except Exception:
        checking.break_alert(client, alert_id, now=timezone.now())
        raise


@shared_task(name="kpis.send_mail", bind=True, max_retries=MOST_TRIES)
def send_mail(self: Task, item_id: int) -> None:
    """Send the mail of one inbox item; when the server doesn't take it, again after 1, 2, 4 … minutes."""
    client = open_client()
    try:
        mailing.send_item(client, item_id, timezone.now())
    except mailing.MailNotTaken as problem:
        if self.request.retries >= MOST_TRIES:
            log.warning("%s: mail of inbox item %s not taken: %s", client.slug, item_id, problem)
            return  # it stays waiting: the hourly round tries again
        raise self.retry(exc=problem, countdown=RETRY_AFTER_S * 2**self.request.retries) from problem


@shared_task(name="kpis.send_waiting_mail")
def send_waiting_mail() -> None:
    """Send what is still waiting, and the digests that are due."""
    client = open_client()
    for item_id in mailing.waiting_items():
        try:
            mailing.send_item(client, item_id, timezone.now())
        except mailing.MailNotTaken as problem:
            log.warning("%s: mails are not taken, tried again in an hour: %s", client.slug, problem)
            break
    mailing.send_digests(client, timezone.now())
