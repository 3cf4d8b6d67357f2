"""What the API of KPIs takes and gives, as its documentation shows it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


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


class BoardSerializer(serializers.Serializer[Any]):
    """Board values of a period."""

    period = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField(help_text="the day after the last")
    currency = serializers.CharField()
    currency_rule = serializers.CharField()
    trend_months = serializers.ListField(child=serializers.CharField())
    markets = serializers.ListField(child=serializers.CharField())
    missing_rates = serializers.ListField(child=serializers.CharField())
    stages = StageSerializer(many=True)


class TargetSerializer(serializers.Serializer[Any]):
    """One target; `value` null takes it away. A percent is a rate from 0 to 1, money in the market's own currency."""

    kpi = serializers.CharField(max_length=40)
    market = serializers.CharField(max_length=12)
    month = serializers.RegexField(r"^\d{4}-\d{2}$", help_text="2026-10")
    value = serializers.DecimalField(max_digits=24, decimal_places=8, allow_null=True)
    currency = serializers.CharField(read_only=True)
    updated_by = serializers.CharField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class RateSerializer(serializers.Serializer[Any]):
    """Units of the home currency for one unit, the month's average; `rate` null takes it away."""

    currency = serializers.RegexField(r"^[A-Z]{3}$")
    month = serializers.RegexField(r"^\d{4}-\d{2}$", help_text="2026-10")
    rate = serializers.DecimalField(max_digits=20, decimal_places=10, allow_null=True)
    source = serializers.CharField(max_length=120, required=False, allow_blank=True)  # type: ignore[assignment]
    updated_by = serializers.CharField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class SavedSerializer(serializers.Serializer[Any]):
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    batch = serializers.UUIDField()


class PointSerializer(serializers.Serializer[Any]):
    start = serializers.DateField()
    actual = ValueSerializer()
    target = serializers.FloatField(allow_null=True)


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
    currency = serializers.CharField(allow_null=True)
    value = CellSerializer()
    course = PointSerializer(many=True)
    channel = SliceSerializer(many=True)
    source = SliceSerializer(many=True)  # type: ignore[assignment]
    campaign = SliceSerializer(many=True)
