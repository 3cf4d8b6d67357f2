"""Records of a kept page: one a day, ad and platform, with one number of purchases.

Meta tells the same purchase under several action types (by pixel, by app, by the shop, and all together): adding them
up counts it up to four times. The one that stands for all is taken, by Meta's own order of totals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sources.connectors.session import parsed

PURCHASES = ("omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase", "app_custom_event.fb_mobile_purchase")
KNOWN = frozenset(
    {
        "account_id", "account_currency", "campaign_name", "campaign_id", "adset_name", "adset_id", "ad_name", "ad_id",
        "impressions", "clicks", "spend", "reach", "actions", "action_values", "video_play_actions", "date_start",
        "date_stop", "publisher_platform",
    }
)  # fmt: skip


def records(body: bytes) -> Iterator[dict[str, Any]]:
    """Every row of the report."""
    for row in parsed(body)["data"]:
        new = {name: value for name, value in row.items() if name not in KNOWN}
        yield {
            "day": row["date_start"],
            "account_id": row.get("account_id"),
            "account_currency": row.get("account_currency"),
            "campaign_name": row.get("campaign_name") or row.get("campaign_id"),
            "adset_name": row.get("adset_name") or row.get("adset_id"),
            "ad": f"{row.get('ad_name') or ''} ({row.get('ad_id')})",
            "platform": row.get("publisher_platform"),
            **{name: row.get(name) for name in ("impressions", "clicks", "spend", "reach")},
            "views": _of(row.get("video_play_actions"), ("video_view",)),
            "purchases": _of(row.get("actions"), PURCHASES),
            "purchase_value": _of(row.get("action_values"), PURCHASES),
            **new,
        }


def _of(actions: Sequence[Mapping[str, Any]] | None, wanted: Sequence[str]) -> str | None:
    """The value of the first wanted type that is there; a type that is told twice (by target) is added up."""
    told: dict[str, float] = {}
    for one in actions or ():
        told[one["action_type"]] = told.get(one["action_type"], 0.0) + float(one["value"])
    return next((f"{told[name]:.6f}".rstrip("0").rstrip(".") for name in wanted if name in told), None)
