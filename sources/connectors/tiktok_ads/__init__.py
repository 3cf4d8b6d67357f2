"""TikTok Ads: ads by day."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sources.connectors.kinds import Connector, Limits, Need, Stream, Target
from sources.connectors.tiktok_ads.client import WINDOW_DAYS, TikTokAds
from sources.connectors.tiktok_ads.records import records

ADS = Stream(
    key="ads",
    name=_("Ads by day"),
    table="channel_daily",
    targets={
        "day": Target("day", "date", ("%Y-%m-%d",)),
        "account": Target("account"),
        "campaign_name": Target("campaign"),
        "adgroup_name": Target("ad_group"),
        "ad": Target("ad"),
        "currency": Target("currency"),
        "impressions": Target("impressions", "number"),
        "clicks": Target("clicks", "number"),
        "spend": Target("cost", "number"),
        "reach": Target("reach", "number"),
        "video_play_actions": Target("views", "number"),
        "complete_payment": Target("conversions", "number"),
        "payment_value": Target("value", "number"),
    },
    records=records,
    window_days=WINDOW_DAYS,
    look_back_days=14,
    constants={"channel": "tiktok", "medium": "paid_social"},
    campaign="campaign_name",
)

CONNECTOR = Connector(
    key="tiktok_ads",
    name=_("TikTok Ads"),
    group="ads",
    about=_("Impressions, clicks, spend, video views and payments, by ad and day."),
    host="https://business-api.tiktok.com",
    needs=(
        Need("app_id", _("App ID"), _("Of your app in TikTok's developer portal."), secret=False,
             pattern=r"\d{5,25}", example="7001234567890123456"),
        Need("app_secret", _("App secret"), _("Beside the app ID."), pattern=r"\S{10,200}"),
        Need("access_token", _("Long-lived access token"), _("From the app's authorisation by the advertiser."),
             pattern=r"\S{20,200}"),
    ),
    streams=(ADS,),
    limits=Limits(retention_days=730),
    rule="tiktok",
    open=TikTokAds,
    guide=(
        _("Open your app in TikTok's developer portal (business-api.tiktok.com)."),
        _("Have the advertiser authorise it with the permission to read reports."),
        _("Copy app ID, app secret and the long-lived access token into the fields."),
    ),
    words=("tiktok", "틱톡"),
)  # fmt: skip
