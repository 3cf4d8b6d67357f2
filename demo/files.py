"""The sample client's exports, written into a folder: one set of files for each vendor, in its dialect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from demo import records, reports
from demo.ads import Account, AdRows, accounts, preliminary, restated_days, search_rows
from demo.calendar import Window, add_months
from demo.story import RESTATEMENT, AdFeed
from demo.telling import Tale
from demo.tracking import events_of

_WRITERS: dict[AdFeed, tuple[str, Callable[[Path, Sequence[tuple[Account, AdRows]]], int]]] = {
    "google_ads": ("google_ads_ad_groups.csv", reports.google_ads),
    "youtube": ("google_ads_video.csv", reports.youtube),
    "meta": ("meta_ads.csv", reports.meta),
    "tiktok": ("tiktok_ads.tsv", reports.tiktok),
    "naver": ("naver_searchad_cp949.csv", reports.naver),
    "kakao": ("kakao_moment.xlsx", reports.kakao),
}
_RECORDS: dict[str, tuple[str, Callable[[Path, Sequence[Tale]], int]]] = {
    "products": ("products.txt", records.products),
    "customers": ("crm_members.csv", records.customers),
    "orders": ("shop_orders.csv", records.orders),
}
EVENT_MONTHS = 9  # what one export of raw events covers


@dataclass(frozen=True)
class Delivery:
    """One file as it was delivered; `feed` says whose export it is. They are loaded in this order.

    `restates`: it came after the others, with other numbers for days that they had.
    """

    feed: str
    path: Path
    rows: int
    restates: bool = False


def write_files(
    tales: Sequence[Tale],
    folder: Path,
    *,
    seed: int,
    feeds: frozenset[str] = frozenset(),
    event_months: int = EVENT_MONTHS,
) -> list[Delivery]:
    """Write every export of the story, or of these feeds; the same tales give the same bytes (a workbook: cells)."""
    folder.mkdir(parents=True, exist_ok=True)

    def wanted(feed: str) -> bool:
        return not feeds or feed in feeds

    found = [
        Delivery(feed, folder / name, write(folder / name, tales))
        for feed, (name, write) in _RECORDS.items()
        if wanted(feed)
    ]
    found += _ad_files(tales, folder, seed, wanted)
    if wanted("search_console"):
        path, searched = folder / "search_console.csv", [(tale, search_rows(tale, seed)) for tale in tales]
        found.append(Delivery("search_console", path, reports.search_console(path, searched)))
    if wanted("events"):
        found += _event_files(tales, folder, seed, event_months)
    return sorted(found, key=lambda one: one.restates)


def _ad_files(tales: Sequence[Tale], folder: Path, seed: int, wanted: Callable[[str], bool]) -> list[Delivery]:
    every = [account for tale in tales for account in accounts(tale, seed)]
    found = []
    for feed, (name, write) in _WRITERS.items():
        mine = [(a, preliminary(a)) for a in every if a.channel.feed == feed and len(a.rows)]
        if mine and wanted(feed):
            found.append(Delivery(feed, folder / name, write(folder / name, mine)))
    told = (RESTATEMENT.market, RESTATEMENT.feed)
    restated = [(a, _restated(a)) for a in every if (a.tale.story.code, a.channel.feed) == told]
    if restated and wanted(RESTATEMENT.feed):
        path = folder / f"{RESTATEMENT.feed}_{RESTATEMENT.market.lower()}_final.csv"
        rows = _WRITERS[RESTATEMENT.feed][1](path, restated)
        found.append(Delivery(RESTATEMENT.feed, path, rows, restates=True))
    return found


def _restated(account: Account) -> AdRows:
    """The final figures of the days that were first delivered as preliminary."""
    window, rows = account.tale.window, account.rows
    first, end = (window.index(day) for day in restated_days(window))
    keep = (rows.day >= first) & (rows.day < end)
    return AdRows(**{f.name: getattr(rows, f.name)[keep] for f in fields(rows)})


def _event_files(tales: Sequence[Tale], folder: Path, seed: int, months: int) -> list[Delivery]:
    told = [(tale, events_of(tale, seed)) for tale in tales]
    found = []
    for first, end in event_spans(tales[0].window, months):
        path = folder / f"events_from_{max(first, tales[0].window.first):%Y%m}.csv"
        found.append(Delivery("events", path, records.events(path, told, _utc(first), _utc(end))))
    return found


def event_spans(window: Window, months: int) -> list[tuple[dt.date, dt.date]]:
    """Stretches [first, end) in UTC that cover the window with a day to spare on both sides."""
    spans, first, last = [], window.first, window.end + dt.timedelta(days=2)
    while first < last:
        end = min(add_months(first, months), last)
        spans.append((first, end))
        first = end
    spans[0] = (window.first - dt.timedelta(days=2), spans[0][1])
    return spans


def _utc(day: dt.date) -> int:
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp())
