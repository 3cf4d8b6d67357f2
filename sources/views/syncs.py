"""One sync: its log, its portions, cancelling it and trying it again."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from sources.pages.connection import progress_of
from sources.pages.sync import sync_page
from sources.queries.connections import portion_seen_by, sync_seen_by
from sources.queries.rejects import rejects_csv_of_portion
from sources.services.syncs import cancel_sync, try_again
from sources.services.syncs.asking import OPEN
from tenants.views.door import access_to


@require_GET
def sync(request: HttpRequest, sync_id: UUID) -> HttpResponse:
    access = access_to(request)
    return render(request, "sources/sync.html", {"page": sync_page(access, sync_seen_by(access, sync_id))})


@require_GET
def progress(request: HttpRequest, sync_id: UUID) -> HttpResponse:
    """The bar's successor; when the sync is over the whole page is opened again."""
    access = access_to(request)
    found = sync_seen_by(access, sync_id)
    if found.state not in OPEN:
        return HttpResponse(headers={"HX-Redirect": reverse("sources:sync", args=[sync_id])})
    context = {"progress": progress_of(access, found), "poll_url": request.path}
    return render(request, "sources/_sync_progress.html", context)


@require_POST
def cancel(request: HttpRequest, sync_id: UUID) -> HttpResponse:
    access = access_to(request)
    access.check("manage_connections")
    found = sync_seen_by(access, sync_id)
    cancel_sync(access, found)
    url = reverse("sources:connection", args=[found.connection_id])
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


@require_POST
def retry(request: HttpRequest, sync_id: UUID) -> HttpResponse:
    access = access_to(request)
    access.check("manage_connections")
    found = sync_seen_by(access, sync_id)
    try_again(access, found)
    return redirect("sources:connection", found.connection_id)


@require_GET
def rejects(request: HttpRequest, portion_id: UUID) -> StreamingHttpResponse:
    """A portion's rejected rows as a file that Excel opens."""
    portion = portion_seen_by(access_to(request), portion_id)
    response = StreamingHttpResponse(rejects_csv_of_portion(portion), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejects-{str(portion.pk)[:8]}.csv"'
    return response
