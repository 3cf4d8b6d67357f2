"""The pages and the API over a real lake: values, access, reasons, export."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.models import How, Target, TargetChange
from kpis.services.choices import choose_kpis
from kpis.services.rate_tables import RateCell
from kpis.services.rates import set_rates
from kpis.services.target_tables import TargetCell
from kpis.services.targets import set_targets

BOARD = "/c/acme/kpi/board/"
API = "/c/acme/api/v1/"
OCTOBER = dt.date(2026, 10, 1)
NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)

# Lakes of one name share a database role in all of a server's databases: one worker makes and drops them.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_lake")]


def rates(alice, **values: str) -> None:
    cells = [RateCell(code, OCTOBER, Decimal(rate)) for code, rate in values.items()]
    set_rates(alice.at("acme"), cells, how=How.TYPED, now=NOW)


@pytest.fixture(autouse=True)
def acme_stays_open(acme):
    """A request closes the client that it opened; the tests look into acme afterwards."""
    from django.core.signals import request_finished

    def reopen(**kwargs: object) -> None:
        connection.set_tenant(acme)

    request_finished.connect(reopen)
    yield
    request_finished.disconnect(reopen)


def api(person, path: str, **query):
    answer = person.get(API + path, query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def row(board: dict, key: str) -> dict:
    return next(row for stage in board["stages"] for row in stage["rows"] if row["kpi"] == key)


def cell(board: dict, key: str, market: str) -> dict:
    return next(cell for cell in row(board, key)["cells"] if cell["market"] == market)


def test_board_values_are_those_of_the_loaded_files(alice):
    rates(alice, JPY="9", USD="1400")
    board = api(alice, "board/", period="2026-10", kpi=["ctr", "revenue", "cpm", "orders"])
    assert cell(board, "orders", "KR")["actual"] == {"value": 31}
    assert cell(board, "revenue", "JP")["actual"]["value"] == 31 * 2000 * 9
    assert row(board, "revenue")["total"]["actual"]["value"] == 31 * 10000 + 31 * 2000 * 9 + 50 * 1400
    assert row(board, "ctr")["total"]["actual"]["value"] == pytest.approx((20 + 30) / 1500)
    assert cell(board, "cpm", "JP")["actual"]["value"] == pytest.approx(100 * 9 / 500 * 1000)
    assert cell(board, "ctr", "US")["actual"]["reason"] == "no_data"


def test_a_missing_rate_is_named_on_the_page_and_in_the_api(alice):
    rates(alice, USD="1400")
    board = api(alice, "board/", period="2026-10", kpi=["revenue"])
    assert board["missing_rates"] == ["JPY 2026-10"]
    assert row(board, "revenue")["total"]["actual"] == {
        "value": None, "reason": "missing_rate", "about": ["JPY 2026-10"],
        "sentence": "JPY 2026-10 환율이 없어요. 입력하면 값이 보여요.",
    }  # fmt: skip
    page = alice.get(BOARD, {"period": "2026-10"}).content.decode()
    assert "환율 없음" in page
    assert "JPY 2026-10" in page


def test_bob_sees_only_korea_everywhere(alice, bob):
    rates(alice, JPY="9", USD="1400")
    access = alice.at("acme")
    for market, value in (("KR", 100), ("JP", 77777)):
        set_targets(access, [TargetCell("revenue", market, OCTOBER, Decimal(value))], how=How.TYPED, now=NOW)
    board = api(bob, "board/", period="2026-10", kpi=["revenue"])
    assert board["markets"] == ["KR"]
    assert row(board, "revenue")["total"]["actual"]["value"] == 310000
    assert {t["market"] for t in api(bob, "targets/")["results"]} == {"KR"}
    for path in (
        "kpi/board/",
        "kpi/board/export.csv",
        "kpi/targets/",
        "kpi/targets/targets.csv",
        "kpi/targets/history/",
        "",
    ):
        text = bob.get(f"/c/acme/{path}", {"period": "2026-10"} if "board" in path else {}).content.decode()
        assert "일본" not in text, path
        assert "77,777" not in text, path
    assert bob.get(BOARD + "cell/", {"cell": "revenue.JP"}).status_code == 404
    assert bob.get("/c/acme/kpi/in-depth/", {"market": "JP"}).status_code == 404
    assert bob.get(API + "in-depth/", {"market": "JP"}).status_code == 404
    assert bob.get(API + "board/", {"market": "JP"}).status_code == 400


def test_charlie_gets_not_found_and_strangers_the_sign_in(charlie, anonymous):
    for path in ("", "kpi/board/", "kpi/in-depth/", "kpi/targets/", "kpi/rates/", "kpi/definitions/", "api/v1/board/"):
        assert charlie.get(f"/c/acme/{path}").status_code == 404, path
        assert anonymous.get(f"/c/acme/{path}").status_code in (302, 401, 403), path


def test_a_viewer_reads_and_cannot_write(vera):
    assert vera.get("/c/acme/kpi/targets/").status_code == 200
    assert "<input inputmode" not in vera.get("/c/acme/kpi/targets/").content.decode()
    sent = json.dumps({"cells": [{"place": "revenue|KR|2026-10", "text": "5"}]})
    assert vera.post("/c/acme/kpi/targets/save/", sent, content_type="application/json").status_code == 403
    assert vera.put(API + "targets/", "[]", content_type="application/json").status_code == 403
    assert vera.put(API + "rates/", "[]", content_type="application/json").status_code == 403
    assert not Target.objects.exists()


def test_every_page_answers_in_both_languages(alice):
    rates(alice, JPY="9", USD="1400")
    for language in ("ko", "en"):
        alice.cookies["django_language"] = language
        for path in (
            "", "kpi/board/?period=2026-10", "kpi/board/?period=2026-Q3&currency=own&compare=year&rank=orders",
            "kpi/board/?period=2026-YTD-10", "kpi/in-depth/?market=KR&kpi=cpm&grain=week",
            "kpi/in-depth/?kpi=active_users",
            "kpi/in-depth/?kpi=repeat_rate&market=KR&period=2026-10", "kpi/targets/?by=market", "kpi/rates/",
            "kpi/definitions/", "kpi/targets/history/", "kpi/rates/history/", "kpi/board/?period=2019-01",
        ):  # fmt: skip
            assert alice.get(f"/c/acme/{path}").status_code == 200, path


def test_the_drawer_shows_the_formula_with_its_numbers(alice):
    rates(alice, JPY="9")
    page = alice.get(BOARD + "cell/", {"period": "2026-10", "cell": "cpm.JP"}, headers={"HX-Request": "true"})
    text = page.content.decode()
    assert "₩27,900 ÷ 15,500 × 1,000" in text
    assert "₩1,800" in text
    assert "월평균 환율" in text
    assert "google-ads" in text


def test_a_cell_without_htmx_leads_to_the_page(alice):
    answer = alice.get(BOARD + "cell/", {"period": "2026-10", "cell": "cpm.JP"})
    assert answer.status_code == 302
    assert "market=JP" in answer["Location"]


def test_the_export_opens_in_excel_and_cannot_run_formulas(alice):
    rates(alice, JPY="9", USD="1400")
    answer = alice.get(BOARD + "export.csv", {"period": "2026-10"})
    assert answer.content.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    revenue = next(r for r in rows if r["KPI 키"] == "revenue" and r["시장 코드"] == "JP")
    assert float(revenue["실적"]) == 558000
    assert revenue["통화"] == "KRW"
    assert not [value for r in rows for value in r.values() if value.startswith(("=", "+", "@"))]


def test_a_typed_target_is_saved_answers_with_its_value_and_can_be_undone(alice):
    sent = {"how": "typed", "cells": [{"place": "cvr|KR|2026-10", "text": "2.5", "was": ""}]}
    answer = alice.post("/c/acme/kpi/targets/save/", json.dumps(sent), content_type="application/json").json()
    assert answer["cells"] == [{"place": "cvr|KR|2026-10", "text": "2.5", "was": "0.025"}]
    assert Target.objects.get().value == Decimal("0.025")
    assert alice.post("/c/acme/kpi/targets/undo/", {"batch": answer["batch"]}).status_code == 200
    assert not Target.objects.exists()
    assert TargetChange.objects.count() == 2


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"cells": 5}', '{"cells": [{"place": "x"}]}', '{"cells": [{"place": "nope|KR|2026-10"}]}',
             '{"cells": [{"place": "cvr|KR|2026-10", "text": "=1+1"}]}',
             '{"cells": [{"place": "cvr|KR|2026-99", "text": "1"}]}'],
)  # fmt: skip
def test_nonsense_from_the_grid_is_answered_with_a_sentence(alice, body):
    answer = alice.post("/c/acme/kpi/targets/save/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["sentence"]


def test_the_api_sets_targets_all_or_none(alice):
    good = {"kpi": "revenue", "market": "KR", "month": "2026-10", "value": "1000"}
    answer = alice.put(API + "targets/", json.dumps([good]), content_type="application/json")
    assert answer.json()["changed"] == 1
    bad = alice.put(
        API + "targets/",
        json.dumps([{**good, "value": "2"}, {**good, "market": "XX"}]),
        content_type="application/json",
    )
    assert bad.status_code == 400
    assert bad.json()["details"]["cells"][0]["row"] == 2
    assert Target.objects.get().value == 1000


def test_a_change_of_target_rate_or_choice_shows_at_once(alice):
    rates(alice, JPY="9", USD="1400")
    question = {"period": "2026-10", "kpi": ["revenue"]}
    assert row(api(alice, "board/", **question), "revenue")["total"]["actual"]["value"] == 938000
    rates(alice, JPY="10")
    assert row(api(alice, "board/", **question), "revenue")["total"]["actual"]["value"] == 1000000
    set_targets(alice.at("acme"), [TargetCell("revenue", "KR", OCTOBER, Decimal(620000))], how=How.TYPED, now=NOW)
    assert cell(api(alice, "board/", **question), "revenue", "KR")["achievement"]["value"] == 0.5
    choose_kpis(alice.at("acme"), ["orders"])
    assert "객단가" not in alice.get(BOARD, {"period": "2026-10"}).content.decode().split("kpi-choice")[0]


def test_in_depth_days_add_up_to_the_cell_and_slices_too(alice):
    rates(alice, JPY="9", USD="1400")
    depth = api(alice, "in-depth/", market="JP", kpi="ad_spend", period="2026-10")
    assert sum(point["actual"]["value"] for point in depth["course"]) == pytest.approx(
        depth["value"]["actual"]["value"]
    )
    assert sum(part["actual"]["value"] for part in depth["channel"]) == pytest.approx(31 * 100 * 9)
    assert depth["channel"][0]["share"] == 1


def test_a_cold_board_asks_at_most_twelve_times_and_a_warm_one_less(alice, monkeypatch, settings):
    from warehouse import engine

    # A cache of this process alone: the checks' other workers empty the shared one.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    reads = []
    read = engine.rows
    monkeypatch.setattr(engine, "rows", lambda *args, **more: reads.append(1) or read(*args, **more))
    with CaptureQueriesContext(connection) as cold:
        alice.get(BOARD, {"period": "2026-10"})
    assert len(cold) + len(reads) <= 12, "\n".join(q["sql"][:200] for q in cold.captured_queries)
    reads.clear()
    with CaptureQueriesContext(connection) as warm:
        alice.get(BOARD, {"period": "2026-10"})
    assert not reads
    assert len(warm) < len(cold)


def test_the_home_page_ranks_markets_and_names_what_is_missing(alice, bob):
    rates(alice, USD="1400")
    page = alice.get("/c/acme/").content.decode()
    assert "JPY 2026-10" in page
    assert "매출 목표가 없어요" in page
    assert page.index(">한국 <") < page.index(">미국 <")
    assert "일본" not in bob.get("/c/acme/").content.decode()
