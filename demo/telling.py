"""The whole story told: every market's people, sessions and orders, from one seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demo.arrays import Ints
from demo.behaviour import MarketSimulation, People, Sessions
from demo.calendar import Window, sale_days
from demo.commerce import Orders, orders_of
from demo.story import MARKETS, Channel, MarketStory, channels_of


@dataclass(frozen=True)
class Tale:
    """One market's part of the story, its sessions in the order of time."""

    story: MarketStory
    window: Window
    people: People
    sessions: Sessions
    orders: Orders

    @property
    def channels(self) -> tuple[Channel, ...]:
        return channels_of(self.story.code)

    def person_id(self, person: int) -> str:
        return f"{self.story.code}{person + 100001}"

    def order_id(self, index: int) -> str:
        return f"{self.story.code}-{index + 100001}"

    def order_value(self) -> Ints:
        """What the buyer paid for goods: the value that the shop's pages report, in minor units."""
        return self.orders.subtotal - self.orders.discount


def tell(window: Window, *, seed: int, scale: float = 1.0, markets: Sequence[MarketStory] = MARKETS) -> list[Tale]:
    """Every market's tale; the same window, seed and scale always give the same one."""
    return [_tale(story, window, seed, scale) for story in markets]


def _tale(story: MarketStory, window: Window, seed: int, scale: float) -> Tale:
    key = [ord(letter) for letter in story.code]
    people, sessions = MarketSimulation(story, window, np.random.default_rng([seed, *key, 1]), scale).run()
    sessions = sessions.take(np.lexsort((sessions.person, sessions.second, sessions.day)))
    sale = sale_days(story.code, window)
    orders = orders_of(story, (people, sessions), sale, np.random.default_rng([seed, *key, 2]))
    return Tale(story, window, people, sessions, orders)
