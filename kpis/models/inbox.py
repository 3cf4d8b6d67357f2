"""What a person is told, and how they want to be told."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailState(models.TextChoices):
    """What became of the mail of an item."""

    NONE = "none", _("no mail")
    WAITING = "waiting", _("waiting to be sent")
    DIGEST = "digest", _("in the next digest")
    SENT = "sent", _("sent")
    CANCELLED = "cancelled", _("not sent: no longer theirs to read")


class InboxItem(models.Model):
    """One thing that a person is told: a message by its name with what it says, put into words when it is read.

    `link` is an address inside the client, without its prefix. `market` is the one that it is about, if any: who may
    no longer see that market no longer reads it.
    """

    user_id = models.BigIntegerField()
    message = models.CharField(max_length=30)
    about = models.JSONField(default=dict)
    market = models.CharField(max_length=12, blank=True)
    link = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail_state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.NONE)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_problem = models.CharField(max_length=200, blank=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("inbox item")
        verbose_name_plural = _("inbox items")
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=("user_id", "read_at"), name="inbox_of_a_person"),
            models.Index(fields=("mail_state",), name="inbox_mail_to_send"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.message} {self.created_at:%Y-%m-%d %H:%M}"


class Delivery(models.TextChoices):
    """How a person wants to be told."""

    INBOX = "inbox", _("Inbox only")
    MAIL = "mail", _("Inbox and a mail each time")
    DIGEST = "digest", _("Inbox and one mail a day")


class InboxPreference(models.Model):
    """A person's choice at this client; without one it is a mail each time."""

    user_id = models.BigIntegerField(unique=True)
    delivery = models.CharField(max_length=10, choices=Delivery.choices, default=Delivery.MAIL)
    digest_sent_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("inbox preference")
        verbose_name_plural = _("inbox preferences")

    def __str__(self) -> str:
        return f"{self.user_id} {self.delivery}"
