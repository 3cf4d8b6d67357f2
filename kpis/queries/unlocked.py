"""Which KPIs a table's columns are enough for: what the catalogue of connectors asks."""

from __future__ import annotations

from collections.abc import Collection

from kpis.catalogue.measures import MEASURES, measure
from kpis.queries.definitions import definitions_of
from tenants.access import Access

# How columns of channel_daily are called once they are measures; the rest keep their names.
ADS = {"conversions": "ad_conversions", "value": "ad_value"}
ORGANIC = {
    "impressions": "organic_impressions",
    "clicks": "organic_clicks",
    "position": "organic_position_sum",
}


def kpis_unlocked_by(access: Access, table: str, columns: Collection[str], medium: str = "") -> list[str]:
    """Names of the client's KPIs whose every measure comes from these columns, in the catalogue's order."""
    given = _measures_of(table, columns, medium)
    names = []
    for kpi in definitions_of(access).shown:
        needed = {key.split("[")[0] for key in (*kpi.formula.sums, *kpi.formula.periods)} if kpi.is_measurable else ()
        if needed and all(measure(key).key in given for key in needed):
            names.append(str(kpi.name))
    return names


def _measures_of(table: str, columns: Collection[str], medium: str) -> set[str]:
    if table != "channel_daily":
        return {key for key, found in MEASURES.items() if found.origin == table and found.kept}
    if medium == "organic":
        return {ORGANIC[column] for column in columns if column in ORGANIC}
    return {ADS.get(column, column) for column in columns} & set(MEASURES)
