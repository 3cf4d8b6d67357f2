"""Writes of clients and people: one function a use case, each in a transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from babel.core import get_global
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from tenants.access import Access
from tenants.current import close_schema
from tenants.errors import SlugTaken, UnusableValue
from tenants.models import ApiToken, AuditEntry, Client, Market, Membership, Role, User
from tenants.schemas import schema_lock, schema_name_for

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MarketDraft:
    """A market as it is typed in; the code is the country's two letters unless told otherwise."""

    code: str
    name_ko: str
    name_en: str
    country: str
    currency: str
    time_zone: str
    language: str = "en"


@dataclass(frozen=True)
class ClientDraft:
    slug: str
    name: str
    name_en: str = ""
    home_currency: str = "KRW"
    time_zone: str = "Asia/Seoul"
    fiscal_year_start: int = 1
    is_sample: bool = False


def known_currencies() -> frozenset[str]:
    """Every ISO 4217 code in use or once used, as the Unicode CLDR lists them."""
    return frozenset(get_global("all_currencies"))


def record(
    access: Access | None,
    action: str,
    subject: str = "",
    *,
    client: Client | None = None,
    user: User | None = None,
    **detail: Any,
) -> None:
    """Write an audit entry; who and where come from `access`, or are named for acts outside a client."""
    who = access.user if access else user
    AuditEntry.objects.create(
        client=access.client if access else client,
        user=who,
        who=who.email if who else "system",
        action=action,
        subject=subject[:200],
        detail=detail,
    )


def create_client(*, draft: ClientDraft, markets: Sequence[MarketDraft], by: User | None) -> Client:
    """Register a client with its markets and have it prepared in the background; its maker becomes its owner.

    Errors: SlugTaken; UnusableValue with the field in `details`.
    """
    _check_money_and_time(draft.home_currency, draft.time_zone)
    if Client.objects.filter(slug=draft.slug).exists():
        raise SlugTaken(draft.slug)
    client = Client(schema_name=schema_name_for(draft.slug), created_by=by, **draft.__dict__)
    _validate(client)
    with transaction.atomic():
        client.save(verbosity=0)
        for position, market in enumerate(markets):
            _save_market(client, market, position)
        if by:
            Membership.objects.create(user=by, client=client, role=Role.OWNER)
        record(None, "client.added", client.slug, client=client, user=by)
        transaction.on_commit(lambda: _prepare_later(client.pk))
    return client


def _prepare_later(client_id: int) -> None:
    from tenants.tasks import prepare_client

    prepare_client.delay(client_id)


def prepare(client: Client) -> Client:
    """Take a client through every step of `CLIENT_STEPS`; each may be done again, so a killed worker does no harm.

    Two at the same client wait for each other; the second finds it ready.
    """
    with schema_lock(client.schema_name):
        client.refresh_from_db()
        if client.state == Client.State.READY:
            return client
        for step, _words, path in settings.CLIENT_STEPS:
            Client.objects.filter(pk=client.pk).update(step=step, state=Client.State.PREPARING, problem="")
            import_string(path)(client.schema_name)
        Client.objects.filter(pk=client.pk).update(step="", state=Client.State.READY)
        client.refresh_from_db()
    return client


def retry_preparation(client: Client) -> None:
    """Begin again with a client whose making failed."""
    if client.state == Client.State.FAILED:
        Client.objects.filter(pk=client.pk).update(state=Client.State.PREPARING, problem="", step="")
        _prepare_later(client.pk)


def prepare_failed(client_id: int, reason: str) -> None:
    """Keep why a client could not be made, for its maker to see."""
    Client.objects.filter(pk=client_id).update(state=Client.State.FAILED, problem=reason[:500])


def remove_client(client: Client, *, by: User | None) -> None:
    """Remove a client whole: lake, schema, markets, memberships."""
    close_schema()
    for path in settings.CLIENT_REMOVAL_STEPS:
        import_string(path)(client.schema_name)
    record(None, "client.removed", client.slug, user=by)
    client.delete(force_drop=False)


def add_market(access: Access, draft: MarketDraft) -> Market:
    access.check("manage_markets")
    with transaction.atomic():
        market = _save_market(access.client, draft, access.client.markets.count())
        record(access, "market.added", market.code, **draft.__dict__)
    return market


def change_market(access: Access, market: Market, draft: MarketDraft) -> Market:
    """Change a market's names, country and language; code, currency and time zone stay: rows were booked under them.

    Errors: UnusableValue.
    """
    access.check("manage_markets")
    before = {name: getattr(market, name) for name in ("name_ko", "name_en", "country", "language")}
    for name in before:
        setattr(market, name, getattr(draft, name))
    _validate(market)
    with transaction.atomic():
        market.save()
        record(access, "market.changed", market.code, before=before)
    return market


