"""Counting changes, so that what was computed from older ones is known as old."""

from __future__ import annotations

from django.db.models import F

from kpis.models import Revision


def next_revision(thing: str) -> None:
    """Count one change of `thing` within the open transaction, and hold its row until the transaction ends."""
    if not Revision.objects.filter(thing=thing).update(number=F("number") + 1):
        Revision.objects.get_or_create(thing=thing)
        Revision.objects.filter(thing=thing).update(number=F("number") + 1)
