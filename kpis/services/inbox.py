"""Telling people: an item in their inbox, and a mail when they want one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kpis.errors_watch import BadPreference
from kpis.models import InboxItem, InboxPreference
from kpis.models.inbox import Delivery, MailState
from tenants.access import Access

MAIL_OF = {Delivery.MAIL: MailState.WAITING, Delivery.DIGEST: MailState.DIGEST, Delivery.INBOX: MailState.NONE}


def tell(
    user_ids: Iterable[int],
    message: str,
    about: Mapping[str, Any],
    *,
    link: str,
    now: dt.datetime,
    by_mail: bool = True,
) -> list[InboxItem]:
    """Put an item into these people's inboxes, and a mail on its way to those who want mails.

    Who may read it is the caller's to decide; `about["market"]` is kept, so that it is asked again on reading.
    """
    wanted = list(dict.fromkeys(user_ids))
    chosen = dict(InboxPreference.objects.filter(user_id__in=wanted).values_list("user_id", "delivery"))
    with transaction.atomic():
        items = InboxItem.objects.bulk_create(
            InboxItem(
                user_id=user_id,
                message=message,
                about=dict(about),
                market=about.get("market", ""),
                link=link,
                created_at=now,
                mail_state=MAIL_OF[Delivery(chosen.get(user_id, Delivery.MAIL))] if by_mail else MailState.NONE,
            )
            for user_id in wanted
        )
        waiting = [item.pk for item in items if item.mail_state == MailState.WAITING]
        transaction.on_commit(lambda: _mail_later(waiting), robust=True)
    return items


def _mail_later(item_ids: list[int]) -> None:
    """Hand the mails out; when the broker is away they stay waiting, and the hourly round sends them."""
    from kpis.tasks import send_mail

    for item_id in item_ids:
        send_mail.delay(item_id)


def mark_read(access: Access, *, now: dt.datetime, item_id: int | None = None) -> int:
    """Mark one of a person's items, or all, as read. *Shape*: how many were unread."""
    found = InboxItem.objects.filter(user_id=access.user.pk, read_at=None)
    if item_id is not None:
        found = found.filter(pk=item_id)
    return found.update(read_at=now)


def choose_delivery(access: Access, delivery: str) -> None:
    """Keep how a person wants to be told at this client. Errors: BadPreference."""
    if delivery not in Delivery.values:
        raise BadPreference(
            _("There is no such way of being told: “%(given)s”.") % {"given": delivery[:40]},
            fix=_("Choose inbox, mail or digest."),
            field="delivery",
        )
    InboxPreference.objects.update_or_create(user_id=access.user.pk, defaults={"delivery": delivery})
