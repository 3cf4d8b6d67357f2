"""A throw-away client to measure on."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import mkdtemp

from django.conf import settings
from django.core.management import call_command

from tenants.current import close_schema
from tenants.models import Client, User
from tenants.schemas import ensure_template
from tenants.services import ClientDraft, MarketDraft, create_client, prepare, remove_client

TODAY = dt.date(2026, 10, 31)
PASSWORD = "bench-only-password"


def migrated() -> None:
    """Bring the database up to date, as `make run` does."""
    call_command("migrate_schemas", shared=True, verbosity=0)
    ensure_template()
    call_command("migrate_schemas", tenant=True, verbosity=0)


def market_drafts(count: int) -> list[MarketDraft]:
    """`count` markets in five currencies."""
    currencies = (
        ("KRW", "Asia/Seoul"),
        ("JPY", "Asia/Tokyo"),
        ("USD", "America/New_York"),
        ("EUR", "Europe/Berlin"),
        ("VND", "Asia/Ho_Chi_Minh"),
    )
    return [
        MarketDraft(f"M{i:03}", f"시장 {i}", f"Market {i}", "KR", *currencies[i % len(currencies)])
        for i in range(count)
    ]


@contextlib.contextmanager
def client(slug: str, markets: Sequence[MarketDraft]) -> Iterator[tuple[Client, User]]:
    """A client with an owner, removed afterwards."""
    migrated()
    Client.objects.filter(slug=slug).delete()
    owner, _made = User.objects.get_or_create(email=f"{slug}@bench.example", defaults={"is_staff": True})
    owner.set_password(PASSWORD)
    owner.save()
    made = prepare(create_client(draft=ClientDraft(slug, slug), markets=markets, by=owner))
    try:
        yield made, owner
    finally:
        close_schema()
        remove_client(made, by=None)
        owner.delete()


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A folder for the files of one run."""
    path = Path(mkdtemp(prefix="bench-", dir=settings.VAR_ROOT))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
