"""What a client decides about its KPIs: definitions, targets, exchange rates, the board. Facts live in the lake."""

from kpis.models.choices import BoardChoice, Revision
from kpis.models.definitions import KpiSwitch, MarketOverride, Omtm, OverrideState, OwnKpi, OwnKpiVersion
from kpis.models.money import ExchangeRate, RateChange
from kpis.models.plans import How, Target, TargetChange

__all__ = [
    "BoardChoice", "ExchangeRate", "How", "KpiSwitch", "MarketOverride", "Omtm", "OverrideState", "OwnKpi",
    "OwnKpiVersion", "RateChange", "Revision", "Target", "TargetChange",
]  # fmt: skip
