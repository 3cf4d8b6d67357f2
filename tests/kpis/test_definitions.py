"""What a client makes of the catalogue: own KPIs, versions, switches, local definitions, the one metric."""

from __future__ import annotations

import csv
import datetime as dt
import json
from decimal import Decimal

import duckdb
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.catalogue import CATALOGUE
from kpis.catalogue.sets import SETS
from kpis.errors import BadDefinition, BadFormula, NoSuchKpi, NoSuchMarket, NoSuchOverride
from kpis.models import How, MarketOverride, OwnKpi, OwnKpiVersion
from kpis.queries.choices import chosen_kpis, standing_of
from kpis.queries.definitions import definitions_of
from kpis.services.choices import choose_kpis
from kpis.services.definitions import (
    OwnDraft,
    change_own_kpi,
    choose_set,
    make_own_kpi,
    set_own_active,
    switch_kpis,
)
from kpis.services.overrides import choose_omtm, decide_override, end_override, propose_override
from kpis.services.rates import RateCell, set_rates
from problems.errors import Conflict, NotAllowed
from tenants.models import AuditEntry
from tests.kpis.conftest import ads, put

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
SITE = "/c/acme/"
API = "/c/acme/api/v1/"
pytestmark = pytest.mark.django_db


def draft(formula: str = "(revenue - cost) / orders", **changes: str) -> OwnDraft:
    given = {
        "key": "net_per_order", "name_ko": "주문당 순매출", "name_en": "Net revenue per order", "stage": "conversion",
        "unit": "money", "better": "higher", "formula": formula, **changes,
    }  # fmt: skip
    return OwnDraft(**given)


def make(person, formula: str = "(revenue - cost) / orders", **changes: str) -> OwnKpi:
    return make_own_kpi(person.at("acme"), draft(formula, **changes), now=NOW)


@pytest.fixture(autouse=True)
def acme_stays_open(acme):
    """A request closes the client that it opened; the tests look into acme afterwards."""
    from django.core.signals import request_finished

    def reopen(**kwargs: object) -> None:
        connection.set_tenant(acme)

    request_finished.connect(reopen)
    yield
    request_finished.disconnect(reopen)


# --- own KPIs ---------------------------------------------------------------------------------------------------
def test_an_own_kpi_stands_among_the_clients_and_its_changes_are_versions(alice, bob):
    make(alice)
    found = definitions_of(bob.at("acme")).kpi("net_per_order")
    assert found.number == 1001
    assert found.is_own
    assert found.formula.as_text("en") == "(revenue − ad spend) ÷ orders"
    change_own_kpi(alice.at("acme"), draft("revenue / orders"), version=1, why="without ads", now=NOW)
    assert definitions_of(bob.at("acme")).kpi("net_per_order").formula.as_text("en") == "revenue ÷ orders"
    versions = OwnKpiVersion.objects.filter(kpi__key="net_per_order")
    assert [(v.number, v.formula, v.why) for v in versions] == [
        (2, "revenue / orders", "without ads"),
        (1, "(revenue - cost) / orders", ""),
    ]
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"kpi.made", "kpi.changed"}


def test_two_people_who_change_the_same_version_don_t_overwrite_each_other(alice, dana):
    make(alice)
    change_own_kpi(alice.at("acme"), draft("revenue / orders"), version=1, why="a", now=NOW)
    with pytest.raises(Conflict):
        change_own_kpi(dana.at("acme"), draft("cost / orders"), version=1, why="b", now=NOW)
    assert OwnKpi.objects.get(key="net_per_order").formula == "revenue / orders"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": "Net"}, "key"),
        ({"key": "cvr"}, "key"),
        ({"key": "overrides"}, "key"),
        ({"name_en": " "}, "name_en"),
        ({"stage": "nowhere"}, "stage"),
        ({"unit": "percent"}, "unit"),
        ({"better": "sideways"}, "better"),
        ({"description_ko": "가" * 501}, "description_ko"),
    ],
)
def test_a_bad_definition_names_its_field_and_nothing_is_saved(alice, changes, field):
    with pytest.raises(BadDefinition) as caught:
        make(alice, **changes)
    assert caught.value.details["field"] == field
    assert not OwnKpi.objects.exists()
    assert standing_of(alice.at("acme")).definitions.kpis == CATALOGUE


