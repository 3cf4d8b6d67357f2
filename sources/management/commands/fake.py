"""`manage.py fake CONNECTOR --port 9001`: a vendor on loopback, for trying a connector by hand."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sources.connectors import BY_KEY
from sources.connectors.fakes import run_for_ever


class Command(BaseCommand):
    help = (
        "Answer as a vendor does, on loopback. Start the portal with CONNECTOR_ADDRESSES and CONNECTOR_PRIVATE_HOSTS."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("connector", choices=sorted(BY_KEY))
        parser.add_argument("--port", type=int, default=9001)
        parser.add_argument("--days", type=int, default=200, help="days of data, up to yesterday")

    def handle(self, *args: Any, **options: Any) -> None:
        key, port = options["connector"], options["port"]
        module = import_module(f"sources.connectors.{key}.fake")
        made = module.sample(options["days"], timezone.localdate() - dt.timedelta(days=1))
        self.stdout.write(
            f"{BY_KEY[key].name} answers at http://127.0.0.1:{port}. Credentials stand in {module.__name__}."
        )
        self.stdout.write(f"CONNECTOR_ADDRESSES={key}=http://127.0.0.1:{port} CONNECTOR_PRIVATE_HOSTS=127.0.0.1")
        self.stdout.flush()
        try:
            run_for_ever(made, port)
        except OSError as error:
            raise CommandError(f"Port {port} can't be used: {error.strerror}.") from error
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
