"""The API of what was known when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.api.parameters import SCOPE, text_parameter
from kpis.pages.history import history_answer, history_of
from kpis.pages.restatements import Printer, month_asked
from kpis.queries.restatements import restatements_seen_by
from kpis.serializers.known import RestatementSerializer, ToldSerializer
from sources.models import Restatement
from tenants.views.door import access_to
from ui.errors import BadScope


class Restatements(APIView):
    """Settled months whose KPIs a load changed, the latest first."""

    @extend_schema(
        responses=RestatementSerializer(many=True),
        tags=["kpis"],
        operation_id="restatements_list",
        parameters=[
            text_parameter("market", "market code"),
            text_parameter("source", "source key"),
            text_parameter("kpi", "KPI key"),
            text_parameter("month", "2026-03"),
            text_parameter("since", "2026-11-01T00:00:00Z: only those known after this moment"),
            text_parameter("limit", "how many, 100 without it"),
            text_parameter("offset", "how many to skip"),
        ],
    )
    def get(self, request: Request) -> Response:
        access = access_to(request._request)
        query = request.query_params
        printer = Printer(access)
        found = restatements_seen_by(access).filter(kpi__in=printer.known.ever)
        for name in ("market", "source", "kpi"):
            if query.get(name):
                found = found.filter(**{name: query[name]})
        if (month := month_asked(query)) is not None:
            found = found.filter(month=month)
        if query.get("since"):
            found = found.filter(known_from__gt=_moment(query["since"]))
        pages = LimitOffsetPagination()
        pages.default_limit, pages.max_limit = 100, 1000
        return Response([_answer(one, printer) for one in pages.paginate_queryset(found, request) or ()])


def _moment(text: str) -> dt.datetime:
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadScope(
            _("“%(value)s” is no moment.") % {"value": text[:40]},
            fix=_("Write it with its time zone, as in 2026-11-01T00:00:00Z."),
            parameter="since",
        )
    return found


def _answer(one: Restatement, printer: Printer) -> dict[str, Any]:
    return {
        "id": one.pk,
        "market": one.market,
        "source": one.source,
        "kpi": one.kpi,
        "month": f"{one.month:%Y-%m}",
        "old": one.old,
        "new": one.new,
        "currency": one.currency or None,
        "days": one.days,
        "load": one.load_id,
        "undone": one.undone,
        "known_from": one.known_from,
        "sentence": printer.line(one).sentence,
    }


class CellHistory(APIView):
    """What a cell was reported as, and since when, the latest first."""

    @extend_schema(
        responses=ToldSerializer(many=True),
        tags=["kpis"],
        operation_id="cell_history",
        parameters=[
            *SCOPE[:3],
            text_parameter("cell", "KPI key, a dot and a market code; revenue of your first market without it"),
        ],
    )
    def get(self, request: Request) -> Response:
        return Response(history_answer(history_of(access_to(request._request), request.query_params)))
