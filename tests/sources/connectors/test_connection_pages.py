"""The pages of connections, against the fake: connecting, watching, mending; who sees what."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest

from sources.models import Connection, ConnectionState, Portion, Sync, SyncKind, SyncState
from sources.services.syncs import drafts
from tenants.current import opened
from tenants.models import AuditEntry, Client
from tests.conftest import Person
from tests.sources.connectors.stage import SUBJECTS, Stage, yesterday

HOME = "/c/acme/sources/"
CONNECT = f"{HOME}connect/naver_searchad/"
SECOND = "7654321"


@pytest.fixture
def stage(acme, alice, lake, settings, tmp_path) -> Iterator[Stage]:
    settings.UPLOAD_ROOT = tmp_path
    settings.CONNECTOR_PRIVATE_HOSTS = ["127.0.0.1"]
    subject = SUBJECTS["naver_searchad"]
    fake = subject.make(20, yesterday())
    with fake.serving() as url:
        settings.CONNECTOR_ADDRESSES = {subject.kind.key: url}
        yield Stage(subject, fake, alice.at("acme"), yesterday())


def at_acme():
    """A request leaves no client open."""
    return opened(Client.objects.get(slug="acme"))


def choices(stage: Stage, **more: object) -> dict[str, object]:
    key = stage.subject.given["customer_id"]
    since = str(stage.until - dt.timedelta(days=19))
    return {
        "account": [key],
        f"market-{key}": "KR",
        "schedule": "24",
        "at_hour": "9",
        "since": since,
        "name": "네이버",
        **more,
    }


def wizard(stage: Stage, person: Person, **more: object) -> str:
    """Through both steps; the address of the connection."""
    first = person.post(CONNECT, dict(stage.subject.given))
    assert (first.status_code, first["Location"]) == (302, f"{CONNECT}choose/")
    second = person.post(f"{CONNECT}choose/", choices(stage, **more))
    assert second.status_code == 302, second.content.decode()[:2000]
    return str(second["Location"])


def page(person: Person, address: str) -> str:
    answer = person.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def the_sync() -> Sync:
    with at_acme():
        return Sync.objects.order_by("-created_at").first()


def test_the_catalogue_says_what_a_connector_gives_and_needs(stage: Stage, alice: Person) -> None:
    text = page(alice, f"{HOME}connect/")
    for word in ("네이버 검색광고", "노출", "광고비", "730일", "비밀키", "최근 20일"):
        assert word in text, word
    assert "CTR" in text or "클릭률" in text
    assert CONNECT in text


def test_connecting_in_two_steps_reads_the_first_days(stage: Stage, alice: Person) -> None:
    address = wizard(stage, alice)
    text = page(alice, address)
    assert "정상" in text
    assert stage.sums() == stage.subject.expected(stage.fake)
    assert text.count('class="matrix-day moving"') >= 20
    sync = page(alice, f"{HOME}syncs/{the_sync().pk}/")
    assert "끝났어요." in sync
    assert "120행 읽음" in sync.replace(",", "")


def test_a_wrong_key_says_what_to_do_beside_the_fields_and_shows_no_secret(stage: Stage, alice: Person) -> None:
    given = {**stage.subject.given, "secret_key": "a-wrong-secret-key"}
    answer = alice.post(CONNECT, given)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "다시 연결" in text or "동작하는 키" in text
    assert f'value="{given["customer_id"]}"' in text
    assert given["secret_key"] not in text
    assert given["api_key"] not in text


def test_a_missing_answer_stands_beside_its_field(stage: Stage, alice: Person) -> None:
    answer = alice.post(CONNECT, {**stage.subject.given, "customer_id": "abc"})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert re.search(r'id="need-customer_id"[^>]*aria-invalid', text)
    assert not stage.fake.asked


def test_the_second_step_without_the_first_goes_back(stage: Stage, alice: Person) -> None:
    answer = alice.get(f"{CONNECT}choose/")
    assert (answer.status_code, answer["Location"]) == (302, CONNECT)
    assert "30분" in page(alice, CONNECT)


def test_credentials_are_forgotten_after_half_an_hour(stage: Stage, alice: Person, monkeypatch) -> None:
    monkeypatch.setattr(drafts, "KEPT_FOR_S", -1)
    alice.post(CONNECT, dict(stage.subject.given))
    assert alice.get(f"{CONNECT}choose/")["Location"] == CONNECT


def test_credentials_are_forgotten_once_connected(stage: Stage, alice: Person) -> None:
    wizard(stage, alice)
    assert alice.get(f"{CONNECT}choose/")["Location"] == CONNECT


def test_a_draft_is_its_persons_and_clients_alone(stage: Stage, alice: Person, dana: Person) -> None:
    alice.post(CONNECT, dict(stage.subject.given))
    assert dana.get(f"{CONNECT}choose/")["Location"] == CONNECT
    dana.post(CONNECT, dict(stage.subject.given))
    assert dana.get(f"{CONNECT.replace('acme', 'globex')}choose/").status_code == 302


def test_the_preview_says_which_account_goes_where(stage: Stage, alice: Person) -> None:
    alice.post(CONNECT, dict(stage.subject.given))
    text = alice.post(f"{CONNECT}preview/", choices(stage)).content.decode()
    assert "한국" in text and "1개 구간" in text
    rules = {"rule-pattern": ["JP_*"], "rule-market": ["JP"]}
    assert "JP_* → 일본" in alice.post(f"{CONNECT}preview/", choices(stage, **rules)).content.decode()
    bare = choices(stage, **{f"market-{stage.subject.given['customer_id']}": ""})
    assert "시장이 아직 없어요" in alice.post(f"{CONNECT}preview/", bare).content.decode()
    assert (
        "일수가 아니에요"
        in alice.post(f"{CONNECT}preview/", choices(stage, **{"look-back-ad_groups": "9999"})).content.decode()
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": []},
        {"account": ["999"]},
        {"since": "언젠가"},
        {"since": "2999-01-01"},
        {"schedule": "7"},
        {"at_hour": "99"},
        {"look-back-ad_groups": "-1"},
        {"rule-pattern": ["KR_*"], "rule-market": ["XX"]},
        {"market-1234567": "XX"},
    ],
)
def test_nonsense_is_a_sentence_and_keeps_what_was_typed(stage: Stage, alice: Person, wrong: dict[str, object]) -> None:
    alice.post(CONNECT, dict(stage.subject.given))
    answer = alice.post(f"{CONNECT}choose/", choices(stage, name="내 네이버", **wrong))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "내 네이버" in text
    with at_acme():
        assert not Connection.objects.exists()


def test_reading_again_pausing_and_removing(stage: Stage, alice: Person) -> None:
    address = wizard(stage, alice)
    for sent in ({}, {"what": "look_back"}, {"what": "range", "first": "2026-10-01", "last": "2026-10-31"}):
        assert alice.post(f"{address}read/", sent).status_code == 302
    with at_acme():
        assert [sync.kind for sync in Sync.objects.order_by("created_at")] == [
            "back_fill",
            "by_hand",
            "by_hand",
            "back_fill",
        ]
    assert alice.post(f"{address}read/", {"what": "range", "first": "x", "last": ""}).status_code == 400
    assert (
        alice.post(f"{address}read/", {"what": "range", "first": "2026-10-02", "last": "2026-10-01"}).status_code == 400
    )

    alice.post(f"{address}pause/")
    assert "일시 중지" in page(alice, address)
    assert alice.post(f"{address}read/").status_code == 409
    alice.post(f"{address}resume/")
    before = stage.sums()
    assert alice.post(f"{address}remove/")["Location"] == HOME
    assert alice.get(address).status_code == 404
    assert stage.sums() == before
    assert AuditEntry.objects.filter(action="connection.removed").exists()


def test_a_broken_key_is_the_first_thing_on_every_page_and_a_new_one_mends_it(stage: Stage, alice: Person) -> None:
    address = wizard(stage, alice)
    stage.subject.revoke(stage.fake)
    alice.post(f"{address}read/")
    for place in (HOME, address):
        text = page(alice, place)
        assert "확인 필요" in text
        assert f"{address}keys/" in text
    refused = alice.post(f"{address}keys/", {"customer_id": stage.subject.given["customer_id"]})
    assert refused.status_code == 400
    stage.subject.mend(stage.fake)
    assert alice.post(f"{address}keys/", dict(stage.subject.given)).status_code == 302
    assert "덜 끝남" in page(alice, address)
    assert alice.post(f"{HOME}syncs/{the_sync().pk}/retry/").status_code == 302
    assert "정상" in page(alice, address)


def test_an_account_of_another_market_takes_its_rows_along(stage: Stage, alice: Person) -> None:
    address = wizard(stage, alice)
    key = stage.subject.given["customer_id"]
    before = stage.sums()
    assert before["clicks"] > 0
    sent = {**choices(stage), f"market-{key}": "JP"}
    assert alice.post(f"{address}choices/", sent).status_code == 302
    with at_acme():
        sync = Sync.objects.order_by("-created_at").first()
        assert (sync.kind, sync.state, sync.calls) == (SyncKind.REPLAY, SyncState.DONE, 0)
        assert Portion.objects.filter(state="loaded").count() == Portion.objects.count()
        assert stage.sums() == dict.fromkeys(before, 0.0)
    rows = re.findall(r'class="number">120<', page(alice, address))
    assert len(rows) == 4, "what each sync had read and found new stays in the history"
    sent[f"market-{key}"] = "KR"
    alice.post(f"{address}choices/", sent)
    assert stage.sums() == before


def test_rows_on_their_way_to_another_market_are_not_stopped_half_way(stage: Stage, alice: Person) -> None:
    address = wizard(stage, alice)
    with at_acme():
        sync = Sync.objects.get()
        Sync.objects.update(kind=SyncKind.REPLAY, state=SyncState.RUNNING)
    assert "cancel/" not in page(alice, f"{address}progress/")
    assert alice.post(f"{HOME}syncs/{sync.pk}/cancel/").status_code == 409


def test_connecting_again_after_removing_counts_nothing_twice(stage: Stage, alice: Person) -> None:
    before = stage.subject.expected(stage.fake)
    for name in ("네이버", "다른 이름"):
        address = wizard(stage, alice, name=name)
        assert stage.sums() == before
        alice.post(f"{address}remove/")
    assert stage.sums() == before


def test_choices_that_change_nothing_read_nothing(stage: Stage, alice: Person) -> None:
    address = wizard(stage, alice)
    sent = {**choices(stage), "schedule": "3", "name": "새 이름"}
    assert alice.post(f"{address}choices/", sent).status_code == 302
    text = page(alice, address)
    assert "새 이름" in text and "3시간마다" in text
    with at_acme():
        assert Sync.objects.count() == 1


def test_an_account_that_may_not_be_read_can_be_taken_out(stage: Stage, alice: Person) -> None:
    stage.fake.customers[SECOND] = "second"
    address = wizard(
        stage, alice, **{"account": [stage.subject.given["customer_id"], SECOND], f"market-{SECOND}": "JP"}
    )
    stage.fake.forbidden.add(SECOND)
    alice.post(f"{address}read/")
    assert f"{address}choices/" in page(alice, address)
    assert alice.post(f"{address}choices/", choices(stage)).status_code == 302
    with at_acme():
        assert Connection.objects.get().state == ConnectionState.ACTIVE
    alice.post(f"{HOME}syncs/{the_sync().pk}/retry/")
    assert the_sync().state == SyncState.DONE


def test_a_running_sync_shows_how_far_it_is_and_can_be_cancelled(stage: Stage, alice: Person) -> None:
    address = wizard(stage, alice)
    with at_acme():
        connection = Connection.objects.get()
        sync = Sync.objects.create(
            connection=connection,
            kind="back_fill",
            state="running",
            first=dt.date(2026, 1, 1),
            last=dt.date(2026, 3, 1),
            calls=7,
        )
        for number, state in enumerate(("loaded", "waiting")):
            Portion.objects.create(
                sync=sync, number=number, stream="ad_groups", account="1234567", state=state,
                first=dt.date(2026, 1, 1), last=dt.date(2026, 2, 1), counts={"read": 5} if state == "loaded" else None,
            )  # fmt: skip
    bar = page(alice, f"{address}progress/")
    assert "구간 2/2" in bar and "50 %" in bar and "호출 7회" in bar and f"{HOME}syncs/{sync.pk}/cancel/" in bar
    assert "구간 2/2" in page(alice, f"{HOME}syncs/{sync.pk}/progress/")
    assert alice.post(f"{address}read/").status_code == 409
    assert alice.post(f"{address}choices/", choices(stage)).status_code == 409
    alice.post(f"{HOME}syncs/{sync.pk}/cancel/")
    with at_acme():
        assert Sync.objects.get(pk=sync.pk).stop_asked
        Sync.objects.filter(pk=sync.pk).update(state="cancelled")
    assert "HX-Redirect" in alice.get(f"{address}progress/").headers


def test_rejected_rows_can_be_downloaded(stage: Stage, alice: Person) -> None:
    key = stage.subject.given["customer_id"]
    rules = {"rule-pattern": ["브랜드"], "rule-market": ["KR"], f"market-{key}": ""}
    wizard(stage, alice, **rules)
    sync = the_sync()
    with at_acme():
        portion = sync.portions.get()
    text = page(alice, f"{HOME}syncs/{sync.pk}/")
    link = f"{HOME}portions/{portion.pk}/rejects.csv"
    assert portion.counts["rejected"] > 0
    assert link in text
    assert b"".join(alice.get(link).streaming_content).startswith(b"\xef\xbb\xbf")


def test_bob_sees_what_feeds_korea_and_nothing_of_other_markets(stage: Stage, alice: Person, bob: Person) -> None:
    stage.fake.customers[SECOND] = "tokyo-account"
    address = wizard(
        stage, alice, **{"account": [stage.subject.given["customer_id"], SECOND], f"market-{SECOND}": "JP"}
    )
    assert "네이버" in page(bob, HOME)
    text = page(bob, address)
    assert "1234567" in text
    for hidden in ("tokyo-account", SECOND, "일본", "240"):
        assert hidden not in text, hidden
    log = page(bob, f"{HOME}syncs/{the_sync().pk}/")
    assert "tokyo-account" not in log and SECOND not in log
    with at_acme():
        theirs = Portion.objects.get(account=SECOND)
    assert bob.get(f"{HOME}portions/{theirs.pk}/rejects.csv").status_code == 404
    for way in ("read/", "pause/", "resume/", "remove/", "keys/", "choices/", "preview/"):
        assert bob.post(address + way).status_code == 403
    for way in ("cancel/", "retry/"):
        assert bob.post(f"{HOME}syncs/{the_sync().pk}/{way}").status_code == 403
    assert bob.get(CONNECT).status_code == 403

    stage.fake.forbidden.add(SECOND)
    alice.post(f"{address}read/")
    told = page(bob, address) + page(bob, HOME) + page(bob, f"{HOME}syncs/{the_sync().pk}/")
    assert "지금 읽을 수 없어요" in told
    assert SECOND not in told


def test_bob_does_not_know_a_connection_of_another_market(stage: Stage, alice: Person, bob: Person) -> None:
    address = wizard(stage, alice, **{"market-1234567": "JP"})
    assert "sources/connections/" not in page(bob, HOME)
    for place in (address, f"{address}progress/", f"{HOME}syncs/{the_sync().pk}/"):
        assert bob.get(place).status_code == 404


def test_vera_watches_and_changes_nothing(stage: Stage, alice: Person, vera: Person) -> None:
    address = wizard(stage, alice)
    text = (
        page(vera, address)
        + page(vera, HOME)
        + page(vera, f"{HOME}connect/")
        + page(vera, f"{HOME}syncs/{the_sync().pk}/")
    )
    assert "지금 동기화" not in text
    for way in ("read/", "pause/", "resume/", "remove/", "keys/", "choices/"):
        assert vera.post(address + way).status_code == 403
    assert vera.post(CONNECT, dict(stage.subject.given)).status_code == 403
    assert not [asked for asked in stage.fake.asked[-1:] if asked.path == "/customer-links"]


def test_the_search_finds_a_connection_for_who_may_see_it(stage: Stage, alice: Person, bob: Person) -> None:
    address = wizard(stage, alice, **{"market-1234567": "JP"})
    assert address in page(alice, "/c/acme/search/?q=네이버")
    assert address not in page(bob, "/c/acme/search/?q=네이버")


def test_charlie_of_another_client_finds_nothing(stage: Stage, alice: Person, charlie: Person) -> None:
    address = wizard(stage, alice)
    sync = the_sync()
    for place in (address, f"{address}progress/", f"{address}keys/", f"{HOME}syncs/{sync.pk}/", f"{HOME}connect/"):
        assert charlie.get(place).status_code == 404
        if place != f"{HOME}connect/":
            assert charlie.get(place.replace("acme", "globex")).status_code == 404


def test_a_day_that_never_came_is_missing_and_a_failed_one_is_marked(stage: Stage, alice: Person) -> None:
    address = wizard(stage, alice)
    with at_acme():
        Portion.objects.update(last=stage.until - dt.timedelta(days=3))
        sync = Sync.objects.create(
            connection=Connection.objects.get(), kind="by_hand", state="failed", first=stage.until, last=stage.until
        )
        Portion.objects.create(
            sync=sync, number=0, stream="ad_groups", account="1234567", first=stage.until, last=stage.until
        )
    text = page(alice, address)
    assert text.count('class="matrix-day missing"') == 3  # two days and the legend
    assert text.count('class="matrix-day failed"') == 2
