"""What the contract suite needs of a connector: a fake, credentials for it, and the numbers that it must give."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from sources.connectors.fakes import Fake
from sources.connectors.kinds import Account, Connector
from sources.connectors.meta_ads import CONNECTOR as META
from sources.connectors.meta_ads import fake as meta
from sources.connectors.naver_searchad import CONNECTOR as NAVER
from sources.connectors.naver_searchad import fake as naver
from sources.connectors.tiktok_ads import CONNECTOR as TIKTOK
from sources.connectors.tiktok_ads import fake as tiktok
from sources.models import Connection, SyncKind
from sources.services.syncs import run_sync
from sources.services.syncs.asking import ask_for_sync
from sources.services.syncs.connecting import Chosen, connect
from tenants.access import Access
from warehouse.engine import rows, table
from warehouse.scope import Period, Scope

MEASURES = ("impressions", "clicks", "cost", "conversions", "value")
Sums = dict[str, float]


@dataclass(frozen=True)
class Subject:
    """A connector under the suite.

    `make` gives a fake with so many days until one; `expected` what all its days add up to, worked out from the fake's
    own data without the connector; `restate` changes the last days at the vendor; `revoke` takes the key away.
    """

    kind: Connector
    given: Mapping[str, str]
    account: str
    make: Callable[[int, dt.date], Any]
    expected: Callable[[Any], Sums]
    restate: Callable[[Any], None]
    revoke: Callable[[Any], None]
    mend: Callable[[Any], None]
    forbid: Callable[[Any], None]
    empty: Callable[[Any], None]
    widen: Callable[[Any], None]


def _naver_expected(fake: naver.NaverFake) -> Sums:
    found = dict.fromkeys(MEASURES, 0.0)
    for numbers in fake.days.values():
        for name in MEASURES:
            found[name] += getattr(numbers, name)
    return found


def _naver_restate(fake: naver.NaverFake) -> None:
    newest = max(day for _group, day, _device in fake.days)
    for (_group, day, _device), numbers in fake.days.items():
        if (newest - day).days < 5:
            numbers.conversions += 2
            numbers.value += 1000


def _meta_expected(fake: meta.MetaFake) -> Sums:
    found = dict.fromkeys(MEASURES, 0.0)
    for numbers in fake.days.values():
        for name, field in zip(MEASURES, ("impressions", "clicks", "spend", "purchases", "value"), strict=True):
            found[name] += getattr(numbers, field)
    return found


def _meta_restate(fake: meta.MetaFake) -> None:
    newest = max(day for _ad, day, _platform in fake.days)
    for (_ad, day, _platform), numbers in fake.days.items():
        if (newest - day).days < 20:
            numbers.purchases += 3
            numbers.value += 1000


def _tiktok_expected(fake: tiktok.TikTokFake) -> Sums:
    found = dict.fromkeys(MEASURES, 0.0)
    for n in fake.days.values():
        for name, number in zip(
            MEASURES, (n.impressions, n.clicks, n.spend, n.payments, n.payments * n.each), strict=True
        ):
            found[name] += number
    return found


def _tiktok_restate(fake: tiktok.TikTokFake) -> None:
    newest = max(day for _ad, day in fake.days)
    for (_ad, day), numbers in fake.days.items():
        if (newest - day).days < 10:
            numbers.payments += 3


SUBJECTS = {
    "naver_searchad": Subject(
        kind=NAVER,
        given={"customer_id": naver.CUSTOMER, "api_key": naver.API_KEY, "secret_key": naver.SECRET_KEY},
        account=naver.CUSTOMER,
        make=lambda days, until: naver.sample(days, until, idle=150),
        expected=_naver_expected,
        restate=_naver_restate,
        revoke=lambda fake: setattr(fake, "secret", "another-secret"),
        mend=lambda fake: setattr(fake, "secret", naver.SECRET_KEY),
        forbid=lambda fake: fake.forbidden.add(naver.CUSTOMER),
        empty=lambda fake: (fake.groups.clear(), fake.days.clear()),
        widen=lambda fake: fake.extra.update({"newCnt": 7}),
    ),
    "meta_ads": Subject(
        kind=META,
        given={"access_token": meta.TOKEN},
        account=meta.ACCOUNT,
        make=meta.sample,
        expected=_meta_expected,
        restate=_meta_restate,
        revoke=lambda fake: setattr(fake, "token", "another-token"),
        mend=lambda fake: setattr(fake, "token", meta.TOKEN),
        forbid=lambda fake: setattr(fake, "forbidden", True),
        empty=lambda fake: fake.days.clear(),
        widen=lambda fake: fake.extra.update({"inline_link_clicks": "7"}),
    ),
    "tiktok_ads": Subject(
        kind=TIKTOK,
        given={"app_id": tiktok.APP_ID, "app_secret": tiktok.APP_SECRET, "access_token": tiktok.TOKEN},
        account=tiktok.ADVERTISER,
        make=tiktok.sample,
        expected=_tiktok_expected,
        restate=_tiktok_restate,
        revoke=lambda fake: setattr(fake, "token", "another-token"),
        mend=lambda fake: setattr(fake, "token", tiktok.TOKEN),
        forbid=lambda fake: setattr(fake, "forbidden", True),
        empty=lambda fake: fake.days.clear(),
        widen=lambda fake: fake.extra.update({"video_watched_2s": 7}),
    ),
}


@dataclass
class Stage:
    """A connector connected to its fake at acme, by alice, for Korea."""

    subject: Subject
    fake: Fake
    access: Access
    until: dt.date

    def connect(self, days: int) -> Connection:
        """Connect as the wizard does; the first back-fill runs at once."""
        accounts = [Account(self.subject.account, "acme", "KRW", "Asia/Seoul")]
        chosen = Chosen(
            name=str(self.subject.kind.key),
            accounts=accounts,
            markets={accounts[0].key: "KR"},
            since=self.until - dt.timedelta(days=days - 1),
        )
        return connect(self.access, self.subject.kind, self.subject.given, chosen)

    def sync(self, connection: Connection, days: int, kind: str = SyncKind.BY_HAND) -> Any:
        """Read the last days again."""
        connection.refresh_from_db()
        return ask_for_sync(self.access, connection, self.until - dt.timedelta(days=days - 1), self.until, kind)

    def run(self, sync: Any) -> Any:
        """One attempt, as a worker makes it."""
        return run_sync(self.access.client, str(sync.pk))

    def sums(self) -> Sums:
        """What the lake holds now, by the engine's own sums over canonical rows."""
        daily = table("channel_daily")
        scope = Scope(self.access.client.schema_name, ("KR",), Period(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
        found = rows(daily.aggregate(**{name: daily[name].sum() for name in MEASURES}), scope)[0]
        return {name: float(found[name] or 0) for name in MEASURES}

    def days(self) -> set[dt.date]:
        """The days that the lake has."""
        daily = table("channel_daily")
        scope = Scope(self.access.client.schema_name, ("KR",), Period(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
        return {row["day"] for row in rows(daily.select("day").distinct(), scope)}


def yesterday() -> dt.date:
    """The last whole day in Seoul."""
    from zoneinfo import ZoneInfo

    return timezone.now().astimezone(ZoneInfo("Asia/Seoul")).date() - dt.timedelta(days=1)
