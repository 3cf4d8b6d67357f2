"""Records of a kept page: one a day, ad group and device."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sources.connectors.session import parsed

DEVICES = {"PC": "desktop", "MOBILE": "mobile", "P": "desktop", "M": "mobile"}
NOT_COUNTED = frozenset({"id", "name", "dateStart", "dateEnd", "breakdowns", "ctr", "cpc", "crto", "ror"})


def records(body: bytes) -> Iterator[dict[str, Any]]:
    """Every row of /stats by device, with the names of its campaign and ad group; ids where a name is missing.

    Rates (ctr, cpc …) are left out: they are worked out from sums.
    """
    page = parsed(body)
    campaigns = {one["nccCampaignId"]: one.get("name") or one["nccCampaignId"] for one in page["campaigns"]}
    groups = {one["nccAdgroupId"]: one for one in page["ad_groups"]}
    for row in page["stats"].get("data", ()):
        group = groups.get(row["id"], {})
        campaign = group.get("nccCampaignId", "")
        place = {
            "day": row["dateStart"],
            "account": page["account"],
            "campaign": campaigns.get(campaign, campaign),
            "ad_group": group.get("name") or row["id"],
        }
        for part in row.get("breakdowns") or (row,):
            device = str(part.get("name", "")) if part is not row else ""
            told = {name: value for name, value in part.items() if name not in NOT_COUNTED}
            yield {**place, "device": DEVICES.get(device.upper(), device), **told}
