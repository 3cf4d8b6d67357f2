"""What the mapping page sends, as a plan; what the reading strip sends, as choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.text import slugify

from sources.models import FileImport
from sources.planning import plan_of
from sources.queries.sheet import market_values
from sources.reading.casting import cast_for
from sources.reading.encoding import OFFERED
from sources.reading.profile import ColumnProfile
from sources.reading.proposal import market_column
from sources.reading.shape import Choices
from sources.words import OPTIONAL_CONSTANTS
from tenants.access import Access
from warehouse.plan import Cast, ColumnPlan, Plan
from warehouse.tables import CANONICAL

Sent = Mapping[str, str]


def choices_from(sent: Sent) -> Choices:
    """The person's corrections of how the file is read; what they left alone is found out again."""
    encoding, delimiter = sent.get("encoding", ""), sent.get("delimiter", "")
    header = sent.get("header_row", "").strip()
    return Choices(
        encoding=encoding if encoding in OFFERED else None,
        delimiter="\t" if delimiter == "tab" else delimiter or None,
        sheet=sent.get("sheet") or None,
        header_row=int(header) if header.isdecimal() and len(header) < 6 else None,
    )


def plan_from(sent: Sent, access: Access, file_import: FileImport) -> Plan:
    """The plan that a mapping form describes: columns first, then what is said for the whole file."""
    now = plan_of(file_import.plan or {})
    profiles = [ColumnProfile.from_json(raw) for raw in file_import.columns]
    columns, breakdown = _mapped(sent, now, profiles)
    columns = _with_market_values(sent, access, file_import, now, columns)
    taken = {column.target for column in columns}
    columns += [column for column in _shared(sent, now.table, profiles) if column.target not in taken]
    taken = {column.target for column in columns}
    columns += [column for column in _constants(sent, now.table) if column.target not in taken]
    if "time_zone" in sent:
        columns = [_in_zone(now.table, column, sent["time_zone"]) for column in columns]
    source = slugify(sent.get("source", now.source), allow_unicode=True)[:40]
    return replace(now, source=source, columns=tuple(columns), breakdown=breakdown)


def _mapped(sent: Sent, now: Plan, profiles: Sequence[ColumnProfile]) -> tuple[list[ColumnPlan], tuple[str, ...]]:
    columns: list[ColumnPlan] = []
    breakdown: list[str] = []
    for index, profile in enumerate(profiles):
        target = sent.get(f"target-{index}", "")
        if target == "breakdown":
            breakdown.append(profile.name)
        elif target:
            columns.append(
                ColumnPlan(target=target, column=profile.name, cast=_cast(sent, index, now, target, profile))
            )
    return columns, tuple(breakdown)


def _cast(sent: Sent, index: int, now: Plan, target: str, profile: ColumnProfile) -> Cast:
    """The column's own cast, with the marks or the date form that the person chose for this target."""
    known = next((one for one in now.columns if one.column == profile.name and one.target == target), None)
    names = {column.name for column in CANONICAL[now.table].columns}
    if target not in names:
        return Cast()
    cast = known.cast if known else cast_for(now.table, target, profile)
    marks, dates = sent.get(f"marks-{index}", ""), sent.get(f"dates-{index}", "")
    if known and cast.kind == "number" and len(marks) == 2:
        return replace(cast, decimal=marks[0], thousands=marks[1])
    if known and cast.kind in ("date", "timestamp") and dates:
        return replace(cast, formats=tuple(dates.split("|")))
    return cast


def _with_market_values(
    sent: Sent,
    access: Access,
    file_import: FileImport,
    now: Plan,
    columns: list[ColumnPlan],
) -> list[ColumnPlan]:
    """Matches of the market column: as sent where they were shown, as they were where they weren't."""
    market = next((one for one in columns if one.target == "market"), None)
    if market is None or market.column is None:
        return columns
    before = next((one for one in now.columns if one.target == "market" and one.column == market.column), None)
    values = dict(before.cast.values) if before else {}
    for shown in market_values(access, file_import, now) if before else ():
        code = sent.get(f"value-{shown.index}")
        if code is not None and sent.get(f"value-{shown.index}-of") == shown.value:
            values.pop(shown.value, None)
            if code:
                values[shown.value] = code
    return [market_column(str(one.column), values) if one.target == "market" else one for one in columns]


def _shared(sent: Sent, table: str, profiles: Sequence[ColumnProfile]) -> list[ColumnPlan]:
    """Required targets that take another target's column."""
    columns = []
    for column in CANONICAL[table].columns:
        index = sent.get(f"also-{column.name}", "")
        if index.isdecimal() and int(index) < len(profiles):
            profile = profiles[int(index)]
            columns.append(
                ColumnPlan(target=column.name, column=profile.name, cast=cast_for(table, column.name, profile))
            )
    return columns


def _constants(sent: Sent, table: str) -> list[ColumnPlan]:
    columns = []
    for target in ("market", "day", "currency", *OPTIONAL_CONSTANTS.get(table, ())):
        value = sent.get(f"constant-{target}", "").strip()
        if not value or target not in {column.name for column in CANONICAL[table].columns}:
            continue
        cast = Cast(kind="date", formats=("%Y-%m-%d",)) if target == "day" else Cast()
        columns.append(ColumnPlan(target=target, constant=value.upper() if target == "currency" else value, cast=cast))
    return columns


def _in_zone(table: str, column: ColumnPlan, zone: str) -> ColumnPlan:
    names = {one.name: one.kind for one in CANONICAL[table].columns}
    if names.get(column.target) != "timestamp":
        return column
    return replace(column, cast=replace(column.cast, time_zone=zone))
