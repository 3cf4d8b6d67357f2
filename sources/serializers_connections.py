"""Connectors, connections and syncs as the API shows and takes them. Credentials never stand in an answer."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from sources.models import SyncKind, SyncState


class ProblemSerializer(serializers.Serializer[Any]):
    """What stopped it, in the caller's language."""

    code = serializers.CharField()
    title = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)


class StreamSerializer(serializers.Serializer[Any]):
    """One table of a vendor."""

    key = serializers.CharField()
    name = serializers.CharField()
    table = serializers.CharField(help_text="the canonical table that it becomes")
    columns = serializers.ListField(child=serializers.CharField())
    window_days = serializers.IntegerField(help_text="most days of one call")
    look_back_days = serializers.IntegerField(help_text="days that are read again each time")


class ConnectorSerializer(serializers.Serializer[Any]):
    """A vendor that can be connected."""

    key = serializers.CharField()
    name = serializers.CharField()
    group = serializers.CharField()
    about = serializers.CharField()
    needs = serializers.ListField(child=serializers.DictField(), help_text="key, label and whether it is a secret")
    streams = StreamSerializer(many=True)
    kpis = serializers.ListField(child=serializers.CharField(), help_text="worked out from this source alone")
    retention_days = serializers.IntegerField(help_text="how far back the vendor remembers")


class ConnectionSerializer(serializers.Serializer[Any]):
    """A connected source; accounts are those that serve the caller's markets only."""

    id = serializers.UUIDField()
    connector = serializers.CharField()
    name = serializers.CharField()
    source = serializers.CharField(help_text="the key that stands in every row")  # type: ignore[assignment]
    state = serializers.CharField()
    problem = ProblemSerializer(allow_null=True)
    markets = serializers.ListField(child=serializers.CharField())
    accounts = serializers.ListField(child=serializers.DictField())
    streams = serializers.ListField(child=serializers.CharField())
    every_hours = serializers.IntegerField()
    at_hour = serializers.IntegerField()
    due_at = serializers.DateTimeField(allow_null=True)
    read_until = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()


class SyncAskSerializer(serializers.Serializer[Any]):
    """Which days to read; without any, what is new and what still changes."""

    first = serializers.DateField(required=False)
    last = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("first" in attrs) != ("last" in attrs):
            raise serializers.ValidationError(
                {"last" if "first" in attrs else "first": ["Give both days, or neither."]}
            )
        return attrs


class SyncSerializer(serializers.Serializer[Any]):
    """One sync; rows are those of accounts that serve the caller's markets only."""

    id = serializers.UUIDField()
    connection = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=SyncKind.choices)
    state = serializers.ChoiceField(choices=SyncState.choices)
    first = serializers.DateField()
    last = serializers.DateField()
    by = serializers.CharField(allow_blank=True, help_text="empty: on schedule")
    portions = serializers.IntegerField()
    portions_loaded = serializers.IntegerField()
    read = serializers.IntegerField()
    new = serializers.IntegerField()
    updated = serializers.IntegerField()
    rejected = serializers.IntegerField()
    calls = serializers.IntegerField()
    retries = serializers.IntegerField()
    problem = ProblemSerializer(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
