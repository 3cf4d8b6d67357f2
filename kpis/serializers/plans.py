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
