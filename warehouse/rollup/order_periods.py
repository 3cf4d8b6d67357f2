"""Who buys, who comes back: counts of customers by month, quarter and year to date, from a market's whole order history.

Sources: windows of twelve months end with the month; a cohort of first buyers counts only when 90 days have passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.rollup.calendar import quarter_start, year_start
from warehouse.rollup.daily import counted, is_promo, net_of_row, sold
from warehouse.rollup.replacing import Change, replace_measures

if TYPE_CHECKING:
    import duckdb

MEASURES = (
    "customers_12m",
    "repeat_customers_12m",
    "first_buyers_mature",
    "second_buyers_90d",
    "median_gap_days",
    "buyers",
    "promo_only_buyers",
    "top5_revenue_share",
    "new_customers",
)
WINDOW = 12  # months
MATURE_DAYS = 90
TOP = 0.05


def refresh_order_periods(cursor: duckdb.DuckDBPyConnection, fiscal_start: int, change: Change) -> None:
    """Work out again the touched markets: a customer's first order may have moved, so their whole history is read."""
    _prepare(cursor, fiscal_start)
    names = ", ".join(f"'{name}'" for name in MEASURES)
    fresh = (_windows(), _repeats(), _gaps(), _cohorts(), _buyers(), _promo_only(), _top_shares())
    where = f"market IN (SELECT market FROM touched) AND measure IN ({names})"
    replace_measures(cursor, "measure_period", fresh, where=where, values=("value",), change=change)


def _prepare(cursor: duckdb.DuckDBPyConnection, fiscal_start: int) -> None:
    """`bought`: orders that stand, with the customer's one before. `months`: every month of a market with its periods."""
    orders = (
        "lk.main.orders WHERE known_to IS NULL AND customer_id IS NOT NULL AND market IN (SELECT market FROM touched)"
    )
    cursor.execute(f"""
        CREATE OR REPLACE TEMP TABLE bought AS
        SELECT market, customer_id, day, date_trunc('month', day)::DATE AS month, (year(day) * 12 + month(day))::INTEGER AS m,
            {is_promo()} AS promo, row_number() OVER one AS nth, lag(day) OVER one AS before, min(day) OVER one AS first_day
        FROM {orders} AND {sold()} WINDOW one AS (PARTITION BY market, customer_id ORDER BY day, ordered_at, row_key)
    """)
    cursor.execute(f"""
        CREATE OR REPLACE TEMP TABLE months AS
        SELECT market, month, (year(month) * 12 + month(month))::INTEGER AS m, {quarter_start("month", fiscal_start)} AS quarter,
            {year_start("month", fiscal_start)} AS year, last_day
        FROM (
            SELECT market, max(day) AS last_day,
                unnest(generate_series(date_trunc('month', min(day)), date_trunc('month', max(day)), INTERVAL 1 MONTH))::DATE AS month
            FROM {orders} AND {counted()} GROUP BY market
        )
    """)
    cursor.execute(f"""
        CREATE OR REPLACE TEMP TABLE spent AS
        SELECT market, customer_id, date_trunc('month', day)::DATE AS month, sum({net_of_row()})::DOUBLE AS net
        FROM {orders} AND {counted()} GROUP BY ALL
    """)


def _each_grain(values: str, measure: str) -> str:
    """A value of each month, told at every grain: a quarter's is that of its last month with data, a year's is to date."""
    return f"""
        SELECT market, unnest(['month', 'ytd']) AS grain, month AS start, '{measure}' AS measure, value::DOUBLE AS value FROM ({values})
        UNION ALL BY NAME
        SELECT market, 'quarter' AS grain, quarter AS start, '{measure}' AS measure, arg_max(value, month)::DOUBLE AS value
        FROM ({values}) JOIN months USING (market, month) GROUP BY ALL
    """


def _running(steps: str) -> str:
    """Sums of steps (market, m, step) up to each month."""
    return f"SELECT market, month, (SELECT coalesce(sum(step), 0) FROM ({steps}) s WHERE s.market = x.market AND s.m <= x.m) AS value FROM months x"


def _windows() -> str:
    """Customers of twelve months: from an order on until twelve months later or the next order."""
    steps = f"""
        SELECT market, unnest([m, least(m + {WINDOW}, coalesce(following, m + {WINDOW}))]) AS m, unnest([1, -1]) AS step FROM (
            SELECT market, customer_id, m, lead(m) OVER (PARTITION BY market, customer_id ORDER BY m) AS following
            FROM (SELECT DISTINCT market, customer_id, m FROM bought)
        )
    """
    return _each_grain(_running(f"SELECT market, m, sum(step) AS step FROM ({steps}) GROUP BY ALL"), "customers_12m")


def _repeats() -> str:
    """Customers with two orders in twelve months: from the second on, as long as the first is no older than that."""
    steps = f"""
        SELECT market, unnest([begins, ends]) AS m, unnest([1, -1]) AS step FROM (
            SELECT market, greatest(m, coalesce(lag(ends) OVER (PARTITION BY market, customer_id ORDER BY nth), m)) AS begins, ends FROM (
                SELECT market, customer_id, nth, m, lag(m) OVER (PARTITION BY market, customer_id ORDER BY nth) + {WINDOW} AS ends FROM bought
            ) WHERE ends > m
        ) WHERE ends > begins
    """
    return _each_grain(
        _running(f"SELECT market, m, sum(step) AS step FROM ({steps}) GROUP BY ALL"), "repeat_customers_12m"
    )


