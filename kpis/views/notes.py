"""What is written on a number: the fragment, writing, answering, changing, deleting; the marks of a board."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kpis.forms.notes import NoteForm, note_form
from kpis.pages.board import scope_for_board
from kpis.pages.marks import marks_answer
from kpis.pages.notes import Place, notes_page, place_of
from kpis.queries.asked import state_of_data
from kpis.queries.notes import note_of
from kpis.services.notes import answer_note, change_note, delete_note, link_of, write_note
from problems.errors import Problem
from tenants.access import Access
from tenants.views.door import access_to


@require_GET
def notes_of(request: HttpRequest) -> HttpResponse:
    """The notes of a place (kpi, market, start, end) with the form that adds one."""
    access = access_to(request)
    return _fragment(request, access, place_of(access, request.GET))


@require_POST
def note_write(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    access.check("write_notes")
    place = place_of(access, request.GET)
    form = note_form(place.market, place.last, request.POST)
    if not form.is_valid():
        return _fragment(request, access, place, form=form, status=422)
    try:
        note = write_note(access, form.draft(place.kpi, place.market), now=timezone.now())
    except Problem as problem:
        return _fragment(request, access, place, form=form, problem=problem)
    return _done(request, access, place, link_of(note), _("Written."))


@require_POST
def note_answer(request: HttpRequest, note_id: int) -> HttpResponse:
    access = access_to(request)
    access.check("write_notes")
    note = answer_note(access, note_of(access, note_id), request.POST.get("text", ""), now=timezone.now())
    return _done(request, access, _place(access, request), link_of(note), _("Answered."))


@require_POST
def note_change(request: HttpRequest, note_id: int) -> HttpResponse:
    access = access_to(request)
    access.check("write_notes")
    note = change_note(access, note_of(access, note_id), request.POST.get("text", ""), now=timezone.now())
    return _done(request, access, _place(access, request), link_of(note), _("Changed."))


@require_POST
def note_delete(request: HttpRequest, note_id: int) -> HttpResponse:
    access = access_to(request)
    access.check("write_notes")
    note = note_of(access, note_id)
    delete_note(access, note, now=timezone.now())
    return _done(request, access, _place(access, request), link_of(note), _("Deleted."))


@require_GET
def board_marks(request: HttpRequest) -> JsonResponse:
    """Which cells of a board have events or unfinished actions on them: asked for after the page."""
    access = access_to(request)
    bar = scope_for_board(access, request.GET, state_of_data(access))
    return JsonResponse(marks_answer(access, bar.period.start, bar.period.end))


def _place(access: Access, request: HttpRequest) -> Place | None:
    return place_of(access, request.GET) if "start" in request.GET else None


def _fragment(
    request: HttpRequest,
    access: Access,
    place: Place,
    *,
    form: NoteForm | None = None,
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    page = notes_page(access, place, form or note_form(place.market, place.last), problem=problem)
    return render(request, "kpis/_notes.html", {"page": page}, status=problem.status if problem else status)


def _done(request: HttpRequest, access: Access, place: Place | None, link: str, sentence: str) -> HttpResponse:
    """The fragment again, or without htmx the page on which the note stands."""
    if place is None or not request.htmx:  # type: ignore[attr-defined]
        from django.urls import get_script_prefix

        return redirect(get_script_prefix() + link)
    answer = _fragment(request, access, place)
    answer["HX-Trigger"] = json.dumps({"toast": {"text": sentence, "level": "success"}})
    return answer
