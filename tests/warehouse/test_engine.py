"""The seam: whatever is asked, a scope of one market never meets another's rows."""

from __future__ import annotations

import multiprocessing
import threading

import ibis
import pytest

from warehouse import engine
from warehouse.engine import one, rows, table
from warehouse.errors import LakeMissing, NotReadable, TooSlow
from warehouse.scope import Scope


@pytest.fixture
def filled(desk):
    ads = [["2024-01-01", market, "a", clicks, 1] for market, clicks in (("KR", 1), ("US", 10), ("JP", 100))]
    desk.load("channel_daily", desk.file(["day", "market", "campaign", "clicks", "cost"], ads), "ads")
    orders = [["2024-01-01 10:00:00", market, f"o-{market}", "same", 5] for market in ("KR", "US", "JP")]
    desk.load("orders", desk.file(["ordered_at", "market", "order_id", "customer_id", "value"], orders), "orders")
    return desk


def questions():
    ads, orders, measures = table("channel_daily"), table("orders"), table("measure_daily")
    return {
        "plain": ads.select("market"),
        "join": ads.join(orders, ads.day == orders.day).select(ads.market, other=orders.market),
        "self join": orders.join(orders.view(), "customer_id").select("market", other="market_right"),
        "left join": ads.left_join(orders, "day").select(ads.market, other=orders.market),
        "union": ads.select("market").union(orders.select("market")),
        "difference": ads.select("market").difference(orders.filter(orders.market == "KR").select("market")),
        "subquery in": orders.filter(orders.day.isin(ads.day)).select("market"),
        "scalar subquery": orders.mutate(top=ads.market.max()).select("market", "top"),
        "semi join": orders.semi_join(ads, "day").select("market"),
        "window": ads.mutate(last=ads.market.max().over(ibis.window(group_by="day"))).select("market", "last"),
        "aggregate": measures.group_by("day").agg(markets=measures.market.group_concat(",")),
        "filter for another": ads.filter(ads.market == "US").select("market"),
        "filter or": ads.filter((ads.market == "US") | ibis.literal(True)).select("market"),
        "aliased": ads.view().select("market"),
        "nested": ads.group_by("market")
        .agg(n=ads.clicks.sum())
        .join(orders.group_by("market").agg(v=orders.value.sum()), "market"),
    }


@pytest.mark.parametrize("name", questions())
def test_no_question_reaches_another_market(filled, name):
    seen = {str(value) for row in rows(questions()[name], filled.scope("KR")) for value in row.values()}
    assert not any(other in value for value in seen for other in ("US", "JP"))


def test_sums_are_of_the_scopes_markets_only(filled):
    clicks = table("measure_daily").agg(clicks=table("measure_daily").clicks.sum())
    assert [one(clicks, filled.scope(*markets)) for markets in (("KR",), ("KR", "US"), ("KR", "US", "JP"))] == [
        {"clicks": 1},
        {"clicks": 11},
        {"clicks": 111},
    ]
    assert one(clicks, filled.scope("KR")) == {"clicks": 1}  # not what was compiled for others


def test_replaced_versions_and_housekeeping_are_not_seen(filled):
    filled.load(
        "channel_daily",
        filled.file(["day", "market", "campaign", "clicks", "cost"], [["2024-01-01", "KR", "a", 7, 1]]),
        "again",
    )
    (row,) = rows(table("channel_daily"), filled.scope("KR"))
    assert row["clicks"] == 7
    assert not {"row_key", "load_id", "known_to", "closed_by"} & set(row)


def test_money_arrives_as_plain_numbers(filled):
    assert one(table("orders").select("value"), filled.scope("KR")) == {"value": 5.0}


@pytest.mark.parametrize(
    "question",
    [
        lambda: ibis.table({"snapshot_id": "int64"}, name="ducklake_snapshot"),
        lambda: ibis.table({"market": "string", "load_id": "string"}, name="orders"),
        lambda: ibis.table({"market": "string"}, name="loads"),
        lambda: ibis.memtable({"market": ["US"]}),
        lambda: table("orders").mutate(x=_getenv("HOME")),
        lambda: table("orders").select("market").union(ibis.table({"market": "string"}, name="claims")),
    ],
)
def test_only_canonical_tables_can_be_read(filled, question):
    with pytest.raises(NotReadable):
        rows(question(), filled.scope("KR"))


@ibis.udf.scalar.builtin(name="getenv")
def _getenv(name: str) -> str: ...


@pytest.mark.parametrize("name", ["loads", "claims", "person_days", "pg_roles", ""])
def test_the_books_have_no_face(name):
    with pytest.raises(NotReadable):
        table(name)


def test_a_slow_question_is_stopped_and_the_lake_answers_on(filled):
    n = table("orders")
    for _times in range(16):
        n = n.union(n)
    with pytest.raises(TooSlow):
        rows(n.agg(x=n.value.sum()), filled.scope("KR"), timeout=0.01)
    assert one(table("orders").select("value"), filled.scope("KR")) == {"value": 5.0}


def test_a_client_without_a_lake_says_so(filled):
    with pytest.raises(LakeMissing):
        rows(table("orders"), Scope("c_nobody", ("KR",), filled.scope().period))


def test_threads_get_their_own_answers(filled):
    clicks = table("measure_daily").agg(clicks=table("measure_daily").clicks.sum())
    expected = {"KR": 1, "US": 10, "JP": 100}
    wrong: list[str] = []

    def ask(market: str) -> None:
        for _times in range(5):
            if one(clicks, filled.scope(market)) != {"clicks": expected[market]}:
                wrong.append(market)

    threads = [threading.Thread(target=ask, args=(market,)) for market in expected for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def _in_child(scope: Scope, answers) -> None:
    answers.put(one(table("orders").select("value"), scope))


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_opens_its_own_engine(filled):
    assert one(table("orders").select("value"), filled.scope("KR")) == {"value": 5.0}
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    child = context.Process(target=_in_child, args=(filled.scope("KR"), answers))
    child.start()
    assert answers.get() == {"value": 5.0}
    child.join()
    assert child.exitcode == 0
    assert one(table("orders").select("value"), filled.scope("KR")) == {"value": 5.0}


def test_a_question_asked_again_is_answered_from_memory_until_something_changes(filled, monkeypatch):
    asked: list[str] = []
    real = engine.run_ducklake
    monkeypatch.setattr(
        engine, "run_ducklake", lambda sql, client, timeout: asked.append(sql) or real(sql, client, timeout)
    )
    question = table("channel_daily").agg(clicks=table("channel_daily").clicks.sum())
    first = one(question, filled.scope("US"))
    first["clicks"] = 99  # what the asker does with theirs is theirs
    assert one(question, filled.scope("US")) == {"clicks": 10}
    assert len(asked) == 1
    filled.undo("ads")
    assert one(question, filled.scope("US")) == {"clicks": None}
    assert len(asked) == 2