def _save_market(client: Client, draft: MarketDraft, position: int) -> Market:
    _check_money_and_time(draft.currency, draft.time_zone)
    market = Market(client=client, position=position, **draft.__dict__)
    _validate(market)
    market.save()
    return market


def _check_money_and_time(currency: str, time_zone: str) -> None:
    if currency not in known_currencies():
        raise UnusableValue(
            _("There is no currency “%(code)s”.") % {"code": currency},
            fix=_("Use the three letters of ISO 4217, such as KRW."),
            field="currency",
        )
    if time_zone not in available_timezones():
        raise UnusableValue(
            _("There is no time zone “%(name)s”.") % {"name": time_zone},
            fix=_("Use a name such as Asia/Seoul."),
            field="time_zone",
        )


def _validate(thing: Client | Market) -> None:
    try:
        thing.full_clean(exclude=["schema_name"] if isinstance(thing, Client) else ["client"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise UnusableValue(" ".join(messages), field=field) from error
    if isinstance(thing, Market) and thing.pk is None and thing.client.markets.filter(code=thing.code).exists():
        raise UnusableValue(_("There is already a market “%(code)s”.") % {"code": thing.code}, field="code")


def add_member(
    access: Access, *, email: str, role: str, market_codes: Sequence[str] | None, name: str = ""
) -> Membership:
    """Make a person a member; a new person chooses a password by the reset mail. `market_codes` None: all markets."""
    access.check("manage_members")
    with transaction.atomic():
        address = email.strip().lower()
        user = User.objects.filter(email=address).first()
        if user is None:
            user = User.objects.create_user(address, None, name=name)
        membership = join(user, access.client, role=role, market_codes=market_codes)
        record(
            access,
            "member.added",
            address,
            role=role,
            markets=list(market_codes) if market_codes is not None else "all",
        )
    return membership


def join(user: User, client: Client, *, role: str, market_codes: Sequence[str] | None = None) -> Membership:
    """Give a person a role at a client, for all markets or for those named."""
    if role not in Role.values:
        raise UnusableValue(_("There is no role “%(role)s”.") % {"role": role}, field="role")
    membership, _made = Membership.objects.update_or_create(
        user=user, client=client, defaults={"role": role, "all_markets": market_codes is None}
    )
    membership.markets.set(client.markets.filter(code__in=market_codes or ()))
    return membership


def change_member(access: Access, membership: Membership, *, role: str, market_codes: Sequence[str] | None) -> None:
    """Change a member's role and markets; the last owner stays one."""
    access.check("manage_members")
    owners = Membership.objects.filter(client=access.client, role=Role.OWNER, all_markets=True)
    if membership.role == Role.OWNER and (role != Role.OWNER or market_codes is not None) and owners.count() == 1:
        raise UnusableValue(
            _("The last owner stays an owner of all markets."),
            fix=_("Make somebody else an owner first."),
            field="role",
        )
    with transaction.atomic():
        join(membership.user, access.client, role=role, market_codes=market_codes)
        record(
            access,
            "member.changed",
            membership.user.email,
            role=role,
            markets=list(market_codes) if market_codes is not None else "all",
        )


def change_account(user: User, **fields: str) -> None:
    """Change a person's own name or language."""
    for name in ("name", "language"):
        if name in fields:
            setattr(user, name, fields[name])
    user.save(update_fields=["name", "language"])


def remove_member(access: Access, membership: Membership) -> None:
    """End a membership and its tokens. The last owner stays, or nobody could manage the client."""
    access.check("manage_members")
    owners = Membership.objects.filter(client=access.client, role=Role.OWNER)
    if membership.role == Role.OWNER and owners.count() == 1:
        raise UnusableValue(_("The last owner can't be removed."), fix=_("Make somebody else an owner first."))
    with transaction.atomic():
        record(access, "member.removed", membership.user.email)
        membership.delete()


def make_token(access: Access, name: str) -> tuple[ApiToken, str]:
    """A new API token of this person at this client; the second value is shown once and never kept."""
    raw = "yj_" + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            membership_id=access.membership_id,
            name=name[:60] or "API",
            digest=hashlib.sha256(raw.encode()).hexdigest(),
            hint=raw[:9],
        )
        record(access, "token.made", token.name)
    return token, raw


def revoke_token(access: Access, token_id: int) -> None:
    """End a token of one's own."""
    with transaction.atomic():
        ApiToken.objects.filter(pk=token_id, membership_id=access.membership_id, revoked_at=None).update(
            revoked_at=timezone.now()
        )
        record(access, "token.revoked", str(token_id))


def note_opened(access: Access, now: dt.datetime) -> None:
    """Remember when a client was last opened, for the switcher's order."""
    Membership.objects.filter(pk=access.membership_id).update(opened_at=now)
