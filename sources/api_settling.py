"""The API of when sources are settled."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sources.queries.freshness import source_rows
from sources.queries.settling import SettlingLine, settling_lines
from sources.services.settling import choose_settling
from tenants.views.door import access_to


class SettlingSerializer(serializers.Serializer[Any]):
    """When a source's days no longer change."""

    source = serializers.CharField()  # type: ignore[assignment]
    rule = serializers.CharField(help_text="which vendor's behaviour it follows")
    days = serializers.IntegerField(help_text="whole days after a day's end")
    late_days = serializers.IntegerField(help_text="the same, of conversions, revenue and refunds")
    hour = serializers.IntegerField(help_text="from which hour of the day after these")
    time_zone = serializers.CharField(allow_blank=True, help_text="empty: the market's own")
    chosen = serializers.DictField(help_text="what an admin chose; the rest is the vendor's")


class SettlingChoiceSerializer(serializers.Serializer[Any]):
    """What is to hold for a source; empty texts follow the vendor."""

    source = serializers.CharField()  # type: ignore[assignment]
    vendor = serializers.CharField(required=False, allow_blank=True)
    days = serializers.CharField(required=False, allow_blank=True)
    late_days = serializers.CharField(required=False, allow_blank=True)


class SettlingRules(APIView):
    """When each source's numbers are settled."""

    @extend_schema(responses=SettlingSerializer(many=True), tags=["sources"], operation_id="settling_list")
    def get(self, request: Request) -> Response:
        access = access_to(request._request)
        shown = [row.source for row in source_rows(access, timezone.localdate())]
        return Response([_answer(line) for line in settling_lines(access, shown)])

    @extend_schema(
        request=SettlingChoiceSerializer, responses=SettlingSerializer, tags=["sources"], operation_id="settling_set"
    )
    def put(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("set_settling")
        sent = SettlingChoiceSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        source = choose_settling(access, sent.validated_data["source"], sent.validated_data)
        return Response(_answer(settling_lines(access, [source])[0]))


def _answer(line: SettlingLine) -> dict[str, Any]:
    rule = line.rule
    return {
        "source": line.source.key,
        "rule": rule.key,
        "days": rule.days,
        "late_days": rule.late_days,
        "hour": rule.hour,
        "time_zone": rule.zone,
        "chosen": line.source.settling,
    }
