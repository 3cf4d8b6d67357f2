"""How the cells of a column are read into a canonical column, and how spreadsheet day numbers become dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from sources.reading.date_forms import EXCEL_SERIAL, DateForm
from sources.reading.profile import ColumnProfile
from warehouse.plan import Cast
from warehouse.tables import CANONICAL

_EXCEL_ZERO = dt.datetime(1899, 12, 30)
_NAMED_ZONES = {"UTC": "UTC", "GMT": "UTC", "KST": "Asia/Seoul"}
ISO_DAY, ISO_MOMENT = "%Y-%m-%d", "%Y-%m-%d %H:%M:%S"


def cast_for(table: str, target: str, profile: ColumnProfile) -> Cast:
    """The cast that a column's own values ask for."""
    kind = CANONICAL[table].column(target).kind
    if target in ("email_hash", "phone_hash"):
        return Cast(kind="hash")
    if kind in ("date", "timestamp"):
        zones = {zone for name, zone in _NAMED_ZONES.items() if any(one.endswith(name) for one in profile.date.formats)}
        return Cast(
            kind="date" if kind == "date" else "timestamp",
            formats=readable_formats(profile.date),
            time_zone=zones.pop() if len(zones) == 1 else "",
        )
    if kind in ("count", "money", "number", "ratio"):
        form = profile.number
        percent = form.percent and kind == "ratio" and target != "position"
        return Cast(kind="number", decimal=form.decimal, thousands=form.thousands, percent=percent)
    if kind == "bool":
        return Cast(kind="bool")
    if kind == "json":
        return Cast(kind="json")
    return Cast(kind="text")


def readable_formats(form: DateForm) -> tuple[str, ...]:
    """The formats as they stand after staging, where spreadsheet day numbers became ISO moments."""
    formats = [ISO_MOMENT if one == EXCEL_SERIAL else one for one in form.formats]
    return tuple(dict.fromkeys(formats)) or (ISO_DAY,)


def rewrite_for(form: DateForm) -> Callable[[str], str] | None:
    """How a column's cells are put into a form that every engine reads; None when they are already."""
    return serial_to_iso if EXCEL_SERIAL in form.formats else None


def serial_to_iso(cell: str) -> str:
    """A spreadsheet's day number as an ISO date and time; anything else as it is."""
    text = cell.strip()
    if not re.fullmatch(r"\d{5}(\.\d+)?", text):
        return cell
    moment = _EXCEL_ZERO + dt.timedelta(seconds=round(float(text) * 86_400))
    return moment.strftime(ISO_MOMENT)
