"""The shop's and its tracking's exports: orders, customers, products, events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from demo.arrays import Ints
from demo.assortment import PRODUCTS
from demo.behaviour import DEVICES, PLATFORMS
from demo.commerce import COUPONS, STATUSES, prices
from demo.money import DECIMALS, written
from demo.reports import BRAND, Row, write_rows
from demo.story import channels_of
from demo.telling import Tale
from demo.tracking import NAMES, PAGES, PURCHASE_AT, Events

if TYPE_CHECKING:
    import pyarrow as pa

_GRADES = ((8, "VIP"), (4, "Gold"), (2, "Silver"), (1, "Bronze"), (0, "Welcome"))


def orders(path: Path, tales: Sequence[Tale]) -> int:
    """The shop's order export: semicolons, decimal commas, local time written the European way.

    Refunds are net of tax and shipping.
    """
    head = (
        "Order number", "Created at", "Store", "Customer ID", "Order status", "Channel", "Medium", "Campaign",
        "Discount code", "Currency", "Total", "Discount", "Taxes", "Shipping", "Refund amount", "Quantity",
    )  # fmt: skip

    def lines() -> Iterator[Row]:
        for tale in tales:
            yield from _order_lines(tale)

    return write_rows(path, (head, *lines()), encoding="utf-8-sig", delimiter=";") - 1


def _order_lines(tale: Tale) -> Iterator[Row]:
    told, sessions, days = tale.orders, tale.sessions, tale.window.dates()
    at = told.session
    facts = (sessions.day[at], sessions.second[at], sessions.person[at], sessions.channel[at], sessions.campaign[at])
    sums = (told.total, told.discount, told.tax, told.shipping, told.refund)
    codes = (told.status, told.coupon, told.quantity)
    every = zip(*(column.tolist() for column in (*facts, *sums, *codes)), strict=True)
    for index, (day, second, person, channel, campaign, *rest) in enumerate(every):
        *money, status, coupon, quantity = rest
        moment = dt.datetime.combine(days[day], dt.time()) + dt.timedelta(seconds=second + int(PURCHASE_AT))
        one = tale.channels[channel]
        yield (
            tale.order_id(index), f"{moment:%d.%m.%Y %H:%M:%S}", tale.story.code, tale.person_id(person),
            STATUSES[status], one.name, one.medium, one.campaigns[campaign].name if one.campaigns else "",
            COUPONS[coupon][0], tale.story.currency,
            *(written(tale.story.currency, amount, ",") for amount in money), quantity,
        )  # fmt: skip


def customers(path: Path, tales: Sequence[Tale]) -> int:
    """The CRM's members: everybody who signed up, with an address at a domain that can't exist."""
    head = (
        "Customer ID", "Joined at", "Country", "City", "Email", "Gender", "Birth year", "Language", "Grade",
        "Marketing consent",
    )  # fmt: skip

    def lines() -> Iterator[Row]:
        for tale in tales:
            yield from _customer_lines(tale)

    return write_rows(path, (head, *lines())) - 1


def _customer_lines(tale: Tale) -> Iterator[Row]:
    sessions, people, days = tale.sessions, tale.people, tale.window.dates()
    bought = np.bincount(sessions.person[tale.orders.session], minlength=people.arrived.size)
    joins = np.flatnonzero(sessions.signed_up)
    seen_before = np.setdiff1d(np.flatnonzero(bought), sessions.person[joins])
    joined_on = [days[day].isoformat() for day in sessions.day[joins].tolist()]
    who = [*zip(sessions.person[joins].tolist(), joined_on, strict=True), *((p, "") for p in seen_before.tolist())]
    for person, joined in who:
        grade = next(name for least, name in _GRADES if bought[person] >= least)
        id_ = tale.person_id(person)
        yield (
            id_, joined, tale.story.code, tale.story.cities[people.city[person]],
            f"{id_.lower()}@members.demo.yeojeong.example",
            "F" if people.female[person] else "M", int(people.birth_year[person]), tale.story.language, grade,
            "Y" if people.consents[person] else "N",
        )  # fmt: skip


def products(path: Path, tales: Sequence[Tale]) -> int:
    """The price list as a spreadsheet saves it as Unicode text: UTF-16, tabs."""
    rows: list[Row] = [("상품코드", "국가코드", "상품명", "브랜드", "카테고리", "중분류", "통화", "판매가")]
    for tale in tales:
        story = tale.story
        for product, price in zip(PRODUCTS, prices(story).tolist(), strict=True):
            name = product.name_ko if story.language == "ko" else product.name_en
            kind, money = (product.category, product.category_2), (story.currency, written(story.currency, price))
            rows.append((product.id, story.code, name, BRAND, *kind, *money))
    return write_rows(path, rows, encoding="utf-16", delimiter="\t") - 1


def events(path: Path, tales: Sequence[tuple[Tale, Events]], first: int, end: int) -> int:
    """The tracking's raw events with a moment of [first, end), in the order of time.

    Units: UTC seconds.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    parts = [
        _event_columns(tale, told, np.flatnonzero((told.moment >= first) & (told.moment < end))) for tale, told in tales
    ]
    table = pa.concat_tables(parts)
    table = table.take(pa.array(np.argsort(table["event_timestamp"].to_numpy(), kind="stable")))
    arrow_csv.write_csv(table, path, arrow_csv.WriteOptions(quoting_style="none"))
    return int(table.num_rows)


