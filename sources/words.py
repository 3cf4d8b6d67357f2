"""What people call the canonical tables and columns, and why rows are rejected."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

TABLES: Mapping[str, tuple[Words, Words]] = {
    "channel_daily": (_("Channel performance by day"), _("Ads and search: impressions, clicks, cost, conversions")),
    "orders": (_("Orders"), _("One row an order: amount, customer, time")),
    "order_items": (_("Order lines"), _("One row a product of an order; orders are added up from them")),
    "products": (_("Products"), _("The catalogue: names, categories, prices")),
    "customers": (_("Customers"), _("CRM members: e-mail and phone are kept only as a fingerprint")),
    "events": (_("Behaviour events"), _("Visits, carts, leads and other acts of a person")),
}

LABELS: Mapping[str, Words] = {
    "market": _("Market"),
    "day": _("Date"),
    "account": _("Account"),
    "channel": _("Channel"),
    "medium": _("Medium"),
    "campaign": _("Campaign"),
    "ad_group": _("Ad group"),
    "ad": _("Ad"),
    "keyword": _("Keyword"),
    "device": _("Device"),
    "currency": _("Currency"),
    "impressions": _("Impressions"),
    "clicks": _("Clicks"),
    "cost": _("Cost"),
    "views": _("Video views"),
    "conversions": _("Conversions"),
    "value": _("Value"),
    "reach": _("Reach"),
    "engagements": _("Engagements"),
    "position": _("Average position"),
    "impression_share": _("Impression share"),
    "order_id": _("Order number"),
    "ordered_at": _("Ordered at"),
    "customer_id": _("Customer number"),
    "status": _("Status"),
    "coupon": _("Coupon"),
    "discount": _("Discount"),
    "tax": _("Tax"),
    "shipping": _("Shipping"),
    "refund": _("Refund"),
    "quantity": _("Quantity"),
    "line": _("Line number"),
    "product_id": _("Product number"),
    "product_name": _("Product name"),
    "category": _("Category"),
    "price": _("Unit price"),
    "name": _("Name"),
    "brand": _("Brand"),
    "category_2": _("Category, second level"),
    "category_3": _("Category, third level"),
    "joined_at": _("Joined at"),
    "email_hash": _("E-mail (fingerprint)"),
    "phone_hash": _("Phone (fingerprint)"),
    "country": _("Country"),
    "city": _("City"),
    "gender": _("Gender"),
    "language": _("Language"),
    "grade": _("Grade"),
    "birth_year": _("Year of birth"),
    "marketing_consent": _("Marketing consent"),
    "event_id": _("Event number"),
    "occurred_at": _("Occurred at"),
    "person": _("Person"),
    "session": _("Session"),
    "platform": _("Platform"),
    "traffic_source": _("Traffic source"),
    "content": _("Content"),
    "page": _("Page"),
    "page_title": _("Page title"),
    "referrer": _("Referrer"),
    "os": _("Operating system"),
    "app_version": _("App version"),
    "region": _("Region"),
    "engagement_ms": _("Engagement time (ms)"),
    "properties": _("Properties (JSON)"),
    "breakdown": _("Breakdown"),
    "source": _("Data source"),
}
OWN_LABELS: Mapping[tuple[str, str], Words] = {
    ("channel_daily", "value"): _("Conversion value"),
    ("orders", "value"): _("Order amount"),
    ("events", "value"): _("Event value"),
    ("events", "name"): _("Event name"),
    ("products", "name"): _("Product name"),
    ("products", "cost"): _("Purchase cost"),
}

GROUPS: tuple[tuple[Words, frozenset[str]], ...] = (
    (
        _("Where and when"),
        frozenset({"market", "day", "ordered_at", "occurred_at", "joined_at", "currency", "country", "region", "city"}),
    ),
    (
        _("Who and what"),
        frozenset(
            {
                "order_id",
                "line",
                "customer_id",
                "person",
                "session",
                "event_id",
                "name",
                "status",
                "product_id",
                "product_name",
                "brand",
                "category",
                "category_2",
                "category_3",
                "email_hash",
                "phone_hash",
                "gender",
                "language",
                "grade",
                "birth_year",
                "marketing_consent",
                "coupon",
            }
        ),
    ),
    (
        _("Channel"),
        frozenset(
            {
                "account",
                "channel",
                "medium",
                "traffic_source",
                "campaign",
                "ad_group",
                "ad",
                "keyword",
                "content",
                "device",
                "platform",
                "os",
                "app_version",
                "page",
                "page_title",
                "referrer",
            }
        ),
    ),
    (
        _("Numbers"),
        frozenset(
            {
                "impressions",
                "clicks",
                "cost",
                "views",
                "conversions",
                "value",
                "reach",
                "engagements",
                "position",
                "impression_share",
                "discount",
                "tax",
                "shipping",
                "refund",
                "quantity",
                "price",
                "engagement_ms",
                "properties",
            }
        ),
    ),
)


def table_label(table: str) -> Words:
    """A canonical table's name for people."""
    return TABLES[table][0] if table in TABLES else table


def target_label(table: str, target: str) -> Words:
    """A canonical column's name for people."""
    return OWN_LABELS.get((table, target)) or LABELS.get(target, target)


REJECTS: Mapping[str, Words] = {
    "not_a_number": _("Not a number"),
    "not_finite": _("Not a finite number (NaN or infinity)"),
    "out_of_range": _("The number is too large to be true"),
    "negative": _("A negative number where there can be none"),
    "not_whole": _("A fraction where only whole numbers can be"),
    "not_a_date": _("Not a date in the form of this column"),
    "date_out_of_range": _("A date before 1990 or too far ahead"),
    "unmapped": _("The value isn't matched to anything"),
    "unknown_market": _("Not a market of this client"),
    "market_not_allowed": _("A market that you may not load data for"),
    "unknown_currency": _("A currency that doesn't exist"),
    "missing_required": _("Empty, and rows can't do without it"),
    "not_yes_or_no": _("Neither yes nor no"),
    "not_a_phone": _("Not a phone number"),
    "not_an_email": _("Not an e-mail address"),
    "not_json": _("Not valid JSON"),
    "control_character": _("A control character that text can't hold"),
    "too_many_fields": _("More cells than the header has columns"),
    "too_few_fields": _("Fewer cells than the header has columns"),
    "line_too_long": _("The line is too long"),
    "unclosed_quote": _("A quotation mark isn't closed"),
    "invalid_encoding": _("Letters in another encoding than the rest of the file"),
    "unreadable_line": _("The line can't be split into cells"),
}


def reason_sentence(code: str) -> str:
    """Why a row was rejected, in the language that is active now."""
    return str(REJECTS.get(code, code))


# What one value can say for a whole file when no column does.
OPTIONAL_CONSTANTS: Mapping[str, tuple[str, ...]] = {
    "channel_daily": ("channel", "medium", "campaign"),
    "orders": ("channel",),
    "events": ("name", "channel"),
}
