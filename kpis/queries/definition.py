"""One KPI looked at from all sides: its versions, its local definitions, where it is used."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from kpis.models import BoardChoice, MarketOverride, OwnKpi, OwnKpiVersion, Target
from kpis.queries.definitions import Definitions
from tenants.access import Access

HISTORY = 100
_REFERENCE = re.compile(r"\{\s*([A-Za-z0-9_]+)\s*\}")


@dataclass(frozen=True, slots=True)
class Usage:
    """Where a KPI is used, as far as this person may see: `target_months` are (market, months with a target)."""

    on_my_board: bool
    on_default_board: bool
    target_months: tuple[tuple[str, int], ...]
    referring: tuple[str, ...]
    leads: tuple[str, ...]


def own_kpi_named(key: str) -> OwnKpi | None:
    """An own KPI, in use or not."""
    return OwnKpi.objects.filter(key=key).first()


def versions_of(key: str) -> list[OwnKpiVersion]:
    """The latest version first."""
    return list(OwnKpiVersion.objects.filter(kpi__key=key).select_related("kpi")[:HISTORY])


def overrides_of(access: Access, key: str) -> list[MarketOverride]:
    """Local definitions of markets that this person may see, the latest first."""
    return list(MarketOverride.objects.filter(kpi=key, market__in=access.market_codes)[:HISTORY])


def usage_of(access: Access, key: str, definitions: Definitions, board: tuple[str, ...]) -> Usage:
    """Boards, targets, own KPIs and the one metric that a KPI stands in."""
    default = BoardChoice.objects.filter(user_id=None).values_list("kpis", flat=True).first()
    months: dict[str, set[dt.date]] = {}
    found = Target.objects.filter(kpi=key, market__in=access.market_codes).values_list("market", "month")
    for market, month in found:
        months.setdefault(market, set()).add(month)
    return Usage(
        on_my_board=key in board,
        on_default_board=key in (default or definitions.default_board),
        target_months=tuple((code, len(months[code])) for code in access.market_codes if code in months),
        referring=tuple(one.key for one in definitions.facts.own if key in referred_by(one.formula)),
        leads=tuple(m for m, k in definitions.omtm.items() if k == key and (not m or m in access.market_codes)),
    )


def referred_by(formula: str) -> set[str]:
    """The KPIs that a formula names."""
    return {found.lower() for found in _REFERENCE.findall(formula)}
