"""The sample client as its people have left it: made by the portal's own services, with the story's own days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection

from demo.calendar import past_occasions, window_for
from demo.clients import BRAND
from demo.definitions import OWN
from demo.loading import SEED, Telling, load_samples
from demo.staff import Staff, staff_of
from demo.story import LEAK, RESTATEMENT
from demo.using import use_sample
from kpis.models import (
    Action,
    Alert,
    AlertEvent,
    BoardChoice,
    InboxItem,
    MarketOverride,
    MonthApproval,
    Note,
    Omtm,
    OwnKpi,
    Target,
    Version,
)
from kpis.models.alerts import AlertState
from kpis.models.inbox import MailState
from kpis.queries.effects import Effect, effects_of
from kpis.services.actions import is_overdue
from sources.models import Restatement
from tenants.current import opened
from tenants.models import Client, User
from tests.demo.conftest import TODAY
from warehouse.lakes import drop_lake

RUNNING = TODAY.replace(day=1)


@pytest.fixture
def staff(transactional_db: None) -> Iterator[Staff]:
    """The people of the small sample, at the client, which is open."""
    load_samples(Telling(TODAY, SEED, scale=0.04), say=lambda line: None, samples=(BRAND,))
    client = Client.objects.get(slug=BRAND.slug)
    with opened(client):
        yield staff_of(client, window_for(TODAY))
    connection.set_schema_to_public()
    for one in Client.objects.filter(is_sample=True):
        drop_lake(one.schema_name)


def test_the_sample_shows_what_people_do_with_it(staff: Staff) -> None:
    """One load, because it takes long."""
    _definitions()
    _plans()
    _notes_and_actions(staff)
    _alerts_and_inbox(staff)
    _a_restatement(staff)
    before = Note.objects.count()
    use_sample(staff.client, staff.window, ())
    assert Note.objects.count() == before


def _definitions() -> None:
    assert tuple(OwnKpi.objects.values_list("key", flat=True)) == OWN
    assert BoardChoice.objects.get(user_id=None).kpis[-2:] == list(OWN)
    assert OwnKpi.objects.get(key="revenue_after_ads").versions.count() == 2
    assert sorted(MarketOverride.objects.values_list("market", "kpi", "state")) == [
        ("DE", "cvr", "approved"), ("KR", "cpa", "proposed")
    ]  # fmt: skip
    assert dict(Omtm.objects.values_list("market", "kpi")) == {"": "revenue", "KR": "revenue_after_ads", "DE": "cvr"}


def _plans() -> None:
    ahead = Target.objects.filter(month__gte=RUNNING)
    assert {version: ahead.filter(version=version, kpi="revenue").count() for version in Version.values} == {
        "budget": 16, "forecast": 16, "stretch": 16
    }  # fmt: skip
    budget = MonthApproval.objects.filter(version="budget")
    assert set(budget.filter(month__lt=RUNNING).values_list("state", flat=True)) == {"approved"}
    assert set(budget.filter(month__gt=RUNNING).values_list("state", flat=True)) == {"submitted"}
    assert list(budget.filter(state="changed").values_list("market", "month")) == [(LEAK.market, RUNNING)]
    assert not MonthApproval.objects.filter(version="stretch").exists()


def _notes_and_actions(staff: Staff) -> None:
    assert set(User.objects.filter(pk__in=Note.objects.values("user_id"))) <= {
        one.user for one in staff.people.values()
    }
    assert set(Note.objects.filter(kind="annotation").values_list("event_type", flat=True)) >= {
        "campaign", "outage", "tracking"
    }  # fmt: skip
    assert not Note.objects.filter(kind="annotation", starts_on__gte=TODAY).exists()
    actions = list(Action.objects.select_related("note"))
    assert sorted(one.state for one in actions) == ["doing", "done", "open", "open"]
    assert [one.note.market for one in actions if is_overdue(one, TODAY)] == [LEAK.market]
    done = next(one for one in actions if one.state == "done")
    assert _moved(effects_of(staff["korea"], [done])[done.pk])


def _moved(effect: Effect) -> bool:
    return effect.before.number is not None and effect.before.number != effect.after.number


def _alerts_and_inbox(staff: Staff) -> None:
    assert not Alert.objects.filter(last_state=AlertState.BROKEN).exists()
    assert len(set(Alert.objects.values_list("kind", flat=True))) == 6
    assert Alert.objects.filter(muted_until__gt=TODAY).count() == 1
    assert AlertEvent.objects.filter(starts_on__lt=TODAY - dt.timedelta(days=56)).exists()
    assert InboxItem.objects.filter(user_id=staff.number("hq"), read_at=None).exists()
    assert InboxItem.objects.filter(user_id=staff.number("hq")).exclude(read_at=None).exists()
    assert set(InboxItem.objects.values_list("mail_state", flat=True)) == {MailState.NONE}
    assert not InboxItem.objects.filter(user_id=staff.number("korea"), market="DE").exists()


def _a_restatement(staff: Staff) -> None:
    told = Restatement.objects.filter(market=RESTATEMENT.market, kpi="ad_spend")
    assert told.count() == RESTATEMENT.months
    assert all(one.old > one.new for one in told)
    assert not Restatement.objects.exclude(market=RESTATEMENT.market).exists()
    assert staff["hq"].market_codes == BRAND.codes


def test_occasions_are_told_when_they_are_over() -> None:
    found = past_occasions("KR", window_for(TODAY))
    assert [occasion.name for occasion, *_days in found][-1] == "11.11"
    assert found[-1][1:] == (dt.date(2026, 11, 10), dt.date(2026, 11, 11))
    assert all(last < TODAY for *_one, last in found)
