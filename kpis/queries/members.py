"""Who is a member of the client that is open: whom a note can name, who owns an action, who gets an alert."""

from __future__ import annotations

from dataclasses import dataclass

from tenants.access import Access, access_of
from tenants.models import Client, Membership
from tenants.queries import markets_of, members_of


@dataclass(frozen=True, slots=True)
class Member:
    """A member as far as others need to know them; `codes` are the markets that they see."""

    user_id: int
    name: str
    email: str
    language: str
    role: str
    all_markets: bool
    codes: frozenset[str]

    def sees(self, market: str, *, shared: bool = False) -> bool:
        """Whether they may read what stands at this market; empty: at all markets."""
        return market in self.codes if market else self.all_markets or shared


def members(client: Client) -> list[Member]:
    """All active members of a client, by e-mail; three queries."""
    every = frozenset(market.code for market in markets_of(client))
    return [
        Member(
            user_id=one.user_id,
            name=str(one.user),
            email=one.user.email,
            language=one.user.language,
            role=one.role,
            all_markets=one.all_markets,
            codes=every if one.all_markets else frozenset(market.code for market in one.markets.all()),
        )
        for one in members_of(client).filter(user__is_active=True)
    ]


def colleagues_of(access: Access) -> list[Member]:
    """The members who see at least one market that this person sees."""
    own = set(access.market_codes)
    return [one for one in members(access.client) if one.codes & own or one.user_id == access.user.pk]


def access_of_member(client: Client, user_id: int) -> Access | None:
    """What a member may do now; None when they have left."""
    membership = (
        Membership.objects.filter(user_id=user_id, client=client, user__is_active=True)
        .select_related("user", "client")
        .first()
    )
    return access_of(membership) if membership is not None else None
