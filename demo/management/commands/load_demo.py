"""`manage.py load_demo`: make the sample clients from files, through the import; a second run does nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from demo.loading import SEED, Telling, load_samples
from problems.errors import Problem


class Command(BaseCommand):
    help = "Make the sample clients: generated vendors' files, loaded the way a person's files are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--today", type=dt.date.fromisoformat, help="YYYY-MM-DD: the story ends the day before")
        parser.add_argument("--seed", type=int, default=SEED, help="another number tells another story")
        parser.add_argument("--scale", type=float, default=1.0, help="size of the story: 1 is all of it")

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["today"] or timezone.localdate()
        try:
            load_samples(Telling(today, options["seed"], options["scale"]), say=self._say)
        except Problem as problem:
            raise CommandError(str(problem)) from problem

    def _say(self, line: str) -> None:
        self.stdout.write(f"[yeojeong] {line}")
        self.stdout.flush()
