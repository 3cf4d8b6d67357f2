"""Restatements that a person may know of."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from sources.models import Restatement, RestatementRule
from tenants.access import Access

DEFAULT_PERCENT = 2.0
RECENT = dt.timedelta(days=14)


def restatements_seen_by(access: Access) -> QuerySet[Restatement]:
    """The latest first, of the markets that this person may see."""
    return Restatement.objects.filter(market__in=access.market_codes)


def restatements_since(access: Access, moment: dt.datetime) -> list[Restatement]:
    """What was restated after a moment, in this person's markets: the latest first."""
    return list(restatements_seen_by(access).filter(known_from__gt=moment))


def threshold_percent() -> float:
    """From which change (in percent of the old value) on a restatement is told of."""
    rule = RestatementRule.objects.first()
    return float(rule.percent) if rule is not None else DEFAULT_PERCENT
