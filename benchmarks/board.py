"""The HQ board over HTTP: 30 markets × 24 months × 20 KPIs, beside a page that computes nothing."""

from __future__ import annotations

import csv
import datetime as dt
import random
import time
from pathlib import Path
from unittest.mock import patch

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from benchmarks import stage
from benchmarks.figures import Figure, median, percentile
from benchmarks.web import Visitor, portal
from config.staticfiles import collect_if_changed
from tenants.access import Access, access_of
from tenants.current import opened
from tenants.models import Client, Membership, User
from warehouse import engine
from warehouse.engine.ducklake import reading
from warehouse.loading import load
from warehouse.plan import Cast, ColumnPlan, Loaded, Plan, Staged
from warehouse.scope import MarketFacts, Tenancy

MONTHS = 24
ROUNDS = 120
CHANNELS = ("google", "meta", "naver", "kakao")


def run(size: int = 30) -> list[Figure]:
    """*Figures*: p95_ms and p50_ms of the board page, uncached too, queries, and the ratio to /health/."""
    collect_if_changed()
    with stage.client("bench-board", stage.market_drafts(size)) as (client, owner), stage.folder() as folder:
        _fill(client, owner, folder)
        months = months_back()
        queries = max(_queries(client, owner, months[-1 - back]) for back in range(3))
        with portal() as (bind, _pid):
            visitor = Visitor(bind)
            visitor.sign_in(owner.email, stage.PASSWORD)
            board, bare, fresh = _time_in_turn(visitor, f"/c/{client.slug}/kpi/board/", months)
    return [
        Figure(
            "p95_ms",
            percentile(board, 0.95),
            "ms",
            150,
            f"{size} markets × {MONTHS} months × 20 KPIs",
        ),
        Figure("queries", queries, "", 12, "PostgreSQL and lake together, nothing cached"),
        Figure("p50_ms", median(board), "ms"),
        Figure("uncached_p95_ms", percentile(fresh, 0.95), "ms", note="the same after every cached value was dropped"),
        Figure("ratio_to_health", median(board) / median(bare), "×", note="median, to /health/ asked in turn"),
    ]


def _time_in_turn(visitor: Visitor, path: str, months: list[str]) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of the board, of /health/ and of the board with an emptied cache, asked in turn."""
    from django.core.cache import cache

    def timed(address: str) -> float:
        began = time.perf_counter()
        status, _body = visitor.get(address)
        if status != 200:
            raise RuntimeError(f"{address} answered {status}.")
        return (time.perf_counter() - began) * 1000

    board, bare, fresh = [], [], []
    for month in months[-6:]:
        timed(f"{path}?period={month}")
    for number in range(ROUNDS):
        month = months[-1 - number % 6]
        board.append(timed(f"{path}?period={month}"))
        bare.append(timed("/health/"))
    for number in range(ROUNDS // 4):
        cache.clear()
        visitor.get("/health/")
        fresh.append(timed(f"{path}?period={months[-1 - number % 12]}"))
    return board, bare, fresh


def _queries(client: Client, owner: User, month: str) -> int:
    from django.core.cache import cache

    cache.clear()
    browser = Browser()
    browser.force_login(owner)
    with (
        CaptureQueriesContext(connection) as captured,
        patch.object(engine, "run_ducklake", wraps=reading.run) as answers,
        patch.object(reading, "run", wraps=reading.run) as versions,
    ):
        answer = browser.get(f"/c/{client.slug}/kpi/board/?period={month}", headers={"host": "127.0.0.1"})
    if answer.status_code != 200:
        raise RuntimeError(f"The board answered {answer.status_code}.")
    asked = [q for q in captured.captured_queries if not q["sql"].startswith("SET search_path")]
    return len(asked) + answers.call_count + versions.call_count


def months_back() -> list[str]:
    last = stage.TODAY.replace(day=1)
    return [f"{m.year}-{m.month:02}" for m in (_back(last, n) for n in range(MONTHS - 1, -1, -1))]


def _back(month: dt.date, count: int) -> dt.date:
    index = month.year * 12 + month.month - 1 - count
    return dt.date(index // 12, index % 12 + 1, 1)


def _fill(client: Client, owner: User, folder: Path) -> None:
    """24 months of ads, orders and sessions for every market, with targets and rates."""
    from benchmarks.board_goals import set_goals

    access = owners_access(client, owner)
    tenancy = tenancy_of(access)
    for table, rows in (("channel_daily", _ads), ("orders", orders), ("events", events)):
        path = folder / f"{table}.csv"
        header, lines = rows(tenancy, all_days())
        with path.open("w", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle)
            writer.writerow(header)
            writer.writerows(lines)
        put(tenancy, table, path, header, f"bench-{table}")
    with opened(client):
        set_goals(access, months_back())


def owners_access(client: Client, owner: User) -> Access:
    return access_of(Membership.objects.select_related("client", "user").get(client=client, user=owner))


def tenancy_of(access: Access) -> Tenancy:
    """What the warehouse needs of a bench's client."""
    return Tenancy(
        client=access.client.schema_name,
        markets={m.code: MarketFacts(m.code, m.currency, m.time_zone) for m in access.markets},
        loadable=frozenset(access.market_codes),
        home_currency=access.client.home_currency,
        fiscal_start=access.client.fiscal_year_start,
    )


