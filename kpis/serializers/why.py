"""What the API of bridges gives, as its documentation shows it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kpis.serializers.board import ValueSerializer


class EffectSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=("volume", "mix", "rate", "price", "currency", "part", "rest"))
    name = serializers.CharField()
    amount = serializers.FloatField(help_text="in the KPI's unit; all effects add up to the change")
    share = serializers.FloatField(allow_null=True, help_text="of the change")


class ContributionSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(allow_blank=True)
    amount = serializers.FloatField()
    share = serializers.FloatField(allow_null=True)
    base = serializers.FloatField(allow_null=True)
    now = serializers.FloatField(allow_null=True)


class ContributionsSerializer(serializers.Serializer[Any]):
    """Only the dimensions that can split this KPI; each adds up to the change."""

    market = ContributionSerializer(many=True, required=False)
    channel = ContributionSerializer(many=True, required=False)
    source = ContributionSerializer(many=True, required=False)  # type: ignore[assignment]
    campaign = ContributionSerializer(many=True, required=False)


class WhySerializer(serializers.Serializer[Any]):
    """Why a KPI changed: two values, and the effects between them."""

    kpi = serializers.CharField()
    market = serializers.CharField(allow_null=True, help_text="null: all that you may see")
    period = serializers.CharField()
    compare = serializers.CharField()
    currency = serializers.CharField(allow_null=True)
    unit = serializers.CharField()
    base = ValueSerializer()
    now = ValueSerializer()
    change = serializers.FloatField(allow_null=True)
    reason = serializers.CharField(allow_null=True, help_text="stable code, only without a bridge")
    sentence = serializers.CharField(allow_blank=True)
    effects = EffectSerializer(many=True)
    contributions = ContributionsSerializer()
    notes = serializers.ListField(child=serializers.CharField())
