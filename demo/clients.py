"""The sample clients: the brand with its eight markets, and a small shop, so that a consultant has two."""

from __future__ import annotations

from dataclasses import dataclass

from demo.files import EVENT_MONTHS
from demo.logins import DEMO_SLUG, STORE_SLUG
from demo.story import MARKETS, MarketStory


@dataclass(frozen=True)
class Sample:
    """A sample client. `size` is its share of the story's volume; `feeds` empty: every export;
    `event_months`: how many months one file of events covers; `is_worked_with`: people have left their traces in it."""

    slug: str
    name: str
    name_en: str
    codes: tuple[str, ...]
    size: float = 1.0
    seed_offset: int = 0
    feeds: frozenset[str] = frozenset()
    event_months: int = EVENT_MONTHS
    is_worked_with: bool = False

    @property
    def markets(self) -> tuple[MarketStory, ...]:
        return tuple(market for market in MARKETS if market.code in self.codes)


BRAND = Sample(
    DEMO_SLUG, "여정 데모 코스메틱", "Yeojeong Demo Cosmetics", tuple(m.code for m in MARKETS), is_worked_with=True
)
SHOP = Sample(
    STORE_SLUG, "여정 데모 스토어", "Yeojeong Demo Store", ("KR", "JP"), size=0.12, seed_offset=1,
    feeds=frozenset({"orders", "meta", "events"}), event_months=36,
)  # fmt: skip
SAMPLES: tuple[Sample, ...] = (BRAND, SHOP)