def test_a_change_needs_a_reason_and_a_formula_that_holds(alice):
    make(alice)
    with pytest.raises(BadDefinition, match="이유"):
        change_own_kpi(alice.at("acme"), draft(), version=1, why=" ", now=NOW)
    with pytest.raises(BadFormula, match="자기 자신"):
        change_own_kpi(alice.at("acme"), draft("{net_per_order}"), version=1, why="x", now=NOW)
    assert OwnKpi.objects.get().version == 1


def test_what_another_kpi_refers_to_can_t_be_broken(alice):
    make(alice)
    make(alice, "{net_per_order} / 2", key="half")
    assert definitions_of(alice.at("acme")).kpi("half").formula.scale == 0.5
    with pytest.raises(BadDefinition, match="half"):
        set_own_active(alice.at("acme"), "net_per_order", active=False, why="", now=NOW)
    with pytest.raises(BadDefinition, match="half"):
        change_own_kpi(alice.at("acme"), draft("orders / sessions", unit="percent"), version=1, why="other", now=NOW)
    with pytest.raises(BadFormula, match="net_per_order → half → net_per_order"):
        change_own_kpi(alice.at("acme"), draft("{half} * 3"), version=1, why="circle", now=NOW)
    set_own_active(alice.at("acme"), "half", active=False, why="", now=NOW)
    set_own_active(alice.at("acme"), "net_per_order", active=False, why="", now=NOW)
    with pytest.raises(NoSuchKpi):
        definitions_of(alice.at("acme")).kpi("half")
    set_own_active(alice.at("acme"), "net_per_order", active=True, why="again", now=NOW)
    assert definitions_of(alice.at("acme")).kpi("net_per_order")


def test_definitions_are_read_once_after_a_change(alice):
    make(alice)
    access = alice.at("acme")
    standing_of(access)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert standing_of(access).definitions.kpi("net_per_order")
    assert len(asked) == 1


# --- switches and sets ------------------------------------------------------------------------------------------
def test_what_can_t_be_measured_is_off_until_somebody_switches_it_on(alice):
    definitions = definitions_of(alice.at("acme"))
    off = {kpi.key for kpi in definitions.kpis} - definitions.on
    assert off == {kpi.key for kpi in CATALOGUE if not kpi.is_measurable}
    assert len(off) == 11
    switch_kpis(alice.at("acme"), {"nps": True, "cpi": False}, now=NOW)
    assert "nps" in definitions_of(alice.at("acme")).on
    assert "cpi" not in definitions_of(alice.at("acme")).on


def test_a_kpi_that_is_switched_off_leaves_the_board(alice):
    choose_kpis(alice.at("acme"), ["revenue", "cpi"])
    switch_kpis(alice.at("acme"), {"cpi": False}, now=NOW)
    assert chosen_kpis(alice.at("acme")) == ("revenue",)
    with pytest.raises(BadDefinition, match="켜져"):
        switch_kpis(alice.at("acme"), {kpi.key: False for kpi in CATALOGUE}, now=NOW)
    with pytest.raises(NoSuchKpi):
        switch_kpis(alice.at("acme"), {"nope": True}, now=NOW)


@pytest.mark.parametrize("name", SETS)
def test_a_recommended_set_has_only_what_can_be_measured_and_leads_the_board(alice, bob, name):
    chosen = SETS[name]
    make(alice)
    choose_set(alice.at("acme"), name, now=NOW)
    definitions = definitions_of(alice.at("acme"))
    assert definitions.on == {*chosen.keys, "net_per_order"}
    assert all(kpi.is_measurable for kpi in definitions.shown)
    assert set(chosen.board) <= set(chosen.keys)
    assert chosen_kpis(bob.at("acme")) == chosen.board


