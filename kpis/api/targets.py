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
from kpis.models import How, MonthApproval, Target
from kpis.pages.plans import asked_version, months_asked
from kpis.queries.definitions import kpi_here
from kpis.queries.plans import approvals_of, targets_seen_by
from kpis.serializers.plans import (
    ApprovalActSerializer,
    ApprovalDoneSerializer,
    ApprovalSerializer,
    PhasedSerializer,
    PhasingSerializer,
    SavedSerializer,
    TargetSerializer,
)  # fmt: skip
from kpis.services.approvals import approve_months, send_back_months, submit_months
from kpis.services.phasing import PhasedMarket, PhasingAsk, preview_phasing, save_phasing
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


class Approvals(APIView):
    """How far each market's months of a version are agreed."""

    @extend_schema(
        responses=ApprovalSerializer(many=True),
        tags=["targets"],
        operation_id="target_approvals_list",
        parameters=[VERSION, text_parameter("year", "fiscal year; without it this one")],
    )
    def get(self, request: Request) -> Response:
        access, query = access_to(request._request), request.query_params
        found = approvals_of(access, asked_version(query, access), months_asked(access, query)[0])
        return Response([_approval_answer(one) for _place, one in sorted(found.items())])

    @extend_schema(
        request=ApprovalActSerializer,
        responses=ApprovalDoneSerializer,
        tags=["targets"],
        operation_id="target_approvals_act",
        parameters=[VERSION],
        description="Submits, approves or sends back every month of the list that is in the state for it.",
    )
    def post(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("set_targets")
        sent = ApprovalActSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        act: dict[str, Any] = dict(sent.validated_data)
        version = asked_version(request.query_params, access)
        markets, months = act["markets"], [month_of(text) for text in act["months"]]
        if act["act"] == "approve":
            count = approve_months(access, version, markets, months, now=timezone.now())
        elif act["act"] == "send_back":
            count = send_back_months(access, version, markets, months, note=act.get("note", ""))
        else:
            count = submit_months(access, version, markets, months, now=timezone.now())
        return Response({"months": count})


class Phasing(APIView):
    """A year's value spread over its months by the season of the past."""

    @extend_schema(
        request=PhasingSerializer,
        responses=PhasedSerializer,
        tags=["targets"],
        operation_id="targets_phase",
        parameters=[VERSION, REASON, text_parameter("year", "fiscal year; without it this one")],
        description="Without `seen` it answers what would be saved; with the `seen` of that answer it saves it.",
    )
    def post(self, request: Request) -> Response:
        access, query = access_to(request._request), request.query_params
        access.check("set_targets")
        sent = PhasingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(sent.validated_data)
        months = tuple(months_asked(access, query)[0])
        typed = {code: str(value) for code, value in given["years"].items()}
        ask = PhasingAsk(kpi_here(given["kpi"]), asked_version(query, access), months, given["shape"], typed)
        preview, saved = preview_phasing(access, ask), None
        if given.get("seen"):
            saved = save_phasing(access, ask, seen=given["seen"], now=timezone.now(), reason=query.get("reason", ""))
        return Response(
            {
                "seen": preview.seen,
                "saved": saved.changed if saved is not None else None,
                "markets": [_phased_answer(ask, one) for one in preview.markets],
            }
        )


def _phased_answer(ask: PhasingAsk, one: PhasedMarket) -> dict[str, Any]:
    return {
        "market": one.market,
        "months": [
            {
                "month": f"{month:%Y-%m}",
                "before": None if old is None else plain_number(old),
                "after": plain_number(new),
            }
            for month, old, new in zip(ask.months, one.before, one.after, strict=True)
        ],
    }


def _approval_answer(one: MonthApproval) -> dict[str, Any]:
    return {
        "market": one.market,
        "month": f"{one.month:%Y-%m}",
        "version": one.version,
        "state": one.state,
        "submitted_by": one.submitted_by,
        "submitted_at": one.submitted_at,
        "approved_by": one.approved_by,
        "approved_at": one.approved_at,
        "note": one.note,
    }


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
