"""What the warehouse takes, from what the door knows: who may write which markets, who may read which."""

from __future__ import annotations

from collections.abc import Iterable

from sources.errors import MarketNotSeen
from tenants.access import Access
from tenants.models import Client
from warehouse.scope import MarketFacts, Period, Scope, Tenancy


def tenancy_for(access: Access) -> Tenancy:
    """All markets of the client, and those that this person may load."""
    markets = {
        market.code: MarketFacts(market.code, market.currency, market.time_zone)
        for market in access.client.markets.all()
    }
    return Tenancy(
        client=access.client.schema_name,
        markets=markets,
        loadable=frozenset(access.may_load),
        home_currency=access.client.home_currency,
        fiscal_start=access.client.fiscal_year_start,
    )


def tenancy_of_client(client: Client) -> Tenancy:
    """All markets of a client, every one loadable: for syncs, whose markets were chosen by who may."""
    markets = {
        market.code: MarketFacts(market.code, market.currency, market.time_zone) for market in client.markets.all()
    }
    return Tenancy(
        client=client.schema_name,
        markets=markets,
        loadable=frozenset(markets),
        home_currency=client.home_currency,
        fiscal_start=client.fiscal_year_start,
    )


def scope_for(
    access: Access,
    *,
    period: Period,
    markets: Iterable[str] | None = None,
    currency: str | None = None,
) -> Scope:
    """What this person may read: all of their markets, or some of them.

    Errors: MarketNotSeen for a market that isn't theirs, or when they have none.
    """
    wanted = access.market_codes if markets is None else tuple(markets)
    strangers = [code for code in wanted if code not in access.market_codes]
    if strangers or not wanted:
        raise MarketNotSeen(markets=", ".join(strangers) or "–", known=", ".join(access.market_codes) or "–")
    zones = {market.time_zone for market in access.markets if market.code in wanted}
    zone = zones.pop() if len(zones) == 1 else access.client.time_zone
    return Scope(
        client=access.client.schema_name,
        markets=wanted,
        period=period,
        currency=currency,
        time_zone=zone,
    )