# --- who may ----------------------------------------------------------------------------------------------------
def test_viewers_and_people_of_one_market_change_no_definition(alice, bob, vera):
    make(alice)
    for person in (bob, vera):
        access = person.at("acme")
        for deed in (
            lambda a=access: make_own_kpi(a, draft(key="mine"), now=NOW),
            lambda a=access: change_own_kpi(a, draft(), version=1, why="x", now=NOW),
            lambda a=access: set_own_active(a, "net_per_order", active=False, why="", now=NOW),
            lambda a=access: switch_kpis(a, {"cvr": False}, now=NOW),
            lambda a=access: choose_set(a, "app", now=NOW),
            lambda a=access: choose_omtm(a, market="", key="cvr", now=NOW),
        ):
            with pytest.raises(NotAllowed):
                deed()
    with pytest.raises(NotAllowed):
        choose_omtm(vera.at("acme"), market="KR", key="cvr", now=NOW)
    with pytest.raises(NotAllowed):
        propose(vera, "KR")


# --- local definitions ------------------------------------------------------------------------------------------
def propose(person, market: str, formula: str = "orders[channel != 'display'] / sessions", key: str = "cvr"):
    return propose_override(person.at("acme"), key=key, market=market, formula=formula, reason="현지 채널", now=NOW)


def test_a_local_definition_holds_when_somebody_else_has_approved_it(alice, bob, dana):
    asked = propose(bob, "KR")
    assert definitions_of(alice.at("acme")).local_kpi("cvr", "KR") is None
    with pytest.raises(NotAllowed):
        decide_override(bob.at("acme"), asked.pk, approve=True, now=NOW)
    decide_override(alice.at("acme"), asked.pk, approve=True, now=NOW)
    local = definitions_of(alice.at("acme")).local_kpi("cvr", "KR")
    assert local is not None
    assert local.formula.sums == ("orders[channel!=display]", "sessions")
    own = propose(alice, "KR", "orders / paid_sessions")
    with pytest.raises(BadDefinition, match="스스로"):
        decide_override(alice.at("acme"), own.pk, approve=True, now=NOW)
    decide_override(dana.at("acme"), own.pk, approve=True, now=NOW)
    states = dict(MarketOverride.objects.values_list("formula", "state"))
    assert states["orders / paid_sessions"] == "approved"
    assert set(states.values()) == {"approved", "ended"}
    end_override(alice.at("acme"), own.pk, now=NOW)
    assert definitions_of(alice.at("acme")).local_kpi("cvr", "KR") is None


def test_a_local_definition_keeps_the_unit_the_market_and_one_proposal(alice, bob):
    with pytest.raises(BadDefinition, match="단위"):
        propose(bob, "KR", "revenue / sessions")
    with pytest.raises(NoSuchMarket):
        propose(bob, "JP")
    with pytest.raises(BadFormula):
        propose(bob, "KR", "orders / nothing_such")
    with pytest.raises(BadDefinition, match="이유"):
        propose_override(bob.at("acme"), key="cvr", market="KR", formula="orders / sessions", reason="a\x00", now=NOW)
    propose(bob, "KR")
    with pytest.raises(BadDefinition, match="기다리는"):
        propose(alice, "KR")
    assert MarketOverride.objects.count() == 1


def test_bob_of_korea_sees_no_other_markets_local_definition(alice, bob, dana):
    asked = propose(alice, "JP", "orders[channel = 'tokyo-tv'] / sessions")
    with pytest.raises(NotAllowed):
        decide_override(bob.at("acme"), asked.pk, approve=True, now=NOW)
    decide_override(dana.at("acme"), asked.pk, approve=True, now=NOW)
    page = bob.get(SITE + "kpi/definitions/cvr/").content.decode()
    assert "tokyo-tv" not in page
    assert "tokyo-tv" in alice.get(SITE + "kpi/definitions/cvr/").content.decode()
    assert bob.get(API + "kpis/overrides/").json() == []
    assert bob.get(API + "kpis/cvr/").json()["local_in"] == []
    assert bob.get(SITE + "kpi/definitions/cvr/local/?local=JP").status_code == 404
    assert bob.get(API + "board/", {"kpi": "cvr@JP"}).status_code == 404
    with pytest.raises(NoSuchOverride):
        # dana may decide everywhere, a market-limited admin nowhere else
        decide_override(_limited(dana), asked.pk, approve=False, now=NOW)
    assert alice.get(API + "kpis/cvr/").json()["local_in"] == ["JP"]


