"""Versions of targets, the one in use, and agreeing on them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from kpis.errors import CantApprove, LockedMonths, NothingToAgree
from kpis.models import Approval, How, MonthApproval, Target, TargetChange
from kpis.services.approvals import approve_months, send_back_months, submit_months, use_version
from kpis.services.target_tables import TargetCell
from kpis.services.targets import set_targets, undo_targets
from problems.errors import NotAllowed
from tenants.models import AuditEntry, Membership

NOW = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)
OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
API = "/c/acme/api/v1/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stays_open")]


def put(person, value: str | None, *, market: str = "KR", month: dt.date = OCTOBER, **more):
    cell = TargetCell("revenue", market, month, None if value is None else Decimal(value))
    return set_targets(person.at("acme"), [cell], how=How.TYPED, now=NOW, **more)


def state(market: str = "KR", month: dt.date = OCTOBER, version: str = "budget") -> str:
    found = MonthApproval.objects.filter(market=market, month=month, version=version).first()
    return found.state if found else "open"


def agree(alice, dana, months=(OCTOBER,)) -> None:
    submit_months(alice.at("acme"), "budget", ["KR"], months, now=NOW)
    approve_months(dana.at("acme"), "budget", ["KR"], months, now=NOW)


def test_versions_stand_beside_each_other(alice):
    put(alice, "100")
    put(alice, "90", version="forecast")
    put(alice, "120", version="stretch")
    assert {(t.version, int(t.value)) for t in Target.objects.all()} == {
        ("budget", 100), ("forecast", 90), ("stretch", 120),
    }  # fmt: skip
    put(alice, None, version="forecast")
    assert set(Target.objects.values_list("version", flat=True)) == {"budget", "stretch"}


@pytest.mark.usefixtures("small_lake")
def test_the_board_uses_the_version_in_use_and_says_which(alice):
    put(alice, "310000")
    put(alice, "155000", version="forecast")

    def target(**query: str) -> float:
        answer = alice.get(API + "board/", {"period": "2026-10", "kpi": "revenue", **query}).json()
        row = next(row for stage in answer["stages"] for row in stage["rows"])
        return next(cell for cell in row["cells"] if cell["market"] == "KR")["target"]["value"]

    page = "/c/acme/kpi/board/?period=2026-10"
    assert (target(), target(version="forecast")) == (310000, 155000)
    assert "목표: 예산" in alice.get(page).content.decode()
    use_version(alice.at("acme"), "forecast")
    assert (target(), target(version="budget")) == (155000, 310000)
    assert "목표: 전망" in alice.get(page).content.decode()
    cell = alice.get("/c/acme/kpi/board/cell/?period=2026-10&cell=revenue.KR", headers={"hx-request": "true"})
    assert "전망" in cell.content.decode()
    assert AuditEntry.objects.filter(action="targets.version_chosen").exists()


@pytest.mark.parametrize("address", ["api/v1/targets/", "api/v1/board/", "kpi/targets/", "kpi/targets/targets.xlsx"])
def test_a_version_that_does_not_exist_is_named(alice, address):
    answer = alice.get(f"/c/acme/{address}", {"version": "plan-b"})
    assert answer.status_code == 404
    assert "plan-b" in answer.content.decode()


def test_the_api_reads_and_writes_one_version(alice):
    sent = [{"kpi": "revenue", "market": "KR", "month": "2026-10", "value": "5"}]
    answer = alice.put(API + "targets/?version=stretch", sent, content_type="application/json")
    assert answer.json()["changed"] == 1
    assert alice.get(API + "targets/").json()["count"] == 0
    found = alice.get(API + "targets/", {"version": "stretch"}).json()["results"]
    assert [(one["version"], one["value"]) for one in found] == [("stretch", "5")]


def test_approved_months_change_only_with_a_reason_and_on_the_record(alice, dana):
    put(alice, "100")
    agree(alice, dana)
    assert state() == Approval.APPROVED
    with pytest.raises(LockedMonths, match="KR 2026-10"):
        put(alice, "110")
    assert Target.objects.get().value == 100
    put(alice, "110", reason="New store in Busan")
    assert state() == Approval.CHANGED
    last = TargetChange.objects.first()
    assert (last.after_approval, last.reason, last.new) == (True, "New store in Busan", 110)
    entry = AuditEntry.objects.get(action="targets.changed_after_approval")
    assert entry.detail["months"] == ["KR 2026-10"]
    history = alice.get("/c/acme/kpi/targets/history/").content.decode()
    assert "New store in Busan" in history
    assert "승인 후 변경" in history


def test_other_months_markets_and_versions_stay_open(alice, dana):
    put(alice, "100")
    agree(alice, dana)
    put(alice, "1", month=NOVEMBER)
    put(alice, "1", market="JP")
    put(alice, "1", version="forecast")
    assert Target.objects.count() == 4


def test_a_change_of_a_submitted_month_takes_the_submission_back(alice, dana):
    put(alice, "100")
    submit_months(alice.at("acme"), "budget", ["KR"], [OCTOBER], now=NOW)
    put(alice, "101")
    assert state() == "open"
    with pytest.raises(NothingToAgree):
        approve_months(dana.at("acme"), "budget", ["KR"], [OCTOBER], now=NOW)


def test_nobody_approves_what_they_submitted_while_another_could(alice, dana):
    put(alice, "100")
    submit_months(alice.at("acme"), "budget", ["KR"], [OCTOBER], now=NOW)
    with pytest.raises(CantApprove, match="KR 2026-10"):
        approve_months(alice.at("acme"), "budget", ["KR"], [OCTOBER], now=NOW)
    assert state() == Approval.SUBMITTED


def test_the_only_approver_may_approve_alone_and_the_audit_says_so(alice):
    Membership.objects.filter(client__slug="acme", role="owner").delete()
    put(alice, "100")
    agree(alice, alice)
    assert state() == Approval.APPROVED
    assert AuditEntry.objects.get(action="targets.approved").detail["by_the_only_approver"] is True


def test_only_filled_months_are_submitted_and_sending_back_opens_them(alice, dana):
    put(alice, "100")
    assert submit_months(alice.at("acme"), "budget", ["KR", "JP"], [OCTOBER, NOVEMBER], now=NOW) == 1
    assert send_back_months(dana.at("acme"), "budget", ["KR"], [OCTOBER], note="too low") == 1
    assert state() == "open"
    put(alice, "120")
    agree(alice, dana)
    put(alice, "130", reason="why not")
    submit_months(alice.at("acme"), "budget", ["KR"], [OCTOBER], now=NOW)
    send_back_months(dana.at("acme"), "budget", ["KR"], [OCTOBER], note="no")
    assert state() == Approval.CHANGED, "what was approved once stays known as changed since"


def test_an_undo_does_not_slip_past_an_approval(alice, dana):
    saved = put(alice, "100")
    agree(alice, dana)
    with pytest.raises(LockedMonths):
        undo_targets(alice.at("acme"), saved.batch, now=NOW)
    with_reason = put(alice, "140", reason="more budget")
    undo_targets(alice.at("acme"), with_reason.batch, now=NOW)
    assert Target.objects.get().value == 100
    assert "more budget" in TargetChange.objects.first().reason


@pytest.mark.parametrize("name", ["bob", "vera"])
def test_marketers_and_viewers_agree_on_nothing(alice, request, name):
    put(alice, "100")
    access = request.getfixturevalue(name).at("acme")
    for act in (submit_months, approve_months):
        with pytest.raises(NotAllowed):
            act(access, "budget", ["KR"], [OCTOBER], now=NOW)
    with pytest.raises(NotAllowed):
        send_back_months(access, "budget", ["KR"], [OCTOBER], note="")
    with pytest.raises(NotAllowed):
        use_version(access, "stretch")


def test_an_admin_of_one_market_sets_targets_there_and_approves_nothing(alice, bob):
    Membership.objects.filter(user__email="bob@example.com").update(role="admin")
    put(bob, "100")
    put(alice, "100", market="JP")
    assert submit_months(bob.at("acme"), "budget", ["KR", "JP"], [OCTOBER], now=NOW) == 1
    assert state("JP") == "open"
    with pytest.raises(NotAllowed):
        approve_months(bob.at("acme"), "budget", ["KR"], [OCTOBER], now=NOW)


def test_the_approval_page_walks_through_submit_and_approve(alice, dana):
    put(alice, "100")
    page, act = "/c/acme/kpi/targets/approval/?version=budget&year=2026", "/c/acme/kpi/targets/approval/act/"
    assert "열림" in alice.get(page).content.decode()
    address = act + "?version=budget&year=2026"
    assert alice.post(address, {"market": "KR", "act": "submit"}).status_code == 302
    refused = alice.post(address, {"market": "KR", "act": "approve", "month": "2026-10"})
    assert refused.status_code == 403
    assert "KR 2026-10" in refused.content.decode()
    assert dana.post(address, {"market": "KR", "act": "approve"}).status_code == 302
    assert "승인됨" in alice.get(page).content.decode()
    nothing = dana.post(address, {"market": "KR", "act": "approve"})
    assert nothing.status_code == 400


def test_the_grid_asks_for_the_reason_by_its_code(alice, dana):
    put(alice, "100")
    agree(alice, dana)
    body = {"how": "typed", "cells": [{"place": "revenue|KR|2026-10", "text": "120", "was": "100"}]}
    address = "/c/acme/kpi/targets/save/?version=budget"
    refused = alice.post(address, body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "locked_months")
    kept = alice.post(address, {**body, "reason": "agreed by mail"}, content_type="application/json")
    assert kept.json()["changed"] == 1


def test_the_version_in_use_is_chosen_on_the_approval_page(alice, bob):
    assert bob.post("/c/acme/kpi/targets/version/", {"version": "stretch"}).status_code == 403
    assert alice.post("/c/acme/kpi/targets/version/", {"version": "stretch"}).status_code == 302
    assert "도전 (사용 중)" in alice.get("/c/acme/kpi/targets/").content.decode()


def test_the_api_submits_and_approves(alice, dana, vera):
    put(alice, "100")
    address = API + "targets/approval/?version=budget"
    act = {"act": "submit", "markets": ["KR", "JP"], "months": ["2026-10", "2026-11"]}
    assert alice.post(address, act, content_type="application/json").json() == {"months": 1}
    own = alice.post(address, {**act, "act": "approve"}, content_type="application/json")
    assert (own.status_code, own.json()["type"]) == (403, "urn:yeojeong:problem:cant_approve_own")
    assert dana.post(address, {**act, "act": "approve"}, content_type="application/json").json() == {"months": 1}
    found = vera.get(API + "targets/approval/", {"year": "2026"}).json()
    assert [(one["market"], one["month"], one["state"]) for one in found] == [("KR", "2026-10", "approved")]
    assert vera.post(address, act, content_type="application/json").status_code == 403
    locked = alice.put(
        API + "targets/", [{"kpi": "revenue", "market": "KR", "month": "2026-10", "value": "7"}],
        content_type="application/json",
    )  # fmt: skip
    assert (locked.status_code, locked.json()["type"]) == (409, "urn:yeojeong:problem:locked_months")


@pytest.mark.parametrize(
    "act",
    [
        {}, {"act": "bless"}, {"act": "submit", "markets": [], "months": ["2026-10"]},
        {"act": "submit", "markets": ["KR"], "months": ["soon"]},
        {"act": "submit", "markets": ["KR"], "months": ["2026-13"]},
    ],
)  # fmt: skip
def test_the_api_refuses_an_act_that_makes_no_sense(alice, act):
    answer = alice.post(API + "targets/approval/", act, content_type="application/json")
    assert answer.status_code == 400


def test_the_api_spreads_a_year_in_two_steps(alice):
    address = API + "targets/phasing/?version=stretch&year=2027"
    asked = {"kpi": "revenue", "shape": "even", "years": {"KR": "1,200"}}
    preview = alice.post(address, asked, content_type="application/json").json()
    assert preview["saved"] is None
    assert {month["after"] for month in preview["markets"][0]["months"]} == {"100"}
    assert not Target.objects.exists()
    saved = alice.post(address, {**asked, "seen": preview["seen"]}, content_type="application/json").json()
    assert saved["saved"] == 12
    strange = alice.post(address, {**asked, "years": {"DE": "5"}}, content_type="application/json")
    assert strange.status_code == 404
