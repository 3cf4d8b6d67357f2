"""What a client decides about its KPIs: definitions, targets, exchange rates, the board. Facts live in the lake."""

from kpis.models.choices import BoardChoice, Revision
from kpis.models.definitions import KpiSwitch, MarketOverride, Omtm, OverrideState, OwnKpi, OwnKpiVersion
from kpis.models.money import BudgetRate, DailyRate, ExchangeRate, Policy, PolicyChoice, RateChange, RateKind
from kpis.models.plans import How, Target, TargetChange

__all__ = [
    "BoardChoice", "BudgetRate", "DailyRate", "ExchangeRate", "How", "KpiSwitch", "MarketOverride", "Omtm",
    "OverrideState", "OwnKpi", "OwnKpiVersion", "Policy", "PolicyChoice", "RateChange", "RateKind", "Revision",
    "Target", "TargetChange",
]  # fmt: skip
