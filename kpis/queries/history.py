"""What a cell said when: every value that was reported for it, with what changed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpis.catalogue import Kpi
from kpis.catalogue.conditions import term_of
from kpis.catalogue.formula import Pacing, Periodic, combine
from kpis.queries.amounts import Reporting, fold
from kpis.queries.cells import BoardAsk
from kpis.queries.evaluation import period_start
from kpis.queries.goals import Held, goals_and_rates
from kpis.queries.measured import sum_columns, with_keys
from kpis.values import NO_DATA, Value
from warehouse.scope import Scope

MOST = 30
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """From `at` on (UTC; None: since before it was noted) the value was this. `by` is the load that made it so.

    `by` is empty where it isn't known, "rebuild" for a recompute; `undone`: the load was taken back.
    """

    at: dt.datetime | None
    value: Value
    by: str
    undone: bool
    sources: tuple[str, ...]


def cell_history(scope: Scope, ask: BoardAsk) -> tuple[Told, ...]:
    """What the ask's one KPI was reported as for all of its markets together, the latest first; at most `MOST`.

    Money is converted with today's rates, so that only the numbers of the sources differ. One read of the lake.
    """
    kpi = ask.kpis[0]
    if isinstance(kpi.formula, Pacing):
        return ()
    rows = _rows(scope, kpi, ask)
    found: list[Told] = []
    evaluate = _evaluator(kpi, ask)
    for moment in _moments(rows):
        value = evaluate([row for row in rows if _stood(row, moment)])
        if not found or value != found[-1].value:
            found.append(_told(moment, value, rows))
    return tuple(reversed(found[-MOST:]))


def _rows(scope: Scope, kpi: Kpi, ask: BoardAsk) -> list[dict[str, Any]]:
    import ibis

    from warehouse.engine import rows, table

    formula, span = kpi.formula, ask.span
    when = ("known_from", "known_to", "load_id", "closed_by")
    if isinstance(formula, Periodic):
        kept = table("measure_period_versions")
        kept = kept.filter(
            kept.measure.isin(list(formula.periods)),
            kept.grain == span.grain,
            kept.start == ibis.date(period_start(span).isoformat()),
        )
        return rows(kept.select("market", "measure", "value", *when), scope)
    daily = table("measure_daily_versions")
    daily = daily.filter(
        daily.day >= ibis.date(span.start.isoformat()),
        daily.day < ibis.date(span.end.isoformat()),
        ibis.or_(*(daily[term_of(measure).base].notnull() for measure in formula.sums)),
    )
    if scope.channels:
        daily = daily.filter(daily.channel.isin(scope.channels))
    daily = daily.mutate(month=ibis.date(daily.day.year(), daily.day.month(), 1))
    keys = ("market", "source", "month", *(("day",) if ask.conversion.is_daily else ()), "currency", *when)
    found = rows(daily.group_by(*keys).aggregate(**sum_columns(daily, formula.sums)), scope)
    return with_keys(found, formula.sums)


def _moments(rows: Iterable[Row]) -> list[dt.datetime | None]:
    """Every moment at which something changed, in order; None is before all of them."""
    known = {row["known_from"] for row in rows} | {row["known_to"] for row in rows if row["known_to"] is not None}
    dated = sorted(moment for moment in known if moment is not None)
    return [None, *dated] if None in known else list(dated)


def _stood(row: Row, moment: dt.datetime | None) -> bool:
    begun = row["known_from"] is None or (moment is not None and row["known_from"] <= moment)
    ended = moment is not None and row["known_to"] is not None and row["known_to"] <= moment
    return begun and not ended


def _evaluator(kpi: Kpi, ask: BoardAsk) -> Any:
    formula = kpi.formula
    if isinstance(formula, Periodic):
        return lambda rows: formula.of_period({row["measure"]: float(row["value"]) for row in rows if row["value"]})
    _goals, rates = goals_and_rates((), ask.codes, (), Held(ask.home_currency, ask.span.first_needed, ask.conversion))
    reporting = Reporting(ask.currency, ask.own, rates)

    def of_sums(rows: Sequence[Row]) -> Value:
        amounts = fold(rows, formula.sums, reporting)
        return combine(formula, (found.parts(formula) for found in amounts.values())) if amounts else NO_DATA

    return of_sums


def _told(moment: dt.datetime | None, value: Value, rows: Iterable[Row]) -> Told:
    """What changed at this moment names its load on the rows that came and on those that went."""
    if moment is None:
        return Told(None, value, "", False, ())
    came = [row for row in rows if row["known_from"] == moment]
    went = [row for row in rows if row["known_to"] == moment]
    marks = [row["load_id"] for row in came] + [row["closed_by"] for row in went]
    by = next((mark for mark in marks if mark), "")
    sources = tuple(sorted({row["source"] for row in (*came, *went) if row.get("source")}))
    return Told(moment.replace(tzinfo=dt.UTC), value, by.removeprefix("undo:"), by.startswith("undo:"), sources)
