"""`manage.py recompute CLIENT`: work out all measures of a client anew from its rows, and say what differed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.models import Client
from warehouse.rollup.rebuilding import rebuild
from warehouse.scope import MarketFacts, Tenancy


class Command(BaseCommand):
    help = "Work out all measures of a client anew. What loads have kept right stays untouched."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client", help="the client's short name, as in its address")

    def handle(self, *args: Any, **options: Any) -> None:
        client = Client.objects.filter(slug=options["client"], is_template=False).first()
        if client is None:
            raise CommandError(f"There is no client “{options['client']}”.")
        markets = {m.code: MarketFacts(m.code, m.currency, m.time_zone) for m in client.markets.all()}
        tenancy = Tenancy(
            client=client.schema_name,
            markets=markets,
            loadable=frozenset(markets),
            home_currency=client.home_currency,
            fiscal_start=client.fiscal_year_start,
        )
        changed = rebuild(tenancy)
        self.stdout.write(
            f"{changed} rows of measures were mended." if changed else "Every measure was right; nothing was written."
        )
