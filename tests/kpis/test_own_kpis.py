"""A client's own KPIs everywhere that the catalogue's are: bridges, ranks, alerts, notes, actions, restatements."""

from __future__ import annotations

import datetime as dt
import math
import random
from decimal import Decimal

import pytest

from kpis.catalogue import Better, Kpi, Rollup, Stage, Words
from kpis.errors import NoSuchKpi
from kpis.expressions import check_formula
from kpis.messages import message_text
from kpis.models import Alert, How, InboxItem
from kpis.queries.alerts import rehearse
from kpis.queries.definitions import definitions_of
from kpis.queries.effects import effects_of
from kpis.queries.notes import marks_between
from kpis.queries.windows import readings_of
from kpis.ranking import rankable, stake_kind, worth
from kpis.services.actions import ActionDraft, change_action, make_action
from kpis.services.alerts import AlertDraft, checked_rule, make_alert, rule_of_draft
from kpis.services.checking import check_alert
from kpis.services.definitions import OwnDraft, change_own_kpi, make_own_kpi, set_own_active
from kpis.services.notes import NoteDraft, write_note
from kpis.services.overrides import decide_override, propose_override
from kpis.services.rates import RateCell, set_rates
from kpis.services.restatements import note_restatements
from kpis.services.target_tables import TargetCell
from kpis.services.targets import set_targets
from sources.models import Restatement, Source
from tests.kpis.conftest import order, put
from tests.kpis.test_known import age, meta
from tests.pages import without_random

SITE, API = "/c/acme/kpi/", "/c/acme/api/v1/"
NOW, TODAY = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC), dt.date(2026, 11, 2)
SEPTEMBER, OCTOBER, NOVEMBER = dt.date(2026, 9, 1), dt.date(2026, 10, 1), dt.date(2026, 11, 1)
DAY = dt.timedelta(days=1)
NAVER = 'clicks[channel = "naver"]'
OWN = {  # key → formula, unit
    "margin": ("revenue - cost", "money"),
    "margin_per_click": ("(revenue - 1.1 × cost) ÷ clicks", "money"),
    "naver_cost": ('cost[channel = "naver"] ÷ ' + NAVER, "money"),
    "naver_share": (NAVER + " ÷ clicks", "percent"),
    "with_tax": ("1.1 × {ad_spend}", "money"),
    "missed": ("1 − {ctr} × 2", "percent"),
    "margin_of_sales": ("{margin} ÷ revenue", "percent"),
    "weighted": ("(clicks + 2 × orders) ÷ (impressions − clicks)", "ratio"),
    "return": ("({margin} + ad_value) ÷ cost", "ratio"),
}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stays_open")]


def draft(key: str, formula: str, unit: str, **more: str) -> OwnDraft:
    given = {"name_ko": f"우리 {key}", "name_en": f"Our {key}", "stage": "conversion", "better": "higher", **more}
    return OwnDraft(key=key, unit=unit, formula=formula, **given)


def own(person, key: str, **more: str) -> Kpi:
    """An own KPI made through the service."""
    make_own_kpi(person.at("acme"), draft(key, *OWN[key], **more), now=NOW)
    return definitions_of(person.at("acme")).kpi(key)


def retire(person, key: str) -> None:
    set_own_active(person.at("acme"), key, active=False, why="not asked for", now=NOW)


def override(alice, bob, key: str, formula: str) -> None:
    """A local definition of Korea, in force."""
    asked = propose_override(bob.at("acme"), key=key, market="KR", formula=formula, reason="local", now=NOW)
    decide_override(alice.at("acme"), asked.pk, approve=True, now=NOW)


def named_markets(page: str) -> list[str]:
    """Words of markets that aren't bob's; tokens and nonces have any letters."""
    text = without_random(page)
    return [word for word in ("JP", "US", "일본", "미국") if word in text]


