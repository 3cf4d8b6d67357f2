"""`manage.py messages`: refresh the word catalogues, compile them, or check that no word is missing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.catalogues import compile_catalogue, missing_words, refresh_catalogue


class Command(BaseCommand):
    help = "Refresh locale/<app>/ko/LC_MESSAGES/django.po from code and templates, and compile every catalogue."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("app", nargs="*", help="only these rooms")
        parser.add_argument("--check", action="store_true", help="change nothing; fail when a Korean word is missing")
        parser.add_argument("--compile-only", action="store_true", help="only compile")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            missing = [line for folder in settings.LOCALE_PATHS for line in missing_words(folder)]
            if missing:
                raise CommandError(
                    "No Korean for:\n" + "\n".join(missing) + "\nRun `manage.py messages` and write them."
                )
            return
        for folder in settings.LOCALE_PATHS:
            if options["app"] and folder.name not in options["app"]:
                continue
            if not options["compile_only"]:
                refresh_catalogue(folder)
            compile_catalogue(folder)
