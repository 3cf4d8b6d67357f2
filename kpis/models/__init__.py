"""What a client decides about its KPIs: targets, exchange rates, the KPIs on its board. Facts live in the lake."""

from kpis.models.choices import BoardChoice, Revision
from kpis.models.money import ExchangeRate, RateChange
from kpis.models.plans import Approval, How, MonthApproval, Target, TargetChange, TargetSetting, Version

__all__ = [
    "Approval", "BoardChoice", "ExchangeRate", "How", "MonthApproval", "RateChange", "Revision",
    "Target", "TargetChange", "TargetSetting", "Version",
]  # fmt: skip