@pytest.fixture
def autumn(lake, alice, tmp_path) -> list[dict[str, object]]:
    """September and October 2026 of ads on two channels and orders, in three markets and currencies."""
    dice = random.Random(4)
    access = alice.at("acme")
    ads, orders = [], []
    for market, currency in (("KR", "KRW"), ("JP", "JPY"), ("US", "USD")):
        for number in range(61):
            day = (SEPTEMBER + number * DAY).isoformat()
            for channel in ("naver", "google"):
                ads.append({
                    "market": market, "day": day, "channel": channel, "campaign": f"{channel}-{number % 2}",
                    "currency": currency, "impressions": dice.randint(4000, 9000), "clicks": dice.randint(50, 400),
                    "cost": round(dice.uniform(100, 900), 2), "conversions": dice.randint(1, 9),
                    "value": round(dice.uniform(500, 5000), 2),
                })  # fmt: skip
            orders += [order(market, currency, day, n, round(dice.uniform(100, 9000), 2)) for n in range(2)]
    put(access, tmp_path, "channel_daily", "google-ads", ads)
    put(access, tmp_path, "orders", "shop", orders)
    cells = [
        RateCell(code, month, Decimal(rate))
        for code, rates in (("JPY", ("9.1", "9.6")), ("USD", ("1390", "1440")))
        for month, rate in zip((SEPTEMBER, OCTOBER), rates, strict=True)
    ]
    set_rates(access, cells, how=How.TYPED, now=NOW)
    return ads


def summed(rows, name: str, market: str = "KR", channel: str = "", month: str = "2026-10") -> float:
    found = (r for r in rows if r["market"] == market and r["day"].startswith(month))
    return math.fsum(r[name] for r in found if not channel or r["channel"] == channel)


