"""What the API of pacing gives."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kpis.serializers.board import ValueSerializer


class BackTestSerializer(serializers.Serializer[Any]):
    """How the forecast did from the same day of earlier months; without a value the reason why it wasn't tried."""

    months = serializers.ListField(child=serializers.CharField())
    error = serializers.FloatField(allow_null=True, help_text="mean absolute percentage error, as a rate")
    held = serializers.IntegerField(help_text="in how many of the months the interval held")
    reason = serializers.CharField(required=False)


class PaceSerializer(serializers.Serializer[Any]):
    """One KPI in one market in the running month; money in the market's own currency."""

    kpi = serializers.CharField()
    market = serializers.CharField()
    currency = serializers.CharField(allow_null=True)
    month = serializers.CharField()
    through = serializers.DateField(allow_null=True, help_text="the last day with data")
    state = serializers.ChoiceField(choices=("good", "warn", "bad", "none", "missing"))
    actual = ValueSerializer()
    target = ValueSerializer()
    expected = ValueSerializer(help_text="where the value should be by that day")
    gap = ValueSerializer()
    needed = ValueSerializer(help_text="per remaining day; of a ratio what those days must have")
    landing = ValueSerializer()
    low = serializers.FloatField(allow_null=True, help_text="of the 80 % interval")
    high = serializers.FloatField(allow_null=True)
    chance = ValueSerializer(help_text="of reaching the target, from 0 to 1")
    back_test = BackTestSerializer()
