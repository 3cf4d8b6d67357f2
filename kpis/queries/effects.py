"""Before and after of an action: the KPI in the days before it was started against as many days after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kpis.catalogue import Kpi
from kpis.models import Action
from kpis.queries.asked import remembered, state_of_data
from kpis.queries.definitions import definitions_of
from kpis.queries.money import OWN
from kpis.queries.windows import Readings, readings_of
from kpis.values import Hole, Value
from tenants.access import Access
from warehouse.engine import data_version

NOT_STARTED = Value(None, Hole("not_started"))
ONE_MARKET = Value(None, Hole("one_market"))
KPI_GONE = Value(None, Hole("kpi_gone"))


@dataclass(frozen=True, slots=True)
class Effect:
    """The value of the `days` before the start and of as many from the start on; each may be a hole with its reason.

    Money is in the market's own currency. A before and after is no proof: other things change too.
    """

    before: Value
    after: Value
    days: int
    currency: str = ""


def effects_of(access: Access, actions: Iterable[Action]) -> dict[int, Effect]:
    """By the number of the action; one reading a KPI and market, remembered until the lake changes."""
    found: dict[int, Effect] = {}
    groups: dict[tuple[str, str], list[Action]] = {}
    known = definitions_of(access).by_key
    for action in actions:
        why = _why_none(access, action, known)
        if why is not None:
            found[action.pk] = Effect(why, why, action.window_days)
        else:
            groups.setdefault((action.note.kpi, action.note.market), []).append(action)
    for (kpi, market), some in groups.items():
        found |= _of_place(access, known[kpi], market, some)
    return found


def _why_none(access: Access, action: Action, known: Mapping[str, Kpi]) -> Value | None:
    if action.started_on is None:
        return NOT_STARTED
    if action.note.kpi and action.note.kpi not in known:
        return KPI_GONE
    return None if action.note.kpi and action.note.market in access.market_codes else ONE_MARKET


def _of_place(access: Access, kpi: Kpi, market: str, actions: list[Action]) -> dict[int, Effect]:
    starts = {action.pk: (action.started_on, action.window_days) for action in actions}
    state = state_of_data(access)
    key = ("effects", access.client.schema_name, data_version(access.client.schema_name), state.revisions,
           state.today, kpi.key, market, tuple(sorted(starts.items())))  # fmt: skip
    kept: dict[int, Effect] = remembered(key, lambda: _computed(access, kpi, market, starts, state.today))
    return kept


def _computed(
    access: Access, kpi: Kpi, market: str, starts: Mapping[int, tuple[dt.date | None, int]], today: dt.date
) -> dict[int, Effect]:
    known = {number: (day, days) for number, (day, days) in starts.items() if day is not None}
    first = min(day - dt.timedelta(days=days) for day, days in known.values())
    end = max(day + dt.timedelta(days=days) for day, days in known.values())
    yesterday = today - dt.timedelta(days=1)
    readings = readings_of(access, kpi, (market,), (first, end), currency=OWN, last=yesterday)
    return {number: effect_at(readings, market, day, days) for number, (day, days) in known.items()}


def effect_at(readings: Readings, market: str, start: dt.date, days: int) -> Effect:
    """Before and after of a start; after is too early until the data cover its last day."""
    length = dt.timedelta(days=days)
    currency = readings.reporting.of(market) if readings.kpi.is_money else ""
    after = readings.value(market, start, start + length)
    through = readings.through(market)
    if through is not None and through < start + length - dt.timedelta(days=1):
        after = Value(None, Hole("too_early"))
    return Effect(readings.value(market, start - length, start), after, days, currency)
