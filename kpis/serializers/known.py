"""Restatements and histories as the API gives them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class RestatementSerializer(serializers.Serializer[Any]):
    """A settled month's KPI that a load changed after it had been reported."""

    id = serializers.IntegerField()
    market = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    kpi = serializers.CharField()
    month = serializers.CharField()
    old = serializers.FloatField(allow_null=True)
    new = serializers.FloatField(allow_null=True)
    currency = serializers.CharField(allow_null=True, help_text="the market's own, of a money KPI")
    days = serializers.IntegerField(help_text="how many days of the month were restated")
    load = serializers.CharField()
    undone = serializers.BooleanField(help_text="the load was taken back, and that changed the value")
    known_from = serializers.DateTimeField(help_text="the old value was reported until then")
    sentence = serializers.CharField()


class ToldSerializer(serializers.Serializer[Any]):
    """A value that was reported for a cell from `known_from` on."""

    known_from = serializers.DateTimeField(allow_null=True, help_text="null: since before it was noted")
    value = serializers.FloatField(allow_null=True)
    load = serializers.CharField(allow_null=True)
    undone = serializers.BooleanField()
    sources = serializers.ListField(child=serializers.CharField())
