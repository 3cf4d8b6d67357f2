"""What KPIs add to the frame of every page inside a client."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kpis.pages.freshness import frame_freshness
from kpis.queries.asked import state_in_request
from problems.errors import Problem
from tenants.access import Access
from ui.frame import Freshness


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: freshness, lazy, so that a fragment without a frame asks nothing."""
    access: Access | None = getattr(request, "access", None)
    if access is None:
        return {}
    return {"freshness": SimpleLazyObject(lambda: _freshness(access))}


def _freshness(access: Access) -> Freshness | None:
    """None where it can't be said just now: the page around it matters more."""
    if getattr(connection, "schema_name", "") != access.client.schema_name:
        return None
    try:
        return frame_freshness(access, state_in_request(access))
    except Problem:
        return None
