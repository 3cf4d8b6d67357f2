"""The API of targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.api.parameters import VERSION, month_of, plain_number, rows_of, saved_answer, text_parameter
from kpis.models import How, Target
from kpis.pages.plans import asked_version
from kpis.queries.plans import targets_seen_by
from kpis.serializers.plans import SavedSerializer, TargetSerializer
from kpis.services.target_tables import TargetCell
from kpis.services.targets import set_targets
from tenants.views.door import access_to

REASON = text_parameter("reason", "why approved months are changed; needed only for those")


class Targets(APIView):
    """Targets by KPI, market and month."""

    @extend_schema(
        responses=TargetSerializer(many=True),
        tags=["targets"],
        operation_id="targets_list",
        parameters=[
            text_parameter("kpi", "KPI key", many=True),
            text_parameter("market", "market code", many=True),
            text_parameter("from", "first month, 2026-01"),
            text_parameter("to", "last month, 2026-12"),
            VERSION,
            OpenApiParameter("limit", OpenApiTypes.INT),
            OpenApiParameter("offset", OpenApiTypes.INT),
        ],
    )
    def get(self, request: Request) -> Response:
        access, query = access_to(request._request), request.query_params
        version = asked_version(query, access)
        found = targets_seen_by(access).filter(version=version).order_by("month", "market", "kpi")
        if query.getlist("kpi"):
            found = found.filter(kpi__in=query.getlist("kpi"))
        if query.getlist("market"):
            found = found.filter(market__in=query.getlist("market"))
        for name, lookup in (("from", "month__gte"), ("to", "month__lte")):
            if query.get(name):
                found = found.filter(**{lookup: month_of(query[name])})
        paginator = LimitOffsetPagination()
        page: Sequence[Target] = paginator.paginate_queryset(found, request, self) or []
        return paginator.get_paginated_response([_target_answer(target) for target in page])

    @extend_schema(
        request=TargetSerializer(many=True),
        responses=SavedSerializer,
        tags=["targets"],
        operation_id="targets_set",
        parameters=[VERSION, REASON],
        description="Keeps all of them, or none when one can't be kept. Targets that aren't named stay as they are.",
    )
    def put(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("set_targets")
        sent = TargetSerializer(data=request.data, many=True)
        sent.is_valid(raise_exception=True)
        cells = [
            TargetCell(one["kpi"], one["market"], month_of(one["month"]), one["value"], row=row)
            for row, one in enumerate(rows_of(sent.validated_data), start=1)
        ]
        version, reason = asked_version(request.query_params, access), request.query_params.get("reason", "")
        saved = set_targets(access, cells, how=How.API, now=timezone.now(), version=version, reason=reason)
        return Response(saved_answer(saved))

    @extend_schema(
        request=TargetSerializer(many=True),
        responses=SavedSerializer,
        tags=["targets"],
        operation_id="targets_change",
        parameters=[VERSION, REASON],
    )
    def patch(self, request: Request) -> Response:
        return self.put(request)


def _target_answer(target: Target) -> dict[str, Any]:
    return {
        "kpi": target.kpi,
        "market": target.market,
        "month": f"{target.month:%Y-%m}",
        "version": target.version,
        "value": plain_number(target.value),
        "currency": target.currency,
        "updated_by": target.updated_by,
        "updated_at": target.updated_at,
    }
