"""When a source's numbers stop changing: the vendors' published behaviour as defaults, and each source's own choice.

Where each is published stands in docs/kpis.md.

A day settles at `hour` o'clock after `days` whole days have passed since its end. Measures that are told later than
the rest (conversions, which vendors count back to the day of the click; revenue, which returns reduce) have days of
their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from problems.errors import Sentence

MOST_DAYS = 120
LATE = frozenset({"ad_conversions", "ad_value", "revenue", "refunds", "top5_revenue_share"})
# A cohort of first buyers is complete only when its last buyer has had 90 days (see warehouse.rollup.order_periods).
MATURES = {"first_buyers_mature": 90, "second_buyers_90d": 90}


@dataclass(frozen=True, slots=True)
class SettlingRule:
    """A day settles `days` whole days after its end, at `hour` in `zone` (empty: the market's own).

    `late_days` hold for late measures. `why` is the vendor's published behaviour.
    """

    key: str
    name: Sentence
    why: Sentence
    days: int
    late_days: int
    hour: int = 0
    zone: str = ""
    words: tuple[str, ...] = ()

    def days_of(self, measure: str) -> int:
        """After how many whole days this measure is settled."""
        days = max(self.days, self.late_days) if measure in LATE else self.days
        return max(days, MATURES.get(measure, 0))

    def settles_at(self, day: dt.date, measure: str, market_zone: str) -> dt.datetime:
        """The moment (UTC) from which the day's value no longer changes by itself."""
        after = day + dt.timedelta(days=1 + self.days_of(measure))
        return dt.datetime.combine(after, dt.time(self.hour), ZoneInfo(self.zone or market_zone)).astimezone(dt.UTC)

    def first_moving(self, now: dt.datetime, measure: str, market_zone: str) -> dt.date:
        """The first day whose value still changes at this moment."""
        local = now.astimezone(ZoneInfo(self.zone or market_zone)).date()
        day = local - dt.timedelta(days=1 + self.days_of(measure))
        return day if self.settles_at(day, measure, market_zone) > now else day + dt.timedelta(days=1)


GOOGLE_ADS = SettlingRule(
    "google_ads", _("Google Ads"),
    _("Clicks are corrected for some days; conversions count back for the conversion window, 30 days by default."),
    days=3, late_days=30, words=("google-ads", "googleads", "adwords", "google_ads", "구글"),
)  # fmt: skip
META = SettlingRule(
    "meta", _("Meta (Facebook, Instagram)"),
    _("Delivery is estimated for up to three days; conversions count back for up to 28 days after a click."),
    days=3, late_days=28, words=("meta", "facebook", "instagram", "페이스북", "인스타", "메타"),
)  # fmt: skip
KAKAO = SettlingRule(
    "kakao_moment", _("Kakao Moment"),
    _("Reports are final at 08:00 (Seoul) the next day; conversions count back for 7 days."),
    days=0, late_days=7, hour=8, zone="Asia/Seoul", words=("kakao", "카카오"),
)  # fmt: skip
NAVER = SettlingRule(
    "naver", _("Naver"),
    _("Reports of a day are made in the course of the next day; conversions count back for up to 20 days."),
    days=1, late_days=20, zone="Asia/Seoul", words=("naver", "네이버"),
)  # fmt: skip
SEARCH_CONSOLE = SettlingRule(
    "search_console", _("Google Search Console"),
    _("Fresh data is preliminary for up to three days; days are Pacific time."),
    days=3, late_days=3, zone="America/Los_Angeles", words=("search-console", "search_console", "gsc", "서치"),
)  # fmt: skip
TIKTOK = SettlingRule(
    "tiktok", _("TikTok Ads"),
    _("Conversions count back for the attribution window, 7 days after a click by default."),
    days=1, late_days=7, words=("tiktok", "틱톡"),
)  # fmt: skip
MICROSOFT = SettlingRule(
    "microsoft_ads", _("Microsoft Advertising"),
    _("Conversions count back for the conversion window, 30 days by default."),
    days=1, late_days=30, words=("bing", "microsoft"),
)  # fmt: skip
GA4 = SettlingRule(
    "ga4", _("Google Analytics 4"),
    _("Processing takes up to 48 hours, and events of devices that were offline are taken for 72."),
    days=3, late_days=3, words=("ga4", "analytics"),
)  # fmt: skip
ADS = SettlingRule(
    "ads", _("Other ads"), _("One day for delivery, a week for conversions."), days=1, late_days=7
)  # fmt: skip
SHOP = SettlingRule(
    "shop", _("Own shop"),
    _("Orders of a day are there the day after; what is returned reduces revenue for two weeks."),
    days=1, late_days=14,
)  # fmt: skip
EVENTS = SettlingRule("events", _("Own events"), _("Late events arrive within a day."), days=1, late_days=1)

RULES: dict[str, SettlingRule] = {
    rule.key: rule
    for rule in (GOOGLE_ADS, META, KAKAO, NAVER, SEARCH_CONSOLE, TIKTOK, MICROSOFT, GA4, ADS, SHOP, EVENTS)
}
BY_ORIGIN = {"channel_daily": ADS, "orders": SHOP, "events": EVENTS}


def guessed(source: str, origin: str) -> SettlingRule:
    """The rule that a source's key suggests; without a hint that of its kind of data."""
    fallback = BY_ORIGIN.get(origin, ADS)
    if origin == "orders":
        return fallback  # a shop system named after a channel is a shop all the same
    key = source.lower()
    return next((rule for rule in RULES.values() if any(word in key for word in rule.words)), fallback)


def rule_of(source: str, origin: str, chosen: Mapping[str, Any] | None = None) -> SettlingRule:
    """The rule of a source: what an admin chose (`vendor`, `days`, `late_days`), the rest from the catalogue."""
    chosen = chosen or {}
    rule = RULES.get(chosen.get("vendor", "")) or guessed(source, origin)
    own = {name: chosen[name] for name in ("days", "late_days") if chosen.get(name) is not None}
    return replace(rule, **own) if own else rule
