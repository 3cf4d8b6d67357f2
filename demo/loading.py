"""Making the sample clients: client, markets, logins, files through the import, targets, rates; once, whoever asks.

What was begun is finished by the next run with the same day and seed, so that a killed start leaves nothing by half.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connections, transaction
from django.utils.translation import gettext as _

from demo.calendar import window_for
from demo.clients import SAMPLES, Sample
from demo.errors import AddressTaken
from demo.feeds import FEEDS
from demo.files import Delivery, write_files
from demo.goals import set_sample_goals
from demo.logins import LOADER, LOGINS, PASSWORD, login_named
from demo.progress import begun_with, is_loaded, note_begun, note_loaded
from demo.telling import Tale, tell
from demo.uploads import load_export, tasks_in_process
from demo.using import use_sample
from tenants.access import Access, access_of
from tenants.current import opened
from tenants.models import Client, User
from tenants.queries import membership_at
from tenants.services import ClientDraft, MarketDraft, create_client, join, prepare
from warehouse.loading import known_at

SEED = 2026
_LOCK = 0x59454F4A  # one loader at a time in a database

Say = Callable[[str], None]


@dataclass(frozen=True)
class Telling:
    """Which story: its day, seed and size. `scale` 1 is the whole of it."""

    today: dt.date
    seed: int = SEED
    scale: float = 1.0


def load_samples(telling: Telling, *, say: Say, samples: tuple[Sample, ...] = SAMPLES) -> None:
    """Make every sample client that isn't there yet.

    Errors: AddressTaken; SampleFileStopped when a file doesn't go through.
    """
    with _one_at_a_time(), tasks_in_process():
        for sample in samples:
            load_sample(sample, telling, say=say)


def load_sample(sample: Sample, telling: Telling, *, say: Say) -> Client:
    """Make one sample client, or finish it. Errors: AddressTaken, SampleFileStopped."""
    client: Client | None = Client.objects.filter(slug=sample.slug).first()
    if client and not client.is_sample:
        raise AddressTaken(sample.slug)
    if client and is_loaded(client):
        say(_("%(client)s is already there.") % {"client": client})
        return client
    began = time.monotonic()
    client = client or _made(sample, telling, say)
    telling = _as_begun(client, telling)
    prepare(client)
    _let_in(client)
    with opened(client):
        _tell_all(client, sample, telling, say)
    note_loaded(client)
    say(_("%(client)s is ready (%(seconds).0f s).") % {"client": client, "seconds": time.monotonic() - began})
    return client


def _tell_all(client: Client, sample: Sample, telling: Telling, say: Say) -> None:
    """The files through the import, the plan, and what people made of both."""
    access, window, seed = _loader_at(client), window_for(telling.today), telling.seed + sample.seed_offset
    tales = tell(window, seed=seed, scale=telling.scale * sample.size, markets=sample.markets)
    known = _evening_before(client, telling.today)
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        for delivery in _written(sample, tales, Path(folder), seed, say):
            with nullcontext() if delivery.restates else known_at(known):
                _load_file(access, delivery, say)
    planned = set_sample_goals(access, tales, seed=seed, now=known)
    say(_("targets and exchange rates are set"))
    if sample.is_worked_with:
        use_sample(client, window, planned)
        say(_("own KPIs, notes, actions and alerts are set"))


def _made(sample: Sample, telling: Telling, say: Say) -> Client:
    say(_("making the sample client %(client)s") % {"client": sample.name})
    people = {login.email: _person(login.email) for login in LOGINS}
    draft = ClientDraft(sample.slug, sample.name, sample.name_en, is_sample=True)
    markets = [
        MarketDraft(m.code, m.name_ko, m.name_en, m.code, m.currency, m.time_zone, m.language) for m in sample.markets
    ]
    with transaction.atomic():
        client = create_client(draft=draft, markets=markets, by=people[login_named(LOADER).email])
        note_begun(client, today=telling.today.isoformat(), seed=telling.seed, scale=telling.scale)
    client.refresh_from_db()
    return client


def _as_begun(client: Client, telling: Telling) -> Telling:
    """The story that this client was begun with: a later day would tell another one."""
    begun = begun_with(client)
    if not begun:
        return telling
    return Telling(dt.date.fromisoformat(begun["today"]), int(begun["seed"]), float(begun["scale"]))


def _person(email: str) -> User:
    login = next(one for one in LOGINS if one.email == email)
    known = User.objects.filter(email=email).first()
    if known:
        return known
    return User.objects.create_user(email, PASSWORD, name=login.name, language=login.language, is_staff=login.is_staff)


def _let_in(client: Client) -> None:
    for login in LOGINS:
        role = login.clients.get(client.slug)
        if role:
            join(_person(login.email), client, role=role, market_codes=login.markets)


def _loader_at(client: Client) -> Access:
    membership = membership_at(_person(login_named(LOADER).email), client.slug)
    if membership is None:
        raise LookupError(f"{LOADER} has no role at {client.slug}: demo.logins names one for every sample client")
    return access_of(membership)


def _evening_before(client: Client, today: dt.date) -> dt.datetime:
    """When the story's files were known, but for what restates them: the board has a yesterday to look back to."""
    evening = dt.datetime.combine(today - dt.timedelta(days=1), dt.time(22), ZoneInfo(client.time_zone))
    return evening.astimezone(dt.UTC)


def _written(sample: Sample, tales: list[Tale], folder: Path, seed: int, say: Say) -> list[Delivery]:
    began = time.monotonic()
    deliveries = write_files(tales, folder, seed=seed, feeds=sample.feeds, event_months=sample.event_months)
    rows = sum(delivery.rows for delivery in deliveries)
    say(
        _("%(files)d sample files with %(rows)s rows written (%(seconds).1f s)")
        % {"files": len(deliveries), "rows": f"{rows:,}", "seconds": time.monotonic() - began}
    )
    return deliveries


def _load_file(access: Access, delivery: Delivery, say: Say) -> None:
    began = time.monotonic()
    loaded = load_export(access, delivery.path, FEEDS[delivery.feed]).loaded or {}
    said = {
        "file": delivery.path.name, "rows": f"{loaded.get('read', 0):,}", "rejected": f"{loaded.get('rejected', 0):,}",
        "seconds": time.monotonic() - began,
    }  # fmt: skip
    say(_("%(file)s: %(rows)s rows read, %(rejected)s rejected (%(seconds).1f s)") % said)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold a lock of the database's on a connection of its own: the usual one may be given back between tasks."""
    own = connections.create_connection("default")
    try:
        with own.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", [_LOCK])
        yield
    finally:
        own.close()
