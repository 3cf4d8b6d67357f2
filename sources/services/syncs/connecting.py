"""Connecting a vendor, and changing, pausing or ending a connection. Secrets go in and never come out again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from sources.connectors.kinds import Account, Connector
from sources.errors_connections import (
    AnswerMissing,
    BadRule,
    ConnectionMoved,
    NoAccountChosen,
    NoMarketFor,
    SyncRunning,
)
from sources.models import Connection, ConnectionState, Source, Sync, SyncKind, SyncState
from sources.secrets import PAGES_KEY, seal, unseal
from sources.services.syncs.asking import OPEN, ask_for_sync
from sources.services.syncs.running import test_of
from sources.services.syncs.schedule import next_due
from tenants.access import Access
from tenants.services import record

MOST_RULES = 50
MOST_LOOK_BACK = 180


@dataclass(frozen=True)
class Chosen:
    """What a person chose beside the credentials.

    `markets`: account key → market code ("" where rules decide). `rules`: pattern of campaign names and market.
    """

    name: str
    accounts: Sequence[Account]
    markets: Mapping[str, str]
    rules: Sequence[tuple[str, str]] = ()
    streams: Sequence[str] = ()
    look_back: Mapping[str, int] = field(default_factory=dict)
    every_hours: int = 24
    at_hour: int = 9
    since: dt.date | None = None


def answers_of(kind: Connector, given: Mapping[str, str], before: Mapping[str, str] | None = None) -> dict[str, str]:
    """Trimmed answers to what a connector needs; an empty secret keeps the one from before. Errors: AnswerMissing."""
    found = {}
    for need in kind.needs:
        text = given.get(need.key, "").strip() or (before or {}).get(need.key, "")
        if not text or (need.pattern and not re.fullmatch(need.pattern, text)):
            raise AnswerMissing(label=str(need.label), help=str(need.help), key=need.key)
        found[need.key] = text
    return found


def accounts_of(access: Access, kind: Connector, given: Mapping[str, str]) -> list[Account]:
    """Ask the vendor which accounts these credentials may read. Errors: NotAllowed, AnswerMissing, VendorProblem."""
    access.check("manage_connections")
    return test_of(kind, answers_of(kind, given))


def connect(access: Access, kind: Connector, given: Mapping[str, str], chosen: Chosen) -> Connection:
    """Make a connection and begin its first back-fill. Errors: NotAllowed and every fault of what was chosen."""
    access.check("manage_connections")
    answers = answers_of(kind, given)
    accounts = checked_accounts(access, chosen)
    now = timezone.now()
    with transaction.atomic():
        connection = Connection.objects.create(
            connector=kind.key,
            name=(chosen.name.strip() or str(kind.name))[:80],
            source=_source(kind, chosen.name),
            given={key: value for key, value in answers.items() if key not in kind.secret_keys},
            secret=seal({key: value for key, value in answers.items() if key in kind.secret_keys}),
            accounts=accounts,
            rules=checked_rules(access, chosen.rules),
            streams=chosen_streams(kind, chosen),
            look_back=dict(chosen.look_back),
            every_hours=chosen.every_hours,
            at_hour=chosen.at_hour,
            by_email=access.user.email,
        )
        Connection.objects.filter(pk=connection.pk).update(due_at=next_due(connection, now))
        record(access, "connection.made", connection.name, connector=kind.key, accounts=len(accounts))
        last = now.date()
        ask_for_sync(access, connection, chosen.since or last - dt.timedelta(days=90), last, SyncKind.BACK_FILL)
    return connection


def _source(kind: Connector, name: str) -> Source:
    """A source of its own: its key stands in every row and never changes.

    One that a removed connection left behind is taken up again, so that days that are read anew replace their rows.
    """
    left = Source.objects.filter(kind=kind.key, connection=None)
    found = left.filter(name=(name.strip() or str(kind.name))[:80]).first() or left.order_by("-created_at").first()
    if found is not None:
        found.name = (name.strip() or str(kind.name))[:80]
        found.save(update_fields=["name"])
        return found
    base = slugify(name, allow_unicode=True)[:32] or kind.key.replace("_", "-")
    key, number = base, 1
    while Source.objects.filter(key=key).exists():
        number += 1
        key = f"{base}-{number}"
    return Source.objects.create(
        key=key, name=(name.strip() or str(kind.name))[:80], kind=kind.key, settling={"vendor": kind.rule}
    )


def chosen_streams(kind: Connector, chosen: Chosen) -> list[str]:
    """Keys of the tables that are read: all when none is chosen."""
    return [stream.key for stream in kind.streams if not chosen.streams or stream.key in chosen.streams]


def checked_accounts(access: Access, chosen: Chosen) -> list[dict[str, str]]:
    """Accounts with their markets, as they are kept. Errors: NoAccountChosen, NoMarketFor."""
    if not chosen.accounts:
        raise NoAccountChosen()
    codes = set(access.market_codes)
    found = []
    for account in chosen.accounts:
        market = chosen.markets.get(account.key, "")
        if (market and market not in codes) or not (market or chosen.rules):
            raise NoMarketFor(account=account.name or account.key)
        found.append({**account.as_json(), "market": market})
    return found


def checked_rules(access: Access, rules: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Rules of markets, as they are kept. Errors: BadRule."""
    found = []
    for pattern, market in rules[:MOST_RULES]:
        text = pattern.strip()
        if not text or len(text) > 200 or market not in access.market_codes:
            raise BadRule(pattern=text[:60] or "–")
        found.append({"pattern": text, "market": market})
    return found


