"""What a client decides about its KPIs: targets, exchange rates, the KPIs on its board. Facts live in the lake."""

from kpis.models.choices import BoardChoice, Revision
from kpis.models.money import BudgetRate, DailyRate, ExchangeRate, Policy, PolicyChoice, RateChange, RateKind
from kpis.models.plans import How, Target, TargetChange

__all__ = [
    "BoardChoice", "BudgetRate", "DailyRate", "ExchangeRate", "How", "Policy", "PolicyChoice", "RateChange",
    "RateKind", "Revision", "Target", "TargetChange",
]  # fmt: skip
