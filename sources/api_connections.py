"""The API of connections and syncs: the same services as the pages. Credentials go in through the pages only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sources.connectors import CATALOGUE
from sources.connectors.kinds import Connector
from sources.errors import stored_problem
from sources.models import Connection, Sync, SyncKind
from sources.pages.catalogue import unlocked_kpis
from sources.pages.health import read_until_of
from sources.queries.connections import (
    Reached,
    accounts_seen,
    connection_seen_by,
    connections_seen_by,
    markets_fed,
    reached_by,
    sees_all_of,
    sync_seen_by,
)
from sources.serializers_connections import (
    ConnectionSerializer,
    ConnectorSerializer,
    SyncAskSerializer,
    SyncSerializer,
)
from sources.services.syncs import ask_for_sync, cancel_sync, try_again
from sources.services.syncs.asking import ask_for_newest
from tenants.access import Access
from tenants.views.door import access_to


def _access(request: Request) -> Access:
    return access_to(request._request)


class Connectors(APIView):
    """Vendors that can be connected, with what each gives."""

    @extend_schema(responses=ConnectorSerializer(many=True), tags=["connections"], operation_id="connectors_list")
    def get(self, request: Request) -> Response:
        access = _access(request)
        return Response(ConnectorSerializer([_connector(access, kind) for kind in CATALOGUE], many=True).data)


class Connections(APIView):
    """Connected sources that feed the caller's markets."""

    @extend_schema(responses=ConnectionSerializer(many=True), tags=["connections"], operation_id="connections_list")
    def get(self, request: Request) -> Response:
        access = _access(request)
        found = [_connection(access, connection) for connection in connections_seen_by(access)]
        return Response(ConnectionSerializer(found, many=True).data)


class ConnectionDetail(APIView):
    """One connected source."""

    @extend_schema(responses=ConnectionSerializer, tags=["connections"], operation_id="connections_get")
    def get(self, request: Request, connection_id: UUID) -> Response:
        access = _access(request)
        found = connection_seen_by(access, connection_id)
        return Response(ConnectionSerializer(_connection(access, found)).data)


class ConnectionSyncs(APIView):
    """The syncs of a connection, newest first; a new one by POST."""

    parser_classes = (JSONParser,)

    @extend_schema(responses=SyncSerializer(many=True), tags=["syncs"], operation_id="syncs_list")
    def get(self, request: Request, connection_id: UUID) -> Response:
        access = _access(request)
        connection = connection_seen_by(access, connection_id)
        pages = LimitOffsetPagination()
        page = pages.paginate_queryset(connection.syncs.order_by("-created_at"), request, view=self) or []
        reached = reached_by(access, connection, page)
        found = [_sync(access, connection, sync, reached) for sync in page]
        return pages.get_paginated_response(SyncSerializer(found, many=True).data)

    @extend_schema(
        request=SyncAskSerializer, responses={201: SyncSerializer}, tags=["syncs"], operation_id="syncs_start"
    )
    def post(self, request: Request, connection_id: UUID) -> Response:
        access = _access(request)
        access.check("manage_connections")
        connection = connection_seen_by(access, connection_id)
        sent = SyncAskSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        days = sent.validated_data
        if days:
            sync = ask_for_sync(access, connection, days["first"], days["last"], SyncKind.BACK_FILL)
        else:
            sync = ask_for_newest(access, connection)
        response = _shown(access, sync.pk, status.HTTP_201_CREATED)
        response["Location"] = reverse("api-sync", args=[sync.pk])
        return response


class SyncDetail(APIView):
    """One sync: how far it is, what it brought, what stopped it."""

    @extend_schema(responses=SyncSerializer, tags=["syncs"], operation_id="syncs_get")
    def get(self, request: Request, sync_id: UUID) -> Response:
        return _shown(_access(request), sync_id)


class SyncCancel(APIView):
    """Stop a sync; what was loaded stays."""

    @extend_schema(request=None, responses={202: SyncSerializer}, tags=["syncs"], operation_id="syncs_cancel")
    def post(self, request: Request, sync_id: UUID) -> Response:
        access = _access(request)
        access.check("manage_connections")
        cancel_sync(access, sync_seen_by(access, sync_id))
        return _shown(access, sync_id, status.HTTP_202_ACCEPTED)


class SyncRetry(APIView):
    """Go on with a sync that a problem stopped, from the page that it had reached."""

    @extend_schema(request=None, responses={202: SyncSerializer}, tags=["syncs"], operation_id="syncs_retry")
    def post(self, request: Request, sync_id: UUID) -> Response:
        access = _access(request)
        access.check("manage_connections")
        try_again(access, sync_seen_by(access, sync_id))
        return _shown(access, sync_id, status.HTTP_202_ACCEPTED)


def _shown(access: Access, sync_id: UUID, code: int = status.HTTP_200_OK) -> Response:
    sync = sync_seen_by(access, sync_id)
    reached = reached_by(access, sync.connection, [sync])
    return Response(SyncSerializer(_sync(access, sync.connection, sync, reached)).data, status=code)


def _connector(access: Access, kind: Connector) -> dict[str, Any]:
    return {
        "key": kind.key,
        "name": str(kind.name),
        "group": kind.group,
        "about": str(kind.about),
        "needs": [{"key": need.key, "label": str(need.label), "secret": need.secret} for need in kind.needs],
        "streams": [
            {
                "key": stream.key,
                "name": str(stream.name),
                "table": stream.table,
                "columns": [target.column for target in stream.targets.values()],
                "window_days": stream.window_days,
                "look_back_days": stream.look_back_days,
            }
            for stream in kind.streams
        ],
        "kpis": unlocked_kpis(access, kind),
        "retention_days": kind.limits.retention_days,
    }


def _connection(access: Access, connection: Connection) -> dict[str, Any]:
    fed = markets_fed(connection)
    return {
        "id": connection.pk,
        "connector": connection.connector,
        "name": connection.name,
        "source": connection.source.key,
        "state": connection.state,
        "problem": _problem(access, connection, connection.problem),
        "markets": [code for code in access.market_codes if code in fed],
        "accounts": [dict(raw) for raw in accounts_seen(access, connection)],
        "streams": connection.streams,
        "every_hours": connection.every_hours,
        "at_hour": connection.at_hour,
        "due_at": connection.due_at,
        "read_until": read_until_of(access, connection),
        "created_at": connection.created_at,
    }


def _sync(access: Access, connection: Connection, sync: Sync, reached: Mapping[UUID, Reached]) -> dict[str, Any]:
    mine = reached.get(sync.pk, Reached())
    return {
        "id": sync.pk,
        "connection": connection.pk,
        "kind": sync.kind,
        "state": sync.state,
        "first": sync.first,
        "last": sync.last,
        "by": sync.by_email,
        "portions": mine.planned,
        "portions_loaded": mine.done,
        "read": mine.counts.read,
        "new": mine.counts.new,
        "updated": mine.counts.updated,
        "rejected": mine.counts.rejected,
        "calls": sync.calls,
        "retries": sync.retries,
        "problem": _problem(access, connection, sync.problem),
        "created_at": sync.created_at,
        "started_at": sync.started_at,
        "finished_at": sync.finished_at,
    }


def _problem(access: Access, connection: Connection, raw: Mapping[str, Any] | None) -> dict[str, str] | None:
    """A problem in words; who doesn't see every account learns its code only, because words may name one."""
    if not raw:
        return None
    sentence, fix = stored_problem(raw) if sees_all_of(access, connection) else ("", "")
    return {"code": str(raw.get("code", "")), "title": str(sentence), "detail": str(fix)}
