"""Which of a client's markets a cell names: by code, country code, country name in Korean or English, alias."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sources.reading.vocabulary import fold


@dataclass(frozen=True)
class MarketNames:
    """A market by all of its names."""

    code: str
    country: str
    names: tuple[str, ...]


# What files call countries beside their names in the Unicode CLDR.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "KR": (
        "korea",
        "south korea",
        "republic of korea",
        "korea republic of",
        "korea south",
        "kor",
        "한국",
        "대한민국",
        "국내",
    ),
    "JP": ("jpn", "일본"),
    "US": ("usa", "u.s.", "u.s.a.", "united states of america", "america", "미국", "미합중국"),
    "GB": ("uk", "u.k.", "great britain", "britain", "england", "gbr", "영국"),
    "IE": ("eire", "republic of ireland", "irl", "아일랜드"),
    "CN": ("prc", "mainland china", "people's republic of china", "chn", "중국"),
    "TW": ("taiwan, province of china", "chinese taipei", "twn", "대만", "타이완"),
    "HK": ("hong kong", "hong kong sar", "hkg", "홍콩"),
    "MO": ("macau", "macao", "마카오"),
    "DE": ("deu", "ger", "deutschland", "독일"),
    "FR": ("fra", "프랑스"),
    "ES": ("esp", "españa", "스페인"),
    "NL": ("holland", "the netherlands", "nld", "네덜란드"),
    "CZ": ("czech republic", "cze", "체코"),
    "VN": ("viet nam", "vnm", "베트남"),
    "RU": ("russian federation", "rus", "러시아"),
    "AE": ("uae", "u.a.e.", "아랍에미리트", "두바이"),
    "ZA": ("rsa", "남아공"),
    "TR": ("turkey", "turkiye", "türkiye", "터키", "튀르키예"),
    "PH": ("phl", "the philippines", "필리핀"),
    "SG": ("sgp", "싱가폴", "싱가포르"),
    "TH": ("tha", "태국"),
    "ID": ("idn", "인도네시아", "인니"),
    "MY": ("mys", "말레이시아"),
    "AU": ("aus", "호주", "오스트레일리아"),
    "CA": ("can", "캐나다"),
    "IN": ("ind", "인도"),
    "IT": ("ita", "이탈리아", "이태리"),
    "BR": ("bra", "브라질", "brasil"),
    "MX": ("mex", "멕시코"),
    "SA": ("ksa", "사우디", "사우디아라비아"),
}


@lru_cache(maxsize=512)
def country_names(country: str) -> frozenset[str]:
    """Folded names of a country: CLDR's in Korean and English, and what files call it beside them."""
    from babel import Locale

    names = [country, *ALIASES.get(country, ())]
    for locale in ("ko", "en"):
        name = Locale(locale).territories.get(country)
        if name:
            names += [name, name.replace("&", "and"), name.split(" (")[0]]
    return frozenset(fold(name) for name in names if fold(name))


def match_markets(values: Iterable[str], markets: Iterable[MarketNames]) -> dict[str, str]:
    """The market of every value that names exactly one; two markets of one country need the market's own name."""
    own: dict[str, set[str]] = {}
    by_country: dict[str, set[str]] = {}
    for market in markets:
        for name in (market.code, *market.names):
            own.setdefault(fold(name), set()).add(market.code)
        for name in country_names(market.country):
            by_country.setdefault(name, set()).add(market.code)
    matched = {}
    for value in values:
        word = fold(value)
        codes = own.get(word) or by_country.get(word) or set()
        if len(codes) == 1:
            matched[value] = next(iter(codes))
    return matched
