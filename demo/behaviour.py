"""Who comes, how often and how far they get: people and their sessions, one market at a time, as columns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace

import numpy as np

from demo import calendar
from demo.arrays import Bools, Floats, Ints
from demo.calendar import Window
from demo.story import LEAK, Channel, MarketStory, channels_of

BURN_IN_DAYS = 300  # people who came before the story begins, so that its first month already has returning ones
HEAVY_SHARE = 0.05
UNTRACKED_SHARE = 0.05  # refuse tracking: they order, but leave no events
DEVICES = ("mobile", "desktop", "tablet")
PLATFORMS = ("web", "ios", "android")
_KEPT_RETURNS = 0.55  # share of planned return visits that an ordinary day keeps
_HOURS = np.array([0, 0, 0, 0, 0, 1, 3, 5, 6, 6, 6, 6, 7, 6, 5, 5, 5, 6, 7, 8, 9, 10, 8], dtype=np.float64)


@dataclass(frozen=True)
class People:
    """One entry a person of a market; `arrived` is a day of the window and negative for the burn-in."""

    arrived: Ints
    affinity: Floats
    heavy: Bools
    coupon_lover: Bools
    tracked: Bools
    device: Ints
    platform: Ints
    city: Ints
    birth_year: Ints
    female: Bools
    consents: Bools


@dataclass(frozen=True)
class Sessions:
    """One entry a session, ordered by person and time; `second` counts from the local day's midnight."""

    person: Ints
    day: Ints
    second: Ints
    channel: Ints
    campaign: Ints
    group: Ints
    first: Bools
    rebuy: Bools
    engaged: Bools
    viewed: Bools
    carted: Bools
    checkout: Bools
    purchased: Bools
    signed_up: Bools
    number: Ints

    def __len__(self) -> int:
        return int(self.person.size)

    def take(self, at: Ints | Bools) -> Sessions:
        return Sessions(**{f.name: getattr(self, f.name)[at] for f in fields(self)})


@dataclass(frozen=True)
class Visits:
    """Planned visits before anything is known of how they went."""

    person: Ints
    day: Ints
    first: Bools
    rebuy: Bools


