"""What a client decides about its KPIs: definitions, targets, exchange rates, the board. Facts live in the lake."""

from kpis.models.alerts import Alert, AlertEvent
from kpis.models.choices import BoardChoice, Revision
from kpis.models.definitions import KpiSwitch, MarketOverride, Omtm, OverrideState, OwnKpi, OwnKpiVersion
from kpis.models.inbox import InboxItem, InboxPreference
from kpis.models.money import BudgetRate, DailyRate, ExchangeRate, Policy, PolicyChoice, RateChange, RateKind
from kpis.models.notes import Action, Note
from kpis.models.plans import Approval, How, MonthApproval, Target, TargetChange, TargetSetting, Version
from kpis.models.ranks import RankSharing

__all__ = [
    "Action", "Alert", "AlertEvent", "Approval", "BoardChoice", "BudgetRate", "DailyRate", "ExchangeRate", "How",
    "InboxItem", "InboxPreference", "KpiSwitch", "MarketOverride", "MonthApproval", "Note", "Omtm", "OverrideState",
    "OwnKpi", "OwnKpiVersion", "Policy", "PolicyChoice", "RankSharing", "RateChange", "RateKind", "Revision", "Target",
    "TargetChange", "TargetSetting", "Version",
]  # fmt: skip
