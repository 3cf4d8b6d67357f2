"""Days that checks doubt, for whoever may see their market."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from sources.models import DayFault
from tenants.access import Access

MOST = 200


def faults_between(
    access: Access, start: dt.date, end: dt.date, *, market: str = "", source: str = ""
) -> list[DayFault]:
    """What stands open in [start, end) of this person's markets, the latest day first; one query.

    An empty `market` or `source` asks for all of them.
    """
    found: QuerySet[DayFault] = DayFault.objects.filter(
        cleared_at=None, day__gte=start, day__lt=end, market__in=access.market_codes
    )
    if market:
        found = found.filter(market=market)
    if source:
        found = found.filter(source=source)
    return list(found.order_by("-day", "market", "code")[:MOST])
