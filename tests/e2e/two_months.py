"""A shop's two months as files, in which one thing is wrong: Naver's mobile campaign sells a quarter of what it did."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from tests.e2e.api import Api

BEFORE, NOW, BASE = "2026-09", "2026-10", "2025-12"
FIRST, END = dt.date(2026, 9, 1), dt.date(2026, 11, 1)
KOREA = ("KR", "한국", "Korea", "KR", "KRW", "Asia/Seoul", "ko")
JAPAN = ("JP", "일본", "Japan", "JP", "JPY", "Asia/Tokyo", "ja")
GERMANY = ("DE", "독일", "Germany", "DE", "EUR", "Europe/Berlin", "de")
MARKETS = [KOREA, JAPAN, GERMANY]

# market, channel, campaign; by month (sessions a day, orders a day); currency and value of an order
FLOWS: tuple[tuple[str, str, str, Mapping[str, tuple[int, int]], str, str], ...] = (
    ("KR", "naver", "naver-mobile", {BEFORE: (40, 4), NOW: (40, 1)}, "KRW", "31900"),
    ("KR", "naver", "naver-pc", {BEFORE: (20, 2), NOW: (30, 3)}, "KRW", "42500"),
    ("KR", "google", "google-brand", {BEFORE: (20, 1), NOW: (20, 1)}, "KRW", "38700"),
    ("JP", "google", "google-japan", {BEFORE: (20, 2), NOW: (20, 2)}, "JPY", "3480"),
    ("DE", "google", "google-deutschland", {BEFORE: (20, 1), NOW: (20, 2)}, "EUR", "54.90"),
)
RATES: dict[tuple[str, str], str] = {
    ("JPY", BASE): "9.42", ("JPY", BEFORE): "9.18", ("JPY", NOW): "9.07",
    ("EUR", BASE): "1698.5", ("EUR", BEFORE): "1631.2", ("EUR", NOW): "1658.76",
}  # fmt: skip
CVR_TARGET = "0.09"


def _days() -> Iterator[dt.date]:
    yield from (FIRST + dt.timedelta(days=n) for n in range((END - FIRST).days))


def _events() -> Iterator[dict[str, str]]:
    for day in _days():
        for market, channel, campaign, by_month, _currency, _value in FLOWS:
            for n in range(by_month[f"{day:%Y-%m}"][0]):
                visit = f"{campaign}-{day:%m%d}-{n}"
                yield {
                    "event_id": visit, "occurred_at": f"{day} {9 + n // 6:02}:{n % 60:02}:00", "market": market,
                    "event_name": "page_view", "user_id": f"u-{visit}", "session_id": f"s-{visit}",
                    "channel": channel, "campaign": campaign,
                }  # fmt: skip


def _orders() -> Iterator[dict[str, str]]:
    for day in _days():
        for market, channel, campaign, by_month, currency, value in FLOWS:
            for n in range(by_month[f"{day:%Y-%m}"][1]):
                yield {
                    "order_id": f"{campaign}-{day:%m%d}-{n}", "ordered_at": f"{day} 12:{n:02}:00", "market": market,
                    "channel": channel, "campaign": campaign, "customer_id": f"c-{campaign}-{day:%d}-{n}",
                    "currency": currency, "value": value,
                }  # fmt: skip


def _ads() -> Iterator[dict[str, str]]:
    for day in _days():
        for market, channel, campaign, by_month, currency, value in FLOWS:
            sessions = by_month[f"{day:%Y-%m}"][0]
            yield {
                "date": str(day), "market": market, "channel": channel, "campaign": campaign, "currency": currency,
                "impressions": str(sessions * 90), "clicks": str(sessions + 3), "cost": str(Decimal(value) / 2),
            }  # fmt: skip


def _write(path: Path, rows: Iterable[dict[str, str]]) -> Path:
    every = list(rows)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(every[0]))
        writer.writeheader()
        writer.writerows(every)
    return path


def write_files(folder: Path) -> dict[str, Path]:
    """The shop's orders, its tracking and its ads, each a file for all markets."""
    made = {"orders": _orders(), "events": _events(), "ads": _ads()}
    return {name: _write(folder / f"{name}.csv", rows) for name, rows in made.items()}


def give(api: Api, files: Mapping[str, Path]) -> None:
    """Upload the files, and keep rates and the target that the conversion rate should reach."""
    for path in files.values():
        api.confirm(api.upload(path))
    api.ask("PUT", "rates/", [{"currency": c, "month": month, "rate": rate} for (c, month), rate in RATES.items()])
    api.ask("PUT", "targets/", [{"kpi": "cvr", "market": "KR", "month": NOW, "value": CVR_TARGET}])


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def conversion_rates(files: Mapping[str, Path], market: str, by: str) -> dict[str, tuple[float, float]]:
    """Counted from the uploaded rows: by `campaign` (or `market`), the rate of the month before and of this one."""
    counted: dict[tuple[str, str], list[int]] = {}
    for place, name, when in ((0, "orders", "ordered_at"), (1, "events", "occurred_at")):
        for row in _rows(files[name]):
            if row["market"] == market:
                counted.setdefault((row[by], row[when][:7]), [0, 0])[place] += 1
    names = {name for name, _month in counted}
    return {
        name: tuple(counted[name, month][0] / counted[name, month][1] for month in (BEFORE, NOW))  # type: ignore[misc]
        for name in names
    }


def revenue_in_won(files: Mapping[str, Path], market: str, rate_month: str, channel: str = "") -> Decimal:
    """This month's revenue from the uploaded rows at the rate of a month, in won; of all channels or one."""
    found = [
        row
        for row in _rows(files["orders"])
        if row["market"] == market and row["ordered_at"].startswith(NOW) and channel in ("", row["channel"])
    ]
    return sum(
        (Decimal(row["value"]) * Decimal(RATES.get((row["currency"], rate_month), "1")) for row in found), Decimal(0)
    )


# What makes alice (all markets) and bob (Korea only) members, for the command line.
MEMBERS = """
from tenants.models import Client, User
from tenants.services import join
client = Client.objects.get(slug={slug!r})
for name, language, role, markets in (('alice', 'en', 'admin', None), ('bob', 'ko', 'marketer', ['KR'])):
    person = User.objects.create_user(f'{{name}}@example.com', {password!r}, name=name.title(), language=language)
    join(person, client, role=role, market_codes=markets)
"""
