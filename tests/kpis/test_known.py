"""What was reported on a day: values, targets and rates as known at its end, on page, API and export alike."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from kpis.models import How, RateChange, TargetChange
from kpis.queries.goals import Held
from kpis.queries.known import end_of_day, rates_then, targets_then
from sources.scope import tenancy_for
from tests.conftest import Person
from tests.kpis.conftest import ads, put
from warehouse.engine import forget_engine
from warehouse.loading import undo

MARCH = dt.date(2026, 3, 1)
LAKE_TIMES = {
    "channel_daily": ("known_from", "known_to"), "orders": ("known_from", "known_to"), "loads": ("known_from",),
    "undoings": ("known_from",), "claims": ("known_from",), "measure_daily": ("known_from",),
    "measure_period": ("known_from",), "measure_daily_history": ("known_from", "known_to"),
    "measure_period_history": ("known_from", "known_to"),
}  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stays_open")]


def age(client: str, days: int) -> None:
    """Everything that happened in the lake happened so many days earlier."""
    from warehouse.engine.ducklake.instance import instance, transaction
    from warehouse.loading.stage import loading_limits

    with instance(client, loading_limits()) as root, transaction(root):
        for table, columns in LAKE_TIMES.items():
            moved = ", ".join(f"{name} = {name} - INTERVAL {days} DAY" for name in columns)
            root.execute(f"UPDATE lk.main.{table} SET {moved}")
    forget_engine(client)


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def ago(days: int) -> str:
    return (today() - dt.timedelta(days=days)).isoformat()


def meta(market: str, currency: str, value: float, days: int = 31, first: dt.date = MARCH) -> list[dict[str, object]]:
    return ads(market, currency, first, days, impressions=1000, clicks=50, cost=1000, value=value)


@pytest.fixture
def restated(lake: str, alice: Person, tmp_path) -> dict[str, str]:
    """Meta of March: loaded 180 days ago, 12 days restated 60 days ago, a wrong file 20 days ago taken back 10 days ago."""
    access = alice.at("acme")
    loads = {}
    rows = meta("KR", "KRW", 3900) + meta("JP", "JPY", 2000)
    loads["first"] = put(access, tmp_path, "channel_daily", "meta", rows)
    age(lake, 120)
    loads["restated"] = put(access, tmp_path, "channel_daily", "meta", meta("KR", "KRW", 2600, days=12))
    age(lake, 40)
    loads["wrong"] = put(access, tmp_path, "channel_daily", "meta", meta("JP", "JPY", 9000, days=3))
    age(lake, 10)
    undo(tenancy_for(access), loads["wrong"])
    age(lake, 10)
    return loads


def roas(person: Person, market: str, known: str = "") -> float | None:
    address = f"/c/acme/api/v1/board/?period=2026-03&currency=own&kpi=roas&known={known}"
    answer = person.get(address)
    assert answer.status_code == 200, answer.content
    row = answer.json()["stages"][0]["rows"][0]
    return next(cell for cell in row["cells"] if cell["market"] == market)["actual"]["value"]


def test_each_day_answers_what_was_reported_on_it(alice, restated):
    after = (12 * 2600 + 19 * 3900) / 31_000
    assert roas(alice, "KR", ago(200)) is None
    assert [roas(alice, "KR", ago(days)) for days in (175, 100)] == [pytest.approx(3.9)] * 2
    assert [roas(alice, "KR", ago(days)) for days in (50, 5)] == [pytest.approx(after)] * 2
    assert roas(alice, "KR") == pytest.approx(after)
    wrong = (3 * 9000 + 28 * 2000) / 31_000
    assert [roas(alice, "JP", ago(days)) for days in (30, 15, 5)] == [
        pytest.approx(2.0), pytest.approx(wrong), pytest.approx(2.0),
    ]  # fmt: skip
    assert roas(alice, "JP", today().isoformat()) == roas(alice, "JP")


def test_board_depth_and_exports_say_that_they_are_of_a_day(alice, restated):
    known = ago(100)
    page = alice.get(f"/c/acme/kpi/board/?period=2026-03&known={known}").content.decode()
    assert f'value="{known}"' in page
    assert 'class="chip-select chip-date on"' in page
    assert "known=" in page.split("board-export", 1)[-1] or f"known={known}" in page
    csv = alice.get(f"/c/acme/kpi/board/export.csv?period=2026-03&known={known}").content.decode()
    assert known in csv
    depth = alice.get(f"/c/acme/kpi/in-depth/?period=2026-03&market=KR&kpi=roas&known={known}")
    assert depth.status_code == 200
    assert "chip-date on" in depth.content.decode()
    course = alice.get(f"/c/acme/api/v1/in-depth/?period=2026-03&market=KR&kpi=roas&grain=day&known={known}").json()
    assert {point["actual"]["value"] for point in course["course"]} == {3.9}
    assert course["known_on"] == known


@pytest.mark.parametrize("text", ["2026-02-30", "yesterday", "2999-01-01", "2026-3-5x", "'; drop"])
def test_what_is_no_past_day_is_refused_with_a_sentence(alice, restated, text):
    answer = alice.get("/c/acme/api/v1/board/", {"known": text, "kpi": "roas"})
    assert answer.status_code == 400
    assert "bad_scope" in answer.content.decode()
    assert alice.get("/c/acme/kpi/board/", {"known": text}).status_code == 400


def test_a_cells_history_tells_every_value_and_what_changed_it(alice, bob, restated):
    japan = alice.get("/c/acme/api/v1/board/cell/history/?period=2026-03&currency=own&cell=roas.JP").json()
    wrong = (3 * 9000 + 28 * 2000) / 31_000
    assert [one["value"] for one in japan] == [pytest.approx(2.0), pytest.approx(wrong), pytest.approx(2.0)]
    assert [(one["load"], one["undone"]) for one in japan] == [
        (restated["wrong"], True), (restated["wrong"], False), (restated["first"], False),
    ]  # fmt: skip
    assert japan[0]["sources"] == ["meta"]
    korea = bob.get("/c/acme/api/v1/board/cell/history/?period=2026-03&cell=roas.KR").json()
    assert [one["load"] for one in korea] == [restated["restated"], restated["first"]]
    assert bob.get("/c/acme/api/v1/board/cell/history/?period=2026-03&cell=roas.JP").status_code == 404
    assert bob.get("/c/acme/kpi/board/cell/history/?period=2026-03&cell=roas.JP").status_code == 404
    fragment = alice.get("/c/acme/kpi/board/cell/history/?period=2026-03&currency=own&cell=roas.KR").content.decode()
    assert "<table" in fragment
    total = alice.get("/c/acme/api/v1/board/cell/history/?period=2026-03&currency=own&cell=roas.").json()
    assert total == [], "own currencies have no total"
    clicks = alice.get("/c/acme/api/v1/board/cell/history/?period=2026-03&cell=ctr.").json()
    assert [one["value"] for one in clicks] == [0.05], "what restated only the value never changed the clicks"
    assert alice.get("/c/acme/api/v1/board/cell/history/?cell=nothing.KR").status_code == 404


def change(model, at: dt.datetime, **facts) -> None:
    model.objects.create(how=How.TYPED, who="alice", at=at, batch=uuid.uuid4(), **facts)


def test_targets_and_rates_are_rebuilt_from_their_logs(acme):
    at = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)
    one = {"kpi": "revenue", "market": "KR", "month": MARCH, "currency": "KRW"}
    change(TargetChange, at, old=None, new=Decimal(100), **one)
    change(TargetChange, at + dt.timedelta(days=1), old=Decimal(100), new=Decimal(150), **one)
    change(TargetChange, at + dt.timedelta(days=2), old=Decimal(150), new=None, **one)
    change(RateChange, at, currency="JPY", month=MARCH, old=None, new=Decimal("9.1"))
    change(RateChange, at + dt.timedelta(days=1), currency="JPY", month=MARCH, old=Decimal("9.1"), new=Decimal("9.2"))

    held = Held("KRW", MARCH)

    def goal(day: int) -> object:
        found = targets_then(["revenue"], ["KR"], [MARCH], held, end_of_day(dt.date(2026, 3, day), "Asia/Seoul"))
        return found.get(("revenue", "KR", MARCH))

    assert [goal(day) for day in (4, 5, 6, 7)] == [None, (Decimal(100), "KRW"), (Decimal(150), "KRW"), None]
    rates = [rates_then(held, [MARCH], end_of_day(dt.date(2026, 3, day), "Asia/Seoul")) for day in (4, 5, 6)]
    assert [rate.known.get(("JPY", MARCH)) for rate in rates] == [None, 9.1, 9.2]


def test_a_day_ends_at_midnight_of_its_own_zone():
    assert end_of_day(dt.date(2026, 3, 5), "Asia/Seoul").isoformat() == "2026-03-05T14:59:59.999999+00:00"
    assert end_of_day(dt.date(2026, 3, 8), "America/New_York").isoformat() == "2026-03-09T03:59:59.999999+00:00"
