"""Naver SearchAd (네이버 검색광고): ad groups by day and device, with Naver's own conversions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sources.connectors.kinds import Connector, Limits, Need, Stream, Target
from sources.connectors.naver_searchad.client import WINDOW_DAYS, NaverSearchAd
from sources.connectors.naver_searchad.records import records

AD_GROUPS = Stream(
    key="ad_groups",
    name=_("Ad groups by day"),
    table="channel_daily",
    targets={
        "day": Target("day", "date", ("%Y-%m-%d",)),
        "account": Target("account"),
        "campaign": Target("campaign"),
        "ad_group": Target("ad_group"),
        "device": Target("device"),
        "impCnt": Target("impressions", "number"),
        "clkCnt": Target("clicks", "number"),
        "salesAmt": Target("cost", "number"),
        "ccnt": Target("conversions", "number"),
        "convAmt": Target("value", "number"),
        "avgRnk": Target("position", "number"),
    },
    records=records,
    window_days=WINDOW_DAYS,
    look_back_days=20,
    constants={"channel": "naver", "medium": "cpc"},
)

CONNECTOR = Connector(
    key="naver_searchad",
    name=_("Naver SearchAd"),
    group="ads",
    about=_("Impressions, clicks, cost and conversions of search ads, by ad group, day and device."),
    host="https://api.searchad.naver.com",
    needs=(
        Need("customer_id", _("Customer ID"), _("The number of the advertiser's account."), secret=False,
             pattern=r"\d{1,12}", example="1234567"),
        Need("api_key", _("Access licence"), _("From “Tools → API manager” of the advertiser's centre."),
             pattern=r"\S{20,200}"),
        Need("secret_key", _("Secret key"), _("Beside the access licence."), pattern=r"\S{8,200}"),
    ),
    streams=(AD_GROUPS,),
    limits=Limits(retention_days=730),
    rule="naver",
    open=NaverSearchAd,
    guide=(
        _("Sign in to Naver's advertiser centre (searchad.naver.com) as the account's owner."),
        _("Open “Tools → API manager” and create a licence, if there is none yet."),
        _("Copy customer ID, access licence and secret key into the fields."),
    ),
    currency="KRW",
    zone="Asia/Seoul",
    words=("네이버", "naver", "powerlink", "파워링크"),
)  # fmt: skip
