"""Additive measures by day, as SQL over the canonical tables."""

from __future__ import annotations

from warehouse.engine.ducklake.schema import SUM_OF_MONEY, literal

DIMENSIONS = "market, source, day, channel, medium, campaign, currency"
CANCELLED = (
    "cancelled",
    "canceled",
    "cancel",
    "cancelation",
    "cancellation",
    "void",
    "voided",
    "failed",
    "취소",
    "주문취소",
    "취소완료",
    "결제취소",
)


def _count(sql: str) -> str:
    return f"({sql})::BIGINT"


def _money(sql: str) -> str:
    return f"({sql})::{SUM_OF_MONEY}"


def ads_sql(mine: str) -> str:
    """Ad rows and organic search rows of the current `channel_daily`; a sum over nothing measured is null."""
    paid = "FILTER (WHERE coalesce(lower(medium), '') <> 'organic')"
    organic = "FILTER (WHERE lower(medium) = 'organic')"
    share = (
        "FILTER (WHERE coalesce(lower(medium), '') <> 'organic' AND impression_share > 0 AND impressions IS NOT NULL)"
    )
    return f"""
        SELECT {DIMENSIONS}, 'channel_daily' AS origin,
            {_count(f"sum(impressions) {paid}")} AS impressions,
            {_count(f"sum(clicks) {paid}")} AS clicks,
            {_money(f"sum(cost) {paid}")} AS cost,
            {_count(f"sum(views) {paid}")} AS views,
            {_count("sum(impressions) FILTER (WHERE coalesce(lower(medium), '') <> 'organic' AND views IS NOT NULL)")} AS view_impressions,
            {_money(f"sum(conversions) {paid}")} AS ad_conversions,
            {_money(f"sum(value) {paid}")} AS ad_value,
            {_count(f"sum(impressions) {organic}")} AS organic_impressions,
            {_count(f"sum(clicks) {organic}")} AS organic_clicks,
            sum(position * impressions) {organic} AS organic_position_sum,
            {_count(f"sum(impressions) {share}")} AS share_impressions,
            sum(impressions / impression_share) {share} AS eligible_impressions
        FROM lk.main.channel_daily WHERE known_to IS NULL AND {mine} GROUP BY ALL
    """


def cancelled() -> str:
    """Whether an order was called off."""
    return f"coalesce(lower(status) IN ({', '.join(literal(word) for word in CANCELLED)}), false)"


def sold() -> str:
    """Whether a row is an order that stands."""
    return f"(value > 0 AND NOT {cancelled()})"


def counted() -> str:
    """Whether a row's money counts: an order that stands, or one that takes money back."""
    return f"(value < 0 OR NOT {cancelled()})"


def refund_of_row() -> str:
    """What a row gives back."""
    return (
        f"(CASE WHEN {counted()} THEN coalesce(abs(refund), 0) ELSE 0 END + CASE WHEN value < 0 THEN -value ELSE 0 END)"
    )


def net_of_row() -> str:
    """What is left of a row after refunds, tax and shipping."""
    return (
        f"(CASE WHEN {sold()} THEN value ELSE 0 END - {refund_of_row()}"
        f" - CASE WHEN {counted()} THEN coalesce(tax, 0) + coalesce(shipping, 0) ELSE 0 END)"
    )


def is_promo() -> str:
    """Whether an order was bought with a coupon or a discount."""
    return "(coupon IS NOT NULL OR coalesce(discount, 0) <> 0)"


def orders_sql(mine: str) -> str:
    """Orders and their money; needs `measured`."""
    return f"""
        SELECT {DIMENSIONS}, 'orders' AS origin,
            {_count(f"count(*) FILTER (WHERE {sold()})")} AS orders,
            {_money(f"coalesce(sum(value) FILTER (WHERE {sold()}), 0)")} AS gross_revenue,
            {_money(f"sum({net_of_row()})")} AS revenue,
            CASE WHEN any_value(m.refunds) THEN {_money(f"sum({refund_of_row()})")} END AS refunds,
            CASE WHEN any_value(m.promo_revenue)
                THEN {_money(f"coalesce(sum(value) FILTER (WHERE {sold()} AND {is_promo()}), 0)")} END AS promo_revenue,
            CASE WHEN any_value(m.units) THEN {_money(f"coalesce(sum(quantity) FILTER (WHERE {sold()}), 0)")} END AS units
        FROM (SELECT * FROM lk.main.orders WHERE known_to IS NULL AND {mine}) LEFT JOIN measured m USING (market)
        GROUP BY {DIMENSIONS}
    """


def events_sql(source: str) -> str:
    """Sessions and what happened in them; needs `sessions` and `measured`."""
    counts = {
        "page_views": "sum(s.page_views)",
        "scrolls": "sum(least(s.scrolls, s.page_views))",
        "view_item_sessions": "count(*) FILTER (WHERE viewed)",
        "cart_sessions": "count(*) FILTER (WHERE carted)",
        "checkout_sessions": "count(*) FILTER (WHERE checked_out)",
        "purchase_sessions": "count(*) FILTER (WHERE bought)",
        "purchases": "sum(s.purchases)",
        "new_users": "sum(s.new_users)",
        "sign_ups": "sum(s.sign_ups)",
        "installs": "sum(s.installs)",
        "leads": "sum(s.leads)",
        "paid_sessions": "count(*) FILTER (WHERE paid)",
    }
    columns = ", ".join(
        f"CASE WHEN any_value(m.{name}) THEN {_count(sql)} END AS {name}" for name, sql in counts.items()
    )
    return f"""
        SELECT s.market, {literal(source)} AS source, 'events' AS origin, s.day, s.channel, s.medium, s.campaign,
            {_count("count(*)")} AS sessions, {_count("count(*) FILTER (WHERE engaged)")} AS engaged_sessions, {columns}
        FROM sessions s LEFT JOIN measured m USING (market) GROUP BY s.market, s.day, s.channel, s.medium, s.campaign
    """
