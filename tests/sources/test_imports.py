"""An import from upload to undo, through the services, into a real lake."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.utils import timezone, translation

from problems.errors import NotAllowed, Problem
from sources import services, storage
from sources.errors import MarketNotYours, NotReady, TargetTwice, TooBig, WrongState
from sources.models import FileImport, ImportState, RememberedMapping
from sources.planning import plan_of
from sources.queries.imports import imports_seen_by
from sources.queries.rejects import rejects_csv, rejects_of_import
from sources.scope import scope_for
from sources.tasks import load_file
from tenants.access import Access
from tenants.models import Client
from tests.conftest import Person
from warehouse.plan import ColumnPlan, Plan
from warehouse.scope import Period

ADS = "날짜,국가,캠페인,노출수,클릭수,비용\n" + "".join(
    f"2026-10-{day:02d},{country},가을,{day * 1000},{day * 10},{day * 500}\n"
    for day in range(1, 11)
    for country in ("한국", "Japan", "미국")
)
PERIOD = Period(dt.date(2026, 10, 1), dt.date(2026, 11, 1))


def upload(access: Access, content: str | bytes, name: str = "광고.csv") -> FileImport:
    """An uploaded file, read."""
    data = content.encode() if isinstance(content, str) else content
    made = services.receive_upload(access, name=name, chunks=[data])
    made.refresh_from_db()
    return made


def loaded(access: Access, content: str | bytes, name: str = "광고.csv") -> FileImport:
    """A file loaded as it was proposed."""
    made = upload(access, content, name)
    assert made.state == ImportState.READY, made.problem or made.check_result
    services.confirm_import(access, made)
    made.refresh_from_db()
    assert made.state == ImportState.DONE, made.problem
    return made


def sums(access: Access) -> dict[str, float]:
    """Sums of what this person sees in the lake."""
    from warehouse.engine import one, table

    facts = table("channel_daily")
    expr = facts.aggregate(rows=facts.count(), impressions=facts.impressions.sum(), cost=facts.cost.sum())
    return one(expr, scope_for(access, period=PERIOD)) or {}


def replaced(plan: Plan, target: str, column: ColumnPlan) -> Plan:
    kept = tuple(one for one in plan.columns if one.target != target)
    return Plan(plan.table, plan.source, (*kept, column), plan.breakdown)


def test_a_file_is_loaded_as_proposed(lake: str, alice: Person) -> None:
    access = alice.at("acme")
    done = loaded(access, ADS)
    assert {name: done.loaded[name] for name in ("read", "new", "updated", "rejected")} == {
        "read": 30,
        "new": 30,
        "updated": 0,
        "rejected": 0,
    }
    assert (done.markets, done.loaded["first_day"], done.loaded["last_day"]) == (
        ["JP", "KR", "US"],
        "2026-10-01",
        "2026-10-10",
    )
    # 1 + 2 + … + 10 = 55, three countries
    assert sums(access) == {"rows": 30, "impressions": 55 * 1000 * 3, "cost": 55 * 500 * 3}


def test_the_same_file_twice_changes_nothing(lake: str, alice: Person) -> None:
    access = alice.at("acme")
    loaded(access, ADS)
    again = loaded(access, ADS)
    assert (again.loaded["new"], again.loaded["updated"], again.loaded["unchanged"]) == (0, 0, 30)
    assert sums(access)["impressions"] == 165_000


def test_a_task_that_runs_twice_changes_nothing(lake: str, alice: Person) -> None:
    access = alice.at("acme")
    done = loaded(access, ADS)
    load_file(str(done.pk))
    FileImport.objects.filter(pk=done.pk).update(state=ImportState.LOADING, staged=done.staged)
    load_file(str(done.pk))
    done.refresh_from_db()
    assert sums(access)["rows"] == 30


def test_an_import_is_taken_back_whole(lake: str, alice: Person) -> None:
    access = alice.at("acme")
    loaded(access, ADS)
    corrected = loaded(access, ADS.replace(",가을,1000,", ",가을,5000,"), "정정.csv")
    assert corrected.loaded["updated"] == 3
    assert sums(access)["impressions"] == 165_000 + 3 * 4_000
    services.undo_import(access, corrected)
    corrected.refresh_from_db()
    assert corrected.state == ImportState.UNDONE
    assert sums(access)["impressions"] == 165_000


def test_a_person_limited_to_korea_loads_korea_only(lake: str, bob: Person, alice: Person) -> None:
    done = loaded(bob.at("acme"), ADS)
    assert (done.loaded["new"], done.loaded["rejected"]) == (10, 20)
    codes = {(reject.column, reject.code) for reject in rejects_of_import(done)}
    assert codes == {("국가", "market_not_allowed")}
    assert sums(alice.at("acme"))["rows"] == 10


def test_rejects_name_the_row_that_the_person_sees(lake: str, alice: Person) -> None:
    bad = "보고서\n\n" + ADS.replace("2026-10-03,한국", "어제,한국").replace(
        "2026-10-04,한국,가을,4000", "2026-10-04,한국,가을,=cmd()"
    )
    done = loaded(alice.at("acme"), bad)
    found = [(one.row, one.column, one.value, one.code) for one in rejects_of_import(done)]
    # a title, a blank line, the names, then three rows a day
    assert found == [(10, "날짜", "어제", "not_a_date"), (13, "노출수", "=cmd()", "not_a_number")]


def test_rejects_open_in_excel_and_run_nothing(lake: str, alice: Person) -> None:
    done = loaded(alice.at("acme"), ADS.replace(",1000,", ",=1+1,"))
    with translation.override("ko"):
        text = "".join(rejects_csv(done))
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows[0] == ["행", "열", "값", "이유"]
    assert {row[2] for row in rows[1:]} == {"'=1+1"}
    assert all(row[3] and row[3] != "not_a_number" for row in rows[1:])


def test_what_only_the_person_knows_is_asked(acme: Client, alice: Person) -> None:
    access = alice.at("acme")
    made = upload(access, "Impressions,Clicks,Spent,ad_id\n100,3,5.5,1\n200,4,6.5,2\n", "ads.csv")
    assert made.state == ImportState.MAPPING
    plan = plan_of(made.plan)
    assert {one.target for one in plan.columns}.isdisjoint({"day", "market"})
    plan = replaced(plan, "market", ColumnPlan("market", constant="JP"))
    plan = replaced(plan, "day", ColumnPlan("day", constant="2026-10-31"))
    services.change_mapping(access, made, plan)
    made.refresh_from_db()
    assert (made.state, made.check_result["loadable"]) == (ImportState.READY, 2)


def test_a_mapping_is_remembered_but_not_its_day(lake: str, alice: Person) -> None:
    access = alice.at("acme")
    test_what_only_the_person_knows_is_asked(lake, alice)
    first = FileImport.objects.get()
    services.confirm_import(access, first)
    assert RememberedMapping.objects.get().times_used == 1
    again = upload(access, "ad_id;Clicks;Impressions;Spent\n7;1;10;2\n8;3;20;9\n", "later.csv")
    targets = {one.target: one.constant or one.column for one in plan_of(again.plan).columns}
    assert targets["market"] == "JP"
    assert "day" not in targets


def test_a_mapping_that_makes_no_sense_is_refused(acme: Client, alice: Person, bob: Person) -> None:
    access = alice.at("acme")
    made = upload(access, ADS)
    plan = plan_of(made.plan)
    twice = Plan(plan.table, plan.source, (*plan.columns, ColumnPlan("clicks", column="비용")))
    with pytest.raises(TargetTwice):
        services.change_mapping(access, made, twice)
    with pytest.raises(MarketNotYours) as caught:
        services.change_mapping(
            bob.at("acme"), upload(bob.at("acme"), ADS), replaced(plan, "market", ColumnPlan("market", constant="JP"))
        )
    assert "JP" in str(caught.value) and "KR" in str(caught.value)


def test_a_changed_mapping_is_checked_before_it_is_loaded(lake: str, alice: Person) -> None:
    access = alice.at("acme")
    made = upload(access, ADS)
    FileImport.objects.filter(pk=made.pk).update(checked_plan="another")
    with pytest.raises(NotReady):
        services.confirm_import(access, made)


def test_a_viewer_loads_nothing(acme: Client, vera: Person) -> None:
    with pytest.raises(NotAllowed):
        upload(vera.at("acme"), ADS)
    assert not FileImport.objects.exists()


def test_somebody_elses_import_is_undone_by_an_admin_only(lake: str, alice: Person, bob: Person) -> None:
    korean = ADS.replace("Japan", "한국 ").replace("미국", "대한민국")
    by_bob, by_alice = loaded(bob.at("acme"), korean), loaded(alice.at("acme"), ADS, "b.csv")
    with pytest.raises(NotAllowed):
        services.undo_import(bob.at("acme"), by_alice)
    services.undo_import(alice.at("acme"), by_bob)
    by_bob.refresh_from_db()
    assert by_bob.state == ImportState.UNDONE


def test_who_is_limited_to_korea_sees_no_import_of_other_markets(lake: str, alice: Person, bob: Person) -> None:
    everywhere = loaded(alice.at("acme"), ADS)
    only_korea = loaded(
        alice.at("acme"), "\n".join(line for line in ADS.splitlines() if "한국" in line or "날짜" in line), "kr.csv"
    )
    assert set(imports_seen_by(alice.at("acme"))) == {everywhere, only_korea}
    assert set(imports_seen_by(bob.at("acme"))) == {only_korea}


def test_bad_files_end_in_a_sentence_not_in_a_crash(acme: Client, alice: Person) -> None:
    for content, code in (
        (b"", "file_empty"),
        (b"a,b\n", "file_header_only"),
        (b"%PDF-1.4", "file_kind"),
        (b"\x00\x01" * 900, "file_not_text"),
    ):
        made = upload(alice.at("acme"), content)
        assert (made.state, made.problem["code"]) == (ImportState.FAILED, code)


def test_too_big_a_file_is_refused_and_nothing_kept(acme: Client, alice: Person, settings: object) -> None:
    settings.UPLOAD_MAX_BYTES = 100  # type: ignore[attr-defined]
    before = set(Path(settings.UPLOAD_ROOT).rglob("original"))  # type: ignore[attr-defined]
    with pytest.raises(TooBig):
        upload(alice.at("acme"), ADS)
    assert not FileImport.objects.exists()
    assert set(Path(settings.UPLOAD_ROOT).rglob("original")) == before  # type: ignore[attr-defined]


def test_a_file_name_is_never_a_path(acme: Client, alice: Person) -> None:
    made = upload(alice.at("acme"), ADS, "../../etc/pass\x00wd.csv")
    assert made.name == "passwd.csv"
    assert storage.original_of(made).is_relative_to(settings.UPLOAD_ROOT)


def test_giving_up_removes_the_file(acme: Client, alice: Person) -> None:
    access = alice.at("acme")
    made = upload(access, ADS)
    services.cancel_import(access, made)
    made.refresh_from_db()
    assert made.state == ImportState.CANCELLED
    assert not storage.folder_of(made).exists()
    with pytest.raises(WrongState):
        services.cancel_import(access, made)


def test_a_cancelled_load_leaves_nothing(lake: str, alice: Person) -> None:
    access = alice.at("acme")
    made = upload(access, ADS)
    FileImport.objects.filter(pk=made.pk).update(state=ImportState.LOADING, stop_asked=True)
    load_file(str(made.pk))
    made.refresh_from_db()
    assert made.state == ImportState.CANCELLED
    assert sums(access)["rows"] == 0


def test_work_whose_process_dies_again_and_again_is_given_up(lake: str, alice: Person) -> None:
    made = upload(alice.at("acme"), ADS)
    FileImport.objects.filter(pk=made.pk).update(state=ImportState.LOADING, attempts=3)
    load_file(str(made.pk))
    made.refresh_from_db()
    assert (made.state, made.problem["code"]) == (ImportState.FAILED, "import_task_died")


def test_what_a_killed_worker_left_is_handed_out_again_unless_somebody_is_at_it(lake: str, alice: Person) -> None:
    access = alice.at("acme")
    made = upload(access, ADS)
    FileImport.objects.filter(pk=made.pk).update(state=ImportState.LOADING, attempts=1)
    later = timezone.now() + dt.timedelta(minutes=6)
    with psycopg.connect(settings.LAKE_DATABASE_URL, autocommit=True) as other:
        other.execute("select pg_advisory_lock(hashtext(%s))", [f"import:{made.pk}"])
        assert services.resume_stalled(dt.timedelta(minutes=5), later) == 0
    assert services.resume_stalled(dt.timedelta(minutes=5), timezone.now()) == 0
    assert services.resume_stalled(dt.timedelta(minutes=5), later) == 1
    made.refresh_from_db()
    assert made.state == ImportState.DONE
    assert sums(access)["rows"] == made.loaded["new"] > 0


def test_what_nobody_foresaw_is_told_with_a_number(lake: str, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    made = upload(alice.at("acme"), ADS)
    FileImport.objects.filter(pk=made.pk).update(state=ImportState.LOADING)

    def broken(*_args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(services, "load_import", broken)
    with pytest.raises(ZeroDivisionError):
        load_file(str(made.pk))
    made.refresh_from_db()
    assert (made.state, made.problem["code"]) == (ImportState.FAILED, "import_broke")
    assert made.problem["details"]["reference"] in made.problem["fix"]


def test_a_file_is_read_again_as_the_person_says(acme: Client, alice: Person) -> None:
    from sources.reading.shape import Choices

    access = alice.at("acme")
    made = upload(access, ADS.encode("cp949"))
    assert made.shape["encoding"] == "cp949"
    services.read_again(access, made, Choices(header_row=0))
    made.refresh_from_db()
    assert made.shape["header_row"] == 0
    assert made.shape["columns"][0] in ("1열", "Column 1")


def test_abandoned_uploads_are_cleaned(acme: Client, alice: Person) -> None:
    old, new = upload(alice.at("acme"), ADS), upload(alice.at("acme"), ADS)
    now = timezone.now()
    FileImport.objects.filter(pk=old.pk).update(changed_at=now - dt.timedelta(days=40))
    assert services.drop_abandoned(older_than=dt.timedelta(days=30), now=now) == 1
    old.refresh_from_db()
    assert old.state == ImportState.CANCELLED
    assert storage.original_of(new).is_file()


def test_a_plan_that_is_rubbish_is_a_problem(acme: Client, alice: Person) -> None:
    for raw in (
        {},
        {"table": "x", "source": "y", "columns": [{"target": "day", "cast": {"nope": 1}}]},
        {"table": 1, "columns": 5},
    ):
        with pytest.raises(Problem):
            plan_of(raw)
