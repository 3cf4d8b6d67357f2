"""One import from upload to result: each page parses, calls one service, renders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from problems.errors import Sentence
from sources import services
from sources.errors import NoFile, TooBig, stored_problem
from sources.models import FileImport, ImportState
from sources.queries.imports import import_seen_by, loaded_before
from sources.queries.rejects import Reject, rejects_csv, rejects_of_import
from sources.reading.encoding import LABELS as ENCODINGS
from sources.reading.encoding import OFFERED
from sources.words import table_label
from tenants.access import Access
from tenants.views.door import access_to
from ui.components import Step

WORKING = (ImportState.READING, ImportState.LOADING, ImportState.UNDOING)
STEPS = {
    "unpacking": _("Finding out how the file is written"),
    "staging": _("Making it readable"),
    "profiling": _("Looking at its columns"),
    "counting": _("Counting its markets"),
    "waiting": _("In the queue"),
    "checking": _("Checking every row"),
}
SHOWN_REJECTS = 200
MEGABYTE = 1 << 20
DELIMITERS = ((",", ","), (";", ";"), ("tab", "Tab"), ("|", "|"), ("^", "^"))


@dataclass(frozen=True)
class ReadingStrip:
    """How the file was read, each of it correctable."""

    encodings: Sequence[tuple[str, str, bool]]
    delimiters: Sequence[tuple[str, str, bool]]
    sheets: Sequence[tuple[str, bool]]
    header_row: str
    is_text: bool
    preamble: Sequence[str]


@dataclass(frozen=True)
class ImportPage:
    """An import at whatever point it stands."""

    file_import: FileImport
    steps: Sequence[Step]
    may_act: bool
    may_undo: bool = False
    sentence: Sentence = ""
    problem: tuple[Sentence, Sentence] | None = None
    strip: ReadingStrip | None = None
    rejects: Sequence[Reject] = ()
    same: FileImport | None = None


@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """The drop zone; a posted file is kept and its import's page opens."""
    access = access_to(request)
    access.check("load_data")
    if request.method == "POST":
        if int(request.headers.get("Content-Length") or 0) > settings.UPLOAD_MAX_BYTES + 1_000_000:
            raise TooBig(limit_mb=settings.UPLOAD_MAX_BYTES // MEGABYTE)
        upload = request.FILES.get("file")
        if upload is None:
            raise NoFile
        file_import = services.receive_upload(access, name=upload.name or "", chunks=upload.chunks())
        return redirect("sources:import", file_import.pk)
    steps = _steps(None)
    return render(request, "sources/import_new.html", {"steps": steps, "max_mb": settings.UPLOAD_MAX_BYTES // MEGABYTE})


@require_GET
def import_page(request: HttpRequest, import_id: UUID) -> HttpResponse:
    access = access_to(request)
    file_import = import_seen_by(access, import_id)
    context: dict[str, object] = {"page": _page(access, file_import)}
    if file_import.state in (ImportState.MAPPING, ImportState.CHECKING, ImportState.READY) and _may_act(
        access, file_import
    ):
        context |= sheet_context(access, file_import)
    return render(request, f"sources/{_template(file_import)}.html", context)


def sheet_context(access: Access, file_import: FileImport) -> dict[str, object]:
    """What the mapping form and the check beside it are rendered from."""
    from sources.queries.sheet import check_view, sheet_of

    return {
        "sheet": sheet_of(access, file_import),
        "check": check_view(file_import),
        "file_import": file_import,
        "stopped": stored_problem(file_import.problem) if file_import.problem else None,
    }


def _template(file_import: FileImport) -> str:
    if file_import.state in (ImportState.MAPPING, ImportState.CHECKING, ImportState.READY):
        return "import_mapping"
    return "import_working" if file_import.state in WORKING else "import_result"


def _page(access: Access, file_import: FileImport) -> ImportPage:
    done = file_import.state in (ImportState.DONE, ImportState.UNDONE, ImportState.UNDOING)
    waiting = file_import.state in (ImportState.READING, ImportState.MAPPING, ImportState.READY)
    return ImportPage(
        file_import=file_import,
        steps=_steps(file_import),
        may_act=_may_act(access, file_import),
        may_undo=services.can_undo(access, file_import),
        sentence=_sentence(file_import),
        problem=stored_problem(file_import.problem) if file_import.problem else None,
        strip=_strip(file_import) if _readable_again(file_import) else None,
        rejects=list(rejects_of_import(file_import, most=SHOWN_REJECTS)) if done else (),
        same=loaded_before(access, file_import) if waiting else None,
    )


def _may_act(access: Access, file_import: FileImport) -> bool:
    """Only who uploaded a file maps and confirms it; others watch."""
    return access.can("load_data") and (file_import.person_id == access.user.pk or access.can("undo_any_import"))


def _readable_again(file_import: FileImport) -> bool:
    stopped_in_reading = file_import.state == ImportState.FAILED and file_import.loaded is None
    return stopped_in_reading or file_import.state in (ImportState.MAPPING, ImportState.CHECKING, ImportState.READY)


def _sentence(file_import: FileImport) -> Sentence:
    if file_import.plan and file_import.plan.get("table"):
        return table_label(file_import.plan["table"])
    return ""


def _steps(file_import: FileImport | None) -> list[Step]:
    """Upload, mapping, loading, result: where this import stands."""
    labels = (_("Choose the file"), _("Check what it is"), _("Load the rows"), _("Result"))
    at = 0
    if file_import:
        later = {ImportState.LOADING: 2, ImportState.DONE: 3, ImportState.UNDOING: 3, ImportState.UNDONE: 3}
        at = later.get(ImportState(file_import.state), 1)
    return [
        Step(label, "done" if index < at or (at == 3 and index == 3) else "current" if index == at else "ahead")
        for index, label in enumerate(labels)
    ]


def _strip(file_import: FileImport) -> ReadingStrip:
    shape = file_import.shape or {}
    chosen = file_import.choices or {}
    encoding = shape.get("encoding") or chosen.get("encoding") or ""
    delimiter = {"\t": "tab"}.get(shape.get("delimiter", ""), shape.get("delimiter", ""))
    codes = OFFERED if encoding in OFFERED or not encoding else (*OFFERED, encoding)
    return ReadingStrip(
        encodings=[(code, ENCODINGS.get(code, code), code == encoding) for code in codes],
        delimiters=[(value, label, value == delimiter) for value, label in DELIMITERS],
        sheets=[(name, name == shape.get("sheet")) for name in shape.get("sheets", ())],
        header_row=str(shape.get("header_row", "")),
        is_text=shape.get("container", "text") != "xlsx",
        preamble=shape.get("preamble", ()),
    )


@require_GET
def import_progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The bar's successor; when the work is over the whole page is opened again."""
    file_import = import_seen_by(access_to(request), import_id)
    if file_import.state not in WORKING:
        return HttpResponse(headers={"HX-Redirect": reverse("sources:import", args=[import_id])})
    return render(
        request, "sources/_progress.html", {"file_import": file_import, "step": STEPS.get(file_import.step, "")}
    )


@require_POST
def import_cancel(request: HttpRequest, import_id: UUID) -> HttpResponse:
    access = access_to(request)
    services.cancel_import(access, own_import(access, import_id))
    return _to_page(request, import_id)


@require_POST
def import_retry(request: HttpRequest, import_id: UUID) -> HttpResponse:
    access = access_to(request)
    services.retry(access, own_import(access, import_id))
    return _to_page(request, import_id)


@require_POST
def import_confirm(request: HttpRequest, import_id: UUID) -> HttpResponse:
    access = access_to(request)
    file_import = own_import(access, import_id)
    services.confirm_import(access, file_import, source_name=file_import.proposal.get("report", ""))
    return _to_page(request, import_id)


@require_POST
def import_undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    access = access_to(request)
    services.undo_import(access, import_seen_by(access, import_id))
    return _to_page(request, import_id)


@require_GET
def import_rejects(request: HttpRequest, import_id: UUID) -> StreamingHttpResponse:
    """The rejected rows as a file that Excel opens."""
    file_import = import_seen_by(access_to(request), import_id)
    response = StreamingHttpResponse(rejects_csv(file_import), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejects-{str(file_import.pk)[:8]}.csv"'
    return response


def own_import(access: Access, import_id: UUID) -> FileImport:
    """An import that this person may act on: their own, or anybody's for who may undo them."""
    access.check("load_data")
    file_import = import_seen_by(access, import_id)
    if file_import.person_id != access.user.pk:
        access.check("undo_any_import")
    return file_import


def _to_page(request: HttpRequest, import_id: UUID) -> HttpResponse:
    url = reverse("sources:import", args=[import_id])
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
