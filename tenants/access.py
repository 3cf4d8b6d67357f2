"""What a person may do at a client: each rule is written once, and both answers (`can`) and raises (`check`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from tenants.errors import NotYourJob
from tenants.models import Client, Market, Membership, Role, User

Rule = Literal[
    "load_data", "undo_any_import", "set_targets", "approve_targets", "set_rates", "set_settling",
    "manage_connections", "manage_markets", "manage_members", "see_audit", "define_kpis", "propose_override",
    "approve_override", "choose_omtm", "share_ranks", "write_notes", "delete_any_note",
]  # fmt: skip

RULES: dict[str, tuple[frozenset[str], object]] = {
    "load_data": (
        frozenset({Role.OWNER, Role.ADMIN, Role.MARKETER}),
        _("A viewer can't load data. Ask an admin of this client."),
    ),
    "undo_any_import": (
        frozenset({Role.OWNER, Role.ADMIN}),
        _("Only an owner or an admin can undo somebody else's import."),
    ),
    "set_targets": (frozenset({Role.OWNER, Role.ADMIN}), _("Only an owner or an admin can change targets.")),
    "approve_targets": (
        frozenset({Role.OWNER, Role.ADMIN}),
        _("Only an owner or an admin who sees all markets can approve targets or choose their version."),
    ),
    "set_rates": (frozenset({Role.OWNER, Role.ADMIN}), _("Only an owner or an admin can change exchange rates.")),
    "set_settling": (
        frozenset({Role.OWNER, Role.ADMIN}),
        _("Only an owner or an admin can change when numbers are settled."),
    ),
    "manage_connections": (
        frozenset({Role.OWNER, Role.ADMIN}),
        _("Only an owner or an admin can connect sources."),
    ),
    "manage_markets": (frozenset({Role.OWNER, Role.ADMIN}), _("Only an owner or an admin can change markets.")),
    "manage_members": (frozenset({Role.OWNER}), _("Only an owner can change who is a member.")),
    "define_kpis": (frozenset({Role.OWNER, Role.ADMIN}), _("Only an owner or an admin can change KPI definitions.")),
    "propose_override": (
        frozenset({Role.OWNER, Role.ADMIN, Role.MARKETER}),
        _("A viewer can't propose a local definition. Ask an admin of this client."),
    ),
    "approve_override": (
        frozenset({Role.OWNER, Role.ADMIN}),
        _("Only an owner or an admin can approve a local definition."),
    ),
    "choose_omtm": (
        frozenset({Role.OWNER, Role.ADMIN, Role.MARKETER}),
        _("A viewer can't choose the one metric that matters. Ask an admin of this client."),
    ),
    "see_audit": (frozenset({Role.OWNER, Role.ADMIN}), _("Only an owner or an admin can see who changed what.")),
    "share_ranks": (frozenset({Role.OWNER, Role.ADMIN}), _("Only an owner or an admin can show ranks to the markets.")),
    "write_notes": (
        frozenset({Role.OWNER, Role.ADMIN, Role.MARKETER}),
        _("A viewer can't write notes, actions or alerts. Ask an admin of this client."),
    ),
    "delete_any_note": (
        frozenset({Role.OWNER, Role.ADMIN}),
        _("Only an owner or an admin can delete what somebody else wrote."),
    ),
}
# These change what every market sees, so a person who is limited to some markets can't, whatever the role.
WHOLE_CLIENT: frozenset[str] = frozenset(
    {
        "undo_any_import",
        "approve_targets",
        "set_rates",
        "set_settling",
        "manage_connections",
        "manage_markets",
        "manage_members",
        "see_audit",
        "define_kpis",
        "share_ranks",
    }
)


@dataclass(frozen=True)
class Access:
    """A person at a client, looked up once a request. `markets` are those that they may see, in the client's order.

    `noted` is what was found out for them in this request, by name, for whoever prints it once more. A copy with other
    markets begins with nothing noted: what is known of all markets must not be printed for who sees one.
    """

    user: User
    client: Client
    role: str
    markets: tuple[Market, ...]
    all_markets: bool
    membership_id: int
    noted: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def market_codes(self) -> tuple[str, ...]:
        return tuple(market.code for market in self.markets)

    @property
    def may_load(self) -> frozenset[str]:
        """The codes of the markets that this person may load data for."""
        return frozenset(self.market_codes) if self.can("load_data") else frozenset()

    def can(self, rule: Rule) -> bool:
        return self.role in RULES[rule][0] and (self.all_markets or rule not in WHOLE_CLIENT)

    def check(self, rule: Rule) -> None:
        if not self.can(rule):
            sentence = RULES[rule][1]
            raise NotYourJob(str(sentence))


def access_of(membership: Membership) -> Access:
    """What this membership opens; one query, for the markets."""
    markets = list(membership.client.markets.all())
    if not membership.all_markets:
        allowed = set(membership.markets.values_list("id", flat=True))
        markets = [market for market in markets if market.id in allowed]
    return Access(
        user=membership.user,
        client=membership.client,
        role=membership.role,
        markets=tuple(markets),
        all_markets=membership.all_markets,
        membership_id=membership.pk,
    )