def _limited(person):
    from dataclasses import replace

    access = person.at("acme")
    return replace(access, markets=tuple(m for m in access.markets if m.code == "KR"), all_markets=False)


# --- numbers ----------------------------------------------------------------------------------------------------
@pytest.fixture
def two_channels(small_lake, alice, tmp_path) -> str:
    """The small lake with a second ad channel in Korea, and what was loaded as files for a second calculation."""
    set_rates(alice.at("acme"), [RateCell("JPY", dt.date(2026, 10, 1), Decimal(9))], how=How.TYPED, now=NOW)
    rows = [
        {**row, "channel": "display"}
        for row in ads("KR", "KRW", dt.date(2026, 10, 1), 31, impressions=400, clicks=5, cost=700)
    ]
    put(alice.at("acme"), tmp_path, "channel_daily", "kakao", rows)
    return small_lake


def _by_hand(tmp_path, sql: str) -> dict[str, float]:
    """A calculation in duckdb over the very files that were loaded."""
    con = duckdb.connect()
    files = sorted(str(path) for path in tmp_path.glob("channel_daily-*.csv"))
    con.execute(f"create view ads as select * from read_csv({files!r}, union_by_name=true)")
    files = sorted(str(path) for path in tmp_path.glob("orders-*.csv"))
    con.execute(f"create view orders as select * from read_csv({files!r}, union_by_name=true)")
    return {market: float(value) for market, value in con.execute(sql).fetchall()}


def test_a_board_with_an_own_kpi_equals_a_calculation_by_hand(two_channels, alice, tmp_path):
    make(alice, '(cost[channel = "search"] - 2 * cost[channel != "search"]) / clicks', key="odd_cpc")
    board = alice.get(API + "board/", {"period": "2026-10", "kpi": "odd_cpc"}).json()
    row = next(row for stage in board["stages"] for row in stage["rows"])
    expected = _by_hand(
        tmp_path,
        """select market, (sum(cost * rate) filter (channel = 'search')
                  - 2 * coalesce(sum(cost * rate) filter (channel <> 'search'), 0)) / sum(clicks)
           from (select *, case market when 'JP' then 9 else 1 end as rate from ads) where month(day) = 10
           group by grouping sets ((market), ()) order by 1""".replace(
            "select market", "select coalesce(market, 'all')", 1
        ),
    )
    found = {cell["market"]: cell["actual"]["value"] for cell in row["cells"]}
    assert found["KR"] == pytest.approx(expected["KR"])
    assert found["JP"] == pytest.approx(expected["JP"])
    assert found["US"] is None
    assert row["total"]["actual"]["value"] == pytest.approx(expected["all"])


def test_a_filter_that_meets_nothing_is_zero_where_the_measure_was_counted(two_channels, alice):
    make(alice, 'cost[channel = "nowhere"] / clicks', key="none_spent")
    board = alice.get(API + "board/", {"period": "2026-10", "kpi": "none_spent"}).json()
    cells = {c["market"]: c["actual"] for stage in board["stages"] for row in stage["rows"] for c in row["cells"]}
    assert cells["KR"] == {"value": 0}
    assert cells["US"]["reason"] == "no_data"


