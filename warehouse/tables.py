"""The One-Source model: canonical tables as data. Names follow GA4; every engine's DDL is made from here.

Every table also carries the housekeeping columns of `HOUSEKEEPING`. Money is exact (six decimals); moments are
UTC without zone; `day` is the market's own calendar day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "count", "money", "number", "ratio", "date", "timestamp", "json", "bool", "key"]


@dataclass(frozen=True)
class Column:
    """A canonical column. `key`: part of the business key. `required`: a row without it is rejected."""

    name: str
    kind: Kind
    key: bool = False
    required: bool = False
    non_negative: bool = False
    maximum: int | None = None


@dataclass(frozen=True)
class Table:
    """A canonical table.

    `day_from`: the moment that `day` is derived from when no column gives it. `identity`: the key column without
    whose value a row is known by its content and its n-th occurrence in the file. `order`: how its files are sorted.
    """

    name: str
    columns: tuple[Column, ...]
    day_from: str = ""
    identity: str = ""
    order: tuple[str, ...] = ("market",)

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.key)

    @property
    def has_day(self) -> bool:
        return any(c.name == "day" for c in self.columns)

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)


def _text(*names: str, key: bool = False) -> tuple[Column, ...]:
    return tuple(Column(name, "text", key=key) for name in names)


MARKET = Column("market", "text", key=True, required=True)
SOURCE = Column("source", "text", key=True, required=True)
DAY = Column("day", "date", required=True)

HOUSEKEEPING = (
    Column("row_key", "key", required=True),  # md5 of the business key, or of content and occurrence
    Column("load_id", "text", required=True),  # the load that wrote this version
    Column("known_from", "timestamp", required=True),  # when it was loaded
    Column("known_to", "timestamp"),  # when a later version replaced it; null: current
    Column("closed_by", "text"),  # the load that replaced it
)

CHANNEL_DAILY = Table(
    "channel_daily",
    (
        MARKET,
        SOURCE,
        Column("day", "date", key=True, required=True),
        *_text(
            "account", "channel", "medium", "campaign", "ad_group", "ad", "keyword", "device", "breakdown", key=True
        ),
        Column("currency", "text"),
        Column("impressions", "count", non_negative=True),
        Column("clicks", "count", non_negative=True),
        Column("cost", "money", non_negative=True),
        Column("views", "count", non_negative=True),
        Column("conversions", "number", non_negative=True),
        Column("value", "money"),
        Column("reach", "count", non_negative=True),
        Column("engagements", "count", non_negative=True),
        Column("position", "ratio", non_negative=True),
        Column("impression_share", "ratio", non_negative=True, maximum=1),
    ),
    order=("market", "day"),
)

ORDERS = Table(
    "orders",
    (
        MARKET,
        SOURCE,
        Column("order_id", "text", key=True, required=True),
        Column("ordered_at", "timestamp", required=True),
        DAY,
        *_text("customer_id", "status", "channel", "medium", "campaign", "coupon"),
        Column("currency", "text", required=True),
        Column("value", "money", required=True),
        Column("discount", "money"),
        Column("tax", "money"),
        Column("shipping", "money"),
        Column("refund", "money"),
        Column("quantity", "number"),
    ),
    day_from="ordered_at",
    order=("market", "ordered_at"),
)

ORDER_ITEMS = Table(
    "order_items",
    (
        MARKET,
        SOURCE,
        Column("order_id", "text", key=True, required=True),
        Column("line", "text", key=True),
        Column("ordered_at", "timestamp", required=True),
        DAY,
        *_text("customer_id", "product_id", "product_name", "category", "coupon"),
        Column("currency", "text", required=True),
        Column("quantity", "number", required=True),
        Column("price", "money", required=True),
        Column("discount", "money"),
    ),
    day_from="ordered_at",
    identity="line",
    order=("market", "ordered_at"),
)

PRODUCTS = Table(
    "products",
    (
        MARKET,
        SOURCE,
        Column("product_id", "text", key=True, required=True),
        *_text("name", "brand", "category", "category_2", "category_3", "currency"),
        Column("price", "money", non_negative=True),
        Column("cost", "money", non_negative=True),
    ),
)

CUSTOMERS = Table(
    "customers",
    (
        MARKET,
        SOURCE,
        Column("customer_id", "text", key=True, required=True),
        Column("joined_at", "timestamp"),
        *_text("email_hash", "phone_hash", "country", "city", "gender", "language", "grade"),
        Column("birth_year", "count"),
        Column("marketing_consent", "bool"),
    ),
)

EVENTS = Table(
    "events",
    (
        MARKET,
        SOURCE,
        Column("event_id", "text", key=True),
        Column("occurred_at", "timestamp", required=True),
        DAY,
        Column("name", "text", required=True),
        Column("person", "text", required=True),
        *_text(
            "session",
            "platform",
            "channel",
            "traffic_source",
            "medium",
            "campaign",
            "ad_group",
            "ad",
            "keyword",
            "content",
        ),
        *_text(
            "page", "page_title", "referrer", "device", "os", "app_version", "language", "country", "region", "city"
        ),
        *_text("product_id", "product_name", "category", "order_id", "coupon", "currency"),
        Column("price", "money"),
        Column("quantity", "number"),
        Column("value", "money"),
        Column("engagement_ms", "count", non_negative=True),
        Column("properties", "json"),
    ),
    day_from="occurred_at",
    identity="event_id",
    order=("market", "person", "occurred_at"),
)

EVENT_ITEMS = Table(
    "event_items",
    (
        MARKET,
        SOURCE,
        Column("event_id", "text", key=True, required=True),
        Column("index", "count", key=True, required=True),
        DAY,
        *_text("product_id", "product_name", "category", "currency"),
        Column("price", "money"),
        Column("quantity", "number"),
    ),
)

IDENTIFIERS = Table(
    "identifiers",
    (
        MARKET,
        SOURCE,
        Column("kind_a", "text", key=True, required=True),
        Column("value_a", "text", key=True, required=True),
        Column("kind_b", "text", key=True, required=True),
        Column("value_b", "text", key=True, required=True),
        Column("seen_at", "timestamp", required=True),
        DAY,
    ),
    day_from="seen_at",
)

CONSENTS = Table(
    "consents",
    (
        MARKET,
        SOURCE,
        Column("person", "text", key=True, required=True),
        Column("channel", "text", key=True, required=True),
        Column("purpose", "text", key=True, required=True),
        Column("decided_at", "timestamp", key=True, required=True),
        DAY,
        Column("granted", "bool", required=True),
        *_text("evidence"),
    ),
    day_from="decided_at",
    order=("market", "person"),
)

MESSAGES = Table(
    "messages",
    (
        MARKET,
        SOURCE,
        Column("message_id", "text", key=True, required=True),
        Column("person", "text", required=True),
        Column("sent_at", "timestamp", required=True),
        DAY,
        *_text("channel", "campaign", "variant", "outcome"),
    ),
    day_from="sent_at",
    order=("market", "person"),
)

CANONICAL: dict[str, Table] = {
    t.name: t
    for t in (
        CHANNEL_DAILY,
        ORDERS,
        ORDER_ITEMS,
        PRODUCTS,
        CUSTOMERS,
        EVENTS,
        EVENT_ITEMS,
        IDENTIFIERS,
        CONSENTS,
        MESSAGES,
    )
}

# What a file can be loaded as. Loading order_items also derives their orders.
LOADABLE = ("channel_daily", "orders", "order_items", "products", "customers", "events")

# Additive measures by day, kept up to date in the same transaction as every load. One row: market, source, origin,
# day, channel, medium, campaign, currency. Sums of these are right at every grain; null means: nothing measured.
MEASURE_DIMENSIONS = ("market", "source", "origin", "day", "channel", "medium", "campaign", "currency")

ADDITIVE_MEASURES: dict[str, tuple[str, ...]] = {
    "channel_daily": (
        "impressions",
        "clicks",
        "cost",
        "views",
        "view_impressions",
        "ad_conversions",
        "ad_value",
        "organic_impressions",
        "organic_clicks",
        "organic_position_sum",
        "share_impressions",
        "eligible_impressions",
    ),
    "orders": ("orders", "gross_revenue", "revenue", "refunds", "promo_revenue", "units"),
    "events": (
        "sessions",
        "paid_sessions",
        "engaged_sessions",
        "page_views",
        "scrolls",
        "view_item_sessions",
        "cart_sessions",
        "checkout_sessions",
        "purchase_sessions",
        "purchases",
        "new_users",
        "sign_ups",
        "installs",
        "leads",
    ),
}

# Measures that can't be added over time: one row is market, grain, start (of the period), measure, value.
PERIOD_GRAINS = ("day", "week", "month", "quarter", "ytd")
PERIOD_MEASURES = (
    "active_users",
    "mean_daily_users",
    "engagement_seconds",
    "view_item_users",
    "cart_users",
    "checkout_users",
    "customers_12m",
    "repeat_customers_12m",
    "first_buyers_mature",
    "second_buyers_90d",
    "median_gap_days",
    "buyers",
    "promo_only_buyers",
    "top5_revenue_share",
    "new_customers",
)

# How each measure is stored: money exact, counts whole, the rest as floating point.
MEASURE_KINDS: dict[str, Kind] = {
    **dict.fromkeys((name for names in ADDITIVE_MEASURES.values() for name in names), "count"),
    **dict.fromkeys(("cost", "ad_value", "gross_revenue", "revenue", "refunds", "promo_revenue"), "money"),
    **dict.fromkeys(("ad_conversions", "units"), "number"),
    **dict.fromkeys(("organic_position_sum", "eligible_impressions"), "ratio"),
}

MEASURE_DAILY = Table(
    "measure_daily",
    (
        *(Column(name, "date" if name == "day" else "text", key=True) for name in MEASURE_DIMENSIONS),
        *(Column(name, MEASURE_KINDS[name]) for names in ADDITIVE_MEASURES.values() for name in names),
    ),
    order=("market", "day"),
)

MEASURE_PERIOD = Table(
    "measure_period",
    (
        Column("market", "text", key=True),
        Column("grain", "text", key=True),
        Column("start", "date", key=True),
        Column("measure", "text", key=True),
        Column("value", "ratio"),
    ),
    order=("market", "grain", "measure", "start"),
)

MEASURES: dict[str, Table] = {t.name: t for t in (MEASURE_DAILY, MEASURE_PERIOD)}

# Beside a measure in the lake: since when it says so, and what made it say so: a load's id, "undo:" and the id of the
# load that was taken back, or "rebuild". Empty: since before this was kept.
MEASURE_HOUSEKEEPING = (Column("known_from", "timestamp"), Column("load_id", "text"))
VERSION_COLUMNS = (*MEASURE_HOUSEKEEPING, Column("known_to", "timestamp"), Column("closed_by", "text"))

# What measures said before they were replaced: written only for rows whose values really changed, or went.
MEASURE_HISTORY: dict[str, Table] = {
    t.name: Table(f"{t.name}_history", (*t.columns, *VERSION_COLUMNS), order=t.order) for t in MEASURES.values()
}

# Both together, for those who ask what was said when: never stored, the engine seam puts them together.
MEASURE_VERSIONS: dict[str, Table] = {
    f"{t.name}_versions": Table(f"{t.name}_versions", (*t.columns, *VERSION_COLUMNS)) for t in MEASURES.values()
}

# The warehouse's own books, never read through the seam: what was loaded, which loads found a row already there.
LOADS = Table(
    "loads",
    (
        Column("load_id", "text"),
        Column("table_name", "text"),
        Column("source", "text"),
        Column("known_from", "timestamp"),
        Column("result", "json"),
    ),
)

CLAIMS = Table(
    "claims",
    (
        Column("table_name", "text"),
        Column("source", "text"),
        Column("row_key", "key"),
        Column("load_id", "text"),
        Column("known_from", "timestamp"),
    ),
)

# Loads that were taken back, and when: the moments at which measures changed without a load.
UNDOINGS = Table(
    "undoings",
    (
        Column("load_id", "text"),
        Column("table_name", "text"),
        Column("source", "text"),
        Column("known_from", "timestamp"),
    ),
)

# What a person did on a day: from it people are counted over weeks and years without reading events again.
PERSON_DAYS = Table(
    "person_days",
    (
        Column("market", "text"),
        Column("source", "text"),
        Column("day", "date"),
        Column("person", "text"),
        Column("active", "bool"),
        Column("viewed", "bool"),
        Column("carted", "bool"),
        Column("checked_out", "bool"),
        Column("engagement_ms", "count"),
    ),
)

BOOKS: dict[str, Table] = {t.name: t for t in (PERSON_DAYS, UNDOINGS, LOADS, CLAIMS)}
