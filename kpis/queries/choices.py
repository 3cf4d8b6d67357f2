"""Which KPIs stand on a person's board, and which revision everything else is at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, CharField, F, Func, JSONField, Q, Value
from django.db.models.functions import JSONObject

from kpis.models import BoardChoice, Policy, PolicyChoice, Revision, TargetSetting, Version
from kpis.queries.definitions import THING, Definitions, definitions_at
from sources.models import Source
from tenants.access import Access

# These mark what else comes with the choices and revisions in the one query.
POLICY = "policy"
ACTIVE = "active version"
SETTLING = "settling"


@dataclass(frozen=True, slots=True)
class Standing:
    """The KPIs of a person's board, counters of changes, the client's definitions, policy and version of targets.

    `settling` is what admins chose about when sources are settled, by source key.
    """

    kpis: tuple[str, ...]
    revisions: tuple[tuple[str, int], ...]
    definitions: Definitions
    policy: str = Policy.MONTHLY.value
    target_version: str = Version.BUDGET.value
    settling: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def standing_of(access: Access) -> Standing:
    """Own choice, else the client's, else the catalogue's; and all revisions. One query."""
    choices = BoardChoice.objects.filter(Q(user_id=access.user.pk) | Q(user_id=None)).values_list(
        Value("", output_field=CharField()), F("user_id"), F("kpis")
    )
    counted = Revision.objects.values_list("thing", "number", Value(None, output_field=JSONField()))
    policies = PolicyChoice.objects.values_list(
        Value(POLICY), F("pk"), Func(F("policy"), function="to_jsonb", output_field=JSONField())
    )
    active = TargetSetting.objects.values_list(
        Value(ACTIVE, output_field=CharField()),
        Value(0, output_field=BigIntegerField()),
        Func(F("active_version"), function="to_jsonb", output_field=JSONField()),
    )
    settled = Source.objects.exclude(settling={}).values_list(
        Value(SETTLING, output_field=CharField()),
        Value(0, output_field=BigIntegerField()),
        JSONObject(source=F("key"), chosen=F("settling")),
    )
    found = list(counted.union(choices, policies, active, settled, all=True))
    policy = max(((number, name) for thing, number, name in found if thing == POLICY), default=(0, ""))[1]
    version = next((name for thing, _number, name in found if thing == ACTIVE), Version.BUDGET.value)
    settling = {one["source"]: one["chosen"] for thing, _number, one in found if thing == SETTLING}
    rows = [row for row in found if row[0] not in (POLICY, ACTIVE, SETTLING)]
    chosen = {number: keys for thing, number, keys in rows if not thing}
    revisions = tuple(sorted((thing, number) for thing, number, _keys in rows if thing))
    definitions = definitions_at(access.client.schema_name, dict(revisions).get(THING, 0))
    keys = chosen.get(access.user.pk) or chosen.get(None) or ()
    known = tuple(key for key in keys if key in definitions.on) or definitions.default_board
    return Standing(known, revisions, definitions, policy or Policy.MONTHLY.value, version, settling)


def chosen_kpis(access: Access) -> tuple[str, ...]:
    """The KPIs of a person's board."""
    return standing_of(access).kpis
