"""What a country proposes for a market, from the Unicode CLDR (Babel) and the tz database."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from babel import Locale
from babel.core import get_global

# The tz database lists several zones for these; the one where most of the market's people live.
MAIN_ZONE = {
    "US": "America/New_York",
    "CA": "America/Toronto",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "RU": "Europe/Moscow",
    "MX": "America/Mexico_City",
    "ID": "Asia/Jakarta",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "PT": "Europe/Lisbon",
    "CL": "America/Santiago",
    "NZ": "Pacific/Auckland",
    "UA": "Europe/Kyiv",
    "KZ": "Asia/Almaty",
    "MY": "Asia/Kuala_Lumpur",
    "VN": "Asia/Ho_Chi_Minh",
    "AR": "America/Argentina/Buenos_Aires",
}


@dataclass(frozen=True)
class CountryFacts:
    code: str = ""
    name_ko: str = ""
    name_en: str = ""
    currency: str = ""
    time_zone: str = ""
    language: str = "en"

    def as_initial(self) -> dict[str, str]:
        return asdict(self)


def facts_of(country: str) -> CountryFacts:
    """A market's likely code, names, currency, zone and language; empty for what isn't a country."""
    country = country.upper()
    korean, english = Locale("ko").territories, Locale("en").territories
    if country not in english or len(country) != 2:
        return CountryFacts()
    return CountryFacts(
        code=country,
        name_ko=korean.get(country, country),
        name_en=english[country],
        currency=_currency(country),
        time_zone=_zone(country),
        language=_language(country),
    )


def _currency(country: str) -> str:
    """The legal tender in use today."""
    history = get_global("territory_currencies").get(country, [])
    current = [code for code, _start, end, tender in history if end is None and tender]
    return current[0] if current else ""


def _zone(country: str) -> str:
    zones = get_global("territory_zones").get(country, [])
    return MAIN_ZONE.get(country) or (zones[0] if zones else "UTC")


def _language(country: str) -> str:
    likely = get_global("likely_subtags").get(f"und_{country}", "en")
    return str(likely).split("_", 1)[0]
