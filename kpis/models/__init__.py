"""What a client decides about its KPIs: targets, exchange rates, the KPIs on its board. Facts live in the lake."""

from kpis.models.alerts import Alert, AlertEvent
from kpis.models.choices import BoardChoice, Revision
from kpis.models.inbox import InboxItem, InboxPreference
from kpis.models.money import ExchangeRate, RateChange
from kpis.models.notes import Action, Note
from kpis.models.plans import How, Target, TargetChange

__all__ = [
    "Action", "Alert", "AlertEvent", "BoardChoice", "ExchangeRate", "How", "InboxItem", "InboxPreference", "Note",
    "RateChange", "Revision", "Target", "TargetChange",
]  # fmt: skip
