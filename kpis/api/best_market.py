"""The API of fair ranks."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.api.parameters import SCOPE, text_parameter
from kpis.pages.best_market import best_values
from kpis.pages.best_market_answers import best_answer
from kpis.serializers.best_market import BestMarketSerializer
from tenants.views.door import access_to


class BestMarketOrder(APIView):
    """Markets in their fair order on one KPI, with intervals, chances and what closing the gaps is worth."""

    @extend_schema(
        responses=BestMarketSerializer,
        tags=["kpis"],
        operation_id="best_market",
        parameters=[*SCOPE, text_parameter("kpi", "KPI key of a ratio; cvr without it")],
    )
    def get(self, request: Request) -> Response:
        asked, found = best_values(access_to(request._request), request.query_params)
        return Response(best_answer(asked, found))
