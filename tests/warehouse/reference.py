"""The measures once more, slowly and in plain Python, from the canonical rows alone."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

Row = dict[str, Any]
KEY_EVENTS = {"purchase", "in_app_purchase", "sign_up", "generate_lead"}
DAY, HALF_HOUR, HOURS = dt.timedelta(days=1), dt.timedelta(minutes=30), dt.timedelta(hours=8)


def month_of(day: dt.date) -> dt.date:
    return day.replace(day=1)


def plus_months(month: dt.date, n: int) -> dt.date:
    at = month.year * 12 + month.month - 1 + n
    return dt.date(at // 12, at % 12 + 1, 1)


def year_of(day: dt.date, fiscal_start: int) -> dt.date:
    return plus_months(month_of(day), -((day.month - fiscal_start) % 12))


def quarter_of(day: dt.date, fiscal_start: int) -> dt.date:
    return plus_months(month_of(day), -((day.month - fiscal_start) % 12 % 3))


def sessions(events: Iterable[Row]) -> list[Row]:
    """One dict a session: market, source, day, channel …, events."""
    by_visitor: dict[tuple, list[Row]] = defaultdict(list)
    for event in events:
        by_visitor[event["market"], event["source"], event["person"], event["session"]].append(event)
    found: list[Row] = []
    for (market, source, person, session), theirs in by_visitor.items():
        last = None
        for event in sorted(theirs, key=lambda e: e["occurred_at"]):
            if last is None or event["occurred_at"] - last > (HOURS if session else HALF_HOUR):
                found.append({"market": market, "source": source, "person": person, "first": event, "events": []})
            found[-1]["events"].append(event)
            last = event["occurred_at"]
    return found


def count(session: Row, *names: str) -> int:
    return sum(event["name"] in names for event in session["events"])


def engaged(session: Row) -> bool:
    times = [event["occurred_at"] for event in session["events"]]
    told = sum(event["engagement_ms"] or 0 for event in session["events"])
    return (
        told > 10_000
        or (max(times) - min(times)).total_seconds() > 10
        or count(session, *KEY_EVENTS) > 0
        or count(session, "page_view", "screen_view") >= 2
    )


def daily_of_events(events: list[Row]) -> dict[tuple, Row]:
    names: dict[tuple, set[str]] = defaultdict(set)
    told_medium: set[tuple] = set()
    for event in events:
        names[event["market"], event["source"]].add(event["name"])
        if event["medium"]:
            told_medium.add((event["market"], event["source"]))
    found: dict[tuple, Row] = defaultdict(lambda: defaultdict(int))
    for session in sessions(events):
        first, where = session["first"], (session["market"], session["source"])
        into = found[(*where, first["day"], first["channel"], first["medium"], first["campaign"])]

        def add(measure: str, n: int, *measured_by: str, into: Row = into, seen: set[str] = names[where]) -> None:
            if not measured_by or seen & set(measured_by):
                into[measure] += n

        add("sessions", 1)
        add("engaged_sessions", engaged(session))
        if where in told_medium:
            into["paid_sessions"] += first["medium"] in ("cpc", "display", "paid_social")
        views = ("page_view", "screen_view")
        add("page_views", count(session, *views), *views)
        add("scrolls", min(count(session, "scroll"), count(session, *views)), "scroll")
        for measure, *which in (
            ("view_item_sessions", "view_item"),
            ("cart_sessions", "add_to_cart"),
            ("checkout_sessions", "begin_checkout"),
            ("purchase_sessions", "purchase", "in_app_purchase"),
        ):
            add(measure, count(session, *which) > 0, *which)
        for measure, *which in (
            ("purchases", "purchase"),
            ("new_users", "first_visit", "first_open"),
            ("sign_ups", "sign_up"),
            ("installs", "first_open", "install", "app_install"),
            ("leads", "generate_lead"),
        ):
            add(measure, count(session, *which), *which)
    return {key: dict(row) for key, row in found.items()}


def active_days(events: list[Row]) -> dict[tuple, set[str]]:
    """(market, day) → persons; every day with events is there."""
    informed = {(e["market"], e["source"], month_of(e["day"])) for e in events if e["engagement_ms"] is not None}
    found: dict[tuple, set[str]] = {(e["market"], e["day"]): set() for e in events}
    for event in events:
        if (event["market"], event["source"], month_of(event["day"])) not in informed:
            found[event["market"], event["day"]].add(event["person"])
    for session in sessions(events):
        if engaged(session):
            found[session["market"], session["first"]["day"]].add(session["person"])
    return found


def grains(day: dt.date, months: list[dt.date], fiscal_start: int) -> list[tuple[str, dt.date]]:
    """Every period that a day counts for; to-date periods only of months that exist."""
    year = year_of(day, fiscal_start)
    to_date = [("ytd", m) for m in months if m >= month_of(day) and year_of(m, fiscal_start) == year]
    return [("month", month_of(day)), ("quarter", quarter_of(day, fiscal_start)), *to_date]


def people_periods(events: list[Row], fiscal_start: int) -> dict[tuple, float]:
    active = active_days(events)
    persons: dict[tuple, set[str]] = defaultdict(set)
    daily: dict[tuple, list[int]] = defaultdict(list)
    seconds: dict[tuple, float] = defaultdict(float)
    for (market, day), who in active.items():
        months = sorted({month_of(d) for m, d in active if m == market})
        for grain, start in [("day", day), ("week", day - DAY * day.weekday()), *grains(day, months, fiscal_start)]:
            persons[market, grain, start, "active_users"] |= who
            if grain not in ("day", "week"):
                daily[market, grain, start].append(len(who))
    for event in events:
        months = sorted({month_of(d) for m, d in active if m == event["market"]})
        for grain, start in grains(event["day"], months, fiscal_start):
            for measure, name in (
                ("view_item_users", "view_item"),
                ("cart_users", "add_to_cart"),
                ("checkout_users", "begin_checkout"),
            ):
                persons[event["market"], grain, start, measure] |= {event["person"]} if event["name"] == name else set()
            if event["engagement_ms"] is not None:
                seconds[event["market"], grain, start, "engagement_seconds"] += event["engagement_ms"] / 1000
    measured = {(key[0], year_of(key[2], fiscal_start), key[3]) for key, who in persons.items() if who}
    found: dict[tuple, float] = {
        key: float(len(who))
        for key, who in persons.items()
        if key[3] == "active_users" or (key[0], year_of(key[2], fiscal_start), key[3]) in measured
    }
    found |= {(*key, "mean_daily_users"): sum(ns) / len(ns) for key, ns in daily.items()}
    return found | dict(seconds)


def sold(order: Row) -> bool:
    return order["value"] > 0 and order["status"] != "cancelled"


def net(order: Row) -> float:
    counts = order["value"] < 0 or order["status"] != "cancelled"
    gross = order["value"] if sold(order) else 0
    back = (abs(order["refund"] or 0) if counts else 0) + max(-order["value"], 0)
    return float(gross - back - ((order["tax"] or 0) + (order["shipping"] or 0) if counts else 0))


def promo(order: Row) -> bool:
    return bool(order["coupon"]) or bool(order["discount"])


def customer_periods(orders: list[Row], fiscal_start: int) -> dict[tuple, float]:
    found: dict[tuple, float] = {}
    for market in {o["market"] for o in orders if o["customer_id"] and sold(o)}:
        mine = sorted(
            (o for o in orders if o["market"] == market and o["customer_id"]), key=lambda o: (o["day"], o["ordered_at"])
        )
        found |= {(market, *key): value for key, value in _of_market(mine, fiscal_start).items()}
    return found


def _of_market(mine: list[Row], fiscal_start: int) -> dict[tuple, float]:
    stands = [o for o in mine if sold(o)]
    days = [o["day"] for o in mine if o["value"] < 0 or o["status"] != "cancelled"]
    first, last = min(days), max(days)
    months = [m for n in range(400) if (m := plus_months(month_of(first), n)) <= last]
    by_customer: dict[str, list[dt.date]] = defaultdict(list)
    for order in stands:
        by_customer[order["customer_id"]].append(order["day"])
    found: dict[tuple, float] = {}
    for month in months:
        begin, end = plus_months(month, -11), plus_months(month, 1)
        recent = {c: [d for d in days if begin <= d < end] for c, days in by_customer.items()}
        gaps = [(b - a).days for days in by_customer.values() for a, b in itertools.pairwise(days) if begin <= b < end]
        values = {
            "customers_12m": sum(bool(days) for days in recent.values()),
            "repeat_customers_12m": sum(len(days) > 1 for days in recent.values()),
        } | ({"median_gap_days": median(gaps)} if gaps else {})
        for measure, value in values.items():
            for grain, start in (("month", month), ("ytd", month), ("quarter", quarter_of(month, fiscal_start))):
                found[grain, start, measure] = float(value)  # a quarter keeps its last month's
    spans: dict[tuple, Callable[[dt.date], bool]] = {}
    for month in months:
        spans["month", month] = lambda d, m=month: month_of(d) == m
        spans["quarter", quarter_of(month, fiscal_start)] = lambda d, m=month: (
            quarter_of(d, fiscal_start) == quarter_of(m, fiscal_start)
        )
        spans["ytd", month] = lambda d, m=month: (
            year_of(d, fiscal_start) == year_of(m, fiscal_start) and month_of(d) <= m
        )
    for (grain, start), inside in spans.items():
        found |= {
            (grain, start, measure): value
            for measure, value in _of_span(mine, stands, by_customer, inside, last).items()
        }
    return found


def _of_span(
    mine: list[Row], stands: list[Row], by_customer: dict[str, list[dt.date]], inside: Callable, last: dt.date
) -> dict[str, float]:
    firsts = {c: days for c, days in by_customer.items() if inside(days[0])}
    mature = {c: days for c, days in firsts.items() if days[0] + DAY * 90 <= last}
    buyers = {o["customer_id"] for o in stands if inside(o["day"])}
    found = {
        "new_customers": len(firsts),
        "first_buyers_mature": len(mature),
        "second_buyers_90d": sum(len(days) > 1 and days[1] <= days[0] + DAY * 90 for days in mature.values()),
    }
    full_price = {o["customer_id"] for o in stands if inside(o["day"]) and not promo(o)}
    found |= {"buyers": len(buyers)} | (
        {"promo_only_buyers": len(buyers - full_price)} if any(map(promo, stands)) else {}
    )
    nets: dict[str, float] = defaultdict(float)
    for order in mine:
        if inside(order["day"]) and (sold(order) or order["value"] < 0 or order["status"] != "cancelled"):
            nets[order["customer_id"]] += net(order)
    if nets and sum(nets.values()) > 0:
        best = sorted(nets.values(), reverse=True)[: max(1, math.floor(0.05 * len(nets) + 0.5))]
        found["top5_revenue_share"] = sum(best) / sum(nets.values())
    return {measure: float(value) for measure, value in found.items()}
