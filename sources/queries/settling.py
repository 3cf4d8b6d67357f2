"""What admins have chosen about when sources are settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sources.models import Source
from sources.scope import scope_for
from sources.settling import RULES, SettlingRule, rule_of
from tenants.access import Access
from warehouse.scope import Period


def settling_chosen() -> dict[str, dict[str, Any]]:
    """Choices by source key, of the sources that have one; one query."""
    return dict(Source.objects.exclude(settling={}).values_list("key", "settling"))


@dataclass(frozen=True)
class SettlingLine:
    """One source with its rule, and what of it an admin chose."""

    source: Source
    rule: SettlingRule
    origins: tuple[str, ...]

    @property
    def vendor(self) -> str:
        return str(self.source.settling.get("vendor", ""))

    @property
    def days(self) -> str:
        return str(self.source.settling.get("days", ""))

    @property
    def late_days(self) -> str:
        return str(self.source.settling.get("late_days", ""))


def settling_lines(access: Access, shown: Iterable[Source]) -> Sequence[SettlingLine]:
    """These sources with their rules; one read of the lake, for what kind of data each gives."""
    origins = _origins(access)
    return [
        SettlingLine(
            source, rule_of(source.key, next(iter(origins.get(source.key, ())), ""), source.settling),
            origins.get(source.key, ()),
        )
        for source in shown
    ]  # fmt: skip


def _origins(access: Access) -> Mapping[str, tuple[str, ...]]:
    from warehouse.engine import rows, table

    if not access.markets:
        return {}
    daily = table("measure_daily")
    scope = scope_for(access, period=Period(dt.date(1990, 1, 1), dt.date(2101, 1, 1)))
    found: dict[str, tuple[str, ...]] = {}
    for row in rows(daily.select("source", "origin").distinct(), scope):
        found[row["source"]] = tuple(sorted({*found.get(row["source"], ()), row["origin"]}))
    return found


def rules_offered() -> Sequence[SettlingRule]:
    """The catalogue of vendors."""
    return tuple(RULES.values())
