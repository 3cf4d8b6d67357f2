"""Which KPIs stand on a person's board, and which revision everything else is at."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import BigIntegerField, CharField, F, Func, JSONField, Q, Value

from kpis.catalogue import BY_KEY, DEFAULT_BOARD
from kpis.models import BoardChoice, Revision, TargetSetting, Version
from tenants.access import Access

ACTIVE = "active version"  # marks the setting among the revisions of the one query


@dataclass(frozen=True, slots=True)
class Standing:
    """The KPIs of a person's board, the active version of targets, how often targets, rates and choices changed."""

    kpis: tuple[str, ...]
    revisions: tuple[tuple[str, int], ...]
    target_version: str = Version.BUDGET.value


def standing_of(access: Access) -> Standing:
    """Own choice, else the client's, else the catalogue's; and all revisions. One query."""
    choices = BoardChoice.objects.filter(Q(user_id=access.user.pk) | Q(user_id=None)).values_list(
        Value("", output_field=CharField()), F("user_id"), F("kpis")
    )
    counted = Revision.objects.values_list("thing", "number", Value(None, output_field=JSONField()))
    active = TargetSetting.objects.values_list(
        Value(ACTIVE, output_field=CharField()),
        Value(0, output_field=BigIntegerField()),
        Func(F("active_version"), function="to_jsonb", output_field=JSONField()),
    )
    rows = list(counted.union(choices, active, all=True))
    version = next((found for thing, _number, found in rows if thing == ACTIVE), Version.BUDGET.value)
    rows = [row for row in rows if row[0] != ACTIVE]
    chosen = {number: keys for thing, number, keys in rows if not thing}
    keys = chosen.get(access.user.pk) or chosen.get(None) or DEFAULT_BOARD
    known = tuple(key for key in keys if key in BY_KEY) or DEFAULT_BOARD
    return Standing(known, tuple(sorted((thing, number) for thing, number, _keys in rows if thing)), version)


def chosen_kpis(access: Access) -> tuple[str, ...]:
    """The KPIs of a person's board."""
    return standing_of(access).kpis
