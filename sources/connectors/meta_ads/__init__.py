"""Meta Ads (Facebook, Instagram): ads by day and platform, with purchases counted once."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sources.connectors.kinds import Connector, Limits, Need, Stream, Target
from sources.connectors.meta_ads.client import WINDOW_DAYS, MetaAds
from sources.connectors.meta_ads.records import records

ADS = Stream(
    key="ads",
    name=_("Ads by day"),
    table="channel_daily",
    targets={
        "day": Target("day", "date", ("%Y-%m-%d",)),
        "account_id": Target("account"),
        "campaign_name": Target("campaign"),
        "adset_name": Target("ad_group"),
        "ad": Target("ad"),
        "platform": Target("device"),
        "account_currency": Target("currency"),
        "impressions": Target("impressions", "number"),
        "clicks": Target("clicks", "number"),
        "spend": Target("cost", "number"),
        "reach": Target("reach", "number"),
        "views": Target("views", "number"),
        "purchases": Target("conversions", "number"),
        "purchase_value": Target("value", "number"),
    },
    records=records,
    window_days=WINDOW_DAYS,
    look_back_days=28,
    constants={"channel": "meta", "medium": "paid_social"},
    campaign="campaign_name",
)

CONNECTOR = Connector(
    key="meta_ads",
    name=_("Meta Ads"),
    group="ads",
    about=_("Impressions, clicks, spend, reach and purchases of Facebook and Instagram, by ad and day."),
    host="https://graph.facebook.com",
    needs=(
        Need("access_token", _("Access token of a system user"),
             _("From “Business settings → System users”, with the permission ads_read."), pattern=r"\S{20,600}"),
    ),
    streams=(ADS,),
    limits=Limits(retention_days=1125),
    rule="meta",
    open=MetaAds,
    guide=(
        _("Open “Business settings → System users” in Meta's business manager and choose or add a system user."),
        _("Give it the ad accounts that are to be read (“View performance” is enough)."),
        _("Generate a token with the permission ads_read and copy it into the field."),
    ),
    words=("facebook", "instagram", "페이스북", "인스타그램", "메타"),
)  # fmt: skip
