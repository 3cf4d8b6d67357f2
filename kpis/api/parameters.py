"""What the API of KPIs takes and gives everywhere."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from kpis.services.targets import Saved


def text_parameter(name: str, description: str, *, many: bool = False, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, description=description, many=many, required=required)


MONEY = [
    text_parameter("policy", "daily, monthly, budget or constant: how money is converted; without it the client's"),
    text_parameter("base", "2025-12: the month whose rates constant currency uses; else the last before the year"),
]
CHANNEL = text_parameter("channel", "only this channel; repeated for several; targets hold for all of them", many=True)
SCOPE = [
    text_parameter("period", "2026-10, 2026-Q3 or 2026-YTD-10; without it the last month that data cover to its end"),
    text_parameter("market", "market code; repeated for several; without it all that you may see", many=True),
    text_parameter("currency", "reporting currency, or own for each market's own"),
    *MONEY,
    text_parameter("known", "2026-03-05: as reported at the end of that day, with its targets and rates"),
]


VERSION = text_parameter("version", "budget, forecast or stretch; without it the version that is in use")


def rows_of(validated: Any) -> list[dict[str, Any]]:
    return list(validated)


def month_of(text: str) -> dt.date:
    from ui.periods import parse_period

    return parse_period(text).start


def plain_number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def saved_answer(saved: Saved) -> dict[str, Any]:
    return {"changed": saved.changed, "unchanged": saved.unchanged, "batch": saved.batch}