class MarketSimulation:
    """One market's people over the window; every draw comes from one generator, so that a seed fixes all of it."""

    def __init__(self, story: MarketStory, window: Window, rng: np.random.Generator, scale: float) -> None:
        self.story, self.window, self.rng, self.scale = story, window, rng, scale
        first = window.first - dt.timedelta(days=BURN_IN_DAYS)
        self.long_window = Window(first, window.end)
        self.season = calendar.demand(replace(story.rhythm, growth=0.0), self.long_window)
        self.sale = calendar.sale_days(story.code, self.long_window)
        self.channels = channels_of(story.code)
        self.leak_from = window.index(calendar.add_months(window.end, -LEAK.months_before))

    def run(self) -> tuple[People, Sessions]:
        """Everybody who ever came, and the sessions that fall into the window."""
        people = self._people()
        rounds = [self._sessions(people, self._first_and_return_visits(people))]
        while len(rounds) < 12:
            visits = self._rebuy_visits(people, rounds[-1])
            if not visits.person.size:
                break
            rounds.append(self._sessions(people, visits))
        told = _joined(rounds)
        told = self._numbered(self._with_sign_ups(told))
        return people, told.take((told.day >= 0) & (told.day < self.window.days))

    def _people(self) -> People:
        rng, days = self.rng, self.long_window.days
        curve = calendar.demand(self.story.rhythm, self.long_window) * _wobble(rng, days)
        arrivals = rng.poisson(curve * self.story.people_a_day * self.scale)
        n = int(arrivals.sum())
        mobile = rng.random(n) < self.story.mobile
        app = mobile & (rng.random(n) < self.story.app)
        heavy = rng.random(n) < HEAVY_SHARE
        return People(
            arrived=np.repeat(np.arange(days) - BURN_IN_DAYS, arrivals),
            affinity=rng.lognormal(-0.18, 0.6, n) * np.where(heavy, 2.6, 1.0),
            heavy=heavy,
            coupon_lover=rng.random(n) < 0.14,
            tracked=rng.random(n) >= UNTRACKED_SHARE,
            device=np.where(mobile, 0, np.where(rng.random(n) < 0.9, 1, 2)),
            platform=np.where(app, np.where(rng.random(n) < 0.5, 1, 2), 0),
            city=_chosen(rng, n, 1.0 / np.arange(1, len(self.story.cities) + 1)),
            birth_year=np.clip(rng.normal(1994, 9, n).astype(np.int64), 1950, self.window.first.year - 15),
            female=rng.random(n) < 0.78,
            consents=rng.random(n) < 0.64,
        )

    def _first_and_return_visits(self, people: People) -> Visits:
        rng, n = self.rng, people.arrived.size
        wanted = rng.poisson(self.story.returns / _KEPT_RETURNS * people.affinity * np.where(people.heavy, 1.7, 1.0))
        person = np.repeat(np.arange(n), wanted)
        gaps = rng.lognormal(np.log(7.0), 1.25, person.size)
        waited = np.cumsum(gaps)
        starts = np.concatenate(([0.0], waited))[np.cumsum(wanted) - wanted]
        day = people.arrived[person] + (waited - starts[person]).astype(np.int64)
        keep = self._inside(day)
        keep[keep] = rng.random(int(keep.sum())) < _KEPT_RETURNS * self.season[day[keep] + BURN_IN_DAYS]
        back = int(keep.sum())
        return Visits(
            person=np.concatenate((np.arange(n), person[keep])),
            day=np.concatenate((people.arrived, day[keep])),
            first=np.concatenate((np.ones(n, np.bool_), np.zeros(back, np.bool_))),
            rebuy=np.zeros(n + back, np.bool_),
        )

    def _rebuy_visits(self, people: People, before: Sessions) -> Visits:
        """Skincare runs out: some buyers come back to buy again after about seven weeks."""
        buyers = before.take(before.purchased)
        chance = np.clip(self.story.rebuy * (0.75 + 0.25 * people.affinity[buyers.person]), 0.0, 0.92)
        buyers = buyers.take(self.rng.random(len(buyers)) < chance)
        day = buyers.day + np.maximum(6, self.rng.lognormal(np.log(49.0), 0.5, len(buyers))).astype(np.int64)
        keep = self._inside(day)
        n = int(keep.sum())
        return Visits(buyers.person[keep], day[keep], np.zeros(n, np.bool_), np.ones(n, np.bool_))

    def _inside(self, day: Ints) -> Bools:
        return np.asarray(day < self.window.days)

    def _sessions(self, people: People, visits: Visits) -> Sessions:
        rng, n = self.rng, visits.person.size
        channel = self._channel_of(visits)
        campaign, group, intent = self._campaign_of(channel)
        odds = intent * people.affinity[visits.person] ** 0.6
        odds *= np.where(visits.first, 0.85, 1.25) * np.where(visits.rebuy, 4.5, 1.0)
        odds *= np.where(self.sale[visits.day + BURN_IN_DAYS], 1.3, 1.0) * self._learning(visits.day)
        steps = self._steps(odds, visits.day)
        return Sessions(
            person=visits.person,
            day=visits.day,
            second=_chosen(rng, n, _HOURS) * 3600 + rng.integers(0, 3600, n),
            channel=channel,
            campaign=campaign,
            group=group,
            first=visits.first,
            rebuy=visits.rebuy,
            number=np.zeros(n, np.int64),
            signed_up=rng.random(n) < np.where(visits.first, self.story.funnel.sign_up, 0.03) * steps["engaged"],
            **steps,
        )

    def _steps(self, odds: Floats, day: Ints) -> dict[str, Bools]:
        funnel, rng = self.story.funnel, self.rng
        finish = np.full(day.size, funnel.purchase)
        if self.story.code == LEAK.market:
            finish[day >= self.leak_from] *= LEAK.keeps
        reached, steps = np.ones(day.size, np.bool_), {}
        chances: tuple[tuple[str, float | Floats, float], ...] = (
            ("engaged", funnel.engage, 0.5), ("viewed", funnel.view, 0.5), ("carted", funnel.cart, 0.7),
            ("checkout", funnel.checkout, 0.5), ("purchased", finish, 0.4),
        )  # fmt: skip
        for name, chance, weight in chances:
            reached = reached & (rng.random(day.size) < _raised(chance, odds**weight))
            steps[name] = reached
        return steps

    def _learning(self, day: Ints) -> Floats:
        """The shop gets a little better every month."""
        return np.asarray(1.0 + 0.10 * day / 365.25)

    def _channel_of(self, visits: Visits) -> Ints:
        years = (np.arange(self.long_window.days) / 365.25)[:, None]
        drift = (1 + np.array([c.drift for c in self.channels])) ** years
        u, at = self.rng.random(visits.person.size), visits.day + BURN_IN_DAYS
        found = np.zeros(at.size, np.int64)
        for rows, weights in (
            (visits.first, [c.first for c in self.channels]),
            (~visits.first, [c.back for c in self.channels]),
        ):
            cumulated = np.cumsum(np.array(weights) * drift, axis=1)
            cumulated /= cumulated[:, -1:]
            found[rows] = (u[rows, None] > cumulated[at[rows]]).sum(axis=1)
        return found

    def _campaign_of(self, channel: Ints) -> tuple[Ints, Ints, Floats]:
        rng, n = self.rng, channel.size
        campaign, group = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
        intent = np.array([c.intent for c in self.channels])[channel]
        for index, one in enumerate(self.channels):
            if one.campaigns:
                _place_campaigns(rng, one, np.flatnonzero(channel == index), (campaign, group, intent))
        return campaign, group, intent

    def _with_sign_ups(self, told: Sessions) -> Sessions:
        """A person signs up once: when they decide to, at the latest with their first order."""
        order = np.lexsort((told.second, told.day, told.person))
        told = told.take(order)
        wants = np.flatnonzero(told.signed_up | told.purchased)
        _, first = np.unique(told.person[wants], return_index=True)
        signed = np.zeros(len(told), np.bool_)
        signed[wants[first]] = True
        return replace(told, signed_up=signed)

    def _numbered(self, told: Sessions) -> Sessions:
        starts = np.flatnonzero(np.diff(told.person, prepend=-1))
        lengths = np.diff(np.append(starts, len(told)))
        return replace(told, number=np.arange(len(told)) - np.repeat(starts, lengths) + 1)


