"""Reads of clients and people."""

from __future__ import annotations

import hashlib

from django.db.models import F, QuerySet

from tenants.access import Access
from tenants.models import ApiToken, AuditEntry, Client, Domain, Market, Membership, User


def clients_of(user: User) -> QuerySet[Membership]:
    """The clients that a person belongs to, most recently opened first. *Shape*: memberships with their client."""
    return (
        Membership.objects.filter(user=user, client__is_template=False)
        .select_related("client", "user")
        .order_by(F("opened_at").desc(nulls_last=True), "client__name")
    )


def membership_at(user: User, slug: str) -> Membership | None:
    """A person's membership of the client at this address, with the client."""
    return (
        Membership.objects.filter(user=user, client__slug=slug, client__is_template=False)
        .select_related("client", "user")
        .first()
    )


def slug_of_host(host: str) -> str | None:
    """The address of the client whose own host name this is."""
    domain = Domain.objects.filter(domain=host).select_related("tenant").first()
    return domain.tenant.slug if domain else None


def token_membership(raw: str) -> ApiToken | None:
    """The token as it is kept, with its membership, client and person; None when unknown or revoked."""
    digest = hashlib.sha256(raw.encode()).hexdigest()
    return (
        ApiToken.objects.filter(digest=digest, revoked_at=None, membership__user__is_active=True)
        .select_related("membership__client", "membership__user")
        .first()
    )


def markets_of(client: Client) -> QuerySet[Market]:
    return Market.objects.filter(client=client)


def members_of(client: Client) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(client=client)
        .select_related("user")
        .prefetch_related("markets")
        .order_by("user__email")
    )


def audit_of(client: Client) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(client=client)


def tokens_of(access: Access) -> QuerySet[ApiToken]:
    """This person's tokens at this client, the revoked ones left out."""
    return ApiToken.objects.filter(membership_id=access.membership_id, revoked_at=None)