def _gaps() -> str:
    """Median days between two orders in a row, the second of them in the last twelve months."""
    gaps = "SELECT market, m, day - before AS gap, count(*) AS n FROM bought WHERE before IS NOT NULL GROUP BY ALL"
    ranked = f"""
        SELECT x.market, x.month, gap, sum(n) AS n, sum(sum(n)) OVER (PARTITION BY x.market, x.month ORDER BY gap) AS upto,
            sum(sum(n)) OVER (PARTITION BY x.market, x.month) AS total
        FROM months x JOIN ({gaps}) g ON g.market = x.market AND g.m BETWEEN x.m - {WINDOW - 1} AND x.m GROUP BY x.market, x.month, gap
    """
    low, high = "(total - 1) // 2", "total // 2"
    values = f"""
        SELECT market, month, (min(gap) FILTER (WHERE upto > {low}) + min(gap) FILTER (WHERE upto > {high})) / 2 AS value
        FROM ({ranked}) GROUP BY ALL
    """
    return _each_grain(values, "median_gap_days")


def _summed(monthly: str, measures: tuple[str, ...]) -> str:
    """Monthly sums (market, month, one column a measure) at every grain: each customer is in one month only."""
    parts = []
    for measure in measures:
        filled = f"(SELECT market, month, quarter, year, coalesce({measure}, 0) AS value FROM months LEFT JOIN ({monthly}) USING (market, month))"
        parts += [
            f"SELECT market, 'month' AS grain, month AS start, '{measure}' AS measure, value::DOUBLE AS value FROM {filled}",
            f"SELECT market, 'quarter' AS grain, quarter AS start, '{measure}' AS measure, sum(value)::DOUBLE AS value FROM {filled} GROUP BY ALL",
            f"SELECT market, 'ytd' AS grain, month AS start, '{measure}' AS measure, "
            f"(sum(value) OVER (PARTITION BY market, year ORDER BY month))::DOUBLE AS value FROM {filled}",
        ]
    return " UNION ALL BY NAME ".join(parts)


def _cohorts() -> str:
    monthly = f"""
        SELECT market, date_trunc('month', first_day)::DATE AS month, count(DISTINCT customer_id) AS new_customers,
            count(DISTINCT customer_id) FILTER (WHERE first_day + {MATURE_DAYS} <= last_day) AS first_buyers_mature,
            count(DISTINCT customer_id) FILTER (WHERE first_day + {MATURE_DAYS} <= last_day AND nth = 2
                AND day <= first_day + {MATURE_DAYS}) AS second_buyers_90d
        FROM bought JOIN (SELECT market, max(last_day) AS last_day FROM months GROUP BY ALL) USING (market) GROUP BY ALL
    """
    return _summed(monthly, ("new_customers", "first_buyers_mature", "second_buyers_90d"))


def _distinct(where: str, measure: str) -> str:
    """Distinct customers at every grain; a month without any is zero."""
    joined = f"(SELECT b.market, b.customer_id, b.month, x.quarter, x.year FROM bought b JOIN months x USING (market, month) WHERE {where})"
    so_far = f"SELECT market, customer_id, year, min(month) AS month FROM {joined} GROUP BY ALL"

    def counted_by(period: str) -> str:
        return f"SELECT market, {period}, count(DISTINCT customer_id) AS n FROM {joined} GROUP BY ALL"

    return f"""
        SELECT market, 'month' AS grain, month AS start, '{measure}' AS measure, coalesce(n, 0)::DOUBLE AS value
        FROM months LEFT JOIN ({counted_by("month")}) USING (market, month)
        UNION ALL BY NAME
        SELECT market, 'quarter' AS grain, quarter AS start, '{measure}' AS measure, coalesce(n, 0)::DOUBLE AS value
        FROM (SELECT DISTINCT market, quarter FROM months) LEFT JOIN ({counted_by("quarter")}) USING (market, quarter)
        UNION ALL BY NAME
        SELECT market, 'ytd' AS grain, month AS start, '{measure}' AS measure,
            (sum(coalesce(n, 0)) OVER (PARTITION BY market, year ORDER BY month))::DOUBLE AS value
        FROM months LEFT JOIN (SELECT market, month, count(*) AS n FROM ({so_far}) GROUP BY ALL) USING (market, month)
    """


def _buyers() -> str:
    return _distinct("true", "buyers")


def _promo_only() -> str:
    """Buyers less those who bought anything at its price; only where promotions are measured at all."""
    return f"""
        SELECT a.market, a.grain, a.start, 'promo_only_buyers' AS measure, a.value - coalesce(b.value, 0) AS value
        FROM ({_buyers()}) a LEFT JOIN ({_distinct("NOT b.promo", "buyers")}) b USING (market, grain, start)
        WHERE a.market IN (SELECT market FROM bought WHERE promo)
    """


def _top_shares() -> str:
    """Share of net revenue that the best-paying 5 % of customers (at least one) brought."""
    spread = """
        SELECT market, 'month' AS grain, month AS start, customer_id, net FROM spent JOIN months USING (market, month)
        UNION ALL SELECT market, 'quarter', quarter, customer_id, net FROM spent JOIN months USING (market, month)
        UNION ALL SELECT s.market, 'ytd', x.month, s.customer_id, s.net FROM spent s JOIN months o USING (market, month)
            JOIN months x ON x.market = s.market AND x.year = o.year AND x.month >= s.month
    """
    return f"""
        SELECT market, grain, start, 'top5_revenue_share' AS measure, sum(net) FILTER (WHERE place <= greatest(1, round({TOP} * n))) / sum(net) AS value
        FROM (
            SELECT *, row_number() OVER (PARTITION BY market, grain, start ORDER BY net DESC, customer_id) AS place,
                count(*) OVER (PARTITION BY market, grain, start) AS n
            FROM (SELECT market, grain, start, customer_id, sum(net) AS net FROM ({spread}) GROUP BY ALL)
        ) GROUP BY ALL HAVING sum(net) > 0
    """
