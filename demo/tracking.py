"""What the shop's tracking saw: every session of people who allow it, as events in the order of time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from demo.arrays import Bools, Floats, Ints
from demo.assortment import PRODUCTS
from demo.calendar import Window
from demo.commerce import prices
from demo.telling import Tale

# fmt: off
NAMES = (
    "session_start", "first_visit", "first_open", "page_view", "scroll", "search", "view_item_list", "view_item",
    "add_to_wishlist", "add_to_cart", "sign_up", "login", "begin_checkout", "add_payment_info", "purchase", "share",
)
# fmt: on
_N = {name: index for index, name in enumerate(NAMES)}
PAGES = ("home", "list", "product", "cart", "checkout", "account", "search")
_P = {name: index for index, name in enumerate(PAGES)}
PURCHASE_AT = 420.0  # seconds into an ordinary session
_AT_PRODUCT = (_N["view_item"], _N["add_to_wishlist"], _N["add_to_cart"], _N["share"])


@dataclass(frozen=True)
class Events:
    """One entry an event, ordered by time. `session` points into the tale's sessions, `order` and `product` are −1
    where there is none; `moment` is UTC in whole seconds; money in minor units of the market's currency."""

    session: Ints
    moment: Ints
    name: Ints
    page: Ints
    product: Ints
    order: Ints
    quantity: Ints
    price: Ints
    value: Ints
    engaged_ms: Ints

    def __len__(self) -> int:
        return int(self.session.size)


class _Steps:
    """Collects what happens in the sessions, step by step, in any order."""

    def __init__(self, rng: np.random.Generator, pace: Floats) -> None:
        self.rng, self.pace = rng, pace
        self.session: list[Ints] = []
        self.offset: list[Floats] = []
        self.name: list[Ints] = []
        self.page: list[Ints] = []

    def add(self, name: str, at: Ints, seconds: Floats | float, page: str | Ints) -> None:
        self.session.append(at)
        self.offset.append(np.broadcast_to(np.asarray(seconds, dtype=np.float64) * self.pace[at], at.shape))
        self.name.append(np.full(at.size, _N[name]))
        self.page.append(np.full(at.size, _P[page]) if isinstance(page, str) else page)

    def some(self, of: Bools, chance: float) -> Ints:
        rows = np.flatnonzero(of)
        return rows[self.rng.random(rows.size) < chance]


def tracked_sessions(tale: Tale) -> Bools:
    """The sessions of people who allow tracking."""
    return tale.people.tracked[tale.sessions.person]


def events_of(tale: Tale, seed: int) -> Events:
    """The events of a market's tracked sessions."""
    rng = np.random.default_rng([seed, *(ord(c) for c in tale.story.code), 70])
    sessions, seen = tale.sessions, tracked_sessions(tale)
    steps = _Steps(rng, rng.uniform(0.7, 1.4, len(sessions)))
    _visit_steps(tale, steps, seen)
    _shop_steps(tale, steps, seen)
    session, name, page = np.concatenate(steps.session), np.concatenate(steps.name), np.concatenate(steps.page)
    start = local_midnights(tale.window, tale.story.time_zone)[sessions.day[session]] + sessions.second[session]
    moment = start + np.concatenate(steps.offset).astype(np.int64)
    order = np.lexsort((name, session, moment))
    session, name, page, moment = session[order], name[order], page[order], moment[order]
    return Events(session=session, moment=moment, name=name, page=page, **_facts(tale, session, name, rng))


