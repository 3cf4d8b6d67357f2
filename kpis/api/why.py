"""The API of bridges."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.api.parameters import CHANNEL, MONEY, text_parameter
from kpis.pages.why import why_values
from kpis.pages.why_answers import why_answer
from kpis.serializers.why import WhySerializer
from tenants.views.door import access_to

WHY_PARAMETERS = [
    text_parameter("kpi", "KPI key; revenue without it"),
    text_parameter("market", "market code; without it all that you may see"),
    text_parameter("period", "as of the board"),
    text_parameter("compare", "previous, year, target, market:KR, or market:all for all of yours"),
    CHANNEL,
    text_parameter("currency", "reporting currency, or own"),
    *MONEY,
    text_parameter("known", "as of the board"),
]


class Why(APIView):
    """Why a KPI changed: effects that add up to the change, and what each channel, campaign and market gives to it."""

    @extend_schema(responses=WhySerializer, tags=["kpis"], operation_id="why", parameters=WHY_PARAMETERS)
    def get(self, request: Request) -> Response:
        asked, bridge = why_values(access_to(request._request), request.query_params)
        return Response(why_answer(asked, bridge))
