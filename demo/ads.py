"""What advertising cost and brought: daily rows by campaign and ad group, consistent with the sessions they brought."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

import numpy as np

from demo.arrays import Bools, Floats, Ints
from demo.calendar import Window, add_months
from demo.money import minor_units
from demo.story import BILLED_IN_USD, HOLE, RESTATEMENT, AdFeed, Channel
from demo.telling import Tale


@dataclass(frozen=True)
class AdRows:
    """One entry a day × campaign × ad group; money in minor units of the account's currency.

    `conversions` are as the platform claims them: more than the shop's orders, because each platform also counts
    views and other platforms' clicks. `share` is the search impression share, `position` the average rank.
    """

    day: Ints
    campaign: Ints
    group: Ints
    impressions: Ints
    clicks: Ints
    cost: Ints
    views: Ints
    reach: Ints
    engagements: Ints
    conversions: Floats
    value: Ints
    share: Floats
    position: Floats

    def __len__(self) -> int:
        return int(self.day.size)

    def take(self, at: Ints | Bools) -> AdRows:
        return AdRows(**{f.name: getattr(self, f.name)[at] for f in fields(self)})


@dataclass(frozen=True)
class Account:
    """An ad account: one market's rows at one platform."""

    tale: Tale
    channel: Channel
    currency: str
    rows: AdRows


@dataclass(frozen=True)
class SearchRows:
    """One entry a day × device of unpaid search."""

    day: Ints
    device: Ints
    impressions: Ints
    clicks: Ints
    position: Floats


def account_currency(market_currency: str, code: str, feed: AdFeed) -> str:
    """The currency in which a platform bills a market's account."""
    return "USD" if code in BILLED_IN_USD and feed in ("meta", "tiktok") else market_currency


def accounts(tale: Tale, seed: int) -> list[Account]:
    """The ad accounts of a market, without the days that its agency never delivered."""
    found = []
    for index, channel in enumerate(tale.channels):
        if channel.feed is None:
            continue
        currency = account_currency(tale.story.currency, tale.story.code, channel.feed)
        rng = np.random.default_rng([seed, *(ord(c) for c in tale.story.code), 10 + index])
        rows = _rows(tale, index, currency, rng)
        found.append(Account(tale, channel, currency, rows.take(~_in_hole(tale, rows.day))))
    return found


def hole_days(window: Window) -> tuple[dt.date, dt.date]:
    """The days [first, end) of the story's hole."""
    first = add_months(window.end, -1).replace(day=HOLE.first_day)
    return first, first + dt.timedelta(days=HOLE.days)


def restated_days(window: Window) -> tuple[dt.date, dt.date]:
    """The days [first, end) that the story's restatement covers."""
    return add_months(window.end, -RESTATEMENT.months), add_months(window.end, 0)


def preliminary(account: Account) -> AdRows:
    """The rows as first delivered: where they were restated later, with the earlier, higher numbers."""
    rows = account.rows
    if (account.tale.story.code, account.channel.feed) != (RESTATEMENT.market, RESTATEMENT.feed):
        return rows
    window = account.tale.window
    first, end = (window.index(d) for d in restated_days(window))
    early = (rows.day >= first) & (rows.day < end)
    columns = {f.name: getattr(rows, f.name) for f in fields(rows)}
    columns["cost"] = np.where(early, np.rint(rows.cost / RESTATEMENT.cost).astype(np.int64), rows.cost)
    columns["conversions"] = np.where(early, np.round(rows.conversions / RESTATEMENT.conversions, 2), rows.conversions)
    return AdRows(**columns)


