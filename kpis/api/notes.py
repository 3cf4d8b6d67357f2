"""The API of notes and actions."""

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
from kpis.models import Action, Note
from kpis.pages.answers import value_answer
from kpis.pages.notes import day_of_text
from kpis.queries.effects import Effect, effects_of
from kpis.queries.notes import action_of, actions_seen_by, note_of, notes_seen_by
from kpis.queries.windows import today_at
from kpis.serializers.watch import ActionSerializer, NoteSerializer, NoteTextSerializer
from kpis.services.actions import ActionDraft, change_action, is_overdue, make_action
from kpis.services.notes import NoteDraft, answer_note, change_note, delete_note, write_note
from tenants.access import Access
from tenants.views.door import access_to

PAGES = [OpenApiParameter("limit", OpenApiTypes.INT), OpenApiParameter("offset", OpenApiTypes.INT)]


class Notes(APIView):
    """Events, comments and answers."""

    @extend_schema(
        responses=NoteSerializer(many=True),
        tags=["notes"],
        operation_id="notes_list",
        parameters=[
            text_parameter("kpi", "KPI key; what is on all KPIs comes too"),
            text_parameter("market", "market code; what is on all markets comes too"),
            OpenApiParameter("from", OpenApiTypes.DATE, description="first day"),
            OpenApiParameter("to", OpenApiTypes.DATE, description="last day"),
            *PAGES,
        ],
    )
    def get(self, request: Request) -> Response:
        found = notes_seen_by(access_to(request._request))
        query = request.query_params
        for name in ("kpi", "market"):
            if query.get(name):
                found = found.filter(**{f"{name}__in": ["", query[name]]})
        for name, lookup in (("from", "ends_on__gte"), ("to", "starts_on__lte")):
            if query.get(name):
                found = found.filter(**{lookup: day_of_text(query[name])})
        paginator = LimitOffsetPagination()
        page: Sequence[Note] = paginator.paginate_queryset(found, request, self) or []
        return paginator.get_paginated_response([note_answer(note) for note in page])

    @extend_schema(request=NoteSerializer, responses=NoteSerializer, tags=["notes"], operation_id="notes_write")
    def post(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("write_notes")
        sent = NoteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        given = {"event_type": "", **sent.validated_data}
        draft = NoteDraft(**{"ends_on": given["starts_on"], **given})
        return Response(note_answer(write_note(access, draft, now=timezone.now())), status=201)


class OneNote(APIView):
    """A note, its answers, its words."""

    @extend_schema(responses=NoteSerializer, tags=["notes"], operation_id="note")
    def get(self, request: Request, note_id: int) -> Response:
        return Response(note_answer(note_of(access_to(request._request), note_id)))

    @extend_schema(
        request=NoteTextSerializer, responses=NoteSerializer, tags=["notes"], operation_id="note_answer",
        description="Writes an answer to it.",
    )  # fmt: skip
    def post(self, request: Request, note_id: int) -> Response:
        access = access_to(request._request)
        access.check("write_notes")
        note = answer_note(access, note_of(access, note_id), _text(request), now=timezone.now())
        return Response(note_answer(note), status=201)

    @extend_schema(request=NoteTextSerializer, responses=NoteSerializer, tags=["notes"], operation_id="note_change")
    def patch(self, request: Request, note_id: int) -> Response:
        access = access_to(request._request)
        access.check("write_notes")
        return Response(note_answer(change_note(access, note_of(access, note_id), _text(request), now=timezone.now())))

    @extend_schema(responses={204: None}, tags=["notes"], operation_id="note_delete")
    def delete(self, request: Request, note_id: int) -> Response:
        access = access_to(request._request)
        access.check("write_notes")
        delete_note(access, note_of(access, note_id), now=timezone.now())
        return Response(status=204)


class Actions(APIView):
    """Actions with their before and after."""

    @extend_schema(
        responses=ActionSerializer(many=True),
        tags=["actions"],
        operation_id="actions_list",
        parameters=[
            text_parameter("state", "open, doing, done or dropped", many=True),
            text_parameter("market", "market code"),
            text_parameter("kpi", "KPI key"),
            OpenApiParameter("owner_id", OpenApiTypes.INT),
            *PAGES,
        ],
    )
    def get(self, request: Request) -> Response:
        access, query = access_to(request._request), request.query_params
        text = query.get("owner_id", "")
        owner = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
        found = actions_seen_by(
            access, states=query.getlist("state"), market=query.get("market", ""), kpi=query.get("kpi", ""),
            owner_id=owner,
        )  # fmt: skip
        paginator = LimitOffsetPagination()
        page: Sequence[Action] = paginator.paginate_queryset(found, request, self) or []
        return paginator.get_paginated_response(action_answers(access, page))

    @extend_schema(request=ActionSerializer, responses=ActionSerializer, tags=["actions"], operation_id="actions_make")
    def post(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("write_notes")
        sent = ActionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        draft = ActionDraft(**sent.validated_data)
        made = make_action(access, draft, now=timezone.now(), today=today_at(access))
        return Response(action_answers(access, [made])[0], status=201)


class OneAction(APIView):
    """An action."""

    @extend_schema(responses=ActionSerializer, tags=["actions"], operation_id="action")
    def get(self, request: Request, action_id: int) -> Response:
        access = access_to(request._request)
        return Response(action_answers(access, [action_of(access, action_id)])[0])

    @extend_schema(request=ActionSerializer, responses=ActionSerializer, tags=["actions"], operation_id="action_change")
    def patch(self, request: Request, action_id: int) -> Response:
        access = access_to(request._request)
        action = action_of(access, action_id)
        access.check("write_notes")
        sent = ActionSerializer(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        names = ("owner_id", "due_on", "state", "expected", "started_on", "done_on", "window_days")
        now = {name: getattr(action, name) for name in names}
        given = {**now, "text": action.note.text, **sent.validated_data, "kpi": "", "market": ""}
        changed = change_action(access, action, ActionDraft(**given), now=timezone.now(), today=today_at(access))
        return Response(action_answers(access, [changed])[0])


def _text(request: Request) -> str:
    sent = NoteTextSerializer(data=request.data)
    sent.is_valid(raise_exception=True)
    return str(sent.validated_data["text"])


def note_answer(note: Note) -> dict[str, Any]:
    names = ("kind", "event_type", "kpi", "market", "starts_on", "ends_on", "text", "shared", "who", "created_at",
             "edited_at")  # fmt: skip
    return {"id": note.pk, **{name: getattr(note, name) for name in names}, "parent": note.parent_id}


def action_answers(access: Access, actions: Sequence[Action]) -> list[dict[str, Any]]:
    effects, today = effects_of(access, actions), today_at(access)
    return [_action_answer(action, effects[action.pk], today) for action in actions]


def _action_answer(action: Action, effect: Effect, today: dt.date) -> dict[str, Any]:
    names = ("owner_id", "owner", "due_on", "state", "expected", "started_on", "done_on", "window_days")
    return {
        "id": action.pk,
        "text": action.note.text,
        "kpi": action.note.kpi,
        "market": action.note.market,
        **{name: getattr(action, name) for name in names},
        "shared": action.note.shared,
        "overdue": is_overdue(action, today),
        "effect": {
            "days": effect.days,
            "currency": effect.currency or None,
            "before": value_answer(effect.before),
            "after": value_answer(effect.after),
        },
    }