def test_an_own_kpi_is_split_by_channel_in_depth(two_channels, alice):
    make(alice, 'clicks[channel = "display"] / clicks', key="display_share", unit="percent")
    depth = alice.get(API + "in-depth/", {"period": "2026-10", "market": "KR", "kpi": "display_share"}).json()
    assert {s["name"]: s["actual"]["value"] for s in depth["channel"]} == {"search": 0.0, "display": 1.0}
    assert depth["value"]["actual"]["value"] == pytest.approx(5 / 25)
    page = alice.get(SITE + "kpi/in-depth/?kpi=display_share&market=KR&period=2026-10")
    assert page.status_code == 200


def test_both_numbers_of_a_market_stand_side_by_side(two_channels, alice, dana):
    asked = propose(alice, "KR", 'clicks[channel = "search"] / impressions', key="ctr")
    decide_override(dana.at("acme"), asked.pk, approve=True, now=NOW)
    page = alice.get(SITE + "kpi/definitions/ctr/?period=2026-10").content.decode()
    assert "1.8" in page  # (20 + 5) / (1000 + 400)
    assert "1.4" in page  # 20 / 1400
    drawer = alice.get(
        SITE + "kpi/board/cell/?period=2026-10&cell=ctr.KR", headers={"HX-Request": "true"}
    ).content.decode()
    assert "local=KR" in drawer
    side = alice.get(SITE + "kpi/definitions/ctr/local/?period=2026-10&local=KR").content.decode()
    assert "1.8" in side
    assert "1.4" in side
    assert "Dana" in side
    board = alice.get(API + "board/", {"period": "2026-10", "kpi": "ctr"}).json()
    korea = board["stages"][0]["rows"][0]["cells"][0]
    assert korea["actual"]["value"] == pytest.approx(25 / 1400)  # the board keeps the headquarters' number


@pytest.mark.usefixtures("two_channels")
class TestTheEditor:
    def test_a_formula_is_checked_as_typed(self, alice):
        good = alice.post(SITE + "kpi/formula/check/", {"formula": "revenue / sessions"})
        assert good.json()["units"] == [{"value": "money", "label": "금액"}]
        bad = alice.post(SITE + "kpi/formula/check/", {"formula": "revnue / sessions"})
        assert bad.status_code == 400
        assert bad.json()["details"] == {"start": 0, "end": 6, "suggestion": "revenue"}

    def test_the_preview_has_the_persons_markets_only(self, alice, bob):
        sent = {"formula": "cost / clicks"}
        everybody = alice.post(SITE + "kpi/formula/preview/?period=2026-10", sent).content.decode()
        assert "일본" in everybody
        mine = bob.post(SITE + "kpi/formula/preview/?period=2026-10", sent).content.decode()
        assert "일본" not in mine
        told = bob.post(API + "kpis/formula/preview/?period=2026-10", sent).json()
        assert [cell["market"] for cell in told["cells"]] == ["KR"]
        assert told["total"]["actual"]["value"] == pytest.approx((31 * 5000 + 31 * 700) / (31 * 25))

    def test_a_kpi_is_made_and_changed_on_its_page(self, alice):
        fields = {name: getattr(draft(), name) for name in OwnDraft.__dataclass_fields__}
        answer = alice.post(SITE + "kpi/definitions/own/new/", fields)
        assert answer.status_code == 302, answer.content.decode()[-2000:]
        page = alice.get(answer["Location"]).content.decode()
        assert "(매출 − 광고비) ÷ 주문수" in page
        edit = SITE + "kpi/definitions/net_per_order/edit/"
        assert "(revenue - cost) / orders" in alice.get(edit).content.decode()
        refused = alice.post(edit, {**fields, "formula": "revenue +", "why": "x", "version": 1})
        assert refused.status_code == 400
        assert "revenue +" in refused.content.decode()
        done = alice.post(edit, {**fields, "formula": "revenue / orders", "why": "단순하게", "version": 1})
        assert done.status_code == 302
        history = alice.get(SITE + "kpi/definitions/net_per_order/").content.decode()
        assert "<del>(revenue - cost) / orders</del>" in history
        assert "단순하게" in history

    def test_vera_reads_and_changes_nothing(self, alice, vera):
        make(alice)
        assert vera.get(SITE + "kpi/definitions/net_per_order/").status_code == 200
        assert vera.get(SITE + "kpi/definitions/net_per_order/edit/").status_code == 403
        for address in ("own/new/", "net_per_order/edit/", "net_per_order/active/", "cvr/override/", "switch/save/",
                        "set/save/", "omtm/save/"):  # fmt: skip
            assert vera.post(SITE + "kpi/definitions/" + address, {"kpi": "cvr", "market": "KR"}).status_code == 403
        assert OwnKpi.objects.get().version == 1