def all_days() -> list[dt.date]:
    """Every day of the months that a bench's client has."""
    first = _back(stage.TODAY.replace(day=1), MONTHS - 1)
    return [first + dt.timedelta(days=n) for n in range((stage.TODAY - first).days + 1)]


def put(tenancy: Tenancy, table: str, path: Path, header: list[str], load_id: str) -> Loaded:
    """Load a file whose headers are canonical names."""
    casts = {
        "day": Cast("date", formats=("%Y-%m-%d",)),
        "ordered_at": Cast("timestamp", formats=("%Y-%m-%d %H:%M:%S",)),
        "occurred_at": Cast("timestamp", formats=("%Y-%m-%d %H:%M:%S",)),
    }
    numbers = {"impressions", "clicks", "cost", "views", "conversions", "value", "discount", "refund"}
    plan = Plan(table=table, source="bench", columns=tuple(
        ColumnPlan(name, column=name, cast=casts.get(name) or Cast("number" if name in numbers else "text"))
        for name in header
    ))  # fmt: skip
    return load(
        Staged(str(path), tuple(header)),
        plan,
        tenancy,
        load_id=load_id,
        progress=lambda _share: None,
        rejects_path=str(path.with_suffix(".rejects.csv")),
    )


def _ads(tenancy: Tenancy, days: list[dt.date]) -> tuple[list[str], list[list[object]]]:
    draw = random.Random(1)
    header = [
        "market",
        "day",
        "channel",
        "medium",
        "campaign",
        "impressions",
        "clicks",
        "cost",
        "views",
        "conversions",
        "value",
    ]
    lines = [
        [
            market,
            day.isoformat(),
            channel,
            "cpc",
            f"{channel}-always-on",
            n := draw.randint(2_000, 90_000),
            n // 40,
            n // 30 + 1,
            n // 5,
            n // 900,
            n // 4,
        ]
        for market in tenancy.markets
        for day in days
        for channel in CHANNELS
    ]
    return header, lines


def orders(tenancy: Tenancy, days: list[dt.date]) -> tuple[list[str], list[list[object]]]:
    draw = random.Random(2)
    header = ["market", "order_id", "ordered_at", "customer_id", "value", "discount", "refund"]
    lines: list[list[object]] = [
        [
            market,
            f"{market}-{day}-{n}",
            f"{day} 1{n % 10}:00:00",
            f"{market}-{draw.randint(1, 900)}",
            draw.randint(10, 400),
            draw.choice((0, 0, 5)),
            0,
        ]
        for market in tenancy.markets
        for day in days
        for n in range(4)
    ]
    return header, lines


def events(tenancy: Tenancy, days: list[dt.date]) -> tuple[list[str], list[list[object]]]:
    draw = random.Random(3)
    header = ["market", "event_id", "occurred_at", "name", "person", "session", "channel", "medium"]
    steps = ("page_view", "page_view", "view_item", "add_to_cart", "begin_checkout", "purchase")
    lines: list[list[object]] = []
    for market in tenancy.markets:
        for day in days:
            for visit in range(3):
                person = f"{market}-{draw.randint(1, 400)}"
                for depth in range(draw.randint(1, len(steps))):
                    key = f"{market}-{day}-{visit}-{depth}"
                    lines.append(
                        [
                            market,
                            key,
                            f"{day} 10:{depth:02}:00",
                            steps[depth],
                            person,
                            f"{market}-{day}-{visit}",
                            "google",
                            "cpc",
                        ]
                    )
    return header, lines
