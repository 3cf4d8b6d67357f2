"""What a source measures at all in a market: one that never told of refunds has none to report, which is not zero refunds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from warehouse.engine.ducklake.schema import literal

if TYPE_CHECKING:
    import duckdb

PAID_MEDIUM = r"(cpc|ppc|cpm|cpv|cpa|cpi|paid.*|display|banner|retargeting|remarketing|sem|sa|da)"

# measure → what shows that the source measures it
ORDER_FLAGS: dict[str, str] = {
    "refunds": "refund IS NOT NULL OR value < 0",
    "promo_revenue": "coupon IS NOT NULL OR discount IS NOT NULL",
    "units": "quantity IS NOT NULL",
}
EVENT_FLAGS: dict[str, str] = {
    "page_views": "name IN ('page_view', 'screen_view')",
    "scrolls": "name = 'scroll'",
    "view_item_sessions": "name = 'view_item'",
    "cart_sessions": "name = 'add_to_cart'",
    "checkout_sessions": "name = 'begin_checkout'",
    "purchase_sessions": "name IN ('purchase', 'in_app_purchase')",
    "purchases": "name = 'purchase'",
    "new_users": "name IN ('first_visit', 'first_open')",
    "sign_ups": "name = 'sign_up'",
    "installs": "name IN ('first_open', 'install', 'app_install')",
    "leads": "name = 'generate_lead'",
    "paid_sessions": "medium IS NOT NULL",
}


def measured(source: str, origin: str, flags: Mapping[str, str]) -> str:
    """SQL of `measured`: a row a market, a boolean a measure."""
    told = ", ".join(f"coalesce(bool_or({shown}), false) AS {measure}" for measure, shown in flags.items())
    return f"SELECT market, {told} FROM lk.main.{origin} WHERE source = {literal(source)} AND known_to IS NULL GROUP BY market"


def note_newly_measured(cursor: duckdb.DuckDBPyConnection, source: str, origin: str, sql: str) -> None:
    """Fill `measured`, and add to `touched` every month of a market whose source now measures more, or less, than before."""
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE measured AS {sql}")
    flags = ORDER_FLAGS if origin == "orders" else EVENT_FLAGS
    mine = f"source = {literal(source)} AND origin = {literal(origin)}"
    before = ", ".join(f"bool_or({measure} IS NOT NULL) AS {measure}" for measure in flags)
    differs = " OR ".join(f"b.{measure} IS DISTINCT FROM a.{measure}" for measure in flags)
    cursor.execute(
        "INSERT INTO touched SELECT DISTINCT d.market, date_trunc('month', d.day)::DATE FROM lk.main.measure_daily d "
        f"WHERE d.{mine} AND d.market IN (SELECT b.market FROM (SELECT market, {before} FROM lk.main.measure_daily "
        f"WHERE {mine} GROUP BY market) b JOIN measured a USING (market) WHERE {differs})"
    )