# --- the one metric ---------------------------------------------------------------------------------------------
def test_the_one_metric_leads_home_and_is_marked_on_the_board(small_lake, alice, bob):
    choose_omtm(alice.at("acme"), market="", key="clicks", now=NOW)
    choose_omtm(bob.at("acme"), market="KR", key="orders", now=NOW)
    with pytest.raises(NoSuchMarket):
        choose_omtm(bob.at("acme"), market="JP", key="orders", now=NOW)
    with pytest.raises(BadDefinition):
        choose_omtm(bob.at("acme"), market="KR", key="nps", now=NOW)
    home = alice.get(SITE).content.decode()
    assert home.index("★ 모든 시장 · 클릭수") < home.index("home-stages")
    assert "★ 한국 · 주문수" in bob.get(SITE).content.decode()
    choose_kpis(alice.at("acme"), ["clicks", "orders"])
    board = alice.get(SITE + "kpi/board/?period=2026-10").content.decode()
    assert board.count("★") == 2
    assert alice.get(API + "kpis/omtm/").json() == [{"market": "", "kpi": "clicks"}, {"market": "KR", "kpi": "orders"}]


# --- pages and API ----------------------------------------------------------------------------------------------
def test_every_kpi_has_a_page_and_cells_that_never_fail(small_lake, alice):
    board = alice.get(API + "board/", {"period": "2026-10", "kpi": [kpi.key for kpi in CATALOGUE]}).json()
    rows = {row["kpi"]: [*row["cells"], row["total"]] for stage in board["stages"] for row in stage["rows"]}
    assert set(rows) == {kpi.key for kpi in CATALOGUE}
    for kpi in CATALOGUE:
        page = alice.get(SITE + f"kpi/definitions/{kpi.key}/?period=2026-10")
        assert page.status_code == 200, kpi.key
        assert kpi.name.ko in page.content.decode()
        if not kpi.is_measurable:
            assert all(c["actual"]["value"] is None and c["actual"]["reason"] == "needs" for c in rows[kpi.key])
            assert "연결할 소스" in rows[kpi.key][0]["actual"]["sentence"]
    assert alice.get(SITE + "kpi/in-depth/?kpi=nps&market=KR&period=2026-10").status_code == 200


def test_the_list_shows_what_is_on_and_lets_admins_switch(small_lake, alice, vera):
    page = alice.get(SITE + "kpi/definitions/").content.decode()
    assert 'id="cvr"' in page
    assert 'id="nps"' not in page
    off = alice.get(SITE + "kpi/definitions/?show=off").content.decode()
    assert 'id="nps"' in off
    assert "switch/save" not in vera.get(SITE + "kpi/definitions/").content.decode()
    back = SITE + "kpi/definitions/?show=off#nps"
    answer = alice.post(SITE + "kpi/definitions/switch/save/", {"kpi": "nps", "on": "1", "back": back})
    assert answer["Location"] == back
    evil = {"kpi": "nps", "on": "0", "back": "https://elsewhere.example/"}
    assert alice.post(SITE + "kpi/definitions/switch/save/", evil)["Location"] == SITE + "kpi/definitions/"
    assert 'id="cvr"' in alice.get(SITE + "kpi/definitions/?stage=conversion&show=%00").content.decode()


