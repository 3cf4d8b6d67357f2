"""What the API of targets takes and gives, and what keeping a batch answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class TargetSerializer(serializers.Serializer[Any]):
    """One target; `value` null takes it away. A percent is a rate from 0 to 1, money in the market's own currency."""

    kpi = serializers.CharField(max_length=40)
    market = serializers.CharField(max_length=12)
    month = serializers.RegexField(r"^\d{4}-\d{2}$", help_text="2026-10")
    version = serializers.CharField(read_only=True)
    value = serializers.DecimalField(max_digits=24, decimal_places=8, allow_null=True)
    currency = serializers.CharField(read_only=True)
    updated_by = serializers.CharField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class SavedSerializer(serializers.Serializer[Any]):
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    batch = serializers.UUIDField()


class ApprovalSerializer(serializers.Serializer[Any]):
    """How far one market's month is agreed; a month that isn't listed is open."""

    market = serializers.CharField()
    month = serializers.CharField(help_text="2026-10")
    version = serializers.CharField()
    state = serializers.ChoiceField(choices=("submitted", "approved", "changed"))
    submitted_by = serializers.CharField()
    submitted_at = serializers.DateTimeField()
    approved_by = serializers.CharField(allow_blank=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class ApprovalActSerializer(serializers.Serializer[Any]):
    """What to do with which months of which markets."""

    act = serializers.ChoiceField(choices=("submit", "approve", "send_back"))
    markets = serializers.ListField(child=serializers.CharField(max_length=12), min_length=1, max_length=400)
    months = serializers.ListField(
        child=serializers.RegexField(r"^\d{4}-\d{2}$"), min_length=1, max_length=60, help_text="2026-10"
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)


class ApprovalDoneSerializer(serializers.Serializer[Any]):
    months = serializers.IntegerField(help_text="how many months changed their state")


class PhasingSerializer(serializers.Serializer[Any]):
    """A year's values by market: money in the market's own currency, a percent in percent (2.5)."""

    kpi = serializers.CharField(max_length=40)
    shape = serializers.ChoiceField(choices=("last_year", "latest", "even"), default="last_year")
    years = serializers.DictField(child=serializers.CharField(max_length=60), help_text='{"KR": "1200000"}')
    seen = serializers.CharField(required=False, help_text="of the preview that is to be saved")


class PhasedMonthSerializer(serializers.Serializer[Any]):
    month = serializers.CharField()
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField()


class PhasedMarketSerializer(serializers.Serializer[Any]):
    market = serializers.CharField()
    months = PhasedMonthSerializer(many=True)


class PhasedSerializer(serializers.Serializer[Any]):
    """What would stand in each month, or now stands there."""

    seen = serializers.CharField(help_text="send it back to save exactly this")
    saved = serializers.IntegerField(allow_null=True, help_text="how many targets were changed; null: nothing saved")
    markets = PhasedMarketSerializer(many=True)
