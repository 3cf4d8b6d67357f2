"""What a mapping must hold before rows can be checked with it, and how the last one of a shape is used again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from sources.errors import (
    ColumnGone,
    CurrencyUnknown,
    DayUnreadable,
    MappingUnreadable,
    MarketNotYours,
    SourceUnnamed,
    TableUnknown,
    TargetMissing,
    TargetTwice,
    TargetUnknown,
    ZoneUnknown,
)
from sources.reading.casting import cast_for
from sources.reading.profile import ColumnProfile
from sources.reading.vocabulary import fold
from sources.words import table_label, target_label
from tenants.access import Access
from tenants.services import known_currencies
from warehouse.plan import Cast, ColumnPlan, Plan
from warehouse.tables import CANONICAL, LOADABLE

# What the warehouse fills in by itself: the plan's own source, the day of a moment, a market's own currency.
FILLED_IN = frozenset({"source", "currency"})


def plan_of(raw: Mapping[str, object]) -> Plan:
    """A plan from JSON. Errors: MappingUnreadable."""
    try:
        plan = Plan.from_json(raw)
        for column in plan.columns:
            if column.cast.kind not in ("text", "number", "date", "timestamp", "bool", "map", "hash", "json"):
                raise ValueError(f"cast.kind {column.cast.kind!r}")
            if not isinstance(column.cast.values, Mapping):
                raise TypeError("cast.values")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MappingUnreadable(detail=str(error)[:200]) from error
    return plan


def fingerprint(plan: Plan) -> str:
    """Equal for equal mappings."""
    return hashlib.md5(json.dumps(plan.as_json(), sort_keys=True).encode(), usedforsecurity=False).hexdigest()


def shape_fingerprint(columns: Iterable[str]) -> str:
    """Equal for files with the same column names, whatever their order, case, punctuation, delimiter or encoding."""
    return hashlib.sha256("\n".join(sorted(fold(column) for column in columns)).encode()).hexdigest()


def open_questions(plan: Plan) -> tuple[str, ...]:
    """Targets that rows can't do without and that nothing fills yet, in the table's order."""
    table = CANONICAL[plan.table]
    filled = {column.target for column in plan.columns if column.column or column.constant}
    needed = [column.name for column in table.columns if column.required and column.name not in FILLED_IN]
    if any(column.name in ("ordered_at", "occurred_at") for column in table.columns):
        needed = [name for name in needed if name != "day"]
    return tuple(name for name in needed if name not in filled)


def check_answered(plan: Plan) -> None:
    """Errors: TargetMissing for what rows can't do without."""
    missing = open_questions(plan)
    if missing:
        labels = ", ".join(str(target_label(plan.table, target)) for target in missing)
        raise TargetMissing(labels=labels, targets=list(missing))


def check_plan(plan: Plan, columns: Sequence[str], access: Access) -> None:
    """Refuse a mapping that can't be meant: a column, target, market, currency or zone that doesn't exist.

    Errors: every MappingProblem but TargetMissing.
    """
    if plan.table not in LOADABLE:
        raise TableUnknown(table=plan.table, tables=", ".join(LOADABLE))
    if not re.fullmatch(r"[-\w]{1,40}", plan.source):
        raise SourceUnnamed(source=plan.source)
    targets = {column.name for column in CANONICAL[plan.table].columns} - {"source", "breakdown"}
    filled: dict[str, str] = {}
    for column in plan.columns:
        if column.target not in targets:
            raise TargetUnknown(target=column.target, table=str(table_label(plan.table)))
        if column.column is not None and column.column not in columns:
            raise ColumnGone(column=column.column)
        said = column.column or column.constant or "–"
        if column.target in filled:
            label = str(target_label(plan.table, column.target))
            raise TargetTwice(target=label, first=filled[column.target], second=said)
        filled[column.target] = said
        _check_values(column, access)
    gone = [name for name in plan.breakdown if name not in columns]
    if gone:
        raise ColumnGone(column=gone[0])


def _check_values(column: ColumnPlan, access: Access) -> None:
    if column.target == "market":
        _check_market(column, access)
    if column.cast.time_zone and column.cast.time_zone not in available_timezones():
        raise ZoneUnknown(zone=column.cast.time_zone)
    if column.constant is None:
        return
    if column.target == "currency" and column.constant not in known_currencies():
        raise CurrencyUnknown(currency=column.constant)
    if column.target == "day":
        _check_day(column.constant)


def _check_market(column: ColumnPlan, access: Access) -> None:
    known = {market.code for market in access.client.markets.all()}
    yours = ", ".join(sorted(access.may_load)) or _("none")
    if column.constant is not None and column.constant not in access.may_load:
        raise MarketNotYours(market=column.constant, markets=yours)
    strangers = [code for code in column.cast.values.values() if code not in known]
    if strangers:
        raise MarketNotYours(market=strangers[0], markets=yours)


def _check_day(text: str) -> None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise DayUnreadable(value=text) from error
    if not 1990 <= day.year < 2100:
        raise DayUnreadable(value=text)


def again(remembered: Plan, fresh: Plan, profiles: Sequence[ColumnProfile], access: Access) -> Plan:
    """The remembered mapping for a new file of its shape.

    What the person decided stays (targets, constants, breakdown, market values); what belongs to one file (its day,
    a market that this person may not load) and how its cells are written is taken from the new file.
    """
    names = {fold(profile.name): profile.name for profile in profiles}
    by_name = {profile.name: profile for profile in profiles}
    found = {column.target: column for column in fresh.columns}
    columns = []
    for column in remembered.columns:
        if column.column is None:
            if column.target == "day" or (column.target == "market" and column.constant not in access.may_load):
                continue
            columns.append(column)
            continue
        name = names.get(fold(column.column))
        if name:
            columns.append(
                replace(column, column=name, cast=_cast_again(remembered.table, column, by_name[name], found))
            )
    kept = {column.target for column in columns}
    if remembered.table == fresh.table:
        columns += [found[target] for target in ("day", "market") if target in found and target not in kept]
    breakdown = tuple(names[fold(name)] for name in remembered.breakdown if fold(name) in names)
    return replace(remembered, columns=tuple(columns), breakdown=breakdown)


def _cast_again(table: str, column: ColumnPlan, profile: ColumnProfile, found: Mapping[str, ColumnPlan]) -> Cast:
    if column.cast.kind == "map":
        fresh = found.get(column.target)
        values = dict(fresh.cast.values) if fresh and fresh.column == profile.name else {}
        return replace(column.cast, values={**values, **column.cast.values})
    seen = cast_for(table, column.target, profile)
    if column.cast.kind == "number" and seen.kind == "number" and not profile.number.undecided:
        return replace(seen, percent=column.cast.percent)
    if column.cast.kind in ("date", "timestamp") and not profile.date.question and profile.date.formats:
        return replace(column.cast, formats=seen.formats)
    return column.cast