def search_rows(tale: Tale, seed: int) -> SearchRows:
    """What the search engine's own report says of unpaid search."""
    rng = np.random.default_rng([seed, *(ord(c) for c in tale.story.code), 50])
    organic = next(i for i, c in enumerate(tale.channels) if c.medium == "organic")
    sessions, days = tale.sessions, tale.window.days
    mine = sessions.channel == organic
    cell = sessions.day[mine] * 3 + tale.people.device[sessions.person[mine]]
    arrived = np.bincount(cell, minlength=days * 3)
    clicks = arrived + rng.poisson(arrived * 0.08 + 0.05)
    improving = np.repeat(np.arange(days) / days, 3)
    position = np.clip(rng.normal(11.5 - 3.0 * improving, 0.5), 1.0, None)
    ctr = 0.030 + 0.010 * improving
    impressions = np.maximum(clicks + rng.poisson((clicks + 0.5) / ctr), 1)
    grid = np.arange(days * 3)
    return SearchRows(grid // 3, grid % 3, impressions, clicks, np.round(position, 1))


def _in_hole(tale: Tale, day: Ints) -> Bools:
    if tale.story.code != HOLE.market:
        return np.zeros(day.size, np.bool_)
    first, end = (tale.window.index(d) for d in hole_days(tale.window))
    return np.asarray((day >= first) & (day < end))


def _rows(tale: Tale, index: int, currency: str, rng: np.random.Generator) -> AdRows:
    channel, days = tale.channels[index], tale.window.days
    places = [(c, g) for c, one in enumerate(channel.campaigns) for g in range(len(one.groups))]
    arrived, bought, worth = _brought(tale, index, places)
    usual = np.apply_along_axis(lambda column: np.convolve(column, np.ones(7) / 7, mode="same"), 0, arrived)
    clicks = arrived + rng.poisson(arrived * (1 / channel.arrives - 1) + 0.1)
    wanted = 0.5 * clicks + 0.5 * usual / channel.arrives
    shown = rng.poisson(wanted / channel.ctr * rng.lognormal(0, 0.15, wanted.shape))
    impressions = np.maximum(clicks + shown, 1)
    price = channel.cpc_krw * tale.story.click_price * (1.04 ** (np.arange(days) / 365.25))[:, None]
    cost = minor_units(currency, wanted * price * rng.lognormal(0, 0.10, wanted.shape))
    claimed = bought + rng.poisson(np.maximum(bought, 0.0) * (channel.claims - 1))
    video = {"youtube": 0.32, "tiktok": 0.18, "meta": 0.05}.get(channel.feed or "", 0.0)
    own = minor_units(currency, 1.0 * worth)
    grid, group = np.divmod(np.arange(days * len(places)), len(places))
    return AdRows(
        day=grid,
        campaign=np.array([p[0] for p in places])[group],
        group=np.array([p[1] for p in places])[group],
        # Every ad group has at least one impression a day: a day without a row means that the file has a hole.
        impressions=impressions.ravel(),
        clicks=clicks.ravel(),
        cost=cost.ravel(),
        views=rng.binomial(impressions, video).ravel(),
        reach=np.ceil(impressions / rng.uniform(1.2, 2.1, impressions.shape)).astype(np.int64).ravel(),
        engagements=rng.binomial(impressions, 0.011).ravel(),
        conversions=claimed.ravel().astype(np.float64),
        value=np.where(bought > 0, own * claimed // np.maximum(bought, 1), 0).ravel(),
        share=np.round(rng.uniform(0.52, 0.86, grid.size), 4),
        position=np.round(rng.uniform(1.2, 4.2, grid.size), 1),
    )


def _brought(tale: Tale, index: int, places: list[tuple[int, int]]) -> tuple[Ints, Ints, Floats]:
    """Sessions, orders and goods value (won) that a channel brought. Shape: days × places."""
    sessions, days, width = tale.sessions, tale.window.days, len(places)
    place_of = np.zeros((1 + max(p[0] for p in places), 1 + max(p[1] for p in places)), np.int64)
    for at, (campaign, group) in enumerate(places):
        place_of[campaign, group] = at
    mine = np.flatnonzero(sessions.channel == index)
    cell = sessions.day[mine] * width + place_of[sessions.campaign[mine], sessions.group[mine]]
    arrived: Ints = np.bincount(cell, minlength=days * width).reshape(days, width)
    order_of = np.full(len(sessions), -1, np.int64)
    order_of[tale.orders.session] = np.arange(len(tale.orders))
    orders = order_of[mine]
    buying = orders >= 0
    value = tale.order_value()[orders[buying]] / minor_units(tale.story.currency, 1e9) * 1e9
    bought: Ints = np.bincount(cell[buying], minlength=days * width).reshape(days, width)
    worth = np.bincount(cell[buying], value, minlength=days * width).reshape(days, width)
    return arrived, bought, np.asarray(worth, dtype=np.float64)
