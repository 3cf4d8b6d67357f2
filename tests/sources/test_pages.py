"""The pages of imports: what each of the cast sees and may do."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from sources.models import FileImport, ImportState
from sources.planning import plan_of
from tenants.current import opened
from tenants.models import Client
from tests.conftest import Person
from tests.sources.test_imports import ADS, loaded, upload

HOME = "/c/acme/sources/"


def the_import() -> FileImport:
    """The one import of acme, as it is now; a request leaves no client open."""
    with opened(Client.objects.get(slug="acme")):
        return FileImport.objects.get()


def put(**fields: object) -> None:
    """Set fields of acme's import."""
    with opened(Client.objects.get(slug="acme")):
        FileImport.objects.update(**fields)


def send(person: Browser, content: str, name: str = "광고.csv") -> str:
    """Upload through the page; the address of the import."""
    file = SimpleUploadedFile(name, content.encode(), content_type="text/csv")
    answer = person.post(f"{HOME}import/", {"file": file})
    assert answer.status_code == 302, answer.content.decode()[:500]
    return str(answer["Location"])


def form_of(page: str) -> dict[str, str]:
    """What the mapping form would send."""
    form = page[page.index('class="sheet-form"') : page.index('id="check"')]
    sent = {}
    for name, body in re.findall(r'<select[^>]*?name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body) or re.search(r'<option value="([^"]*)"', body)
        sent[name] = chosen[1] if chosen else ""
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken":
            sent[name[1]] = value[1] if value else ""
    return sent


def test_from_upload_to_result_and_back(lake: str, alice: Person) -> None:
    address = send(alice, ADS)
    page = alice.get(address).content.decode()
    assert "30행 불러오기" in page
    assert alice.post(f"{address}confirm/").status_code == 302
    result = alice.get(address).content.decode()
    assert "되돌리기" in result and "2026-10-01 ~ 2026-10-10" in result
    alice.post(f"{address}undo/")
    assert the_import().state == ImportState.UNDONE
    assert "되돌렸어요" in alice.get(address).content.decode()


def test_the_form_as_it_stands_changes_nothing(acme: Client, alice: Person) -> None:
    address = send(alice, ADS)
    before = plan_of(the_import().plan)
    answer = alice.post(
        f"{address}mapping/", form_of(alice.get(address).content.decode()), headers={"HX-Request": "true"}
    )
    after = plan_of(the_import().plan)
    assert answer.status_code == 200
    assert {c.target: (c.column, c.constant, c.cast) for c in after.columns} == {
        c.target: (c.column, c.constant, c.cast) for c in before.columns
    }
    assert (after.breakdown, after.source) == (before.breakdown, before.source)


def test_a_correction_is_checked_at_once(acme: Client, alice: Person) -> None:
    address = send(alice, ADS)
    form = form_of(alice.get(address).content.decode())
    index = next(name for name, value in form.items() if name.endswith("-of") and value == "Japan").removesuffix("-of")
    form[index] = ""
    alice.post(f"{address}mapping/", form, headers={"HX-Request": "true"})
    found = the_import()
    assert (found.check_result["loadable"], found.check_result["rejected"]) == (20, 10)


def test_what_is_missing_is_asked_and_answered_in_the_form(acme: Client, alice: Person) -> None:
    address = send(alice, "Impressions,Clicks,Spent,ad_id\n100,3,5.5,1\n200,4,6.5,2\n", "x.csv")
    page = alice.get(address).content.decode()
    assert "필요해요" in page and "행 불러오기" not in page
    form = {**form_of(page), "constant-market": "JP", "constant-day": "2026-10-31", "constant-channel": "meta"}
    alice.post(f"{address}mapping/", form, headers={"HX-Request": "true"})
    found = the_import()
    assert (found.state, found.check_result["loadable"]) == (ImportState.READY, 2)
    assert found.check_result["preview"][0]["channel"] == "meta"


def test_another_table_is_proposed_anew(acme: Client, alice: Person) -> None:
    address = send(alice, ADS)
    form = {**form_of(alice.get(address).content.decode()), "table": "events"}
    alice.post(f"{address}mapping/", form, headers={"HX-Request": "true"})
    assert the_import().plan["table"] == "events"