def _event_columns(tale: Tale, told: Events, at: Ints) -> pa.Table:
    import pyarrow as pa

    sessions, n = tale.sessions, at.size
    session, person = told.session[at], sessions.person[told.session[at]]
    people, product, shown = tale.people, told.product[at], told.product[at] >= 0
    channel = sessions.channel[session]
    ids = [tale.person_id(p) for p in range(people.arrived.size)]
    visits = [f"{ids[p]}.{k}" for p, k in zip(sessions.person.tolist(), sessions.number.tolist(), strict=True)]
    order, no_order = told.order[at], told.order[at] < 0
    order_ids = [tale.order_id(i) for i in range(len(tale.orders))]
    places = _Places(tale)
    money = 10 ** DECIMALS[tale.story.currency]
    return pa.table({
        "event_id": pa.array([f"{tale.story.code}{i}" for i in at.tolist()]),
        "event_timestamp": pa.array(told.moment[at], pa.int64()).cast(pa.timestamp("s", "UTC")),
        "event_name": _words(NAMES).take(pa.array(told.name[at])),
        "user_id": _words(ids).take(pa.array(person)),
        "session_id": _words(visits).take(pa.array(session)),
        "country_code": _words([tale.story.code]).take(pa.array(np.zeros(n, np.int64))),
        "platform": _words(PLATFORMS).take(pa.array(people.platform[person])),
        "channel": places.channels.take(pa.array(channel)),
        "source": places.sources.take(pa.array(channel)),
        "medium": places.mediums.take(pa.array(channel)),
        "campaign": places.campaigns.take(pa.array(places.campaign_index(channel, sessions.campaign[session]))),
        "device_category": _words(DEVICES).take(pa.array(people.device[person])),
        "page_location": places.pages.take(pa.array(places.page_index(told.page[at], product))),
        "item_id": _words([p.id for p in PRODUCTS]).take(pa.array(product, mask=~shown)),
        "item_category": _words([p.category for p in PRODUCTS]).take(pa.array(product, mask=~shown)),
        "transaction_id": _words(order_ids).take(pa.array(order, mask=no_order)),
        "coupon": _coupons(tale, order),
        "currency": _words([tale.story.currency]).take(pa.array(np.zeros(n, np.int64), mask=~shown)),
        "price": pa.array(told.price[at] / money, mask=~shown),
        "quantity": pa.array(told.quantity[at], mask=told.quantity[at] == 0),
        "value": pa.array(told.value[at] / money, mask=~shown),
        "engagement_time_msec": pa.array(told.engaged_ms[at], mask=told.engaged_ms[at] == 0),
    })  # fmt: skip


def _words(words: Sequence[str]) -> pa.Array:
    import pyarrow as pa

    return pa.array(list(words), pa.string())


def _coupons(tale: Tale, order: Ints) -> pa.Array:
    import pyarrow as pa

    coupon = np.where(order >= 0, tale.orders.coupon[order], 0)
    return _words([c[0] for c in COUPONS]).take(pa.array(coupon, mask=coupon == 0))


class _Places:
    """A market's channels, campaigns and pages as words to take from."""

    def __init__(self, tale: Tale) -> None:
        channels = channels_of(tale.story.code)
        self.channels = _words([c.name for c in channels])
        self.sources = _words([c.source for c in channels])
        self.mediums = _words([c.medium for c in channels])
        widths = [len(c.campaigns) for c in channels]
        self._starts = np.cumsum([1, *widths])[:-1]
        self.campaigns = _words(["", *(one.name for c in channels for one in c.campaigns)])
        home = f"/{tale.story.code.lower()}"
        fixed = {"home": home, "list": f"{home}/collections/all", "product": f"{home}/products"}
        shelves = [f"{home}/products/{p.id.lower()}" for p in PRODUCTS]
        self.pages = _words([fixed.get(page, f"{home}/{page}") for page in PAGES] + shelves)

    def campaign_index(self, channel: Ints, campaign: Ints) -> Ints:
        return np.where(campaign >= 0, self._starts[channel] + campaign, 0)

    def page_index(self, page: Ints, product: Ints) -> Ints:
        own = (product >= 0) & (page == PAGES.index("product"))
        return np.where(own, len(PAGES) + product, page)
