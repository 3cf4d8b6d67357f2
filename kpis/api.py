"""The API of KPIs: definitions, board values, in-depth, targets and exchange rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.catalogue import CATALOGUE
from kpis.catalogue import kpi as kpi_of
from kpis.models import ExchangeRate, How, Target
from kpis.pages.answers import board_answer, definition_answer, depth_answer
from kpis.pages.board import language, question_of, scope_for_board
from kpis.pages.depth import depth_ask, depth_values
from kpis.queries.asked import board_of, state_of_data
from kpis.queries.plans import targets_seen_by
from kpis.serializers import (
    BoardSerializer,
    DefinitionSerializer,
    DepthSerializer,
    RateSerializer,
    SavedSerializer,
    TargetSerializer,
)  # fmt: skip
from kpis.services.rates import RateCell, set_rates
from kpis.services.target_tables import TargetCell
from kpis.services.targets import Saved, set_targets
from tenants.views.door import access_to


def _text(name: str, description: str, *, many: bool = False, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, description=description, many=many, required=required)


SCOPE = [
    _text("period", "2026-10, 2026-Q3 or 2026-YTD-10; without it the last month that data cover to its end"),
    _text("market", "market code; repeated for several; without it all that you may see", many=True),
    _text("currency", "reporting currency, or own for each market's own"),
]


class Definitions(APIView):
    """KPI definitions."""

    @extend_schema(responses=DefinitionSerializer(many=True), tags=["kpis"], operation_id="kpis_list")
    def get(self, request: Request) -> Response:
        spoken = language()
        return Response([definition_answer(kpi, spoken) for kpi in CATALOGUE])


class BoardValues(APIView):
    """Board values: the same question and answer as the HQ board's page."""

    @extend_schema(
        responses=BoardSerializer,
        tags=["kpis"],
        operation_id="board_values",
        parameters=[
            *SCOPE,
            _text("kpi", "KPI key; repeated for several; without it your own board", many=True),
            _text("channel", "only this channel; repeated for several", many=True),
        ],
    )
    def get(self, request: Request) -> Response:
        access = access_to(request._request)
        state = state_of_data(access)
        asked = [kpi_of(key).key for key in request.query_params.getlist("kpi")]
        bar = scope_for_board(access, request.query_params, state)
        question = question_of(bar, asked or state.kpis, request.query_params.getlist("channel"))
        return Response(board_answer(board_of(access, question, state), language()))


class InDepth(APIView):
    """One KPI in one market: its course, and what it is made of."""

    @extend_schema(
        responses=DepthSerializer,
        tags=["kpis"],
        operation_id="in_depth",
        parameters=[
            _text("market", "market code", required=True),
            _text("kpi", "KPI key; revenue without it"),
            _text("period", "as of the board"),
            _text("grain", "day, week or month"),
            _text("currency", "reporting currency, or own"),
        ],
    )
    def get(self, request: Request) -> Response:
        access = access_to(request._request)
        asked = depth_ask(access, request.query_params)
        ask, cell, depth = depth_values(access, asked)
        return Response(depth_answer(asked, ask, cell, depth, language()))


class Targets(APIView):
    """Targets by KPI, market and month."""

    @extend_schema(
        responses=TargetSerializer(many=True),
        tags=["targets"],
        operation_id="targets_list",
        parameters=[
            _text("kpi", "KPI key", many=True),
            _text("market", "market code", many=True),
            _text("from", "first month, 2026-01"),
            _text("to", "last month, 2026-12"),
            OpenApiParameter("limit", OpenApiTypes.INT),
            OpenApiParameter("offset", OpenApiTypes.INT),
        ],
    )
    def get(self, request: Request) -> Response:
        found = targets_seen_by(access_to(request._request)).order_by("month", "market", "kpi")
        query = request.query_params
        if query.getlist("kpi"):
            found = found.filter(kpi__in=query.getlist("kpi"))
        if query.getlist("market"):
            found = found.filter(market__in=query.getlist("market"))
        for name, lookup in (("from", "month__gte"), ("to", "month__lte")):
            if query.get(name):
                found = found.filter(**{lookup: _month(query[name])})
        paginator = LimitOffsetPagination()
        page: Sequence[Target] = paginator.paginate_queryset(found, request, self) or []
        return paginator.get_paginated_response([_target_answer(target) for target in page])

    @extend_schema(
        request=TargetSerializer(many=True),
        responses=SavedSerializer,
        tags=["targets"],
        operation_id="targets_set",
        description="Keeps all of them, or none when one can't be kept. Targets that aren't named stay as they are.",
    )
    def put(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("set_targets")
        sent = TargetSerializer(data=request.data, many=True)
        sent.is_valid(raise_exception=True)
        cells = [
            TargetCell(one["kpi"], one["market"], _month(one["month"]), one["value"], row=row)
            for row, one in enumerate(_rows(sent.validated_data), start=1)
        ]
        return Response(_saved_answer(set_targets(access, cells, how=How.API, now=timezone.now())))

    @extend_schema(
        request=TargetSerializer(many=True), responses=SavedSerializer, tags=["targets"], operation_id="targets_change"
    )
    def patch(self, request: Request) -> Response:
        return self.put(request)


class Rates(APIView):
    """Exchange rates by currency and month."""

    @extend_schema(
        responses=RateSerializer(many=True),
        tags=["rates"],
        operation_id="rates_list",
        parameters=[_text("currency", "ISO code", many=True)],
    )
    def get(self, request: Request) -> Response:
        access_to(request._request)
        found = ExchangeRate.objects.order_by("month", "currency")
        if request.query_params.getlist("currency"):
            found = found.filter(currency__in=request.query_params.getlist("currency"))
        return Response([_rate_answer(rate) for rate in found])

    @extend_schema(
        request=RateSerializer(many=True), responses=SavedSerializer, tags=["rates"], operation_id="rates_set"
    )
    def put(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("set_rates")
        sent = RateSerializer(data=request.data, many=True)
        sent.is_valid(raise_exception=True)
        rows = _rows(sent.validated_data)
        cells = [RateCell(one["currency"], _month(one["month"]), one["rate"], row=i) for i, one in enumerate(rows, 1)]
        source = next((one["source"] for one in rows if one.get("source")), "")
        return Response(_saved_answer(set_rates(access, cells, how=How.API, now=timezone.now(), source=source)))


def _rows(validated: Any) -> list[dict[str, Any]]:
    return list(validated)


def _month(text: str) -> dt.date:
    from ui.periods import parse_period

    return parse_period(text).start


def _target_answer(target: Target) -> dict[str, Any]:
    return {
        "kpi": target.kpi,
        "market": target.market,
        "month": f"{target.month:%Y-%m}",
        "value": _plain(target.value),
        "currency": target.currency,
        "updated_by": target.updated_by,
        "updated_at": target.updated_at,
    }


def _rate_answer(rate: ExchangeRate) -> dict[str, Any]:
    return {
        "currency": rate.currency,
        "month": f"{rate.month:%Y-%m}",
        "rate": _plain(rate.rate),
        "source": rate.source,
        "updated_by": rate.updated_by,
        "updated_at": rate.updated_at,
    }


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _saved_answer(saved: Saved) -> dict[str, Any]:
    return {"changed": saved.changed, "unchanged": saved.unchanged, "batch": saved.batch}