def test_the_api_makes_changes_and_refuses(small_lake, alice, bob):
    sent = {name: getattr(draft(), name) for name in OwnDraft.__dataclass_fields__}

    def call(person, method: str, path: str, body: object):
        return getattr(person, method)(API + path, json.dumps(body), content_type="application/json")

    assert call(bob, "post", "kpis/", sent).status_code == 403
    made = call(alice, "post", "kpis/", sent)
    assert made.status_code == 201
    assert made.json()["expression"] == "(revenue - cost) / orders"
    changed = call(alice, "patch", "kpis/net_per_order/", {"version": 1, "why": "x", "formula": "revenue / orders"})
    assert changed.json()["version"] == 2
    assert [v["number"] for v in changed.json()["versions"]] == [2, 1]
    assert call(alice, "patch", "kpis/net_per_order/", {"version": 1, "why": "x", "unit": "money"}).status_code == 409
    bad = call(alice, "post", "kpis/formula/check/", {"formula": "(" * 500})
    assert bad.status_code == 400
    assert bad.json()["type"] == "urn:yeojeong:problem:bad_formula"
    assert bad.json()["details"]["start"] == 50
    assert call(alice, "put", "kpis/switches/", {"on": ["nps"], "off": ["cpi"]}).json()["off"].count("cpi") == 1
    asked = call(bob, "post", "kpis/overrides/", {"kpi": "aov", "market": "KR", "formula": "gross_revenue / orders",
                                                  "reason": "부가세"})  # fmt: skip
    assert asked.status_code == 201
    number = asked.json()["id"]
    assert call(bob, "post", f"kpis/overrides/{number}/", {"deed": "approve"}).status_code == 403
    assert call(alice, "post", f"kpis/overrides/{number}/", {"deed": "approve"}).json()["state"] == "approved"
    gone = call(alice, "patch", "kpis/net_per_order/", {"version": 2, "why": "", "active": False})
    assert gone.status_code == 400
    gone = call(alice, "patch", "kpis/net_per_order/", {"version": 2, "why": "old", "active": False})
    assert gone.json()["versions"][0]["active"] is False
    assert "net_per_order" not in [one["key"] for one in alice.get(API + "kpis/").json()]


def test_the_export_has_own_kpis_too(small_lake, alice):
    make(alice, "clicks / impressions", key="my_ctr", unit="percent")
    choose_kpis(alice.at("acme"), ["my_ctr"])
    text = alice.get(SITE + "kpi/board/export.csv?period=2026-10").content.decode("utf-8-sig")
    assert any("my_ctr" in line or "주문당 순매출" in line for row in csv.reader(text.splitlines()) for line in row)


def test_an_own_kpi_takes_targets_typed_and_pasted(small_lake, alice):
    from kpis.services.targets import import_targets

    make(alice, "cost / clicks", key="my_cpc", better="lower")
    import_targets(
        alice.at("acme"), text="KPI\tmarket\tmonth\tvalue\n주문당 순매출\tKR\t2026-10\t200", how=How.PASTED, now=NOW
    )
    board = alice.get(API + "board/", {"period": "2026-10", "kpi": "my_cpc"}).json()
    korea = board["stages"][0]["rows"][0]["cells"][0]
    assert korea["target"]["value"] == 200
    assert korea["achievement"]["value"] == pytest.approx(200 / 250)
    assert "주문당 순매출" in alice.get(SITE + "kpi/targets/?by=market&market=KR&year=2026").content.decode()
    typed = {"how": "typed", "cells": [{"place": "my_cpc|KR|2026-11", "text": "240"}]}
    answer = alice.post(SITE + "kpi/targets/save/", json.dumps(typed), content_type="application/json")
    assert answer.json()["changed"] == 1
    typed["cells"][0]["place"] = "nothing_such|KR|2026-11"
    answer = alice.post(SITE + "kpi/targets/save/", json.dumps(typed), content_type="application/json")
    assert answer.status_code == 400
    page = alice.get(SITE + "kpi/definitions/my_cpc/?period=2026-10").content.decode()
    assert "한국 2개월" in page
