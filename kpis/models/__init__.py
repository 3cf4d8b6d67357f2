"""What a client decides about its KPIs: targets, exchange rates, the KPIs on its board. Facts live in the lake."""

from kpis.models.choices import BoardChoice, Revision
from kpis.models.money import ExchangeRate, RateChange
from kpis.models.plans import How, Target, TargetChange
from kpis.models.ranks import RankSharing

__all__ = ["BoardChoice", "ExchangeRate", "How", "RankSharing", "RateChange", "Revision", "Target", "TargetChange"]
