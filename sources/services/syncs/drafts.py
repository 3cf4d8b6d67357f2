"""Credentials between two steps of the wizard: sealed, on the server, for half an hour, for one person's session.

They lie in the cache and not in the session's row, which lives for weeks: the cache forgets them by itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from sources.connectors.kinds import Account, Connector
from sources.errors_connections import DraftGone
from sources.secrets import PAGES_KEY, seal, unseal
from tenants.access import Access

KEPT_FOR_S = 30 * 60
Session = MutableMapping[str, Any]


@dataclass(frozen=True)
class Draft:
    """What a person typed and what the vendor answered to it."""

    given: Mapping[str, str]
    accounts: Sequence[Account]


def keep_draft(session: Session, access: Access, kind: Connector, draft: Draft) -> None:
    """Keep a draft for the next step; an earlier one of the same connector goes."""
    drop_draft(session, access, kind)
    name = secrets.token_urlsafe(24)
    session[_key(access, kind)] = name
    kept = {"given": seal(draft.given), "accounts": [account.as_json() for account in draft.accounts]}
    cache.set(_place(access, name), kept, timeout=KEPT_FOR_S)


def draft_of(session: Session, access: Access, kind: Connector) -> Draft:
    """The draft of the step before. Errors: DraftGone, SecretsUnreadable."""
    name = session.get(_key(access, kind))
    kept = cache.get(_place(access, str(name))) if name else None
    if kept is None:
        session.pop(_key(access, kind), None)
        raise DraftGone
    given = {key: value for key, value in unseal(kept["given"]).items() if key != PAGES_KEY}
    return Draft(given, [Account.from_json(raw) for raw in kept["accounts"]])


def drop_draft(session: Session, access: Access, kind: Connector) -> None:
    """Forget a draft now."""
    name = session.pop(_key(access, kind), None)
    if name:
        cache.delete(_place(access, str(name)))


def _key(access: Access, kind: Connector) -> str:
    return f"connect:{access.client.pk}:{kind.key}"


def _place(access: Access, name: str) -> str:
    return f"connect-draft:{access.client.pk}:{access.user.pk}:{name}"
