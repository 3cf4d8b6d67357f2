"""What a client decides about its KPIs: definitions, targets, exchange rates, the board. Facts live in the lake."""

from kpis.models.choices import BoardChoice, Revision
from kpis.models.definitions import KpiSwitch, MarketOverride, Omtm, OverrideState, OwnKpi, OwnKpiVersion
from kpis.models.money import BudgetRate, DailyRate, ExchangeRate, Policy, PolicyChoice, RateChange, RateKind
from kpis.models.plans import Approval, How, MonthApproval, Target, TargetChange, TargetSetting, Version
from kpis.models.ranks import RankSharing

__all__ = [
    "Approval", "BoardChoice", "BudgetRate", "DailyRate", "ExchangeRate", "How", "KpiSwitch", "MarketOverride",
    "MonthApproval", "Omtm", "OverrideState", "OwnKpi", "OwnKpiVersion", "Policy", "PolicyChoice", "RankSharing",
    "RateChange", "RateKind", "Revision", "Target", "TargetChange", "TargetSetting", "Version",
]  # fmt: skip