def api(person, path: str, **query):
    answer = person.get(f"{API}{path}/", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def cell_of(person, key: str, market: str = "", **more):
    codes = {"market": market} if market else {}
    board = api(person, "board", period="2026-10", kpi=key, **codes, **more)
    row = board["stages"][0]["rows"][0]
    return row["cells"][0] if market else row["total"]


# --- bridges ----------------------------------------------------------------------------------------------------
def test_the_bridge_of_every_own_kpi_adds_up_to_the_change_on_the_board(alice, bob, autumn):
    for key in OWN:
        own(alice, key)
    override(alice, bob, "margin", "revenue")
    for key in OWN:
        for query in ({}, {"market": "JP"}, {"market": "KR"}, {"market": "KR", "compare": "market:US"},
                      {"market": "US", "compare": "market:all"}):  # fmt: skip
            found = api(alice, "why", kpi=key, period="2026-10", **query)
            cell = cell_of(alice, key, query.get("market", ""))
            assert found["now"]["value"] == cell["actual"]["value"], (key, query)
            assert [one["kind"] for one in found["effects"]] != ["rest"], (key, query, found)
            largest = max(abs(one["amount"]) for one in found["effects"])
            for part in (found["effects"], *found["contributions"].values()):
                gap = math.fsum(one["amount"] for one in part) - found["change"]
                assert abs(gap) <= 1e-9 * max(abs(found["now"]["value"]), largest), (key, query)
    page = alice.get(f"{SITE}why/", {"kpi": "margin_per_click", "period": "2026-10"}).content.decode()
    assert "우리 margin_per_click" in page
    assert "광고비" in page


def test_a_filtered_term_and_a_term_in_money_are_told_by_name(alice, autumn):
    own(alice, "margin_per_click")
    own(alice, "naver_share")
    found = api(alice, "why", kpi="margin_per_click", market="JP", period="2026-10")
    assert [one["name"] for one in found["effects"]] == ["매출", "광고비", "클릭수", "환율"]
    share = api(alice, "why", kpi="naver_share", market="KR", period="2026-10")
    assert share["now"]["value"] == pytest.approx(summed(autumn, "clicks", channel="naver") / summed(autumn, "clicks"))
    assert "channel" not in api(alice, "why", kpi="margin_per_click", period="2026-10")["contributions"]


def test_a_target_of_an_own_kpi_is_told_by_market(alice, autumn):
    own(alice, "margin_per_click")
    cells = [TargetCell("margin_per_click", code, OCTOBER, Decimal(90)) for code in ("KR", "JP", "US")]
    set_targets(alice.at("acme"), cells, how=How.TYPED, now=NOW)
    found = api(alice, "why", kpi="margin_per_click", period="2026-10", compare="target")
    assert {one["name"] for one in found["contributions"]["market"]} == {"KR", "JP", "US"}
    whole = math.fsum(one["amount"] for one in found["contributions"]["market"])
    assert whole == pytest.approx(found["change"], rel=1e-9)


def test_where_an_own_kpi_can_be_explained_there_is_a_link_to_it(alice, autumn):
    own(alice, "margin")
    drawer = alice.get(f"{SITE}board/cell/", {"period": "2026-10", "cell": "margin.KR"}, headers={"HX-Request": "true"})
    depth = alice.get(f"{SITE}in-depth/", {"period": "2026-10", "kpi": "margin", "market": "KR"})
    for page in (drawer.content.decode(), depth.content.decode()):
        assert "/kpi/why/?kpi=margin&amp;market=KR" in page
        assert "notes/?kpi=margin" in page


def test_bob_sees_the_bridge_of_korea_and_nothing_of_the_others(alice, bob, autumn):
    own(alice, "margin")
    page = bob.get(f"{SITE}why/", {"period": "2026-10", "kpi": "margin"}).content.decode()
    assert named_markets(page) == []
    assert (
        api(bob, "why", kpi="margin", period="2026-10")["now"]["value"]
        == cell_of(bob, "margin", "KR")["actual"]["value"]
    )
    assert bob.get(f"{SITE}why/", {"kpi": "margin", "market": "JP"}).status_code == 404
    retire(alice, "margin")
    assert alice.get(f"{SITE}why/", {"kpi": "margin"}).status_code == 404


# --- best market ------------------------------------------------------------------------------------------------
def test_markets_are_ranked_on_own_ratios_with_what_a_gap_is_worth(alice, autumn):
    for key in OWN:
        kpi = own(alice, key)
        found = api(alice, "best-market", kpi=key, period="2026-10")
        assert (found["reason"] == "not_ranked") is (kpi.rollup is Rollup.ADDITIVE)
        assert rankable(kpi) is (kpi.rollup is Rollup.RATIO)
        assert alice.get(f"{SITE}best-market/", {"kpi": key, "period": "2026-10"}).status_code == 200
        values = {code: cell_of(alice, key, code)["actual"]["value"] for code in ("KR", "JP", "US")}
        assert {one["market"]: one["as_measured"] for one in found["markets"]} == (
            pytest.approx(values) if rankable(kpi) else {}
        )
    assert api(alice, "best-market", kpi="naver_cost", period="2026-10")["adjusted_for"] == []
    assert api(alice, "best-market", kpi="missed", period="2026-10")["adjusted_for"] == ["channel"]
    page = alice.get(f"{SITE}best-market/", {"kpi": "naver_cost", "period": "2026-10"}).content.decode()
    assert "수식에서 채널" in page


def test_closing_the_gap_of_an_own_kpi_is_worth_the_money_that_its_numerator_is(alice, autumn):
    own(alice, "margin_per_click")
    own(alice, "margin")
    cells = [
        TargetCell("margin_per_click", "KR", OCTOBER, Decimal(9999)),
        TargetCell("margin", "KR", OCTOBER, Decimal(10**7)),
    ]
    set_targets(alice.at("acme"), cells, how=How.TYPED, now=NOW)
    (kr,) = (
        m for m in api(alice, "best-market", kpi="margin_per_click", period="2026-10")["markets"] if m["market"] == "KR"
    )
    assert kr["worth_to_target"] == pytest.approx((9999 - kr["as_measured"]) * summed(autumn, "clicks"))
    for key in ("margin", "margin_per_click"):
        asked = {"period": "2026-10", "cell": f"{key}.KR"}
        drawer = alice.get(f"{SITE}board/cell/", asked, headers={"HX-Request": "true"}).content.decode()
        assert "목표에 닿으면" in drawer, key


def test_where_all_markets_are_alike_none_does_best(alice, autumn):
    make_own_kpi(alice.at("acme"), draft("nowhere", 'clicks[channel = "gone"] ÷ clicks', "percent"), now=NOW)
    page = alice.get(f"{SITE}best-market/", {"kpi": "nowhere", "period": "2026-10"}).content.decode()
    assert "우리 nowhere: 모든 시장이 0" in page
    assert "앞선 시장이 없어요" in page


@pytest.mark.parametrize(
    ("formula", "better", "kind"),
    [
        ("revenue - cost", "higher", "brought"), ("revenue - cost", "lower", ""), ("cost / orders", "lower", "saved"),
        ("cost / orders", "higher", ""), ("refunds / revenue", "lower", "saved"), ("ad_value / cost", "higher", "brought"),
        ("revenue - refunds + cost", "higher", ""), ("revenue", "watch", ""), ("orders / sessions", "higher", "revenue"),
        ("1 - cart_sessions / view_item_sessions", "lower", "revenue"), ("sessions / orders", "higher", ""),
        ("clicks / impressions", "higher", "ad_value"), ("engaged_sessions / sessions", "higher", ""),
        ('orders[channel = "naver"] / sessions', "higher", ""), ("(orders + leads) / sessions", "higher", ""),
    ],
)  # fmt: skip
def test_money_at_stake_is_said_only_where_it_follows_from_the_formula(formula, better, kind):
    checked = check_formula(formula, references={})
    words = Words("이름", "name")
    kpi = Kpi(1001, "own", Stage.CONVERSION, words, checked.units[0], Better(better), checked.rollup, checked.formula,
              words, words, words)  # fmt: skip
    assert stake_kind(kpi) == kind
    if formula.startswith("1 -"):
        assert worth(kpi, 0.8, 0.7, 100.0) == pytest.approx(50)
    if kind == "saved":
        assert worth(kpi, 5.0, 3.0, 10.0) == 20
        assert worth(kpi, 3.0, 5.0, 10.0) == 0


def test_bob_gets_his_own_markets_value_and_no_rank(alice, bob, autumn):
    own(alice, "margin_per_click")
    found = api(bob, "best-market", kpi="margin_per_click", period="2026-10")
    assert [one["market"] for one in found["markets"]] == ["KR"]
    assert not {"rank_fair", "fair", "chance"} & set(found["markets"][0])
    assert found["markets"][0]["place"] is None
    page = bob.get(f"{SITE}best-market/", {"kpi": "margin_per_click", "period": "2026-10"}).content.decode()
    assert named_markets(page) == []


# --- alerts -----------------------------------------------------------------------------------------------------
def alert_on(person, key: str, **more) -> Alert:
    access = person.at("acme")
    given = {"kpi": key, "kind": "threshold", "limit": 0.0, "recipients": (access.user.pk,), **more}
    return make_alert(access, AlertDraft(**given), now=NOW - 5 * DAY, today=TODAY - 5 * DAY)


def test_an_alert_on_an_own_kpi_fires_by_the_headquarters_formula_for_those_who_see_the_market(
    acme, alice, bob, autumn
):
    own(alice, "naver_cost")
    override(alice, bob, "naver_cost", "cost ÷ clicks")
    people = (alice.at("acme").user.pk, bob.at("acme").user.pk)
    alert = alert_on(alice, "naver_cost", side="above", recipients=people)
    assert check_alert(acme, alert.pk, now=NOW).new == 15, "five days of three markets"
    (row,) = (r for r in autumn if (r["market"], r["day"], r["channel"]) == ("KR", "2026-10-31", "naver"))
    event = alert.events.get(market="KR", starts_on=dt.date(2026, 10, 31))
    assert event.value == pytest.approx(row["cost"] / row["clicks"])
    told = [message_text(one.message, one.about) for one in InboxItem.objects.filter(user_id=people[1])]
    assert len(told) == 5
    assert all("우리 naver_cost" in text and "₩" in text for text in told)
    assert not [text for text in told if named_markets(text)]


def test_the_test_run_of_an_own_kpi_finds_what_the_check_finds(alice, autumn):
    own(alice, "margin")
    access = alice.at("acme")
    rule = rule_of_draft(checked_rule(access, AlertDraft("margin", "threshold", 3000.0, side="below")))
    run = rehearse(access, rule, ("KR",), today=TODAY)
    readings = readings_of(access, rule.kpi, ("KR",), (SEPTEMBER, NOVEMBER), currency="own", last=TODAY - DAY)
    days = [SEPTEMBER + n * DAY for n in range(61)]
    low = [day for day in days if (readings.value("KR", day, day + DAY).number or 0.0) < 3000]
    assert [one.starts_on for one in run.fired["KR"]] == [day for day in low if day >= run.first]
    sent = {"kpi": "margin", "side": "below", "limit": "3000", "grain": "day", "currency": "own"}
    page = alice.post(f"{SITE}alerts/rehearsal/?kind=threshold", sent).content.decode()
    assert "우리 margin" in page
    assert 'value="margin"' in alice.get(f"{SITE}alerts/new/?kind=threshold&kpi=margin").content.decode()


def test_an_alert_on_an_own_kpi_out_of_use_says_that_it_can_no_longer_run(acme, alice, autumn):
    own(alice, "margin")
    alert = alert_on(alice, "margin")
    retire(alice, "margin")
    assert check_alert(acme, alert.pk, now=NOW).state == "broken"
    alert.refresh_from_db()
    assert (alert.broken_reason, alert.broken_about) == ("kpi_gone", "margin")
    (item,) = InboxItem.objects.filter(message="broken")
    for text in (message_text("broken", item.about), alice.get(f"{SITE}alerts/").content.decode()):
        assert "“우리 margin”은(는) 더 이상 쓰지 않아요" in text.replace("&quot;", '"')
    assert alice.get(f"{SITE}alerts/{alert.pk}/").status_code == 200
    form = alice.get(f"{SITE}alerts/{alert.pk}/change/").content.decode()
    assert "KPI를 고르세요" in form, "another KPI isn't put in its place unasked"
    with pytest.raises(NoSuchKpi):
        alert_on(alice, "margin")
    set_own_active(alice.at("acme"), "margin", active=True, why="again", now=NOW)
    assert check_alert(acme, alert.pk, now=NOW).state != "broken"


def test_a_limit_in_percent_is_read_in_percent(alice, autumn):
    own(alice, "naver_share")
    access = alice.at("acme")
    sent = {"kpi": "naver_share", "side": "below", "limit": "40", "grain": "week", "recipients": [access.user.pk]}
    assert alice.post(f"{SITE}alerts/new/?kind=threshold", sent).status_code == 302
    made = Alert.objects.get(kpi="naver_share")
    assert made.limit == pytest.approx(0.4)
    assert 'value="40"' in alice.get(f"{SITE}alerts/{made.pk}/change/").content.decode()


# --- notes and actions ------------------------------------------------------------------------------------------
def test_notes_on_an_own_kpi_are_marked_and_keep_its_name(alice, bob, autumn):
    own(alice, "margin")
    event = NoteDraft("annotation", "Sale @bob", "margin", "KR", OCTOBER, OCTOBER, event_type="campaign")
    write_note(alice.at("acme"), event, now=NOW)
    (mark,) = marks_between(bob.at("acme"), ["margin"], OCTOBER, NOVEMBER)
    assert (mark.kpi, mark.market, mark.events) == ("margin", "KR", 1)
    marks = bob.get(f"{SITE}board/marks/", {"period": "2026-10"}).json()["cells"]
    assert marks["margin.KR"]["events"] == 1
    place = {"kpi": "margin", "market": "KR", "start": "2026-10-01", "end": "2026-11-01"}
    assert "우리 margin" in bob.get(f"{SITE}notes/", place).content.decode()
    retire(alice, "margin")
    assert "우리 margin" in bob.get(f"{SITE}notes/", {**place, "kpi": ""}).content.decode()
    assert bob.get(f"{SITE}notes/", place).status_code == 404


def test_an_action_on_an_own_kpi_has_its_before_and_after(alice, bob, autumn):
    kpi = own(alice, "margin_per_click")
    override(alice, bob, "margin_per_click", "revenue ÷ clicks")
    access = bob.at("acme")
    given = {"text": "New page", "kpi": kpi.key, "market": "KR", "owner_id": access.user.pk, "due_on": TODAY}
    made = make_action(access, ActionDraft(**given), now=NOW, today=TODAY)
    changed = ActionDraft(**given, state="doing", started_on=OCTOBER, window_days=28)
    made = change_action(access, made, changed, now=NOW, today=TODAY)
    effect = effects_of(access, [made])[made.pk]
    readings = readings_of(access, kpi, ("KR",), (SEPTEMBER, NOVEMBER), currency="own", last=TODAY - DAY)
    sums = dict.fromkeys(kpi.formula.sums, 0.0)
    for number in range(28):
        for row in readings.days["KR"][OCTOBER + number * DAY]:
            for name in sums:
                sums[name] += float(row[name] or 0)
    assert effect.after.number == pytest.approx((sums["revenue"] - 1.1 * sums["cost"]) / sums["clicks"])
    assert effect.before.number is not None
    page = bob.get(f"{SITE}actions/").content.decode()
    assert "우리 margin_per_click" in page
    assert f"kpi={kpi.key}&amp;market=KR" in page
    assert f'value="{kpi.key}"' in bob.get(f"{SITE}actions/new/").content.decode()
    retire(alice, kpi.key)
    gone = bob.get(f"{SITE}actions/").content.decode()
    assert "우리 margin_per_click" in gone
    assert "사용을 중지한 KPI" in gone
    assert f"kpi={kpi.key}&amp;market=KR" not in gone
    assert bob.get(f"{SITE}actions/{made.pk}/").status_code == 200


# --- restatements -----------------------------------------------------------------------------------------------
def test_a_settled_month_of_an_own_kpi_that_a_load_changed_is_told(lake, alice, bob, tmp_path):
    access = alice.at("acme")
    Source.objects.create(key="meta", name="Meta")
    make_own_kpi(access, draft("return", "(ad_value - cost) ÷ cost", "ratio"), now=NOW)
    override(alice, bob, "return", "ad_value ÷ cost")
    put(access, tmp_path, "channel_daily", "meta", meta("KR", "KRW", 3900) + meta("JP", "JPY", 2000))
    age(lake, 150)
    load_id = put(access, tmp_path, "channel_daily", "meta", meta("KR", "KRW", 2600, days=12))
    assert note_restatements(access.client, load_id, undone=False) > 0
    one = Restatement.objects.get(kpi="return")
    assert (one.old, one.new) == (pytest.approx(2.9), pytest.approx((12 * 1600 + 19 * 2900) / 31_000))
    listed = alice.get(f"{SITE}restatements/?kpi=return").content.decode()
    assert "우리 return" in listed
    days = alice.get(f"{SITE}restatements/{one.pk}/").content.decode()
    assert days.count("<tr") == 1 + 12
    assert [found["id"] for found in api(bob, "restatements", kpi="return")] == [one.pk]

    change_own_kpi(access, draft("return", "(ad_value - cost) ÷ cost", "ratio", name_ko="광고 순수익률"), version=1,
                   why="a better name", now=NOW)  # fmt: skip
    retire(alice, "return")
    for page in (f"{SITE}restatements/?kpi=return", f"{SITE}restatements/{one.pk}/", "/c/acme/"):
        answer = alice.get(page)
        assert answer.status_code == 200
    assert "광고 순수익률" in alice.get(f"{SITE}restatements/?kpi=return").content.decode()
    gone = alice.get(f"{SITE}restatements/{one.pk}/").content.decode()
    assert "사용을 중지한 KPI" in gone
    assert "kpi=return" not in gone
    assert [found["kpi"] for found in api(alice, "restatements", kpi="return")] == ["return"]
