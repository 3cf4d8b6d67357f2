"""The API of the inbox."""

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

from kpis.messages import message_text
from kpis.models import InboxItem
from kpis.queries.inbox import delivery_of, inbox_of
from kpis.serializers.watch import InboxItemSerializer, InboxReadSerializer, ReadSerializer
from kpis.services.inbox import choose_delivery, mark_read
from tenants.views.door import access_to


class Inbox(APIView):
    """What you were told."""

    @extend_schema(
        responses=InboxItemSerializer(many=True),
        tags=["inbox"],
        operation_id="inbox_list",
        parameters=[
            OpenApiParameter("unread", OpenApiTypes.BOOL, description="only what wasn't read"),
            OpenApiParameter("limit", OpenApiTypes.INT),
            OpenApiParameter("offset", OpenApiTypes.INT),
        ],
    )
    def get(self, request: Request) -> Response:
        found = inbox_of(access_to(request._request))
        if request.query_params.get("unread", "").lower() in ("1", "true"):
            found = found.filter(read_at=None)
        paginator = LimitOffsetPagination()
        page: Sequence[InboxItem] = paginator.paginate_queryset(found, request, self) or []
        return paginator.get_paginated_response([_item_answer(item) for item in page])

    @extend_schema(
        request=InboxReadSerializer,
        responses=ReadSerializer,
        tags=["inbox"],
        operation_id="inbox_read",
        description="Marks one item as read, or all without a number; `delivery` keeps how you want to be told.",
    )
    def post(self, request: Request) -> Response:
        access = access_to(request._request)
        sent = InboxReadSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        given, read = sent.validated_data, 0
        if "delivery" in given:
            choose_delivery(access, given["delivery"])
        if "id" in given or "delivery" not in given:
            read = mark_read(access, now=timezone.now(), item_id=given.get("id"))
        return Response({"read": read, "delivery": delivery_of(access)})


def _item_answer(item: InboxItem) -> dict[str, Any]:
    return {
        "id": item.pk,
        "kind": item.message,
        "text": message_text(item.message, item.about),
        "link": item.link,
        "market": item.market or None,
        "created_at": item.created_at,
        "read_at": item.read_at,
    }