def _visit_steps(tale: Tale, steps: _Steps, seen: Bools) -> None:
    sessions, rng = tale.sessions, steps.rng
    every = np.flatnonzero(seen)
    landing = np.where(rng.random(every.size) < 0.5, _P["product"], _P["home"])
    steps.add("session_start", every, 0.0, landing)
    app = tale.people.platform[sessions.person] > 0
    for name, rows in (("first_visit", seen & sessions.first & ~app), ("first_open", seen & sessions.first & app)):
        steps.add(name, np.flatnonzero(rows), 0.0, "home")
    steps.add("page_view", every, 0.0, landing)
    more = np.where(sessions.engaged[every], 1 + rng.poisson(0.45, every.size), 0)
    again = np.repeat(every, more)
    nth = np.arange(again.size) - np.repeat(np.cumsum(more) - more, more) + 1
    steps.add("page_view", again, nth * 42.0, rng.integers(0, 3, again.size))
    steps.add("scroll", steps.some(seen & sessions.engaged, 0.45), 20.0, "product")
    steps.add("search", steps.some(seen & sessions.engaged, 0.09), 30.0, "search")
    steps.add("view_item_list", steps.some(seen & sessions.engaged, 0.18), 36.0, "list")
    steps.add("login", steps.some(seen & ~sessions.first & ~sessions.signed_up, 0.15), 15.0, "account")


def _shop_steps(tale: Tale, steps: _Steps, seen: Bools) -> None:
    sessions = tale.sessions
    steps.add("view_item", np.flatnonzero(seen & sessions.viewed), 62.0, "product")
    steps.add("view_item", steps.some(seen & sessions.viewed, 0.35), 110.0, "product")
    steps.add("add_to_wishlist", steps.some(seen & sessions.viewed, 0.05), 135.0, "product")
    steps.add("share", steps.some(seen & sessions.viewed, 0.012), 150.0, "product")
    steps.add("add_to_cart", np.flatnonzero(seen & sessions.carted), 190.0, "cart")
    steps.add("sign_up", np.flatnonzero(seen & sessions.signed_up), 230.0, "account")
    steps.add("begin_checkout", np.flatnonzero(seen & sessions.checkout), 290.0, "checkout")
    steps.add("add_payment_info", np.flatnonzero(seen & sessions.purchased), 350.0, "checkout")
    steps.add("add_payment_info", steps.some(seen & sessions.checkout & ~sessions.purchased, 0.45), 350.0, "checkout")
    steps.add("purchase", np.flatnonzero(seen & sessions.purchased), PURCHASE_AT, "checkout")


def _facts(tale: Tale, session: Ints, name: Ints, rng: np.random.Generator) -> dict[str, Ints]:
    orders, n = tale.orders, session.size
    order_of = np.full(len(tale.sessions), -1, np.int64)
    order_of[orders.session] = np.arange(len(orders))
    weights = np.array([p.weight for p in PRODUCTS])
    liked = np.searchsorted(np.cumsum(weights) / weights.sum(), rng.random(len(tale.sessions))).clip(
        0, len(PRODUCTS) - 1
    )
    liked[orders.session] = orders.product
    bought, shown = name == _N["purchase"], np.isin(name, _AT_PRODUCT)
    order = np.where(bought, order_of[session], -1)
    product = np.where(shown | bought, liked[session], -1)
    price = np.where(product >= 0, prices(tale.story)[product], 0)
    value = np.where(bought, tale.order_value()[order], np.where(shown, price, 0))
    engaged = np.where(tale.sessions.engaged[session], 11_000 + rng.exponential(22_000, n), rng.uniform(300, 8_000, n))
    return {
        "order": order,
        "product": product,
        "price": price,
        "value": value,
        "quantity": np.where(bought, orders.quantity[order], np.where(name == _N["add_to_cart"], 1, 0)),
        "engaged_ms": np.where(name == _N["page_view"], engaged, 0).astype(np.int64),
    }


def local_midnights(window: Window, time_zone: str) -> Ints:
    """For each day of the window the UTC second of its local midnight, as the clock after 5 o'clock counts back to it.

    Clocks change at night: with the offset of noon, a session that begins after 5 o'clock falls on its own day.
    """
    zone, found = ZoneInfo(time_zone), []
    for day in window.dates():
        noon = dt.datetime(day.year, day.month, day.day, 12, tzinfo=zone)
        found.append(int(noon.timestamp()) - 12 * 3600)
    return np.array(found, dtype=np.int64)
