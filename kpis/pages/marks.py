"""Small counts on a board's cells: events of the period and unfinished actions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import ngettext

from kpis.queries.definitions import definitions_of
from kpis.queries.notes import Marks, marks_between
from tenants.access import Access


def marks_answer(access: Access, start: dt.date, end: dt.date) -> dict[str, Any]:
    """By cell, "revenue.KR"; of all KPIs ".KR", of all markets "revenue." or "."."""
    found = marks_between(access, list(definitions_of(access).by_key), start, end)
    return {
        "cells": {
            f"{one.kpi}.{one.market}": {"events": one.events, "actions": one.actions, "label": _label(one)}
            for one in found
        }
    }


def _label(one: Marks) -> str:
    events = ngettext("%(number)d event", "%(number)d events", one.events) % {"number": one.events}
    actions = ngettext("%(number)d unfinished action", "%(number)d unfinished actions", one.actions)
    parts = [events if one.events else "", actions % {"number": one.actions} if one.actions else ""]
    return ", ".join(part for part in parts if part)
