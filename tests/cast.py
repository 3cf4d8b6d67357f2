"""Who plays: two clients, and people who may see different parts of them."""

from __future__ import annotations

from tenants.models import Client, User
from tenants.schemas import ensure_template
from tenants.services import ClientDraft, MarketDraft, create_client, join, prepare

KOREA = MarketDraft("KR", "한국", "Korea", "KR", "KRW", "Asia/Seoul", "ko")
JAPAN = MarketDraft("JP", "일본", "Japan", "JP", "JPY", "Asia/Tokyo", "ja")
AMERICA = MarketDraft("US", "미국", "United States", "US", "USD", "America/New_York", "en")
GERMANY = MarketDraft("DE", "독일", "Germany", "DE", "EUR", "Europe/Berlin", "de")

PASSWORD = "journey-checks-2026"


def email(name: str) -> str:
    return f"{name}@example.com"


def make() -> None:
    """Make the cast in an empty, migrated database. charlie must never see anything of acme's."""
    ensure_template()
    people = {
        name: User.objects.create_user(email(name), PASSWORD, name=name.title())
        for name in ("alice", "bob", "charlie", "dana", "vera", "olivia")
    }
    User.objects.filter(email=email("olivia")).update(is_staff=True)
    acme = _client(ClientDraft("acme", "아크메", "Acme"), [KOREA, JAPAN, AMERICA])
    globex = _client(
        ClientDraft("globex", "글로벡스", "Globex", home_currency="EUR", time_zone="Europe/Berlin"), [GERMANY, KOREA]
    )
    join(people["alice"], acme, role="admin")
    join(people["bob"], acme, role="marketer", market_codes=["KR"])
    join(people["vera"], acme, role="viewer")
    join(people["charlie"], globex, role="owner")
    join(people["dana"], acme, role="owner")
    join(people["dana"], globex, role="admin")


def _client(draft: ClientDraft, markets: list[MarketDraft]) -> Client:
    client = create_client(draft=draft, markets=markets, by=None)
    return prepare(client)
