"""The API of alerts and of what they found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.api.parameters import text_parameter
from kpis.messages import firing_text
from kpis.models import Alert, AlertEvent
from kpis.pages.alerts import alert_line, readers_of
from kpis.pages.notes import day_of_text
from kpis.queries.alerts import alert_of, alerts_seen_by, events_seen_by, markets_shown, rehearse
from kpis.queries.definitions import Definitions, definitions_of
from kpis.queries.windows import today_at
from kpis.serializers.watch import AlertEventSerializer, AlertSerializer, RehearsalSerializer
from kpis.services.alerts import (
    AlertDraft,
    change_alert,
    check_change,
    checked_rule,
    delete_alert,
    make_alert,
    mute_alert,
    rule_of_draft,
    switch_alert,
)
from tenants.access import Access
from tenants.views.door import access_to

DRAFT = ("kpi", "kind", "limit", "name", "markets", "grain", "side", "base", "currency", "recipients", "by_mail")


class Alerts(APIView):
    """Alerts."""

    @extend_schema(responses=AlertSerializer(many=True), tags=["alerts"], operation_id="alerts_list")
    def get(self, request: Request) -> Response:
        access = access_to(request._request)
        known = definitions_of(access)
        return Response([_answer(access, alert, known) for alert in alerts_seen_by(access)])

    @extend_schema(request=AlertSerializer, responses=AlertSerializer, tags=["alerts"], operation_id="alerts_make")
    def post(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("write_notes")
        made = make_alert(access, _draft(_sent(request)), now=timezone.now(), today=today_at(access))
        return Response(_answer(access, made), status=201)


class OneAlert(APIView):
    """An alert."""

    @extend_schema(responses=AlertSerializer, tags=["alerts"], operation_id="alert")
    def get(self, request: Request, alert_id: int) -> Response:
        access = access_to(request._request)
        return Response(_answer(access, alert_of(access, alert_id)))

    @extend_schema(
        request=AlertSerializer, responses=AlertSerializer, tags=["alerts"], operation_id="alert_change",
        description="What isn't named stays. `muted_until` mutes it, null lets it speak; `active` switches it.",
    )  # fmt: skip
    def patch(self, request: Request, alert_id: int) -> Response:
        access = access_to(request._request)
        alert = alert_of(access, alert_id)
        check_change(access, alert)
        given, now, today = _sent(request, partial=True), timezone.now(), today_at(access)
        if set(given) & set(DRAFT):
            kept = {name: getattr(alert, name) for name in DRAFT}
            alert = change_alert(access, alert, _draft({**kept, **given}), now=now, today=today)
        if "muted_until" in given:
            alert = mute_alert(access, alert, given["muted_until"], now=now, today=today)
        if "active" in given:
            alert = switch_alert(access, alert, active=given["active"], now=now, today=today)
        return Response(_answer(access, alert))

    @extend_schema(responses={204: None}, tags=["alerts"], operation_id="alert_delete")
    def delete(self, request: Request, alert_id: int) -> Response:
        access = access_to(request._request)
        delete_alert(access, alert_of(access, alert_id))
        return Response(status=204)


class AlertRehearsal(APIView):
    """The test run."""

    @extend_schema(
        request=AlertSerializer, responses=RehearsalSerializer, tags=["alerts"], operation_id="alerts_rehearse",
        description="What an alert would have found in the past 90 days; nothing is kept.",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("write_notes")
        draft = checked_rule(access, _draft({"recipients": [], **_sent(request, partial=True)}))
        run = rehearse(access, rule_of_draft(draft), draft.markets or access.market_codes, today=today_at(access))
        fired = [
            {"market": code, "starts_on": one.starts_on, "as_of": one.as_of, "value": one.value.number,
             "expected": one.expected}
            for code, some in run.fired.items()
            for one in some
        ]  # fmt: skip
        return Response({"first": run.first, "last": run.last, "times": run.times, "fired": fired})


class AlertEvents(APIView):
    """What alerts found."""

    @extend_schema(
        responses=AlertEventSerializer(many=True),
        tags=["alerts"],
        operation_id="alert_events",
        parameters=[
            OpenApiParameter("alert", OpenApiTypes.INT),
            text_parameter("market", "market code"),
            OpenApiParameter("from", OpenApiTypes.DATE, description="first day"),
            OpenApiParameter("limit", OpenApiTypes.INT),
            OpenApiParameter("offset", OpenApiTypes.INT),
        ],
    )
    def get(self, request: Request) -> Response:
        query = request.query_params
        found = events_seen_by(access_to(request._request))
        number = query.get("alert", "")
        if number:
            found = found.filter(alert_id=int(number) if number.isascii() and number.isdigit() else 0)
        if query.get("market"):
            found = found.filter(market=query["market"])
        if query.get("from"):
            found = found.filter(starts_on__gte=day_of_text(query["from"]))
        paginator = LimitOffsetPagination()
        page: Sequence[AlertEvent] = paginator.paginate_queryset(found, request, self) or []
        return paginator.get_paginated_response([_event_answer(event) for event in page])


def _sent(request: Request, *, partial: bool = False) -> dict[str, Any]:
    sent = AlertSerializer(data=request.data, partial=partial)
    sent.is_valid(raise_exception=True)
    missing = [name for name in ("kpi", "kind", "limit") if name not in sent.validated_data]
    if partial and request.method == "POST" and missing:
        AlertSerializer(data=request.data).is_valid(raise_exception=True)
    return dict(sent.validated_data)


def _draft(given: dict[str, Any]) -> AlertDraft:
    found = {name: given[name] for name in DRAFT if name in given}
    return AlertDraft(**{**found, "markets": tuple(found.get("markets", ())), "recipients": tuple(found["recipients"])})


def _answer(access: Access, alert: Alert, known: Definitions | None = None) -> dict[str, Any]:
    line = alert_line(access, alert, known or definitions_of(access))
    fired: dt.date | None = getattr(alert, "fired_on", None)
    names = ("kpi", "kind", "limit", "grain", "side", "base", "currency", "by_mail", "active", "muted_until", "owner",
             "last_checked_at")  # fmt: skip
    return {
        "id": alert.pk,
        "name": line.name,
        **{name: getattr(alert, name) for name in names},
        "markets": list(markets_shown(access, alert)) if alert.markets else [],
        "recipients": [one.user_id for one in readers_of(access, alert)],
        "state": alert.last_state if alert.active else "off",
        "why": line.why,
        "last_fired_on": fired,
    }


def _event_answer(event: AlertEvent) -> dict[str, Any]:
    names = ("market", "starts_on", "ends_on", "value", "expected", "muted", "at")
    return {
        "id": event.pk,
        "alert": event.alert_id,
        "kpi": event.alert.kpi,
        **{name: getattr(event, name) for name in names},
        "currency": event.about.get("currency") or None,
        "sentence": firing_text(event.about),
    }
