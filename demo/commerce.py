"""What is bought: orders with their lines, coupons, cancellations and refunds, made from the sessions that buy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demo.arrays import Bools, Floats, Ints
from demo.assortment import PRODUCTS
from demo.behaviour import People, Sessions
from demo.money import minor_units, shelf_price
from demo.story import MarketStory, channels_of

COUPONS: tuple[tuple[str, float], ...] = (
    ("", 0.0), ("WELCOME10", 0.10), ("BRANDDAY20", 0.20), ("MEMBER15", 0.15), ("EMAIL10", 0.10), ("THANKS5", 0.05),
)  # fmt: skip
STATUSES = ("paid", "delivered", "cancelled", "refunded", "partially refunded")
PAID, DELIVERED, CANCELLED, REFUNDED, PARTLY_REFUNDED = range(5)
_DAYS_TO_DELIVER = 5
_FREE_SHIPPING_KRW = 50_000


@dataclass(frozen=True)
class Orders:
    """One entry an order, in the order of its session; money in minor units of the market's currency.

    total = subtotal − discount + shipping, tax included. `refund` is net of tax and shipping, so that an order
    that went back altogether leaves nothing.
    """

    session: Ints
    subtotal: Ints
    discount: Ints
    shipping: Ints
    tax: Ints
    total: Ints
    refund: Ints
    quantity: Ints
    coupon: Ints
    status: Ints
    product: Ints

    def __len__(self) -> int:
        return int(self.session.size)


def prices(story: MarketStory) -> Ints:
    """The market's price of every product, in minor units."""
    return shelf_price(story.currency, np.array([p.price_krw for p in PRODUCTS]) * story.premium)


def orders_of(story: MarketStory, told: tuple[People, Sessions], sale: Bools, rng: np.random.Generator) -> Orders:
    """The orders of a market's buying sessions; `sale` says for each day of the window whether the shop has a sale."""
    people, sessions = told
    at = np.flatnonzero(sessions.purchased)
    person, day = sessions.person[at], sessions.day[at]
    subtotal, quantity, product = _baskets(story, people.heavy[person], rng)
    coupon = _coupons(story, (people, sessions), sale, rng)
    off = np.array([c[1] for c in COUPONS])[coupon]
    discount = np.floor(subtotal * off).astype(np.int64)
    net = subtotal - discount
    fee = int(minor_units(story.currency, story.shipping_krw))
    free_from = int(minor_units(story.currency, _FREE_SHIPPING_KRW * story.premium))
    shipping = np.where(net >= free_from, 0, fee)
    tax = np.rint((net + shipping) * story.tax / (1 + story.tax)).astype(np.int64)
    status, share = _outcomes(sale.size - day, rng)
    total = net + shipping
    refund = np.rint((total - tax - shipping) * share).astype(np.int64)
    return Orders(
        session=at, subtotal=subtotal, discount=discount, shipping=shipping, tax=tax, total=total, refund=refund,
        quantity=quantity, coupon=coupon, status=status, product=product,
    )  # fmt: skip


def _baskets(story: MarketStory, heavy: Bools, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    n = heavy.size
    lines = 1 + rng.poisson(np.where(heavy, 2.4, 0.75))
    order = np.repeat(np.arange(n), lines)
    weights = np.array([p.weight for p in PRODUCTS])
    chosen = np.searchsorted(np.cumsum(weights) / weights.sum(), rng.random(order.size)).clip(0, len(PRODUCTS) - 1)
    quantity = 1 + (rng.random(order.size) < np.where(heavy[order], 0.3, 0.12))
    subtotal = np.bincount(order, prices(story)[chosen] * quantity, minlength=n).astype(np.int64)
    first = np.cumsum(lines) - lines
    return subtotal, np.bincount(order, quantity, minlength=n).astype(np.int64), chosen[first]


def _coupons(story: MarketStory, told: tuple[People, Sessions], sale: Bools, rng: np.random.Generator) -> Ints:
    people, sessions = told
    at = np.flatnonzero(sessions.purchased)
    person, n = sessions.person[at], at.size
    first_order = np.zeros(n, np.bool_)
    first_order[np.unique(person, return_index=True)[1]] = True
    email = next(i for i, c in enumerate(channels_of(story.code)) if c.medium == "email")
    found = np.where(rng.random(n) < 0.06, 5, 0)
    found[(sessions.channel[at] == email) & (rng.random(n) < 0.25)] = 4
    found[first_order & (rng.random(n) < 0.30)] = 1
    found[sale[sessions.day[at]] & (rng.random(n) < 0.55)] = 2
    found[people.coupon_lover[person] & (rng.random(n) < 0.92)] = 3
    return found


def _outcomes(age_days: Ints, rng: np.random.Generator) -> tuple[Ints, Floats]:
    n = age_days.size
    u, part = rng.random(n), rng.uniform(0.25, 0.75, n)
    back_already = age_days > _DAYS_TO_DELIVER
    status = np.where(back_already, DELIVERED, PAID)
    status[(u < 0.055) & back_already] = PARTLY_REFUNDED
    status[(u < 0.040) & back_already] = REFUNDED
    status[u < 0.022] = CANCELLED
    share: Floats = np.zeros(n)
    share[(status == CANCELLED) | (status == REFUNDED)] = 1.0
    share[status == PARTLY_REFUNDED] = part[status == PARTLY_REFUNDED]
    return status, share
