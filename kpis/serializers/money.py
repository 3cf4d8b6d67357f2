"""What the API of exchange rates takes and gives."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kpis.models import Policy


class _AnyRate(serializers.Serializer[Any]):
    currency = serializers.RegexField(r"^[A-Z]{3}$")
    rate = serializers.DecimalField(max_digits=20, decimal_places=10, allow_null=True)
    source = serializers.CharField(max_length=120, required=False, allow_blank=True)  # type: ignore[assignment]
    updated_by = serializers.CharField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class RateSerializer(_AnyRate):
    """Units of the home currency for one unit, the month's average; `rate` null takes it away."""

    month = serializers.RegexField(r"^\d{4}-\d{2}$", help_text="2026-10")


class DailyRateSerializer(_AnyRate):
    """Units of the home currency for one unit, the day's close; `rate` null takes it away."""

    day = serializers.DateField(help_text="2026-10-30")


class BudgetRateSerializer(_AnyRate):
    """Units of the home currency for one unit, as a fiscal year was planned; `rate` null takes it away."""

    year = serializers.IntegerField(help_text="the calendar year in which the fiscal year begins")


class PolicySerializer(serializers.Serializer[Any]):
    """The policy that pages and the API convert by where none is named."""

    policy = serializers.ChoiceField(choices=Policy.choices)
    chosen_by = serializers.CharField(read_only=True, allow_null=True)
    chosen_at = serializers.DateTimeField(read_only=True, allow_null=True)
