"""Fair ranks over a real lake: evidence as loaded, and nothing of another market for people of single markets."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import re
from decimal import Decimal

import pytest

from kpis.catalogue import CATALOGUE
from kpis.models import How
from kpis.ranking import rankable
from kpis.services.rates import RateCell, set_rates
from kpis.services.target_tables import TargetCell
from kpis.services.targets import set_targets
from tenants.errors import NotYourJob
from tenants.models import AuditEntry
from tests.kpis.conftest import order, put
from tests.pages import without_random
from ui import formats

PAGE = "/c/acme/kpi/best-market/"
API = "/c/acme/api/v1/best-market/"
OCTOBER = dt.date(2026, 10, 1)
NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
CURRENCIES = {"KR": "KRW", "JP": "JPY", "US": "USD"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stays_open")]


@pytest.fixture
def october(lake, alice, tmp_path):
    """A month of ads and orders: Japan clicks best on each channel, and lives on the weaker one."""
    dice = random.Random(3)
    access = alice.at("acme")
    ads, orders = [], []
    rates = {"KR": (0.05, 0.01), "JP": (0.06, 0.013), "US": (0.04, 0.011)}
    seen = {"KR": (9000, 1000), "JP": (1000, 9000), "US": (5000, 5000)}
    for market, currency in CURRENCIES.items():
        for number in range(31):
            day = dt.date(2026, 10, 1 + number).isoformat()
            for place, channel in enumerate(("search", "social")):
                impressions = seen[market][place]
                clicks = round(impressions * rates[market][place] * dice.uniform(0.9, 1.1))
                ads.append({
                    "market": market, "day": day, "channel": channel, "campaign": channel, "currency": currency,
                    "impressions": impressions, "clicks": clicks, "cost": clicks * dice.uniform(0.4, 0.6),
                    "conversions": 1, "value": clicks * 2.0,
                })  # fmt: skip
            orders += [order(market, currency, day, n, dice.uniform(20, 60)) for n in range(3)]
    put(access, tmp_path, "channel_daily", "google-ads", ads)
    put(access, tmp_path, "orders", "shop", orders)
    cells = [RateCell(code, OCTOBER, Decimal(rate)) for code, rate in (("JPY", "9"), ("USD", "1400"))]
    set_rates(access, cells, how=How.TYPED, now=NOW)
    return ads


def api(person, **query):
    answer = person.get(API, query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def market(found, code):
    return next(one for one in found["markets"] if one["market"] == code)


def test_a_market_on_the_weaker_channel_leads_at_the_same_mix(alice, october):
    found = api(alice, kpi="ctr", period="2026-10")
    assert found["adjusted_for"] == ["channel"]
    assert [one["market"] for one in found["markets"]] == ["JP", "KR", "US"]
    assert (market(found, "JP")["rank_as_measured"], market(found, "JP")["rank_fair"]) == (3, 1)
    rates = {}
    for row in october:
        if row["market"] == "JP":
            clicks, impressions = rates.get(row["channel"], (0, 0))
            rates[row["channel"]] = (clicks + row["clicks"], impressions + row["impressions"])
    by_hand = sum(0.5 * clicks / impressions for clicks, impressions in rates.values())
    assert market(found, "JP")["at_the_same_mix"] == pytest.approx(by_hand)
    board = alice.get("/c/acme/api/v1/board/", {"period": "2026-10", "kpi": "ctr"}).json()
    values = {cell["market"]: cell["actual"]["value"] for cell in board["stages"][0]["rows"][0]["cells"]}
    assert {one["market"]: one["as_measured"] for one in found["markets"]} == pytest.approx(values)


def test_every_kpi_that_can_be_ranked_answers_and_the_others_say_why(alice, october):
    for kpi in CATALOGUE:
        found = api(alice, kpi=kpi.key, period="2026-10")
        assert (found["reason"] == "not_ranked") is not rankable(kpi)
        assert alice.get(PAGE, {"kpi": kpi.key, "period": "2026-10"}).status_code == 200
        for one in found["markets"]:
            assert one["low"] <= one["fair"] <= one["high"]
            assert 0 <= one["chance"] <= 1


def test_closing_a_gap_is_worth_what_it_brings_along_the_chain(alice, october):
    set_targets(alice.at("acme"), [TargetCell("aov", "KR", OCTOBER, Decimal(80))], how=How.TYPED, now=NOW)
    found = api(alice, kpi="aov", period="2026-10")
    kr = market(found, "KR")
    assert kr["worth_to_target"] == pytest.approx((80 - kr["as_measured"]) * 93)
    assert market(found, "US")["worth_to_target"] is None
    fair = sorted(one["fair"] for one in found["markets"])
    assert kr["worth_to_best"] == pytest.approx((fair[2] / kr["fair"] - 1) * kr["as_measured"] * 93)
    assert kr["worth_to_median"] == pytest.approx((fair[1] / kr["fair"] - 1) * kr["as_measured"] * 93)
    assert market(found, found["markets"][0]["market"])["worth_to_best"] == 0
    drawer = {"period": "2026-10", "cell": "aov.KR"}
    text = alice.get("/c/acme/kpi/board/cell/", drawer, headers={"HX-Request": "true"}).content.decode()
    assert "목표에 닿으면" in text
    assert "왜 변했나요?" in text


@pytest.mark.parametrize("shared", [False, True])
def test_bob_of_korea_gets_his_own_row_and_nothing_of_the_others(alice, bob, october, shared):
    if shared:
        assert alice.post(PAGE + "ranks/", {"shown": "yes"}).status_code == 302
    whole = api(alice, kpi="ctr", period="2026-10")
    others = {
        f"{one[name]:.4f}"[:6]
        for one in whole["markets"]
        for name in ("as_measured", "fair", "at_the_same_mix")
        if one["market"] != "KR"
    }
    mine = api(bob, kpi="ctr", period="2026-10")
    assert [one["market"] for one in mine["markets"]] == ["KR"]
    (one,) = mine["markets"]
    assert one["place"] == ({"rank": 2, "of": 3} if shared else None)
    assert not {"fair", "chance", "rank_fair", "rank_as_measured", "kept", "at_the_same_mix"} & set(one)
    assert (one["worth_to_median"], one["worth_to_best"], mine["topple"]) == (None, None, None)
    for path in (PAGE, PAGE + "values.csv", API):
        page = bob.get(path, {"kpi": "ctr", "period": "2026-10"}).content.decode()
        text = without_random(page)
        assert not [word for word in ("JP", "US", "일본", "미국", "Japan", *others) if word in text], path
        assert ("2" in text and ("3개 중 2위" in text or "2/3" in text or '"of":3' in text)) is shared, path
        assert bob.get(path, {"kpi": "ctr", "market": "JP"}).status_code == 400


def test_bobs_numbers_are_the_same_whatever_the_others_do(alice, bob, october, tmp_path):
    """Nothing that bob reads may depend on another market: that would reveal it."""
    before = [bob.get(path, {"kpi": "ctr", "period": "2026-10"}).content for path in (PAGE + "values.csv", API)]
    rows = [{**row, "clicks": row["clicks"] // 3} for row in october if row["market"] != "KR"]
    put(alice.at("acme"), tmp_path, "channel_daily", "google-ads", rows)
    after = [bob.get(path, {"kpi": "ctr", "period": "2026-10"}).content for path in (PAGE + "values.csv", API)]
    assert before == after


def test_with_four_others_bob_gets_the_medians_worth_rounded_and_never_the_bests(bob, monkeypatch):
    from kpis.queries import best_market as queries
    from kpis.ranking import Ranking, Standing

    def standing(code: str, fair: float) -> Standing:
        return Standing(code, fair, fair, fair, fair, fair, 0.2, 1.0, 1.0)

    from kpis.catalogue import kpi
    from kpis.queries.cells import Cell
    from kpis.values import Hole, Value

    hole = Value(None, Hole("no_target"))
    cell = Cell("cvr", "KR", "", Value(0.02), hole, hole, "none")
    monkeypatch.setattr(queries, "_moved", lambda *_: 1234567.0)
    for others, expected in ((3, None), (4, 620000.0)):
        wide = Ranking("cvr", tuple(standing(c, 0.02 if c == "KR" else 0.03) for c in ["KR", *"ABCDE"[:others]]))
        found = queries._stake(kpi("cvr"), cell, None, wide, wide, limited=True)  # type: ignore[arg-type]
        assert (found.to_median, found.to_best) == (expected, None)


def drawer(person, cell: str, **query: str) -> str:
    asked = {"period": "2026-10", "cell": cell, **query}
    answer = person.get("/c/acme/kpi/board/cell/", asked, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return re.sub(r"-[0-9a-f]{8}\b", "", answer.content.decode())  # popovers have drawn names


def test_the_drawer_tells_what_target_median_and_best_are_worth_as_the_ranking_does(alice, vera, october):
    set_targets(alice.at("acme"), [TargetCell("aov", "KR", OCTOBER, Decimal(80))], how=How.TYPED, now=NOW)
    found = api(alice, kpi="aov", period="2026-10")
    for code in CURRENCIES:
        one = market(found, code)
        pages = [drawer(person, f"aov.{code}") for person in (alice, vera)]
        for name, words in (
            ("target", "목표에 닿으면"),
            ("median", "시장 중앙값만큼"),
            ("best", "가장 잘하는 시장만큼"),
        ):
            worth = one[f"worth_to_{name}"]
            money = formats.format_value(worth, "money", currency="KRW", language="ko", compact=True) if worth else ""
            for page in pages:
                assert (words in page) is bool(worth), (code, name)
                assert money in page
    alone = drawer(alice, "aov.KR", market="KR")
    assert "가장 잘하는 시장만큼" in alone, "the others are held against also where the board doesn't show them"
    for query in ({"currency": "own"}, {"channel": "search"}):
        assert "중앙값만큼" not in drawer(alice, "aov.KR", **query)
    assert "중앙값만큼" not in drawer(alice, "aov.")
    assert "중앙값만큼" not in drawer(alice, "revenue.KR")


@pytest.mark.parametrize("shared", [False, True])
def test_bobs_drawers_are_the_same_to_the_byte_whatever_the_others_do(alice, bob, october, tmp_path, shared):
    if shared:
        alice.post(PAGE + "ranks/", {"shown": "yes"})
    set_targets(alice.at("acme"), [TargetCell("ctr", "KR", OCTOBER, Decimal("0.09"))], how=How.TYPED, now=NOW)
    cells = ("ctr.KR", "cpc.KR", "aov.KR", "roas.KR", "revenue.KR", "ctr.")
    before = {cell: drawer(bob, cell) for cell in cells}
    assert "목표에 닿으면" in before["ctr.KR"]
    for cell, page in before.items():
        assert not [word for word in ("중앙값만큼", "가장 잘하는", "일본", "미국") if word in page], cell
    rows = [{**row, "clicks": row["clicks"] // 3} for row in october if row["market"] != "KR"]
    put(alice.at("acme"), tmp_path, "channel_daily", "google-ads", rows)
    assert {cell: drawer(bob, cell) for cell in cells} == before


def test_only_those_who_may_show_ranks(alice, bob, vera, october):
    for person in (bob, vera):
        assert person.post(PAGE + "ranks/", {"shown": "yes"}).status_code == 403
        assert "ranks/" not in person.get(PAGE, {"period": "2026-10"}).content.decode()
        with pytest.raises(NotYourJob):
            person.at("acme").check("share_ranks")
    assert alice.post(PAGE + "ranks/", {"shown": "yes", "back": "kpi=ctr"})["Location"].endswith("best-market/?kpi=ctr")
    assert "순위 숨기기" in alice.get(PAGE).content.decode()
    alice.post(PAGE + "ranks/", {"shown": "no"})
    assert "자기 순위 보이기" in alice.get(PAGE).content.decode()
    assert AuditEntry.objects.filter(action="ranks.shared").count() == 2


def test_pages_read_in_both_languages_and_the_file_holds_the_same(alice, october):
    for language, word in (("ko", "1위일 확률"), ("en", "leads with a chance")):
        alice.cookies["django_language"] = language
        assert word in alice.get(PAGE, {"kpi": "ctr", "period": "2026-10"}).content.decode()
    found = api(alice, kpi="ctr", period="2026-10")
    text = alice.get(PAGE + "values.csv", {"kpi": "ctr", "period": "2026-10"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [float(row["Fair value"]) for row in rows] == [one["fair"] for one in found["markets"]]


def test_bad_addresses_and_empty_periods(alice, october):
    assert alice.get(PAGE, {"kpi": "x"}).status_code == 404
    assert alice.get(PAGE, {"market": "XX"}).status_code == 400
    assert alice.get(PAGE, {"period": "2019-01"}).status_code == 200
    assert alice.get(API, {"period": "2019-01"}).json()["markets"] == []
    assert alice.get(API, {"kpi": "aov", "currency": "own", "period": "2026-10"}).json()["currency"] == "KRW"
