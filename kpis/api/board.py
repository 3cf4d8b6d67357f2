"""The API of board values and in-depth."""

from __future__ import annotations

from dataclasses import replace

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.api.parameters import CHANNEL, MONEY, SCOPE, VERSION, text_parameter
from kpis.pages.answers import board_answer, depth_answer
from kpis.pages.board import language, question_of, scope_for_board
from kpis.pages.depth import depth_ask, depth_values
from kpis.pages.plans import asked_version
from kpis.queries.asked import board_of, state_of_data
from kpis.serializers.board import BoardSerializer, DepthSerializer
from tenants.views.door import access_to


class BoardValues(APIView):
    """Board values: the same question and answer as the HQ board's page."""

    @extend_schema(
        responses=BoardSerializer,
        tags=["kpis"],
        operation_id="board_values",
        parameters=[
            *SCOPE,
            text_parameter("kpi", "KPI key; repeated for several; without it your own board", many=True),
            CHANNEL,
            VERSION,
        ],
    )
    def get(self, request: Request) -> Response:
        access = access_to(request._request)
        state = state_of_data(access)
        asked = [state.definitions.kpi(key).key for key in request.query_params.getlist("kpi")]
        bar = scope_for_board(access, request.query_params, state, by_channel=True)
        question = question_of(bar, asked or state.kpis)
        question = replace(question, version=asked_version(request.query_params, access))
        return Response(board_answer(board_of(access, question, state), language()))


class InDepth(APIView):
    """One KPI in one market: its course, and what it is made of."""

    @extend_schema(
        responses=DepthSerializer,
        tags=["kpis"],
        operation_id="in_depth",
        parameters=[
            text_parameter("market", "market code", required=True),
            text_parameter("kpi", "KPI key; revenue without it"),
            text_parameter("period", "as of the board"),
            text_parameter("grain", "day, week or month"),
            text_parameter("currency", "reporting currency, or own"),
            CHANNEL,
            *MONEY,
            text_parameter("known", "as of the board"),
        ],
    )
    def get(self, request: Request) -> Response:
        access = access_to(request._request)
        asked = depth_ask(access, request.query_params)
        ask, cell, depth = depth_values(access, asked)
        return Response(depth_answer(asked, ask, cell, depth, language()))
