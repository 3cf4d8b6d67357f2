"""Sessions and person-days, worked out from events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.engine.ducklake.schema import literal
from warehouse.rollup.flags import PAID_MEDIUM

if TYPE_CHECKING:
    import duckdb

INACTIVE = "INTERVAL 30 MINUTE"  # ends a session that has no id (GA4's default)
INACTIVE_WITH_ID = "INTERVAL 8 HOUR"  # an id that is seen again later is another session (GA4's longest)
MARGIN = "INTERVAL 2 DAY"  # how far beyond the touched months events are read, to see sessions whole
ENGAGED_MS = 10_000


def make_sessions(cursor: duckdb.DuckDBPyConnection, source: str) -> None:
    """`sessions`: those of the source that begin in a touched month, each with the day and channel of its first event."""
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE sessions AS {_sessions_sql(source)}")


def _sessions_sql(source: str) -> str:
    alone = "PARTITION BY market, person, session ORDER BY occurred_at, row_key"
    whole = "GROUP BY market, person, session, nth"
    return f"""
        WITH near AS (
            SELECT * FROM lk.main.events WHERE known_to IS NULL AND source = {literal(source)}
            AND day >= (SELECT min(month) - {MARGIN} FROM touched)
            AND day < (SELECT max(month) + INTERVAL 1 MONTH + {MARGIN} FROM touched)
            AND market IN (SELECT market FROM touched)
        ), marked AS (
            SELECT market, person, session, row_key, occurred_at, day, name, channel, medium, campaign, engagement_ms,
                coalesce(occurred_at - lag(occurred_at) OVER ({alone})
                    > CASE WHEN session IS NULL THEN {INACTIVE} ELSE {INACTIVE_WITH_ID} END, true) AS begins
            FROM near
        ), numbered AS (
            SELECT *, count(*) FILTER (WHERE begins) OVER ({alone} ROWS UNBOUNDED PRECEDING) AS nth FROM marked
        ), summed AS (
            SELECT market, person, min(day) FILTER (WHERE begins) AS day, min(channel) FILTER (WHERE begins) AS channel,
                min(medium) FILTER (WHERE begins) AS medium, min(campaign) FILTER (WHERE begins) AS campaign,
                sum(engagement_ms) AS engagement_ms, epoch_ms(max(occurred_at)) - epoch_ms(min(occurred_at)) AS span_ms,
                count(*) FILTER (WHERE name IN ('page_view', 'screen_view')) AS page_views,
                count(*) FILTER (WHERE name = 'scroll') AS scrolls, count(*) FILTER (WHERE name = 'purchase') AS purchases,
                count(*) FILTER (WHERE name IN ('first_visit', 'first_open')) AS new_users,
                count(*) FILTER (WHERE name = 'sign_up') AS sign_ups, count(*) FILTER (WHERE name = 'generate_lead') AS leads,
                count(*) FILTER (WHERE name IN ('first_open', 'install', 'app_install')) AS installs,
                bool_or(name = 'view_item') AS viewed, bool_or(name = 'add_to_cart') AS carted,
                bool_or(name = 'begin_checkout') AS checked_out, bool_or(name IN ('purchase', 'in_app_purchase')) AS bought
            FROM numbered {whole}
        )
        SELECT *, coalesce(regexp_full_match(lower(medium), {literal(PAID_MEDIUM)}), false) AS paid,
            coalesce(engagement_ms, 0) > {ENGAGED_MS} OR span_ms > {ENGAGED_MS} OR page_views >= 2 OR bought
                OR sign_ups > 0 OR leads > 0 AS engaged
        FROM summed WHERE (market, date_trunc('month', day)::DATE) IN (SELECT market, month FROM touched)
    """


def replace_person_days(cursor: duckdb.DuckDBPyConnection, source: str, mine: str) -> None:
    """What each person did on each day of the touched months; needs `sessions`.

    Active is who began an engaged session; in a month whose events say nothing of engagement, whoever did anything.
    """
    cursor.execute(f"DELETE FROM lk.main.person_days WHERE {mine}")
    cursor.execute(f"""
        INSERT INTO lk.main.person_days BY NAME
        WITH acts AS (
            SELECT market, day, person, bool_or(name = 'view_item') AS viewed, bool_or(name = 'add_to_cart') AS carted,
                bool_or(name = 'begin_checkout') AS checked_out, sum(engagement_ms)::BIGINT AS engagement_ms
            FROM lk.main.events WHERE known_to IS NULL AND {mine} GROUP BY ALL
        ), engaged AS (SELECT DISTINCT market, day, person FROM sessions WHERE engaged),
        informed AS (
            SELECT market, date_trunc('month', day) AS month, bool_or(engagement_ms IS NOT NULL) AS told FROM acts GROUP BY ALL
        )
        SELECT market, {literal(source)} AS source, day, person, coalesce(engaged.person IS NOT NULL OR NOT informed.told, false) AS active,
            coalesce(viewed, false) AS viewed, coalesce(carted, false) AS carted, coalesce(checked_out, false) AS checked_out, engagement_ms
        FROM acts FULL JOIN engaged USING (market, day, person)
            LEFT JOIN informed ON informed.market = market AND informed.month = date_trunc('month', day)
    """)