def change_keys(access: Access, connection: Connection, kind: Connector, given: Mapping[str, str]) -> Connection:
    """Put other credentials in place after the vendor has taken them, and go on with what they had stopped.

    Errors: NotAllowed, AnswerMissing, VendorProblem: then everything stays as it was.
    """
    access.check("manage_connections")
    kept = unseal(connection.secret)
    answers = answers_of(kind, given, {**connection.given, **kept})
    test_of(kind, answers)
    secrets = {key: value for key, value in answers.items() if key in kind.secret_keys}
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        locked.given = {key: value for key, value in answers.items() if key not in kind.secret_keys}
        locked.secret = seal({PAGES_KEY: kept[PAGES_KEY], **secrets})
        if locked.state == ConnectionState.BROKEN:
            locked.state, locked.problem = ConnectionState.ACTIVE, None
        locked.save()
        record(access, "connection.keys", locked.name)
    return locked


def pause(access: Access, connection: Connection) -> None:
    """Read nothing more until it is resumed. Errors: NotAllowed, ConnectionMoved."""
    _move(access, connection, ConnectionState.ACTIVE, ConnectionState.PAUSED, "connection.paused")


def resume(access: Access, connection: Connection) -> None:
    """Read again, at once what became due meanwhile. Errors: NotAllowed, ConnectionMoved."""
    _move(access, connection, ConnectionState.PAUSED, ConnectionState.ACTIVE, "connection.resumed")
    Connection.objects.filter(pk=connection.pk).update(due_at=timezone.now())


def _move(access: Access, connection: Connection, old: str, new: str, action: str) -> None:
    access.check("manage_connections")
    with transaction.atomic():
        if not Connection.objects.filter(pk=connection.pk, state=old).update(state=new, changed_at=timezone.now()):
            raise ConnectionMoved(state=connection.state)
        record(access, action, connection.name)


def remove(access: Access, connection: Connection) -> None:
    """End a connection: its credentials and kept pages go, what was loaded stays. Errors: NotAllowed, SyncRunning."""
    from sources.pages_kept import drop

    access.check("manage_connections")
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        if Sync.objects.filter(connection=locked, state__in=OPEN).exists():
            raise SyncRunning(name=locked.name)
        portions = [pk for sync in locked.syncs.all() for pk in sync.portions.values_list("pk", flat=True)]
        record(access, "connection.removed", locked.name)
        locked.delete()
    for portion in portions:
        drop(portion)


def failed_sync(connection: Connection) -> Sync | None:
    """The connection's last sync, when a problem stopped it."""
    last = connection.syncs.order_by("-created_at").first()
    return last if last is not None and last.state == SyncState.FAILED else None
