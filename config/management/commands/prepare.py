"""`manage.py prepare`: bring the database up to date, load the demo client when there is no client, name the logins."""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection
from redis.exceptions import RedisError

from config.staticfiles import collect_if_changed
from demo.progress import has_unfinished
from tenants.models import Client
from tenants.schemas import ensure_template
from warehouse.lakes import create_lake


def _expect_servers() -> None:
    """Says in a sentence which server doesn't answer, instead of a page of calls."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise CommandError(f"PostgreSQL doesn't answer where DATABASE_URL points: {str(error).strip()}") from None
    try:
        cache.get("prepare")
    except RedisError as error:
        raise CommandError(f"Redis or Valkey doesn't answer where REDIS_URL points: {error}") from None


class Command(BaseCommand):
    help = "Migrate every schema, build words and static files, load the demo client when there is no client."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="don't load the demo client")
        parser.add_argument(
            "--logins", action="store_true", help="only print the demo logins, if the demo client is here"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["logins"]:
            self.show_logins()
            return
        _expect_servers()
        call_command("messages", compile_only=True)
        collect_if_changed()
        call_command("migrate_schemas", shared=True, verbosity=0)
        ensure_template()
        call_command("migrate_schemas", tenant=True, verbosity=0)
        for client in Client.objects.filter(is_template=False, state=Client.State.READY):
            create_lake(client.schema_name)  # what an older release made lacks tables and columns
        if not options["no_demo"] and (not Client.objects.filter(is_template=False).exists() or has_unfinished()):
            logging.getLogger("celery").setLevel(
                logging.WARNING
            )  # the sample's loads run here and say themselves how far they are
            call_command("load_demo")

    def show_logins(self) -> None:
        if not Client.objects.filter(is_sample=True).exists():
            return
        from demo.logins import LOGINS, PASSWORD

        self.stdout.write("[yeojeong] demo logins, password " + PASSWORD)
        for login in LOGINS:
            self.stdout.write(f"[yeojeong]   {login.email:38} {login.role}")
