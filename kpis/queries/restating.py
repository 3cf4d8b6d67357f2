"""Restatements as alerts read them: which month of a KPI was given another value, and from when that is known."""

from __future__ import annotations

import datetime as dt

from kpis.queries.restatements import restatements_since
from sources.models import Restatement
from tenants.access import Access


def restated_since(access: Access, key: str, first: dt.date) -> tuple[Restatement, ...]:
    """Restatements of a KPI that became known from a day on, in this person's markets."""
    moment = dt.datetime.combine(first, dt.time(), tzinfo=dt.UTC) - dt.timedelta(days=1)
    return tuple(one for one in restatements_since(access, moment) if one.kpi == key)
