"""Records of a kept page: one a day and ad."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from sources.connectors.session import parsed


def records(body: bytes) -> Iterator[dict[str, Any]]:
    """Every row. The value of payments is told per payment: times their number it is the sum."""
    page = parsed(body)
    for row in page["answer"]["data"]["list"]:
        metrics, place = row["metrics"], row["dimensions"]
        yield {
            "day": str(place["stat_time_day"])[:10],
            "account": page["advertiser_id"],
            "ad": f"{metrics.get('ad_name') or ''} ({place['ad_id']})",
            "payment_value": _product(metrics.get("value_per_complete_payment"), metrics.get("complete_payment")),
            **{name: value for name, value in metrics.items() if name not in ("ad_name", "value_per_complete_payment")},
        }


def _product(each: Any, count: Any) -> str | None:
    try:
        return str(Decimal(str(each)) * Decimal(str(count)))
    except InvalidOperation:
        return None
