"""The API of definitions: catalogue and own KPIs, formulas, switches, local definitions, the one metric."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.api.parameters import text_parameter
from kpis.catalogue import Kpi
from kpis.errors import NoSuchKpi
from kpis.models import MarketOverride, OwnKpiVersion
from kpis.pages.answers import cell_answer, definition_answer
from kpis.pages.board import language
from kpis.pages.editor import checked_answer, preview_board
from kpis.queries.definition import own_kpi_named, versions_of
from kpis.queries.definitions import Definitions as ClientDefinitions
from kpis.queries.definitions import definitions_of, own_facts, own_kpi
from kpis.serializers.definitions import (
    CheckedSerializer,
    DecisionSerializer,
    FormulaSerializer,
    FullDefinitionSerializer,
    OneMetricSerializer,
    OverrideSerializer,
    OwnChangeSerializer,
    OwnSerializer,
    PreviewSerializer,
    SwitchSerializer,
)
from kpis.services.definitions import (
    OwnDraft,
    change_own_kpi,
    check_draft,
    choose_set,
    make_own_kpi,
    set_own_active,
    switch_kpis,
)
from kpis.services.overrides import choose_omtm, decide_override, end_override, propose_override
from tenants.access import Access
from tenants.views.door import access_to

TAG = ["definitions"]


def _sent(serializer: Any, request: Request) -> dict[str, Any]:
    found = serializer(data=request.data)
    found.is_valid(raise_exception=True)
    return dict(found.validated_data)


def _answer(access: Access, kpi: Kpi, definitions: ClientDefinitions) -> dict[str, Any]:
    own = next((one for one in definitions.facts.own if one.key == kpi.key), None)
    return {
        **definition_answer(kpi, language()),
        "on": kpi.key in definitions.on,
        "own": kpi.is_own,
        "measurable": kpi.is_measurable,
        "expression": own.formula if own else "",
        "owner": own.owner if own else "",
        "local_in": [m for (key, m) in definitions.local if key == kpi.key and m in access.market_codes],
        "omtm_of": [m for m, k in definitions.omtm.items() if k == kpi.key and (not m or m in access.market_codes)],
    }


def _version(one: OwnKpiVersion) -> dict[str, Any]:
    names = ("number", "name_ko", "name_en", "stage", "unit", "better", "formula", "active", "why", "who", "at")
    return {name: getattr(one, name) for name in names}


class Definitions(APIView):
    """KPI definitions of the client."""

    @extend_schema(
        responses=FullDefinitionSerializer(many=True), tags=TAG, operation_id="kpis_list",
        parameters=[text_parameter("show", "all: also those that are switched off")],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        access = access_to(request._request)
        definitions = definitions_of(access)
        listed = definitions.kpis if request.query_params.get("show") == "all" else definitions.shown
        return Response([_answer(access, kpi, definitions) for kpi in listed])

    @extend_schema(request=OwnSerializer, responses={201: FullDefinitionSerializer}, tags=TAG, operation_id="kpi_make")
    def post(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("define_kpis")
        sent = _sent(OwnSerializer, request)
        why = sent.pop("why", "")
        kept = make_own_kpi(access, OwnDraft(**sent), why=why, now=timezone.now())
        return Response(_one(access, kept.key), status=201)


def _one(access: Access, key: str) -> dict[str, Any]:
    definitions = definitions_of(access)
    own = own_kpi_named(key)
    if own is not None and not own.active:
        kpi = own_kpi(own_facts(own), definitions.references)
    else:
        kpi = definitions.kpi(key)
    versions = [_version(one) for one in versions_of(key)]
    return {**_answer(access, kpi, definitions), "version": own.version if own else None, "versions": versions}


class OneDefinition(APIView):
    """One KPI with the versions of its definition."""

    @extend_schema(responses=FullDefinitionSerializer, tags=TAG, operation_id="kpi")
    def get(self, request: Request, key: str) -> Response:
        return Response(_one(access_to(request._request), key))

    @extend_schema(
        request=OwnChangeSerializer, responses=FullDefinitionSerializer, tags=TAG, operation_id="kpi_change",
        description="What isn't sent stays. `version` is the one that you saw; another is a conflict.",
    )  # fmt: skip
    def patch(self, request: Request, key: str) -> Response:
        access = access_to(request._request)
        access.check("define_kpis")
        sent = _sent(OwnChangeSerializer, request)
        own = own_kpi_named(key)
        if own is None:
            raise NoSuchKpi(key)
        version, why, active = sent.pop("version"), sent.pop("why", ""), sent.pop("active", None)
        if sent:
            fields = {name: sent.get(name, getattr(own, name)) for name in OwnDraft.__dataclass_fields__}
            change_own_kpi(access, OwnDraft(**{**fields, "key": key}), version=version, why=why, now=timezone.now())
        if active is not None:
            set_own_active(access, key, active=active, why=why, now=timezone.now())
        return Response(_one(access, key))


class FormulaCheck(APIView):
    """What a formula means, or what is wrong with it and where."""

    @extend_schema(request=FormulaSerializer, responses=CheckedSerializer, tags=TAG, operation_id="formula_check")
    def post(self, request: Request) -> Response:
        access_to(request._request)
        kpi, checked = check_draft(_draft(request))
        return Response(checked_answer(kpi, checked, language()))


class FormulaPreview(APIView):
    """A formula on last month's data (or another period), in the markets that you may see."""

    @extend_schema(
        request=FormulaSerializer, responses=PreviewSerializer, tags=TAG, operation_id="formula_preview",
        parameters=[text_parameter("period", "as of the board"), text_parameter("currency", "as of the board")],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        access = access_to(request._request)
        kpi, _checked = check_draft(_draft(request))
        board = preview_board(access, kpi, request._request.GET)
        if board is None:
            return Response({"period": None, "unit": kpi.unit.value, "total": None, "cells": []})
        row, spoken = board.rows[0], language()
        return Response({
            "period": board.ask.span.reporting.text,
            "unit": kpi.unit.value,
            "total": cell_answer(kpi, row.total, board.ask, spoken),
            "cells": [cell_answer(kpi, cell, board.ask, spoken) for cell in row.cells],
        })  # fmt: skip


def _draft(request: Request) -> OwnDraft:
    sent = _sent(FormulaSerializer, request)
    return OwnDraft(
        key=sent.get("key", ""), name_ko="", name_en="", stage="", unit=sent.get("unit", ""), better="",
        formula=sent["formula"],
    )  # fmt: skip


class Switches(APIView):
    """Which KPIs of the catalogue are the client's."""

    @extend_schema(request=SwitchSerializer, responses=SwitchSerializer, tags=TAG, operation_id="kpi_switches")
    def put(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("define_kpis")
        sent = _sent(SwitchSerializer, request)
        if sent.get("set"):
            choose_set(access, sent["set"], now=timezone.now())
        wanted = {**dict.fromkeys(sent.get("on", ()), True), **dict.fromkeys(sent.get("off", ()), False)}
        if wanted:
            switch_kpis(access, wanted, now=timezone.now())
        definitions = definitions_of(access)
        return Response({
            "on": [kpi.key for kpi in definitions.shown],
            "off": [kpi.key for kpi in definitions.kpis if kpi.key not in definitions.on],
        })  # fmt: skip


class OneMetric(APIView):
    """The one metric that matters: of the client (market "") and of each market that you may see."""

    @extend_schema(responses=OneMetricSerializer(many=True), tags=TAG, operation_id="omtm")
    def get(self, request: Request) -> Response:
        return Response(_metrics(access_to(request._request)))

    @extend_schema(
        request=OneMetricSerializer, responses=OneMetricSerializer(many=True), tags=TAG, operation_id="omtm_choose"
    )
    def put(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("choose_omtm")
        sent = _sent(OneMetricSerializer, request)
        choose_omtm(access, market=sent["market"], key=sent["kpi"], now=timezone.now())
        return Response(_metrics(access))


def _metrics(access: Access) -> list[dict[str, str]]:
    found = definitions_of(access).omtm
    return [{"market": m, "kpi": found[m]} for m in ("", *access.market_codes) if m in found]


class Overrides(APIView):
    """Local definitions of the markets that you may see."""

    @extend_schema(
        responses=OverrideSerializer(many=True), tags=TAG, operation_id="overrides",
        parameters=[text_parameter("kpi", "KPI key")],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        access = access_to(request._request)
        found = MarketOverride.objects.filter(market__in=access.market_codes)
        if request.query_params.get("kpi"):
            found = found.filter(kpi=request.query_params["kpi"])
        return Response([_override(one) for one in found[:500]])

    @extend_schema(
        request=OverrideSerializer, responses={201: OverrideSerializer}, tags=TAG, operation_id="override_propose"
    )
    def post(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("propose_override")
        sent = _sent(OverrideSerializer, request)
        made = propose_override(
            access, key=sent["kpi"], market=sent["market"], formula=sent["formula"], reason=sent["reason"],
            now=timezone.now(),
        )  # fmt: skip
        return Response(_override(made), status=201)


class OverrideDecision(APIView):
    """Approve, refuse or end a local definition."""

    @extend_schema(request=DecisionSerializer, responses=OverrideSerializer, tags=TAG, operation_id="override_decide")
    def post(self, request: Request, number: int) -> Response:
        access = access_to(request._request)
        access.check("approve_override")
        deed = _sent(DecisionSerializer, request)["deed"]
        if deed == "end":
            found = end_override(access, number, now=timezone.now())
        else:
            found = decide_override(access, number, approve=deed == "approve", now=timezone.now())
        return Response(_override(found))


def _override(one: MarketOverride) -> dict[str, Any]:
    names = ("kpi", "market", "formula", "reason", "state", "proposed_by", "proposed_at", "decided_by", "decided_at")
    return {"id": one.pk, **{name: getattr(one, name) for name in names}}
