"""`manage.py rotate_keys`: put vendors' credentials of every client under the first of CONNECTION_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sources.services.syncs.rotating import rotate_secrets
from tenants.current import opened
from tenants.models import Client


class Command(BaseCommand):
    help = "Encrypt vendors' credentials with the first of CONNECTION_KEYS. Then the old key can be taken out."

    def handle(self, *args: Any, **options: Any) -> None:
        count, lost = 0, []
        for client in Client.objects.filter(state=Client.State.READY, is_template=False).order_by("slug"):
            with opened(client):
                done = rotate_secrets()
            count += done.count
            lost += [f"{client.slug}: {name}" for name in done.lost]
        self.stdout.write(f"{count} connections are under the first key now.")
        if lost:
            raise CommandError(
                f"No key opens these, keep the old keys or connect them again: {', '.join(lost)}", returncode=1
            )
