"""Sending mails of inbox items: each claimed once, kept until the mail server has taken it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from smtplib import SMTPException
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils.translation import ngettext, override

from kpis.messages import message_text
from kpis.models import InboxItem, InboxPreference
from kpis.models.inbox import MailState
from kpis.queries.members import Member, members
from problems.errors import Problem, Retryable
from tenants.models import Client

DIGEST_HOUR = 8
MOST_IN_DIGEST = 100
SUBJECT_LENGTH = 110


class MailNotTaken(Problem, Retryable):
    """The mail server didn't take a mail; it stays waiting."""

    code = "mail_not_taken"


def send_item(client: Client, item_id: int, now: dt.datetime) -> bool:
    """Send the mail of one item. *Shape*: whether one was sent. Errors: MailNotTaken; the item then stays waiting."""
    reader = {one.user_id: one for one in members(client)}
    with transaction.atomic():
        item = (
            InboxItem.objects.select_for_update(skip_locked=True)
            .filter(pk=item_id, mail_state=MailState.WAITING)
            .first()
        )
        if item is None:
            return False
        problem = _send([item], reader.get(item.user_id), client, now)
    if problem is not None:
        raise MailNotTaken(problem)
    return item.mail_state == MailState.SENT


def send_digests(client: Client, now: dt.datetime) -> int:
    """One mail a person with all that has gathered, from eight in the morning of the client's own time.

    *Shape*: how many mails were sent. A person whose mail isn't taken is tried again an hour later.
    """
    local = now.astimezone(ZoneInfo(client.time_zone))
    if local.hour < DIGEST_HOUR:
        return 0
    people = {one.user_id: one for one in members(client)}
    gathered = InboxItem.objects.filter(mail_state=MailState.DIGEST).order_by().values_list("user_id", flat=True)
    return sum(_digest_of(client, user_id, people.get(user_id), now, local.date()) for user_id in gathered.distinct())


def _digest_of(client: Client, user_id: int, reader: Member | None, now: dt.datetime, today: dt.date) -> bool:
    with transaction.atomic():
        found = InboxItem.objects.select_for_update(skip_locked=True).filter(
            user_id=user_id, mail_state=MailState.DIGEST
        )
        items = list(found.order_by("created_at")[:MOST_IN_DIGEST])
        preference, _made = InboxPreference.objects.get_or_create(user_id=user_id)
        if not items or preference.digest_sent_on == today or _send(items, reader, client, now) is not None:
            return False
        InboxPreference.objects.filter(pk=preference.pk).update(digest_sent_on=today)
    return True


def waiting_items() -> list[int]:
    """Items whose mail hasn't been taken yet, the oldest first."""
    return list(InboxItem.objects.filter(mail_state=MailState.WAITING).order_by("pk").values_list("pk", flat=True))


def _send(items: Sequence[InboxItem], reader: Member | None, client: Client, now: dt.datetime) -> str | None:
    """Send what this person may still read, and keep what became of it; the problem where it wasn't taken."""
    theirs = [item for item in items if reader is not None and may_read(reader, item)]
    _keep([item for item in items if item not in theirs], mail_state=MailState.CANCELLED)
    if reader is None or not theirs:
        return None
    try:
        mail_of(theirs, reader, client).send()
    except (OSError, SMTPException) as error:
        _keep(theirs, mail_tries=F("mail_tries") + 1, mail_problem=str(error)[:200] or type(error).__name__)
        return str(error) or type(error).__name__
    _keep(theirs, mail_state=MailState.SENT, mailed_at=now, mail_problem="")
    return None


def _keep(items: Iterable[InboxItem], **values: object) -> None:
    items = list(items)
    InboxItem.objects.filter(pk__in=[item.pk for item in items]).update(**values)
    for item in items:
        if "mail_state" in values:
            item.mail_state = str(values["mail_state"])


def may_read(reader: Member, item: InboxItem) -> bool:
    """Whether what an item is about is still theirs to see."""
    return not item.market or item.market in reader.codes


def mail_of(items: Sequence[InboxItem], reader: Member, client: Client) -> EmailMessage:
    """The mail of one item, or of several as a digest, in the reader's language."""
    with override(reader.language if reader.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        lines = [(message_text(item.message, item.about), address_of(client, item.link)) for item in items]
        name = str(client)
        if len(lines) == 1:
            subject = f"[{name}] {lines[0][0]}"
        else:
            count = ngettext("%(number)d thing for you", "%(number)d things for you", len(lines))
            subject = f"[{name}] " + count % {"number": len(lines)}
        body = render_to_string(
            "kpis/mail.txt",
            {"lines": lines, "inbox": address_of(client, "inbox/"), "name": reader.name, "client": name},
        )
        return EmailMessage(_one_line(subject), body, to=[reader.email])


def _one_line(subject: str) -> str:
    flat = " ".join(subject.split())
    return flat if len(flat) <= SUBJECT_LENGTH else flat[: SUBJECT_LENGTH - 1] + "…"


def address_of(client: Client, link: str) -> str:
    """The full address of a page inside a client, for mails."""
    return f"{settings.PORTAL_URL.rstrip('/')}/c/{client.slug}/{link}"
