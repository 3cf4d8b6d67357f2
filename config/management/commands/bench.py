"""`manage.py bench NAME`: the one command for every measurement."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

BENCHES = {
    "board": "benchmarks.board",
    "import": "benchmarks.imports",
    "kpis": "benchmarks.kpis",
    "clients": "benchmarks.clients",
    "start": "benchmarks.start",
    "sync": "benchmarks.sync",
}


class Command(BaseCommand):
    help = "Measure one thing and print its figures; makes its own data and removes it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=sorted(BENCHES))
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--size",
            type=int,
            help="markets (board), rows (import, kpis, sync), clients (clients); the issue's size by default",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        from benchmarks.figures import as_json, as_lines

        module = import_module(BENCHES[options["name"]])
        figures = module.run(**({"size": options["size"]} if options["size"] else {}))
        self.stdout.write((as_json if options["json"] else as_lines)(options["name"], figures))
