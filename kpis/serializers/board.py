"""What the API of definitions, board and in-depth gives, as its documentation shows it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kpis.models import Policy

POLICIES = Policy.choices


class DefinitionSerializer(serializers.Serializer[Any]):
    """One KPI of the catalogue."""

    number = serializers.IntegerField()
    key = serializers.CharField()
    stage = serializers.CharField()
    name_ko = serializers.CharField()
    name_en = serializers.CharField()
    unit = serializers.CharField(help_text="percent: a rate from 0 to 1")
    better = serializers.CharField()
    rollup = serializers.CharField()
    formula = serializers.CharField()
    measures = serializers.ListField(child=serializers.CharField())
    shows = serializers.CharField()
    computed = serializers.CharField()
    reads = serializers.CharField()
    acts = serializers.CharField()


class ValueSerializer(serializers.Serializer[Any]):
    """A number, or the reason why there is none."""

    value = serializers.FloatField(allow_null=True)
    reason = serializers.CharField(required=False, help_text="stable code, only without a value")
    sentence = serializers.CharField(required=False, help_text="the reason in the reader's language")
    about = serializers.ListField(child=serializers.CharField(), required=False, help_text="such as EUR 2026-10")
    instead = serializers.CharField(required=False, help_text="what is shown in place of a total that is refused")


class GapSerializer(serializers.Serializer[Any]):
    source = serializers.CharField()  # type: ignore[assignment]
    days = serializers.IntegerField()
    expected = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.DateField())


class CellSerializer(serializers.Serializer[Any]):
    """One KPI in one market; `market` is null in a total."""

    market = serializers.CharField(allow_null=True)
    currency = serializers.CharField(allow_null=True)
    actual = ValueSerializer()
    target = ValueSerializer()
    achievement = ValueSerializer()
    state = serializers.ChoiceField(choices=("good", "warn", "bad", "none", "missing"))
    previous = ValueSerializer()
    year_before = ValueSerializer()
    trend = serializers.ListField(child=serializers.FloatField(allow_null=True))
    data_up_to = serializers.DateField(allow_null=True, help_text="where the value still moves")
    settled = serializers.BooleanField(allow_null=True, help_text="false: it still changes; null without a value")
    settles_on = serializers.DateTimeField(allow_null=True, help_text="from when the sources no longer change it")
    moving_since = serializers.DateField(allow_null=True, help_text="the first day that a source still changes")
    gaps = GapSerializer(many=True)
    left_out = serializers.ListField(child=serializers.CharField())
    formula = serializers.CharField(help_text="with its numbers in it")


class RowSerializer(serializers.Serializer[Any]):
    kpi = serializers.CharField()
    unit = serializers.CharField()
    total = CellSerializer()
    cells = CellSerializer(many=True)


class StageSerializer(serializers.Serializer[Any]):
    stage = serializers.CharField()
    rows = RowSerializer(many=True)


class UsedRateSerializer(serializers.Serializer[Any]):
    """A rate that the period's amounts were converted with; of daily closes their mean, bounds and number."""

    currency = serializers.CharField()
    into = serializers.CharField()
    of = serializers.CharField(help_text="2026-10, or 2026 for a budget rate")
    rate = serializers.FloatField(help_text="units of `into` for one unit of `currency`")
    lowest = serializers.FloatField()
    highest = serializers.FloatField()
    closes = serializers.IntegerField(allow_null=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class BoardSerializer(serializers.Serializer[Any]):
    """Board values of a period."""

    period = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField(help_text="the day after the last")
    known_on = serializers.DateField(allow_null=True, help_text="as reported at the end of this day")
    currency = serializers.CharField()
    currency_rule = serializers.CharField()
    policy = serializers.ChoiceField(choices=POLICIES)
    base_month = serializers.CharField(allow_null=True, help_text="of constant currency")
    rates = UsedRateSerializer(many=True)
    trend_months = serializers.ListField(child=serializers.CharField())
    markets = serializers.ListField(child=serializers.CharField())
    missing_rates = serializers.ListField(child=serializers.CharField())
    stages = StageSerializer(many=True)


class PointSerializer(serializers.Serializer[Any]):
    start = serializers.DateField()
    actual = ValueSerializer()
    target = serializers.FloatField(allow_null=True)
    settled = serializers.BooleanField(allow_null=True)


class SliceSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(allow_blank=True)
    actual = ValueSerializer()
    previous = ValueSerializer()
    share = serializers.FloatField(allow_null=True)


class DepthSerializer(serializers.Serializer[Any]):
    """One KPI in one market: its course, and what it is made of."""

    kpi = serializers.CharField()
    market = serializers.CharField()
    period = serializers.CharField()
    grain = serializers.CharField()
    known_on = serializers.DateField(allow_null=True)
    currency = serializers.CharField(allow_null=True)
    currency_rule = serializers.CharField(allow_null=True)
    policy = serializers.ChoiceField(choices=POLICIES)
    base_month = serializers.CharField(allow_null=True, help_text="of constant currency")
    value = CellSerializer()
    course = PointSerializer(many=True)
    channel = SliceSerializer(many=True)
    source = SliceSerializer(many=True)  # type: ignore[assignment]
    campaign = SliceSerializer(many=True)
