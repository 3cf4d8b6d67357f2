"""`manage.py prepare`: bring the database up to date, load the demo client when there is no client, name the logins."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from config.staticfiles import collect_if_changed
from demo.progress import has_unfinished
from tenants.models import Client
from tenants.schemas import ensure_template


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
        call_command("messages", compile_only=True)
        collect_if_changed()
        call_command("migrate_schemas", shared=True, verbosity=0)
        ensure_template()
        call_command("migrate_schemas", tenant=True, verbosity=0)
        if not options["no_demo"] and (not Client.objects.filter(is_template=False).exists() or has_unfinished()):
            call_command("load_demo")

    def show_logins(self) -> None:
        if not Client.objects.filter(is_sample=True).exists():
            return
        from demo.logins import LOGINS, PASSWORD

        self.stdout.write("[yeojeong] demo logins, password " + PASSWORD)
        for login in LOGINS:
            self.stdout.write(f"[yeojeong]   {login.email:38} {login.role}")
