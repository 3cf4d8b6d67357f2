"""Distinct people over days, weeks, months, quarters and years to date, counted from person-days of all sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.rollup.calendar import quarter_start, year_start
from warehouse.rollup.replacing import Change, replace_measures

if TYPE_CHECKING:
    import duckdb

MEASURES = ("active_users", "mean_daily_users", "engagement_seconds", "view_item_users", "cart_users", "checkout_users")
PEOPLE = {
    "active_users": "active",
    "view_item_users": "viewed",
    "cart_users": "carted",
    "checkout_users": "checked_out",
}


def refresh_person_periods(cursor: duckdb.DuckDBPyConnection, fiscal_start: int, change: Change) -> None:
    """Work out again the fiscal years that the touched months lie in, with the weeks on their edges."""
    begin = f"(SELECT min({year_start('month', fiscal_start)}) FROM touched)"
    end = f"(SELECT (max({year_start('month', fiscal_start)}) + INTERVAL 1 YEAR)::DATE FROM touched)"
    markets = "market IN (SELECT market FROM touched)"
    cursor.execute(f"""
        CREATE OR REPLACE TEMP TABLE days AS
        SELECT market, day, date_trunc('month', day)::DATE AS month, person, bool_or(active) AS active, bool_or(viewed) AS viewed,
            bool_or(carted) AS carted, bool_or(checked_out) AS checked_out, sum(engagement_ms) AS engagement_ms,
            day >= {begin} AND day < {end} AS inside
        FROM lk.main.person_days WHERE {markets} AND day >= {begin} - INTERVAL 6 DAY AND day < {end} + INTERVAL 6 DAY GROUP BY ALL
    """)
    names = ", ".join(f"'{name}'" for name in MEASURES)
    weeks = f"grain = 'week' AND start > {begin} - INTERVAL 7 DAY AND start < {end}"
    where = f"{markets} AND measure IN ({names}) AND (({weeks}) OR (grain <> 'week' AND start >= {begin} AND start < {end}))"
    measured = {measure: _is_measured(measure, fiscal_start) for measure in PEOPLE}
    parts = [
        *_by_period("day", "day", "inside", {"active_users": "true"}),
        *_by_period(
            "week", "date_trunc('week', day)::DATE", f"date_trunc('week', day) < {end}", {"active_users": "true"}
        ),
        *_by_period("month", "month", "inside", measured),
        *_by_period("quarter", quarter_start("month", fiscal_start), "inside", measured),
        *(_to_date(measure, fiscal_start) for measure in PEOPLE),
        *_means_and_seconds(fiscal_start),
    ]
    fresh = (" UNION ALL BY NAME ".join(parts),)
    replace_measures(cursor, "measure_period", fresh, where=where, values=("value",), change=change)


def _is_measured(measure: str, fiscal_start: int) -> str:
    """Whether the market measures it at all in that fiscal year; where it doesn't, nobody is not an answer."""
    if measure == "active_users":
        return "true"
    year = year_start("month", fiscal_start)
    return f"(market, {year}) IN (SELECT market, {year} FROM days WHERE inside AND {PEOPLE[measure]})"


def _by_period(grain: str, start: str, where: str, measures: dict[str, str]) -> list[str]:
    return [
        f"SELECT market, '{grain}' AS grain, {start} AS start, '{measure}' AS measure, "
        f"(count(DISTINCT person) FILTER (WHERE {PEOPLE[measure]}))::DOUBLE AS value "
        f"FROM days WHERE {where} AND {is_measured} GROUP BY ALL"
        for measure, is_measured in measures.items()
    ]


def _to_date(measure: str, fiscal_start: int) -> str:
    """People of the year so far: each counts from the month in which they were first seen in it."""
    year = year_start("month", fiscal_start)
    return f"""
        SELECT market, 'ytd' AS grain, month AS start, '{measure}' AS measure,
            (sum(coalesce(n, 0)) OVER (PARTITION BY market, {year} ORDER BY month))::DOUBLE AS value
        FROM (SELECT DISTINCT market, month FROM days WHERE inside AND {_is_measured(measure, fiscal_start)})
        LEFT JOIN (
            SELECT market, first AS month, count(*) AS n FROM (
                SELECT market, person, {year} AS year, min(month) AS first FROM days WHERE inside AND {PEOPLE[measure]} GROUP BY ALL
            ) GROUP BY ALL
        ) USING (market, month)
    """


def _means_and_seconds(fiscal_start: int) -> list[str]:
    """Mean users a day and seconds of engagement, over the days that have events."""
    year = year_start("month", fiscal_start)
    daily = (
        "(SELECT market, month, day, count(DISTINCT person) FILTER (WHERE active) AS users, "
        "sum(engagement_ms) AS ms FROM days WHERE inside GROUP BY ALL)"
    )
    monthly = f"(SELECT market, month, sum(users) AS users, count(*) AS days, sum(ms) AS ms FROM {daily} GROUP BY ALL)"
    so_far = f"OVER (PARTITION BY market, {year} ORDER BY month)"
    quarter = quarter_start("month", fiscal_start)
    sums = {
        "month": f"SELECT market, 'month' AS grain, month AS start, users, days, ms FROM {monthly}",
        "quarter": f"SELECT market, 'quarter' AS grain, {quarter} AS start, sum(users) AS users, sum(days) AS days, sum(ms) AS ms "
        f"FROM {monthly} GROUP BY ALL",
        "ytd": f"SELECT market, 'ytd' AS grain, month AS start, sum(users) {so_far} AS users, sum(days) {so_far} AS days, "
        f"sum(ms) {so_far} AS ms FROM {monthly}",
    }
    return [
        f"SELECT market, grain, start, '{measure}' AS measure, ({value})::DOUBLE AS value FROM ({sql}) WHERE ({value}) IS NOT NULL"
        for sql in sums.values()
        for measure, value in (("mean_daily_users", "users / days"), ("engagement_seconds", "ms / 1000"))
    ]