def test_nonsense_in_the_form_is_a_sentence_in_place(acme: Client, alice: Person) -> None:
    address = send(alice, ADS)
    form = form_of(alice.get(address).content.decode())
    form["target-4"] = form["target-3"]
    answer = alice.post(f"{address}mapping/", form, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "두 열이 모두" in answer.content.decode()


def test_a_bad_file_explains_itself_and_can_be_read_again(acme: Client, alice: Person) -> None:
    address = send(alice, "날짜,노출수\n", "empty.csv")
    page = alice.get(address).content.decode()
    assert "1번째 줄에 열 이름만 있고" in page
    assert "다시 읽기" in page


def test_no_file_is_a_problem_not_a_crash(acme: Client, alice: Person) -> None:
    assert alice.post(f"{HOME}import/", {}).status_code == 400


def test_charlie_never_learns_that_there_is_an_import(lake: str, alice: Person, charlie: Person) -> None:
    address = send(alice, ADS)
    for way in ("", "progress/", "check/", "rejects.csv"):
        assert charlie.get(address + way).status_code == 404
    for way in ("mapping/", "reread/", "confirm/", "cancel/", "retry/", "undo/"):
        assert charlie.post(address + way).status_code == 404
    assert charlie.get(address.replace("acme", "globex")).status_code == 404


def test_a_viewer_sees_lists_and_changes_nothing(lake: str, alice: Person, vera: Person) -> None:
    done = loaded(alice.at("acme"), ADS)
    assert "광고.csv" in vera.get(HOME).content.decode()
    assert vera.get(f"{HOME}imports/{done.pk}/").status_code == 200
    assert "되돌리기" not in vera.get(f"{HOME}imports/{done.pk}/").content.decode()
    assert vera.get(f"{HOME}import/").status_code == 403
    for way in ("undo/", "confirm/", "cancel/", "retry/", "mapping/", "reread/"):
        assert vera.post(f"{HOME}imports/{done.pk}/{way}").status_code == 403
    assert the_import().state == ImportState.DONE


def test_bob_sees_korea_only(lake: str, alice: Person, bob: Person) -> None:
    everywhere = loaded(alice.at("acme"), ADS, "everywhere.csv")
    page = bob.get(HOME).content.decode()
    assert "everywhere.csv" not in page and "일본" not in page
    assert bob.get(f"{HOME}imports/{everywhere.pk}/").status_code == 404


def test_an_import_in_another_persons_hands_is_only_watched(acme: Client, alice: Person, vera: Person) -> None:
    made = upload(alice.at("acme"), ADS)
    page = vera.get(f"{HOME}imports/{made.pk}/").content.decode()
    assert "sheet-form" not in page


def test_progress_answers_itself_and_then_opens_the_page(acme: Client, alice: Person) -> None:
    made = upload(alice.at("acme"), ADS)
    put(state=ImportState.LOADING, progress=0.4, step="loading")
    answer = alice.get(f"{HOME}imports/{made.pk}/progress/")
    assert "40 %" in answer.content.decode()
    put(state=ImportState.DONE)
    assert alice.get(f"{HOME}imports/{made.pk}/progress/")["HX-Redirect"] == f"{HOME}imports/{made.pk}/"


@pytest.mark.parametrize("rows", [1, 12])
def test_the_home_page_asks_the_database_a_fixed_number_of_times(
    acme: Client, alice: Person, rows: int, django_assert_max_num_queries: object
) -> None:
    for number in range(rows):
        upload(alice.at("acme"), ADS, f"{number}.csv")
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        alice.get(HOME)


def test_a_load_that_is_over_can_not_be_confirmed_again(lake: str, alice: Person) -> None:
    done = loaded(alice.at("acme"), ADS)
    assert alice.post(f"{HOME}imports/{done.pk}/confirm/").status_code == 409
    assert alice.post(f"{HOME}imports/{done.pk}/undo/").status_code == 302
    assert alice.post(f"{HOME}imports/{done.pk}/undo/").status_code == 409
