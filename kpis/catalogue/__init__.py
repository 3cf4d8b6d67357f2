"""The catalogue of KPIs: definitions as data, in the order of the journey."""

from __future__ import annotations

from collections.abc import Iterable

from kpis.catalogue import acquisition, behaviour, conversion, exposure, loyalty, needed
from kpis.catalogue.kinds import Better, Kpi, Rollup, Stage, Unit, Words
from kpis.errors import NoSuchKpi

_DEFINED = (
    *exposure.KPIS, *acquisition.KPIS, *behaviour.KPIS, *conversion.KPIS, *loyalty.KPIS, *needed.KPIS,
)  # fmt: skip
CATALOGUE: tuple[Kpi, ...] = tuple(sorted(_DEFINED, key=lambda one: one.number))

BY_KEY: dict[str, Kpi] = {kpi.key: kpi for kpi in CATALOGUE}

# What a client's board shows before anybody has picked: a few of every stage.
DEFAULT_BOARD: tuple[str, ...] = (
    "impressions", "ad_spend", "cpm", "ctr", "sessions", "cost_per_session", "new_users", "engagement_rate",
    "product_view_rate", "add_to_cart_rate", "orders", "cvr", "revenue", "aov", "roas", "repeat_rate",
)  # fmt: skip

# The one KPI of each stage on the home page; the last of all is the headline.
HEADLINES: dict[Stage, str] = {
    Stage.EXPOSURE: "impressions",
    Stage.ACQUISITION: "sessions",
    Stage.BEHAVIOUR: "engagement_rate",
    Stage.CONVERSION: "revenue",
    Stage.LOYALTY: "repeat_rate",
}
HEADLINE = "revenue"


def kpi(key: str) -> Kpi:
    """The KPI of this key. Errors: NoSuchKpi, which names what exists."""
    try:
        return BY_KEY[key]
    except KeyError:
        raise NoSuchKpi(key) from None


def in_order(keys: Iterable[str]) -> tuple[Kpi, ...]:
    """The KPIs of these keys in the order of their stages; within a stage in the order given."""
    return tuple(sorted((kpi(key) for key in dict.fromkeys(keys)), key=lambda k: k.stage.number))


__all__ = [
    "BY_KEY", "CATALOGUE", "DEFAULT_BOARD", "HEADLINE", "HEADLINES",
    "Better", "Kpi", "Rollup", "Stage", "Unit", "Words", "in_order", "kpi",
]  # fmt: skip
