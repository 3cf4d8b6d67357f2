"""What the lake knows, in as few reads as possible: sums by month, values of periods, days of a slice, days missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kpis.catalogue.conditions import Condition, term_of
from kpis.spans import month_start
from ui.periods import add_months
from warehouse.scope import Scope

if TYPE_CHECKING:
    import ibis.expr.types as ir

WHOLE_MONTHS = ("month", "quarter", "ytd")  # grains that boards are made of: read together, whichever is asked for
DAILY_ORIGINS = ("channel_daily", "events")  # a day without a row is a missing day; orders may have none


def daily_of(scope: Scope) -> ir.Table:
    """Measures by day, of the scope's channels where it names some."""
    from warehouse.engine import table

    daily = table("measure_daily")
    return daily.filter(daily.channel.isin(scope.channels)) if scope.channels else daily


def _month(day: Any) -> Any:
    """The first of the month; truncating a date gives a moment on some engines."""
    import ibis

    return ibis.date(day.year(), day.month(), 1)


def sum_columns(daily: ir.Table, measures: Sequence[str]) -> dict[str, Any]:
    """One column a measure: `m0`, `m1` … for the filtered ones, whose keys are no names of columns."""
    return {_column(index, measure): _sum(daily, measure) for index, measure in enumerate(measures)}


def _column(index: int, measure: str) -> str:
    return f"m{index}" if "[" in measure else measure


def _sum(daily: ir.Table, measure: str) -> Any:
    """A sum. Of a filtered measure: 0 where the measure itself was counted and nothing met the condition."""
    import ibis

    term = term_of(measure)
    column = daily[term.base]
    if not term.conditions:
        return column.sum()
    met = [_meets(daily, condition) for condition in term.conditions]
    kept = ibis.ifelse(ibis.and_(*met), column, column - column)
    return kept.sum()


def _meets(daily: ir.Table, condition: Condition) -> Any:
    found = daily[condition.dimension].fill_null("").isin(list(condition.values))
    return ~found if condition.negated else found


def with_keys(rows: list[dict[str, Any]], measures: Sequence[str]) -> list[dict[str, Any]]:
    """Rows with their measures under their own keys."""
    filtered = [(index, measure) for index, measure in enumerate(measures) if "[" in measure]
    for row in rows if filtered else ():
        for index, measure in filtered:
            row[measure] = row.pop(_column(index, measure))
    return rows


def sums_by_month(scope: Scope, first: dt.date, measures: Sequence[str]) -> list[dict[str, Any]]:
    """Sums of every month from the one of `first` on, those after the scope's period too.

    The statement begins with a year and has no end, so that boards of other periods ask the lake the same.
    Shape: market, source, origin, month, currency; one column a measure; first_day, last_day, days.
    """
    import ibis

    from warehouse.engine import rows

    daily = daily_of(scope)
    daily = daily.filter(daily.day >= ibis.date(_year_start(first).isoformat()))
    daily = daily.mutate(month=_month(daily.day))
    grouped = daily.group_by("market", "source", "origin", "month", "currency").aggregate(
        first_day=daily.day.min(), last_day=daily.day.max(), days=daily.day.nunique(), **sum_columns(daily, measures)
    )
    begins = month_start(first)
    return with_keys([row for row in rows(grouped, scope) if row["month"] >= begins], measures)


def _year_start(day: dt.date) -> dt.date:
    return day.replace(month=1, day=1)


def sums_by_day(scope: Scope, months: Iterable[dt.date], measures: Sequence[str]) -> list[dict[str, Any]]:
    """Sums of every day of these months. Shape: market, origin, day, currency; one column a measure."""
    import ibis

    from warehouse.engine import rows

    daily = daily_of(scope)
    wanted = [ibis.date(month.isoformat()) for month in sorted(set(months))]
    daily = daily.mutate(month=_month(daily.day))
    daily = daily.filter(daily.month.isin(wanted))
    grouped = daily.group_by("market", "origin", "day", "currency").aggregate(**sum_columns(daily, measures))
    return with_keys(rows(grouped, scope), measures)


def sums_between(scope: Scope, first: dt.date, end: dt.date, measures: Sequence[str]) -> list[dict[str, Any]]:
    """Sums of every day of [first, end). Shape: market, day, currency; one column a measure."""
    import ibis

    from warehouse.engine import rows

    daily = daily_of(scope)
    daily = daily.filter(daily.day >= ibis.date(first.isoformat()), daily.day < ibis.date(end.isoformat()))
    grouped = daily.group_by("market", "day", "currency").aggregate(**sum_columns(daily, measures))
    return with_keys(rows(grouped, scope), measures)


def sums_by_part(
    scope: Scope,
    windows: Sequence[tuple[dt.date, dt.date]],
    parts: Sequence[str],
    measures: Sequence[str],
    *,
    by_day: bool = False,
) -> list[dict[str, Any]]:
    """Sums of some windows [first, end) by dimensions.

    Shape: market, month, currency, parts, with `by_day` the day too; one column a measure.
    """
    import ibis

    from warehouse.engine import rows

    daily = daily_of(scope)
    inside = [
        (daily.day >= ibis.date(first.isoformat())) & (daily.day < ibis.date(end.isoformat())) for first, end in windows
    ]
    daily = daily.filter(ibis.or_(*inside)).mutate(month=_month(daily.day))
    days = ("day",) if by_day else ()
    grouped = daily.group_by("market", "month", *days, "currency", *parts).aggregate(**sum_columns(daily, measures))
    return with_keys(rows(grouped, scope), measures)


def values_of_periods(
    scope: Scope, grains: Iterable[str], first: dt.date, measures: Sequence[str]
) -> list[dict[str, Any]]:
    """Values that can't be added, of periods that start from `first` to the scope's end; one statement a year, too.

    Shape: market, grain, start, measure, value.
    """
    import ibis

    from warehouse.engine import rows, table

    kept = table("measure_period")
    kept = kept.filter(
        kept.measure.isin(list(measures)),
        kept.start >= ibis.date(_year_start(first).isoformat()),
    )
    asked, end = set(grains), scope.period.end
    kept = kept.filter(kept.grain.isin(list(WHOLE_MONTHS if asked <= set(WHOLE_MONTHS) else sorted(asked))))
    found = rows(kept.select("market", "grain", "start", "measure", "value"), scope)
    return [row for row in found if row["grain"] in asked and first <= row["start"] < end]


def days_with_data(scope: Scope) -> list[dict[str, Any]]:
    """The days of the scope's period that have a row, of sources that are expected to have one every day.

    Shape: market, source, origin, day.
    """
    import ibis

    from warehouse.engine import rows, table

    daily = table("measure_daily")
    daily = daily.filter(
        daily.origin.isin(list(DAILY_ORIGINS)),
        daily.day >= ibis.date(scope.period.start.isoformat()),
        daily.day < ibis.date(scope.period.end.isoformat()),
    )
    return rows(daily.select("market", "source", "origin", "day").distinct(), scope)


def default_month(span: tuple[dt.date, dt.date] | None, today: dt.date) -> dt.date:
    """The month that a board opens with: the last one that the data cover to its end.

    A client whose data end within their only month gets that month; one without data the month before today's.
    """
    if span is None:
        return add_months(month_start(today), -1)
    first, last = span[0], min(span[1], today)
    month = month_start(last)
    if last == add_months(month, 1) - dt.timedelta(days=1) or month_start(first) >= month:
        return month
    return add_months(month, -1)
