"""What every connector promises, against its vendor's fake: after whatever happens no row is lost and none is there twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from sources.connectors.problems import KeyRefused, NotPermitted, VendorDown
from sources.models import Connection, ConnectionState, Portion, Sync, SyncKind, SyncState
from sources.services.syncs import try_again
from sources.services.syncs.connecting import accounts_of, change_keys
from sources.services.syncs.running import MOST_ATTEMPTS
from tests.sources.connectors.stage import SUBJECTS, Stage, yesterday

DAYS = 100  # more than one window of most vendors


@pytest.fixture(params=sorted(SUBJECTS))
def stage(request, acme, alice, lake, settings, tmp_path) -> Iterator[Stage]:
    settings.UPLOAD_ROOT = tmp_path
    settings.CONNECTOR_PRIVATE_HOSTS = ["127.0.0.1"]
    subject = SUBJECTS[request.param]
    fake = subject.make(DAYS, yesterday())
    with fake.serving() as url:
        settings.CONNECTOR_ADDRESSES = {subject.kind.key: url}
        yield Stage(subject, fake, alice.at("acme"), yesterday())


def last(connection: Connection) -> Sync:
    return connection.syncs.order_by("-created_at").first()


def test_the_first_sync_brings_everything_once(stage):
    connection = stage.connect(DAYS)
    assert last(connection).state == SyncState.DONE
    assert stage.sums() == stage.subject.expected(stage.fake)
    assert len(stage.days()) == DAYS


def test_reading_it_again_changes_nothing(stage):
    connection = stage.connect(DAYS)
    sync = stage.sync(connection, DAYS)
    assert {p.counts["new"] + p.counts["updated"] for p in sync.portions.all()} == {0}
    assert stage.sums() == stage.subject.expected(stage.fake)


def test_a_sync_on_schedule_reads_what_still_moves_and_finds_what_the_vendor_restated(stage):
    connection = stage.connect(DAYS)
    stage.subject.restate(stage.fake)
    sync = stage.sync(connection, DAYS, SyncKind.SCHEDULED)
    look_back = min(stream.look_back_days for stream in stage.subject.kind.streams)
    assert sync.portions.get().first == stage.until - dt.timedelta(days=look_back - 1)
    assert stage.sums() == stage.subject.expected(stage.fake)


def test_a_back_fill_of_older_days_adds_them(stage):
    connection = stage.connect(10)
    assert len(stage.days()) == 10
    stage.sync(connection, DAYS, SyncKind.BACK_FILL)
    assert stage.sums() == stage.subject.expected(stage.fake)


@pytest.mark.parametrize("trouble", ["429", "500", "truncated", "closed"])
def test_trouble_that_passes_is_waited_for(stage, trouble, monkeypatch):
    monkeypatch.setattr("sources.connectors.session.LONGEST_WAIT_S", 1)
    stage.fake.troubles.extend([trouble, trouble])
    connection = stage.connect(DAYS)
    sync = last(connection)
    assert (sync.state, sync.retries) == (SyncState.DONE, 2)
    assert stage.sums() == stage.subject.expected(stage.fake)


@pytest.mark.parametrize("trouble", ["html", "nan"])
def test_an_answer_without_sense_stops_the_sync_in_words_and_keeps_what_was_loaded(stage, trouble):
    connection = stage.connect(DAYS)
    stage.fake.troubles.append(trouble)
    sync = stage.sync(connection, DAYS)
    sync.refresh_from_db()
    assert (sync.state, sync.problem["code"]) == (SyncState.FAILED, "vendor_nonsense")
    assert stage.sums() == stage.subject.expected(stage.fake)
    try_again(stage.access, sync)
    sync.refresh_from_db()
    assert sync.state == SyncState.DONE


def test_a_vendor_that_stays_down_is_asked_again_later_from_the_page_it_had_reached(stage):
    connection = stage.connect(10)
    sync = Sync.objects.create(connection=connection, kind=SyncKind.BACK_FILL, last=stage.until,
                               first=stage.until - dt.timedelta(days=DAYS - 1))  # fmt: skip
    stage.fake.troubles.extend(["500"] * 5)
    with pytest.raises(VendorDown):
        stage.run(sync)
    sync.refresh_from_db()
    assert sync.state == SyncState.WAITING
    stage.run(sync)
    sync.refresh_from_db()
    assert sync.state == SyncState.DONE
    assert stage.sums() == stage.subject.expected(stage.fake)


def test_a_vendor_that_never_comes_back_ends_in_a_sentence(stage):
    connection = stage.connect(10)
    sync = Sync.objects.create(connection=connection, kind=SyncKind.BY_HAND, first=stage.until, last=stage.until)
    for _attempt in range(MOST_ATTEMPTS - 1):
        stage.fake.troubles.extend(["500"] * 5)
        with pytest.raises(VendorDown):
            stage.run(sync)
    stage.fake.troubles.extend(["500"] * 5)
    stage.run(sync)
    sync.refresh_from_db()
    assert (sync.state, sync.problem["code"]) == (SyncState.FAILED, "vendor_down")


def test_a_revoked_key_asks_for_a_person_and_a_new_one_goes_on(stage):
    connection = stage.connect(10)
    stage.subject.revoke(stage.fake)
    sync = stage.sync(connection, DAYS, SyncKind.BACK_FILL)
    sync.refresh_from_db()
    connection.refresh_from_db()
    assert (sync.state, connection.state) == (SyncState.FAILED, ConnectionState.BROKEN)
    assert connection.problem["code"] == "vendor_key_refused"
    with pytest.raises(KeyRefused):
        change_keys(stage.access, connection, stage.subject.kind, {})
    stage.subject.mend(stage.fake)
    change_keys(stage.access, connection, stage.subject.kind, stage.subject.given)
    connection.refresh_from_db()
    assert (connection.state, connection.problem) == (ConnectionState.ACTIVE, None)
    try_again(stage.access, sync)
    assert stage.sums() == stage.subject.expected(stage.fake)


def test_a_key_without_the_right_is_told_so(stage):
    stage.subject.forbid(stage.fake)
    with pytest.raises(NotPermitted):
        accounts_of(stage.access, stage.subject.kind, stage.subject.given)


def test_an_empty_account_is_no_problem(stage):
    stage.subject.empty(stage.fake)
    connection = stage.connect(DAYS)
    assert last(connection).state == SyncState.DONE
    assert stage.days() == set()


def test_a_field_that_is_new_is_told_of_and_nothing_breaks(stage):
    stage.subject.widen(stage.fake)
    connection = stage.connect(DAYS)
    told = last(connection).lines.filter(code="new_fields").first()
    assert told is not None
    assert told.details["fields"]
    assert stage.sums() == stage.subject.expected(stage.fake)


def test_a_worker_killed_between_any_two_pages_goes_on_where_it_was(stage, monkeypatch):
    from sources.services.syncs import reading

    class Killed(BaseException):
        """As kill -9: nothing of ours runs after it."""

    kept, deaths = reading.keep, iter(range(1, 40, 2))
    calls = {"n": 0, "next": next(deaths)}

    def dying(*given):
        kept(*given)
        calls["n"] += 1
        if calls["n"] == calls["next"]:
            calls["next"] = calls["n"] + next(deaths) // 8 + 2
            raise Killed

    connection = stage.connect(10)
    sync = Sync.objects.create(connection=connection, kind=SyncKind.BACK_FILL, last=stage.until,
                               first=stage.until - dt.timedelta(days=DAYS - 1))  # fmt: skip
    monkeypatch.setattr(reading, "keep", dying)
    killed = 0
    for _attempt in range(30):
        try:
            stage.run(sync)
            break
        except Killed:
            killed += 1
    sync.refresh_from_db()
    assert killed
    assert sync.state == SyncState.DONE
    assert stage.sums() == stage.subject.expected(stage.fake)


def test_a_worker_killed_after_the_load_loads_nothing_twice(stage, monkeypatch):
    connection = stage.connect(DAYS)
    for portion in Portion.objects.filter(sync__connection=connection):
        portion.state, portion.counts = "read", None
        portion.save()
    Sync.objects.filter(connection=connection).update(state=SyncState.RUNNING)
    stage.run(last(connection))
    assert stage.sums() == stage.subject.expected(stage.fake)
