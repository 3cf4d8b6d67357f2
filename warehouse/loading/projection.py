"""Compiles a plan to one SQL pipeline: cells → values → moments and defaults → faults and state → business key."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from warehouse.engine.ducklake.schema import TYPES, literal, quoted
from warehouse.errors import PlanIncomplete
from warehouse.loading import words
from warehouse.loading.casts import (
    Fault,
    Reading,
    cleaned,
    is_nothing,
    local_moment,
    lookup,
    moment_faults,
    reading,
    texts,
    zoned_moment,
)
from warehouse.loading.keys import content_key, row_key
from warehouse.plan import Cast, ColumnPlan, Plan, Staged
from warehouse.scope import Tenancy
from warehouse.tables import CANONICAL, LOADABLE, Column, Table

GOOD, REJECTED, TOTAL, BLANK = 0, 1, 2, 3
FIRST_CELLS = 8  # a report's own total says so in one of its first cells
IRREGULAR = "a row that needs the stage"
CURRENCY_SIGNS = {"₩": "KRW", "원": "KRW", "￦": "KRW", "€": "EUR", "£": "GBP", "US$": "USD", "円": "JPY", "엔": "JPY"}


@dataclass(frozen=True)
class Cell:
    """Where one canonical column comes from: `text` is the SQL name of its cleaned cell, `label` what people call it."""

    column: Column
    cast: Cast
    text: str
    label: str

    @property
    def value(self) -> str:
        return f"v_{self.column.name}"


class Projection:
    """A plan made ready for a file of one client.

    *Errors*: PlanIncomplete when the plan names what doesn't exist or lacks what its table needs.
    """

    def __init__(self, staged: Staged, plan: Plan, tenancy: Tenancy, today: dt.date) -> None:
        self.staged, self.plan, self.tenancy, self.today = staged, plan, tenancy, today
        self.table = _table(plan)
        self.cells = tuple(self._cell(number, column) for number, column in enumerate(plan.columns))
        self._check()

    # --- what the plan says ---
    def _cell(self, number: int, planned: ColumnPlan) -> Cell:
        names = {c.name: c for c in self.table.columns}
        if planned.target not in names or planned.target == "source":
            raise _unknown(planned.target, self.table.name)
        if planned.column is not None and planned.column not in self.staged.columns:
            raise PlanIncomplete(
                _("The file has no column “%(column)s”.") % {"column": planned.column},
                fix=_("Choose one of the file's columns."),
                column=planned.column,
            )
        label = planned.column if planned.column is not None else planned.target
        return Cell(names[planned.target], planned.cast, f"t{number}", label)

    def _check(self) -> None:
        given = [cell.column.name for cell in self.cells]
        for name in given:
            if given.count(name) > 1:
                raise PlanIncomplete(
                    _("“%(column)s” is mapped twice.") % {"column": name}, fix=_("Keep one of the two."), column=name
                )
        derived = {"source", "currency", *(["day"] if self.table.day_from in given else [])}
        missing = [c.name for c in self.table.columns if c.required and c.name not in given and c.name not in derived]
        if missing:
            raise PlanIncomplete(
                _("Nothing says what “%(columns)s” is.") % {"columns": ", ".join(missing)},
                fix=_("Map a column to it, or give one value for the whole file."),
                columns=missing,
            )
        if self.plan.breakdown and not self.keeps_breakdown:
            raise PlanIncomplete(
                _("This kind of data can't keep extra dimensions."),
                fix=_("Leave the extra columns out."),
                columns=list(self.plan.breakdown),
            )

    @property
    def keeps_breakdown(self) -> bool:
        """Extra columns go to `breakdown`, or, of events, to their properties."""
        names = {c.name for c in self.table.columns}
        return "breakdown" in names or ("properties" in names and "properties" not in self.given)

    @cached_property
    def given(self) -> dict[str, Cell]:
        return {cell.column.name: cell for cell in self.cells}

    @cached_property
    def loaded(self) -> tuple[str, ...]:
        """The canonical columns that the stage holds, in the table's order."""
        extra = {"source"}
        if any(c.name == "currency" for c in self.table.columns):
            extra.add("currency")
        if self.table.day_from in self.given:
            extra.add("day")
        if self.plan.breakdown:
            extra.add("breakdown" if self.table.name == "channel_daily" else "properties")
        return tuple(c.name for c in self.table.columns if c.name in self.given or c.name in extra)

    # --- the pipeline ---
    def sql(self, scan: str) -> str:
        """The whole pipeline over a scan of the file: canonical columns, row_key, keyless, state, and the cells of rejected rows."""
        keyless, key = self._keys()
        cells = ", ".join(f"{cell.text} := {cell.text}" for cell in self._of_file()) or "t := NULL"
        state = (
            f"(CASE WHEN {self._is_blank()} THEN {BLANK} WHEN is_total THEN {TOTAL} WHEN is_faulty THEN {REJECTED} "
            f"ELSE {GOOD} END)::TINYINT"
        )
        # The cells are one column, because the engine would judge the row again for each.
        kept = f"CASE WHEN is_faulty THEN struct_pack({cells}) END AS cells"
        return (
            f"{self._judged_rows(scan)} SELECT {', '.join(self._values())}, {key} AS row_key, {keyless} AS keyless, "
            f"{state} AS state, {kept} FROM judged"
        )

    def regular_sql(self, scan: str) -> str:
        """The pipeline for a file whose every row is good, straight into the lake: it fails at the first row that isn't."""
        irregular = f"is_faulty OR is_total OR ({self._is_blank()})"
        key = f"CASE WHEN {irregular} THEN error({literal(IRREGULAR)})::UUID ELSE {self._keys()[1]} END"
        return f"{self._judged_rows(scan)} SELECT {', '.join(self._values())}, {key} AS row_key FROM judged"

    def _judged_rows(self, scan: str) -> str:
        cells = f"SELECT {', '.join(self._cell_columns())} FROM {scan}"
        judged = f"SELECT *, {self._is_total()} AS is_total, {self._any_fault()} AS is_faulty FROM placed"
        return f"{self._placed(cells)}, judged AS ({judged})"

    def faults_sql(self, rows: str) -> str:
        """What is wrong with the rejected rows of a stage, from their cells: k, and fault (column, value, reason), one row each.

        Worked out apart, because lists of faults for every row would cost more than all the rest.
        """
        cells = ", ".join(
            f"cells.{cell.text} AS {cell.text}"
            if planned.column is not None
            else f"{cleaned(literal(planned.constant or ''))} AS {cell.text}"
            for cell, planned in zip(self.cells, self.plan.columns, strict=True)
        )
        breakdown = "".join(f", NULL::VARCHAR AS b{number}" for number in range(len(self.plan.breakdown)))
        placed = self._placed(f"SELECT k, {cells}{breakdown} FROM {rows} WHERE state = {REJECTED}")
        return f"{placed} SELECT k, unnest({self._fault_list()}) AS fault FROM placed"

    def _placed(self, cells: str) -> str:
        steps = [
            ("cells", cells),
            ("parsed", f"SELECT *, {', '.join(self._parsed_columns())} FROM cells"),
            ("placed", f"SELECT *, {', '.join(self._placed_columns())} FROM parsed"),
        ]
        return "WITH " + ", ".join(f"{name} AS ({body})" for name, body in steps)

    def _cell_columns(self) -> list[str]:
        columns = []
        for cell, planned in zip(self.cells, self.plan.columns, strict=True):
            raw = quoted(planned.column) if planned.column is not None else f"{literal(planned.constant or '')}"
            columns.append(f"{cleaned(raw)} AS {cell.text}")
        columns += [f"{cleaned(quoted(name))} AS b{number}" for number, name in enumerate(self.plan.breakdown)]
        first = ", ".join(f"nullif({quoted(name)}, '')" for name in self.staged.columns[:FIRST_CELLS])
        return [*columns, f"coalesce({first}) AS first_cell"]

    def _parsed_columns(self) -> list[str]:
        columns = []
        for cell in self.cells:
            if cell.column.name == "market":
                columns.append(f"{self._market(cell)} AS {cell.value}")
            elif cell.column.kind == "timestamp":
                columns.append(f"{local_moment(cell.cast, cell.text)} AS local_{cell.column.name}")
                columns.append(f"{zoned_moment(cell.cast, cell.text)} AS zoned_{cell.column.name}")
            elif cell.column.name == "currency":
                columns.append(f"{self._currency(cell)} AS read_currency")
            else:
                columns.append(f"{self._reading(cell).value} AS {cell.value}")
        return columns

    def _placed_columns(self) -> list[str]:
        """What depends on the row's market: moments in UTC, the day, the default currency; and what is the same for all."""
        columns = [f"{literal(self.plan.source)} AS v_source"]
        for cell in self.cells:
            if cell.column.kind == "timestamp":
                name = cell.column.name
                local = self._in_zone(f"local_{name}", cell.cast.time_zone)
                columns.append(f"coalesce(zoned_{name}, {local} AT TIME ZONE 'UTC') AS {cell.value}")
        if self.table.day_from in self.given and "day" not in self.given:
            columns.append(f"{self._derived_day()} AS v_day")
        if "currency" in self.loaded:
            default = lookup({m.code: m.currency for m in self.tenancy.markets.values()}, "v_market")
            known = "read_currency" if "currency" in self.given else "NULL"
            empty = f"{self.given['currency'].text} IS NULL" if "currency" in self.given else "true"
            columns.append(f"CASE WHEN {empty} THEN {default} ELSE {known} END AS v_currency")
        if self.plan.breakdown:
            columns.append(self._breakdown())
        return columns

    def _values(self) -> list[str]:
        return [f"v_{name}::{TYPES[self.table.column(name).kind]} AS {quoted(name)}" for name in self.loaded]

    def _is_blank(self) -> str:
        return " AND ".join(["first_cell IS NULL", *(f"{cell.text} IS NULL" for cell in self._of_file())])

    def _keys(self) -> tuple[str, str]:
        """Whether a row is known by its content only, and its key."""
        given = frozenset(self.loaded)
        key, identity = row_key(self.table, given), self.table.identity
        if not identity:
            return "false", key
        content = content_key(self.table, given)
        if identity not in self.given:
            return "true", content
        return f"v_{identity} IS NULL", f"CASE WHEN v_{identity} IS NULL THEN {content} ELSE {key} END"

    # --- columns ---
    def _reading(self, cell: Cell) -> Reading:
        return reading(cell.column, cell.cast, cell.text, self.today)

    def _market(self, cell: Cell) -> str:
        told = lookup({k.strip().lower(): v for k, v in cell.cast.values.items()}, f"lower({cell.text})")
        code = told if cell.cast.kind == "map" else cell.text
        return lookup({m.lower(): m for m in self.tenancy.markets}, f"lower({code})")

    def _currency(self, cell: Cell) -> str:
        folded = {k.strip().lower(): v for k, v in cell.cast.values.items()}
        told = lookup(folded, f"lower({cell.text})") if cell.cast.kind == "map" else f"upper({cell.text})"
        code = f"coalesce({lookup(CURRENCY_SIGNS, f'upper({cell.text})')}, {told})"
        return lookup({code: code for code in words.currencies()}, code)

    def _in_zone(self, local: str, zone: str) -> str:
        """A clock's moment as an instant; an hour that summer time skips is read as the next one."""
        if zone:
            return f"({local} AT TIME ZONE {literal(zone)})"
        return self._by_zone(lambda name: f"{local} AT TIME ZONE {literal(name)}")

    def _by_zone(self, sql: object) -> str:
        """One branch a time zone: with a zone a row, the engine would look up its rules for every row."""
        zones: dict[str, list[str]] = {}
        for market in self.tenancy.markets.values():
            zones.setdefault(market.time_zone, []).append(market.code)
        branches = " ".join(f"WHEN v_market IN ({texts(codes)}) THEN {sql(zone)}" for zone, codes in zones.items())  # type: ignore[operator]
        return f"(CASE {branches} END)"

    def _derived_day(self) -> str:
        cell = self.given[self.table.day_from]
        name = cell.column.name
        utc = f"coalesce(zoned_{name}, {self._in_zone(f'local_{name}', cell.cast.time_zone)} AT TIME ZONE 'UTC')"
        there = self._by_zone(lambda zone: f"({utc} AT TIME ZONE 'UTC') AT TIME ZONE {literal(zone)}")
        if cell.cast.time_zone:
            return f"{there}::DATE"
        return f"(CASE WHEN zoned_{name} IS NULL THEN local_{name} ELSE {there} END)::DATE"

    def _breakdown(self) -> str:
        names = self.plan.breakdown
        if self.table.name != "channel_daily":
            pairs = ", ".join(f"{literal(name)}, b{number}" for number, name in enumerate(names))
            return f"json_object({pairs})::VARCHAR AS v_properties"

        def escaped(sql: str) -> str:
            return rf"replace(replace(replace({sql}, '\', '\\'), ';', '\;'), '=', '\=')"

        parts = ", ".join(
            f"{escaped(literal(name))} || '=' || {escaped(f'b{number}')}" for number, name in enumerate(names)
        )
        return f"nullif(concat_ws(';', {parts}), '') AS v_breakdown"

    # --- judgement ---
    def _of_file(self) -> list[Cell]:
        return [c for c, planned in zip(self.cells, self.plan.columns, strict=True) if planned.column is not None]

    def _is_total(self) -> str:
        if not self.plan.skip_totals:
            return "false"
        cells = self._of_file()
        names = [c for c in cells if c.column.kind in ("text", "date", "timestamp")]
        numbers = [c for c in cells if c not in names]
        dates = [
            f"{c.text} IS NULL OR {self._moment(c)} IS NULL" for c in names if c.column.kind in ("date", "timestamp")
        ]
        odd_date = " OR ".join(dates) or "false"
        says_so = (
            # Most rows begin with a date or a number: they need no closer look.
            "CASE WHEN first_cell >= '!' AND first_cell < ':' THEN false "
            f"ELSE regexp_matches(first_cell, {literal(words.TOTAL_ALONE)}, 'i') OR "
            f"(({odd_date}) AND regexp_matches(first_cell, {literal(words.TOTAL_BEGINS)}, 'i')) END"
        )
        if not (names and numbers):
            return f"coalesce({says_so}, false)"
        empty = [f"({c.text} IS NULL OR {c.text} = '--')" for c in names]
        others = [*empty[1:], *(f"b{n} IS NULL" for n in range(len(self.plan.breakdown)))]
        told = f"({' OR '.join(f'{c.text} IS NOT NULL' for c in numbers)})"
        nameless = f"CASE WHEN {empty[0]} THEN {' AND '.join([*others, told])} ELSE false END"
        return f"coalesce({says_so}, false) OR {nameless}"

    def _moment(self, cell: Cell) -> str:
        return (
            f"v_{cell.column.name}"
            if cell.column.kind == "date"
            else f"coalesce(zoned_{cell.column.name}, local_{cell.column.name})"
        )

    def _faults(self) -> list[tuple[Cell, Fault]]:
        found: list[tuple[Cell, Fault]] = []
        for cell in self.cells:
            found += [(cell, Fault(f.when.replace("{v}", self._judged(cell)), f.reason)) for f in self._faults_of(cell)]
            if cell.column.required and cell.column.name != "currency":
                found.append((cell, Fault.named(_is_missing(cell), "missing_required")))
        return found

    def _judged(self, cell: Cell) -> str:
        return self._moment(cell) if cell.column.kind == "timestamp" else cell.value

    def _faults_of(self, cell: Cell) -> tuple[Fault, ...]:
        text = cell.text
        if cell.column.name == "market":
            told = lookup({k.strip().lower(): v for k, v in cell.cast.values.items()}, f"lower({text})")
            mapped = f"{told} IS NOT NULL" if cell.cast.kind == "map" else "true"
            allowed = self.tenancy.loadable & set(self.tenancy.markets)
            faults = [Fault.named(f"{{v}} IS NULL AND {text} IS NOT NULL AND {mapped}", "unknown_market")]
            if cell.cast.kind == "map":
                faults.append(Fault.named(f"{text} IS NOT NULL AND NOT ({mapped})", "unmapped"))
            if allowed != set(self.tenancy.markets):
                faults.append(Fault.named(f"{{v}} NOT IN ({texts(['', *sorted(allowed)])})", "market_not_allowed"))
            return tuple(faults)
        if cell.column.name == "currency":
            return (Fault.named(f"read_currency IS NULL AND {text} IS NOT NULL", "unknown_currency"),)
        if cell.column.kind == "timestamp":
            return moment_faults(text, self.today)
        return self._reading(cell).faults

    def _any_fault(self) -> str:
        return " OR ".join(f"coalesce({fault.when}, false)" for _cell, fault in self._faults()) or "false"

    def _fault_list(self) -> str:
        entries = ", ".join(
            f"CASE WHEN {fault.when} THEN {{'column': {literal(cell.label)}, 'value': {cell.text}, 'reason': {fault.reason}}} END"
            for cell, fault in self._faults()
        )
        return f"list_filter([{entries}], lambda fault: fault IS NOT NULL)"


def _is_missing(cell: Cell) -> str:
    if cell.column.kind in ("count", "money", "number", "ratio"):
        return is_nothing(cell.text)
    return f"{cell.text} IS NULL OR {cell.text} = '--'" if cell.column.kind == "text" else f"{cell.text} IS NULL"


def _table(plan: Plan) -> Table:
    if plan.table not in LOADABLE:
        raise PlanIncomplete(
            _("Files can't be loaded as “%(table)s”.") % {"table": plan.table},
            fix=_("Choose one of: %(tables)s.") % {"tables": ", ".join(LOADABLE)},
            table=plan.table,
        )
    if not plan.source.strip():
        raise PlanIncomplete(_("The source of the file has no name."), fix=_("Give the source a name."))
    return CANONICAL[plan.table]


def _unknown(target: str, table: str) -> PlanIncomplete:
    return PlanIncomplete(
        _("“%(table)s” has no column “%(column)s”.") % {"table": table, "column": target},
        fix=_("Choose one of its columns."),
        column=target,
    )
