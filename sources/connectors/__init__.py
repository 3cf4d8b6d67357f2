"""The catalogue of connectors: every vendor that a client can be connected to."""

from __future__ import annotations

from sources.connectors import meta_ads, naver_searchad, tiktok_ads
from sources.connectors.kinds import Connector

CATALOGUE: tuple[Connector, ...] = (naver_searchad.CONNECTOR, meta_ads.CONNECTOR, tiktok_ads.CONNECTOR)
BY_KEY: dict[str, Connector] = {connector.key: connector for connector in CATALOGUE}


def connector(key: str) -> Connector:
    """A connector of the catalogue. Errors: KeyError for a key that is none."""
    return BY_KEY[key]
