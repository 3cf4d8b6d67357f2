"""Ad and search reports as each vendor's screen downloads them, every one in its own dialect."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from demo.ads import Account, AdRows, SearchRows
from demo.behaviour import DEVICES
from demo.money import written
from demo.telling import Tale

BRAND = "Yeojeong Demo"
Row = Sequence[Any]
_GOOGLE_PLACE = ("Day", "Account name", "Country/Territory", "Currency code", "Campaign", "Ad group")


def write_rows(path: Path, rows: Iterable[Row], *, encoding: str = "utf-8", delimiter: str = ",") -> int:
    """Write delimited text with Windows line ends, as these screens do; the answer is the number of rows."""
    count = 0
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def google_ads(path: Path, accounts: Sequence[tuple[Account, AdRows]]) -> int:
    """Google Ads, ad group report: two lines before the header, thousands in quotes, percent text, a totals row."""
    facts = ("Impr.", "Clicks", "CTR", "Avg. CPC", "Cost", "Conversions", "Conv. value", "Search impr. share")

    def lines() -> Iterator[Row]:
        for account, rows in accounts:
            for day, campaign, group, row in _entries(account, rows):
                yield (
                    *_google_place(account, day, campaign, group),
                    f"{row['impressions']:,}", f"{row['clicks']:,}", _percent(row["clicks"], row["impressions"]),
                    _each(account, row), _grouped(account, row["cost"]), f"{row['conversions']:.2f}",
                    _grouped(account, row["value"]), f"{row['share'] * 100:.2f}%",
                )  # fmt: skip

    total = ["Total: Ad groups", *[" --"] * 5, *_sums(accounts), *[" --"] * 5]
    head = *_preamble("Ad group report", accounts), (*_GOOGLE_PLACE, *facts)
    return write_rows(path, (*head, *lines(), total)) - 4


def youtube(path: Path, accounts: Sequence[tuple[Account, AdRows]]) -> int:
    """The same screen's video report: TrueView views instead of search columns."""
    facts = ("Impr.", "Clicks", "TrueView views", "TrueView avg. CPV", "Cost", "Conversions", "Conv. value")

    def lines() -> Iterator[Row]:
        for account, rows in accounts:
            for day, campaign, group, row in _entries(account, rows):
                yield (
                    *_google_place(account, day, campaign, group),
                    f"{row['impressions']:,}", f"{row['clicks']:,}", f"{row['views']:,}",
                    _each(account, row, "views"), _grouped(account, row["cost"]), f"{row['conversions']:.2f}",
                    _grouped(account, row["value"]),
                )  # fmt: skip

    total = ["Total: Ad groups", *[" --"] * 5, *_sums(accounts)[:2], *[" --"] * 5]
    head = *_preamble("Video ad group report", accounts), (*_GOOGLE_PLACE, *facts)
    return write_rows(path, (*head, *lines(), total)) - 4


def meta(path: Path, accounts: Sequence[tuple[Account, AdRows]]) -> int:
    """Meta Ads Manager: UTF-8 with BOM, one reporting day a row, every account in its own currency."""
    head = (
        "Reporting starts", "Reporting ends", "Account name", "Country", "Campaign name", "Ad set name", "Currency",
        "Reach", "Impressions", "Frequency", "Amount spent", "Link clicks", "CTR (link click-through rate)",
        "ThruPlays", "Post engagement", "Purchases", "Purchases conversion value",
    )  # fmt: skip

    def lines() -> Iterator[Row]:
        for account, rows in accounts:
            for day, campaign, group, row in _entries(account, rows):
                yield (
                    day, day, _account_name(account), account.tale.story.code, campaign, group, account.currency,
                    row["reach"], row["impressions"], f"{row['impressions'] / row['reach']:.4f}",
                    written(account.currency, row["cost"]), row["clicks"],
                    f"{row['clicks'] / row['impressions'] * 100:.6f}", row["views"], row["engagements"],
                    f"{row['conversions']:.0f}", written(account.currency, row["value"]),
                )  # fmt: skip

    return write_rows(path, (head, *lines()), encoding="utf-8-sig") - 1


def tiktok(path: Path, accounts: Sequence[tuple[Account, AdRows]]) -> int:
    """TikTok Ads Manager: tab separated, video views beside clicks."""
    head = (
        "Date", "Account name", "Country code", "Campaign name", "Ad group name", "Currency", "Cost", "Impressions",
        "Clicks", "Video views", "Conversions", "Conversion value",
    )  # fmt: skip

    def lines() -> Iterator[Row]:
        for account, rows in accounts:
            for day, campaign, group, row in _entries(account, rows):
                yield (
                    f"{day:%Y/%m/%d}", _account_name(account), account.tale.story.code, campaign, group,
                    account.currency, written(account.currency, row["cost"]), row["impressions"], row["clicks"],
                    row["views"], f"{row['conversions']:.0f}", written(account.currency, row["value"]),
                )  # fmt: skip

    return write_rows(path, (head, *lines()), delimiter="\t") - 1


