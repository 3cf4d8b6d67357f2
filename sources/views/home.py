"""Sources: how fresh everything is, what waits for an answer, what was imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from problems.errors import Problem, Sentence
from sources.models import FileImport
from sources.pages.catalogue import why_not
from sources.pages.health import HealthLine, health_lines
from sources.queries.freshness import SourceRow, source_rows
from sources.queries.imports import HEAVY, imports_seen_by, waiting_for
from tenants.access import Access
from tenants.models import Market
from tenants.views.door import access_to

PAGE_SIZE = 20


@dataclass(frozen=True)
class HomePage:
    """`unknown` says why freshness can't be shown just now."""

    rows: Sequence[SourceRow]
    markets: Sequence[Market]
    waiting: Sequence[FileImport]
    history: Page[FileImport]
    lines: Sequence[HealthLine]
    may_load: bool
    why_not: Sentence
    may_connect: bool
    why_no_connect: Sentence
    unknown: Sentence = ""


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    rows, unknown = _freshness(access)
    history = Paginator(imports_seen_by(access).defer(*HEAVY), PAGE_SIZE).get_page(request.GET.get("page"))
    page = HomePage(
        rows=rows,
        markets=access.markets,
        waiting=list(waiting_for(access)[:10]) if access.can("load_data") else (),
        history=history,
        lines=health_lines(access, timezone.now()),
        may_connect=access.can("manage_connections"),
        why_no_connect=why_not(access),
        may_load=access.can("load_data"),
        why_not=_why_not(access),
        unknown=unknown,
    )
    return render(request, "sources/home.html", {"page": page})


def _freshness(access: Access) -> tuple[Sequence[SourceRow], Sentence]:
    try:
        return source_rows(access, timezone.localdate()), ""
    except Problem as problem:
        return (), problem.sentence


def _why_not(access: Access) -> Sentence:
    try:
        access.check("load_data")
    except Problem as problem:
        return problem.sentence
    return ""
