"""Putting credentials under the environment's first key, so that an old one can be taken out."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from sources.errors_connections import SecretsUnreadable
from sources.models import Connection
from sources.secrets import sealed_anew


@dataclass(frozen=True)
class Rotated:
    """`lost`: names of connections that no key of the environment opens."""

    count: int
    lost: tuple[str, ...]


def rotate_secrets() -> Rotated:
    """Seal the credentials of every connection of the open client anew."""
    count, lost = 0, []
    for pk in Connection.objects.values_list("pk", flat=True):
        with transaction.atomic():
            connection = Connection.objects.select_for_update().get(pk=pk)
            try:
                connection.secret = sealed_anew(connection.secret)
            except SecretsUnreadable:
                lost.append(connection.name)
                continue
            connection.save(update_fields=["secret"])
            count += 1
    return Rotated(count, tuple(lost))