def naver(path: Path, accounts: Sequence[tuple[Account, AdRows]]) -> int:
    """Naver search ads: CP949, Korean headers below a title line, days with a closing point, thousands marks."""
    head = (
        "일별", "캠페인", "광고그룹", "키워드", "PC/모바일 매체", "노출수", "클릭수", "클릭률(%)",
        "평균클릭비용(VAT포함,원)", "총비용(VAT포함,원)", "평균노출순위", "전환수", "전환매출액(원)",
    )  # fmt: skip

    def lines() -> Iterator[Row]:
        for account, rows in accounts:
            for day, campaign, keyword, row in _entries(account, rows):
                yield (
                    f"{day:%Y.%m.%d}.", campaign, campaign.replace("_", " ") + " 그룹", keyword, "모바일",
                    f"{row['impressions']:,}", f"{row['clicks']:,}", f"{row['clicks'] / row['impressions'] * 100:.2f}",
                    _each(account, row), f"{row['cost']:,}", f"{row['position']:.1f}", f"{row['conversions']:.0f}",
                    f"{row['value']:,}",
                )  # fmt: skip

    first, last = _span(accounts)
    title = (f"키워드 보고서({first:%Y.%m.%d}.~{last:%Y.%m.%d}.),{BRAND}",)
    return write_rows(path, (title, head, *lines()), encoding="cp949") - 2


def kakao(path: Path, accounts: Sequence[tuple[Account, AdRows]]) -> int:
    """Kakao Moment: a workbook with real dates and numbers in its cells."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("보고서")
    sheet.append([
        "일자", "광고계정 이름", "캠페인 이름", "광고그룹 이름", "노출수", "도달수", "클릭수", "클릭률", "비용",
        "동영상 조회수", "전환수", "전환매출",
    ])  # fmt: skip
    count = 0
    for account, rows in accounts:
        for day, campaign, group, row in _entries(account, rows):
            sheet.append([
                day, BRAND, campaign, group, row["impressions"], row["reach"], row["clicks"],
                round(row["clicks"] / row["impressions"], 6), row["cost"], row["views"], int(row["conversions"]),
                row["value"],
            ])  # fmt: skip
            count += 1
    book.save(path)
    return count


def search_console(path: Path, tales: Sequence[tuple[Tale, SearchRows]]) -> int:
    """Search Console by day, country and device: percent text, average positions."""

    def lines() -> Iterator[Row]:
        for tale, rows in tales:
            days = tale.window.dates()
            columns = (rows.day, rows.device, rows.impressions, rows.clicks, rows.position)
            for day, device, impressions, clicks, position in zip(*(c.tolist() for c in columns), strict=True):
                yield (
                    days[day], tale.story.country, DEVICES[device].capitalize(), clicks, impressions,
                    _percent(clicks, impressions), position,
                )  # fmt: skip

    return write_rows(path, (("Date", "Country", "Device", "Clicks", "Impressions", "CTR", "Position"), *lines())) - 1


def _entries(account: Account, rows: AdRows) -> Iterator[tuple[dt.date, str, str, dict[str, Any]]]:
    days, campaigns = account.tale.window.dates(), account.channel.campaigns
    names = [f.name for f in fields(rows) if f.name not in ("day", "campaign", "group")]
    columns = [getattr(rows, name).tolist() for name in names]
    places = zip(rows.day.tolist(), rows.campaign.tolist(), rows.group.tolist(), strict=True)
    for (day, campaign, group), values in zip(places, zip(*columns, strict=True), strict=True):
        one = campaigns[campaign]
        yield days[day], one.name, one.groups[group], dict(zip(names, values, strict=True))


def _google_place(account: Account, day: dt.date, campaign: str, group: str) -> Row:
    story = account.tale.story
    return day.isoformat(), _account_name(account), story.country, account.currency, campaign, group


def _account_name(account: Account) -> str:
    return f"{BRAND} {account.tale.story.code}"


def _percent(part: int, whole: int) -> str:
    return f"{part / whole * 100:.2f}%"


def _grouped(account: Account, minor: int) -> str:
    """An amount as Google writes it: thousands in commas, always two decimals."""
    whole, _point, cents = written(account.currency, minor).partition(".")
    return f"{int(whole):,}.{cents or '00'}"


def _each(account: Account, row: dict[str, Any], per: str = "clicks") -> str:
    return _grouped(account, round(row["cost"] / row[per])) if row[per] else " --"


def _sums(accounts: Sequence[tuple[Account, AdRows]]) -> list[str]:
    impressions = sum(int(rows.impressions.sum()) for _, rows in accounts)
    clicks = sum(int(rows.clicks.sum()) for _, rows in accounts)
    return [f"{impressions:,}", f"{clicks:,}", _percent(clicks, max(impressions, 1))]


def _span(accounts: Sequence[tuple[Account, AdRows]]) -> tuple[dt.date, dt.date]:
    first = accounts[0][0].tale.window.first
    days = [int(day) for _, rows in accounts for day in (rows.day.min(), rows.day.max())]
    return first + dt.timedelta(days=min(days)), first + dt.timedelta(days=max(days))


def _preamble(title: str, accounts: Sequence[tuple[Account, AdRows]]) -> tuple[Row, Row]:
    first, last = (f"{day:%B} {day.day}, {day.year}" for day in _span(accounts))
    return (title,), (f"{first} - {last}",)
