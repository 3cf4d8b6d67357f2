"""The API of files: the same as the pages', by token."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from kpis.api.parameters import CHANNEL, MONEY, SCOPE, text_parameter
from kpis.api.why import WHY_PARAMETERS
from kpis.exports.answers import FORMATS
from kpis.views.exports import KINDS, board_file, depth_file, kpi_file, why_bridge_file

KIND = OpenApiParameter("kind", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(KINDS))
FILE = {
    (200, content_type): OpenApiResponse(OpenApiTypes.BINARY, description="an attachment")
    for content_type in (*(content_type for content_type, _write in FORMATS.values()), "text/csv")
}


class BoardFile(APIView):
    """The board as a workbook, a PDF (A3), a picture or a table."""

    @extend_schema(
        responses=FILE,
        tags=["exports"],
        operation_id="board_file",
        parameters=[KIND, *SCOPE, CHANNEL, text_parameter("kpi", "KPI key; without it your own board", many=True)],
    )
    def get(self, request: Request, kind: str) -> HttpResponse:
        return board_file(request._request, kind)


class DepthFile(APIView):
    """One KPI in one market as a workbook, a PDF (A4), a picture or a table."""

    @extend_schema(
        responses=FILE,
        tags=["exports"],
        operation_id="in_depth_file",
        parameters=[
            KIND,
            text_parameter("market", "market code", required=True),
            text_parameter("kpi", "KPI key; revenue without it"),
            text_parameter("period", "as of the board"),
            text_parameter("grain", "day, week or month"),
            CHANNEL,
            text_parameter("currency", "reporting currency, or own"),
            *MONEY,
        ],
    )
    def get(self, request: Request, kind: str) -> HttpResponse:
        return depth_file(request._request, kind)


class WhyFile(APIView):
    """Why a KPI changed, as a workbook with the proof that the reasons add up, a PDF (A4), a picture or a table."""

    @extend_schema(responses=FILE, tags=["exports"], operation_id="why_file", parameters=[KIND, *WHY_PARAMETERS])
    def get(self, request: Request, kind: str) -> HttpResponse:
        return why_bridge_file(request._request, kind)


class KpiFile(APIView):
    """One KPI as a workbook, a PDF (A3), a picture or a table: definition, history, use, thirteen months of values."""

    @extend_schema(
        responses=FILE,
        tags=["exports"],
        operation_id="kpi_file",
        parameters=[
            OpenApiParameter("key", OpenApiTypes.STR, OpenApiParameter.PATH, description="KPI key"),
            KIND,
            *SCOPE,
        ],
    )
    def get(self, request: Request, key: str, kind: str) -> HttpResponse:
        return kpi_file(request._request, key, kind)
