"""What the API of fair ranks gives, as its documentation shows it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class PlaceSerializer(serializers.Serializer[Any]):
    rank = serializers.IntegerField()
    of = serializers.IntegerField()


class ToppleSerializer(serializers.Serializer[Any]):
    """The mix at which another market would lead."""

    market = serializers.CharField()
    channel = serializers.CharField(allow_blank=True)
    share = serializers.FloatField()
    needed = serializers.FloatField()


class StandingSerializer(serializers.Serializer[Any]):
    """One market; people of single markets get no fair values, chances and ranks of the order."""

    market = serializers.CharField()
    as_measured = serializers.FloatField()
    low = serializers.FloatField(help_text="95 % interval")
    high = serializers.FloatField()
    measured_on = serializers.FloatField(help_text="the denominator")
    worth_to_target = serializers.FloatField(allow_null=True, help_text="in the reporting currency, for the period")
    worth_to_median = serializers.FloatField(allow_null=True)
    worth_to_best = serializers.FloatField(allow_null=True)
    place = PlaceSerializer(allow_null=True, help_text="among all markets, where the client shows it to single markets")
    at_the_same_mix = serializers.FloatField(required=False)
    fair = serializers.FloatField(required=False)
    chance = serializers.FloatField(required=False, help_text="to be the best, 0 to 1")
    kept = serializers.FloatField(required=False, help_text="how much of its own value stayed after shrinking")
    rank_as_measured = serializers.IntegerField(required=False)
    rank_fair = serializers.IntegerField(required=False)


class BestMarketSerializer(serializers.Serializer[Any]):
    """Markets in their fair order on one KPI."""

    kpi = serializers.CharField()
    period = serializers.CharField()
    unit = serializers.CharField()
    currency = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    sentence = serializers.CharField(allow_blank=True)
    method = serializers.CharField(allow_blank=True, help_text="beta or normal")
    adjusted_for = serializers.ListField(child=serializers.CharField())
    topple = ToppleSerializer(allow_null=True)
    markets = StandingSerializer(many=True)
    left_out = serializers.ListField(child=serializers.CharField())