def _place_campaigns(rng: np.random.Generator, channel: Channel, at: Ints, into: tuple[Ints, Ints, Floats]) -> None:
    campaign, group, intent = into
    chosen = _chosen(rng, at.size, np.array([c.share for c in channel.campaigns]))
    widths = np.array([len(c.groups) for c in channel.campaigns])
    campaign[at] = chosen
    group[at] = (rng.random(at.size) ** 1.4 * widths[chosen]).astype(np.int64)
    intent[at] *= np.array([c.intent for c in channel.campaigns])[chosen]


def _raised(chance: float | Floats, odds: Floats) -> Floats:
    """The chance whose odds are `odds` times those of `chance`."""
    return np.asarray(odds * chance / (1 - chance + odds * chance))


def _chosen(rng: np.random.Generator, n: int, weights: Floats) -> Ints:
    cumulated = np.cumsum(weights) / np.sum(weights)
    return np.asarray(np.searchsorted(cumulated, rng.random(n), side="right")).clip(0, len(weights) - 1)


def _wobble(rng: np.random.Generator, days: int) -> Floats:
    """Day to day noise with a memory of some days."""
    shocks, level, found = rng.normal(0, 0.05, days), 0.0, np.empty(days)
    for day, shock in enumerate(shocks):
        level = 0.7 * level + shock
        found[day] = level
    return np.asarray(np.exp(found))


def _joined(rounds: list[Sessions]) -> Sessions:
    return Sessions(**{f.name: np.concatenate([getattr(r, f.name) for r in rounds]) for f in fields(Sessions)})
