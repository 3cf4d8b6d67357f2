"""Reads of a person's inbox."""

from __future__ import annotations

from django.db.models import QuerySet

from kpis.models import InboxItem, InboxPreference
from kpis.models.inbox import Delivery
from tenants.access import Access


def inbox_of(access: Access) -> QuerySet[InboxItem]:
    """What a person was told, the latest first; about markets that they no longer see: nothing."""
    return InboxItem.objects.filter(user_id=access.user.pk, market__in=["", *access.market_codes])


def unread_count(access: Access) -> int:
    """How many items wait to be read."""
    return inbox_of(access).filter(read_at=None).count()


def delivery_of(access: Access) -> str:
    """How a person is told at this client."""
    found = InboxPreference.objects.filter(user_id=access.user.pk).values_list("delivery", flat=True).first()
    return found or Delivery.MAIL
