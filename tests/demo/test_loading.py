"""The samples go through the same import as a person's files, and the lake measures what the files say."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection

from demo.calendar import window_for
from demo.clients import BRAND, SHOP
from demo.feeds import FEEDS, corrected
from demo.files import write_files
from demo.loading import SEED, Telling, load_sample, load_samples
from demo.logins import LOGINS, PASSWORD
from demo.progress import has_unfinished
from demo.story import RATE_MISSING, market
from demo.telling import tell
from demo.uploads import tasks_in_process
from kpis.models import ExchangeRate, Target
from kpis.queries.measured import sums_by_month
from sources.models import FileImport
from tenants.access import Access, access_of
from tenants.current import opened
from tenants.errors import SlugTaken
from tenants.models import AuditEntry, Client, Membership, User
from tenants.queries import membership_at
from tenants.services import ClientDraft, create_client
from tests.demo.conftest import TODAY
from warehouse.lakes import drop_lake
from warehouse.plan import ColumnPlan, Plan
from warehouse.scope import Period, Scope

SMALL = Telling(TODAY, SEED, scale=0.04)
MONTH = dt.date(2026, 10, 1)
NEXT = dt.date(2026, 11, 1)


@pytest.fixture
def no_lakes_left(transactional_db: None) -> Iterator[None]:
    yield
    connection.set_schema_to_public()
    for client in Client.objects.filter(is_sample=True):
        drop_lake(client.schema_name)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """The same files as the small sample loads, to add up by hand."""
    tales = tell(window_for(TODAY), seed=SEED, scale=SMALL.scale)
    found: dict[str, list[Path]] = defaultdict(list)
    for delivery in write_files(tales, tmp_path_factory.mktemp("files"), seed=SEED):
        found[delivery.feed].append(delivery.path)
    return found


def _rows(path: Path, delimiter: str = ",", skip: int = 0) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for _ in range(skip):
            next(file)
        return list(csv.DictReader(file, delimiter=delimiter))


def _measured(client: Client, measures: list[str]) -> dict[str, dict[str, float]]:
    scope = Scope(client=client.schema_name, markets=BRAND.codes, period=Period(MONTH, NEXT))
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in sums_by_month(scope, MONTH, measures):
        if row["month"] == MONTH:
            for measure in measures:
                found[measure][row["market"]] += float(row[measure] or 0)
    return found


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _orders_by_hand(files: dict[str, list[Path]]) -> tuple[dict[str, int], dict[str, Decimal]]:
    count: dict[str, int] = defaultdict(int)
    net: dict[str, Decimal] = defaultdict(Decimal)
    for row in _rows(files["orders"][0], ";"):
        if row["Created at"][3:10] == "10.2026" and row["Order status"] != "cancelled":
            count[row["Store"]] += 1
            parts = ("Taxes", "Shipping", "Refund amount")
            net[row["Store"]] += _amount(row["Total"]) - sum(_amount(row[part]) for part in parts)
    return count, net


def _sessions_by_hand(files: dict[str, list[Path]]) -> dict[str, int]:
    found: dict[str, set[str]] = defaultdict(set)
    for path in files["events"]:
        for row in _rows(path):
            zone = ZoneInfo(market(row["country_code"]).time_zone)
            day = dt.datetime.fromisoformat(row["event_timestamp"]).astimezone(zone).date()
            if MONTH <= day < NEXT:
                found[row["country_code"]].add(row["session_id"])
    return {code: len(sessions) for code, sessions in found.items()}


def _japan_s_google_cost_by_hand(files: dict[str, list[Path]]) -> int:
    final = next(path for path in files["google_ads"] if "final" in path.name)
    rows = [row for row in _rows(final, skip=2) if row["Day"].startswith("2026-10")]
    return sum(int(row["Cost"].replace(",", "").split(".")[0]) for row in rows)


def test_the_samples_are_loaded_and_add_up(no_lakes_left: None, files: dict[str, list[Path]]) -> None:
    told = io.StringIO()
    call_command("load_demo", today=TODAY, seed=SEED, scale=SMALL.scale, stdout=told)
    assert "shop_orders.csv" in told.getvalue()
    client = Client.objects.get(slug="demo")
    assert client.is_sample
    assert client.state == Client.State.READY
    with opened(client):
        imports = list(FileImport.objects.all())
        assert {one.state for one in imports} == {"done"}
        assert len(imports) == sum(map(len, files.values()))
        assert {one.name: one.loaded["rejected"] for one in imports if one.loaded["rejected"]} == {}
        assert Target.objects.count() > 20 * 8 * 24
        assert not ExchangeRate.objects.filter(currency=RATE_MISSING, month=NEXT).exists()
        assert ExchangeRate.objects.filter(month=MONTH).count() == 6
        found = _measured(client, ["orders", "revenue", "sessions", "organic_clicks"])
        google = Scope(client.schema_name, ("JP",), Period(MONTH, NEXT), channels=("Google Ads",))
        cost = sum(row["cost"] or 0 for row in sums_by_month(google, MONTH, ["cost"]) if row["month"] == MONTH)
    count, net = _orders_by_hand(files)
    assert {code: int(found["orders"][code]) for code in count} == dict(count)
    for code, amount in net.items():
        assert found["revenue"][code] == pytest.approx(float(amount), abs=0.01)
    assert {code: int(n) for code, n in found["sessions"].items() if n} == _sessions_by_hand(files)
    assert int(cost) == _japan_s_google_cost_by_hand(files)
    _a_second_run_does_nothing()


def _a_second_run_does_nothing() -> None:
    said: list[str] = []
    entries = AuditEntry.objects.count()
    load_samples(Telling(TODAY + dt.timedelta(days=40), SEED + 1), say=said.append)
    assert len(said) == 2
    assert AuditEntry.objects.count() == entries


def test_what_was_begun_is_finished_with_the_same_story(no_lakes_left: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, tasks_in_process(), pytest.raises(KeyboardInterrupt):
        patched.setattr("demo.loading.set_sample_goals", killed)
        load_sample(SHOP, SMALL, say=lambda line: None)
    client = Client.objects.get(slug=SHOP.slug)
    assert has_unfinished()
    with opened(client):
        before = sorted(FileImport.objects.values_list("id", flat=True))
    with tasks_in_process():
        load_sample(SHOP, Telling(TODAY + dt.timedelta(days=3), SEED + 5), say=lambda line: None)
    with opened(client):
        assert sorted(FileImport.objects.values_list("id", flat=True)) == before
        assert Target.objects.exists()
    assert not has_unfinished()


def test_a_real_client_is_never_touched(transactional_db: None) -> None:
    with tasks_in_process():
        create_client(draft=ClientDraft("demo", "Ours"), markets=[], by=None)
    with pytest.raises(Exception, match="demo"):
        call_command("load_demo", today=TODAY)
    assert Client.objects.get(slug="demo").name == "Ours"
    drop_lake("c_demo")


def _access(email: str) -> Access:
    membership: Membership | None = membership_at(User.objects.get(email=email), "demo")
    assert membership is not None
    return access_of(membership)


def test_logins_have_the_roles_that_are_printed(transactional_db: None) -> None:
    from demo.loading import _let_in, _made

    with tasks_in_process():
        client = _made(BRAND, SMALL, lambda line: None)
    _let_in(client)
    korea, hq = _access("korea@demo.yeojeong.example"), _access("hq@demo.yeojeong.example")
    assert (korea.market_codes, korea.role) == (("KR",), "marketer")
    assert (hq.market_codes, hq.role) == (BRAND.codes, "admin")
    assert not _access("viewer@demo.yeojeong.example").can("load_data")
    people = User.objects.filter(email__in=[login.email for login in LOGINS])
    assert [person.check_password(PASSWORD) for person in people] == [True] * len(LOGINS)
    with pytest.raises(SlugTaken):
        create_client(draft=ClientDraft("demo", "Again"), markets=[], by=None)
    drop_lake(client.schema_name)


def test_a_mapping_is_corrected_only_where_there_is_something_to_say() -> None:
    plan = Plan("channel_daily", "ads", (ColumnPlan("day", column="Date"), ColumnPlan("channel", constant="tiktok")))
    changed = corrected(plan, FEEDS["tiktok"])
    said = {column.target: column.constant for column in changed.columns if column.constant}
    assert said == {"channel": "TikTok", "medium": "paid_social"}
    assert corrected(changed, FEEDS["tiktok"]) is changed
    events = Plan("events", "events", (ColumnPlan("name", column="event_name"),))
    assert corrected(events, FEEDS["events"]) is events
