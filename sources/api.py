"""The API of imports: the same services as the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sources import services
from sources.errors import NoFile
from sources.forms import choices_from
from sources.models import FileImport
from sources.planning import plan_of
from sources.queries.imports import HEAVY, import_seen_by, imports_seen_by
from sources.queries.rejects import rejects_of_import
from sources.serializers import (
    ImportSerializer,
    ImportSummarySerializer,
    PlanSerializer,
    ReadAgainSerializer,
    RejectSerializer,
    UploadSerializer,
)
from sources.views.imports import import_rejects, own_import
from tenants.access import Access
from tenants.views.door import access_to

MOST_REJECTS = 1_000


def _access(request: Request) -> Access:
    return access_to(request._request)


def _shown(access: Access, import_id: UUID, code: int = status.HTTP_200_OK) -> Response:
    return Response(ImportSerializer(import_seen_by(access, import_id)).data, status=code)


class Imports(APIView):
    """All imports that this token may see; a new one by upload."""

    parser_classes = (MultiPartParser, FormParser)

    @extend_schema(responses=ImportSummarySerializer(many=True), tags=["imports"])
    def get(self, request: Request) -> Response:
        pages = LimitOffsetPagination()
        page = pages.paginate_queryset(imports_seen_by(_access(request)).defer(*HEAVY), request, view=self)
        return pages.get_paginated_response(ImportSummarySerializer(page, many=True).data)

    @extend_schema(
        request={"multipart/form-data": UploadSerializer}, responses={201: ImportSerializer}, tags=["imports"]
    )
    def post(self, request: Request) -> Response:
        access = _access(request)
        access.check("load_data")
        upload = request.FILES.get("file")
        if upload is None:
            raise NoFile
        file_import = services.receive_upload(access, name=upload.name or "", chunks=upload.chunks())
        response = _shown(access, file_import.pk, status.HTTP_201_CREATED)
        response["Location"] = reverse("api-import", args=[file_import.pk])
        return response


class ImportDetail(APIView):
    """One import: its state, what was found, its mapping, what a load would do or did."""

    @extend_schema(responses=ImportSerializer, tags=["imports"])
    def get(self, request: Request, import_id: UUID) -> Response:
        return _shown(_access(request), import_id)

    @extend_schema(responses={204: None}, tags=["imports"])
    def delete(self, request: Request, import_id: UUID) -> Response:
        """Give up on an import that isn't loaded."""
        access = _access(request)
        services.cancel_import(access, own_import(access, import_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ImportReading(APIView):
    """How the file is read."""

    parser_classes = (JSONParser,)

    @extend_schema(request=ReadAgainSerializer, responses={202: ImportSerializer}, tags=["imports"])
    def put(self, request: Request, import_id: UUID) -> Response:
        access = _access(request)
        sent = ReadAgainSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        said = {name: str(value) for name, value in sent.validated_data.items()}
        services.read_again(access, own_import(access, import_id), choices_from(said))
        return _shown(access, import_id, status.HTTP_202_ACCEPTED)


class ImportMapping(APIView):
    """What each column means."""

    parser_classes = (JSONParser,)

    @extend_schema(request=PlanSerializer, responses={202: ImportSerializer}, tags=["imports"])
    def put(self, request: Request, import_id: UUID) -> Response:
        access = _access(request)
        sent = PlanSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        services.change_mapping(access, own_import(access, import_id), plan_of(sent.validated_data))
        return _shown(access, import_id, status.HTTP_202_ACCEPTED)


class ImportAct(APIView):
    """Something that is done with an import."""

    def act(self, access: Access, import_id: UUID) -> FileImport | None:
        raise NotImplementedError

    @extend_schema(request=None, responses={202: ImportSerializer}, tags=["imports"])
    def post(self, request: Request, import_id: UUID) -> Response:
        access = _access(request)
        self.act(access, import_id)
        return _shown(access, import_id, status.HTTP_202_ACCEPTED)


class ImportCheck(ImportAct):
    """Check every row with the mapping; nothing is written."""

    def act(self, access: Access, import_id: UUID) -> FileImport | None:
        return services.request_check(access, own_import(access, import_id))


class ImportConfirm(ImportAct):
    """Load a checked import."""

    def act(self, access: Access, import_id: UUID) -> FileImport | None:
        return services.confirm_import(access, own_import(access, import_id))


class ImportRetry(ImportAct):
    """Take up an import that was stopped by a problem."""

    def act(self, access: Access, import_id: UUID) -> FileImport | None:
        services.retry(access, own_import(access, import_id))
        return None


class ImportUndo(ImportAct):
    """Take everything back that an import wrote."""

    def act(self, access: Access, import_id: UUID) -> FileImport | None:
        return services.undo_import(access, import_seen_by(access, import_id))


class ImportRejects(APIView):
    """Rows that stayed out, in the order of the file."""

    @extend_schema(
        responses=RejectSerializer(many=True),
        tags=["imports"],
        parameters=[OpenApiParameter("limit", OpenApiTypes.INT), OpenApiParameter("offset", OpenApiTypes.INT)],
    )
    def get(self, request: Request, import_id: UUID) -> Response:
        file_import = import_seen_by(_access(request), import_id)
        limit = min(_whole(request.query_params.get("limit"), MOST_REJECTS), MOST_REJECTS)
        offset = _whole(request.query_params.get("offset"), 0)
        found = rejects_of_import(file_import, offset=offset, most=limit)
        return Response([reject.as_json() for reject in found])


class ImportRejectsFile(APIView):
    """The same as a CSV that Excel opens."""

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR}, tags=["imports"])
    def get(self, request: Request, import_id: UUID) -> HttpResponseBase:
        return import_rejects(request._request, import_id)


def _whole(text: Any, default: int) -> int:
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 10 else default
