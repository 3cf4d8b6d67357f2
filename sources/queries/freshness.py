"""How fresh each source is in each market: the last day that has data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max

from sources.models import FileImport, ImportState, Source
from sources.queries.imports import imports_seen_by
from sources.scope import scope_for
from tenants.access import Access
from tenants.models import Market
from warehouse.scope import Period

EVER = Period(dt.date(1990, 1, 1), dt.date(2101, 1, 1))
STALE_DAYS = 35


@dataclass(frozen=True)
class Freshness:
    """One cell: the last day with data, None when there is none; `stale` past a month and some days."""

    market: Market
    last_day: dt.date | None
    stale: bool


@dataclass(frozen=True)
class SourceRow:
    """One source: a cell a market, and its last load that this person may know of."""

    source: Source
    cells: tuple[Freshness, ...]
    last_load: FileImport | None


def source_rows(access: Access, today: dt.date) -> list[SourceRow]:
    """Every source with something to show this person, in the order of their names."""
    days = _last_days(access)
    loads = _last_loads(access)
    rows = []
    for source in Source.objects.all():
        cells = tuple(_cell(market, days.get((source.key, market.code)), today) for market in access.markets)
        if source.pk in loads or any(cell.last_day for cell in cells):
            rows.append(SourceRow(source=source, cells=cells, last_load=loads.get(source.pk)))
    return rows


def _cell(market: Market, last_day: dt.date | None, today: dt.date) -> Freshness:
    stale = last_day is not None and (today - last_day).days > STALE_DAYS
    return Freshness(market=market, last_day=last_day, stale=stale)


def _last_days(access: Access) -> dict[tuple[str, str], dt.date]:
    from warehouse.engine import rows, table

    if not access.markets:
        return {}
    measures = table("measure_daily")
    expr = measures.group_by(["source", "market"]).aggregate(last_day=measures.day.max())
    return {(row["source"], row["market"]): row["last_day"] for row in rows(expr, scope_for(access, period=EVER))}


def _last_loads(access: Access) -> dict[int, FileImport]:
    done = imports_seen_by(access).filter(state=ImportState.DONE, source__isnull=False).order_by()
    newest = done.values("source_id").annotate(at=Max("finished_at")).values_list("source_id", "at")
    found: dict[int, FileImport] = {}
    if newest:
        wanted = done.filter(finished_at__in=[at for _, at in newest]).defer(
            "columns", "shape", "value_counts", "proposal"
        )
        for file_import in wanted:
            found[int(file_import.source_id or 0)] = file_import
    return found


def known_sources() -> Sequence[Source]:
    """All sources, for the choice of one."""
    return list(Source.objects.all())
