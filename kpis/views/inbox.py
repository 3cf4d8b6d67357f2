"""The inbox and its bell."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kpis.pages.inbox import inbox_line, inbox_page
from kpis.queries.inbox import inbox_of, unread_count
from kpis.services.inbox import choose_delivery, mark_read
from problems.errors import NotFound
from tenants.views.door import access_to


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/inbox.html", {"page": inbox_page(access_to(request), request.GET)})


@require_GET
def inbox_bell(request: HttpRequest) -> HttpResponse:
    """The number on the bell: asked for by every page after it has been drawn."""
    return render(request, "kpis/_bell.html", {"unread": unread_count(access_to(request))})


@require_GET
def inbox_open(request: HttpRequest, item_id: int) -> HttpResponse:
    """Lead to the place of an item; it is read by that."""
    access = access_to(request)
    item = inbox_of(access).filter(pk=item_id).first()
    if item is None:
        raise NotFound(_("There is no such item in your inbox."))
    mark_read(access, now=timezone.now(), item_id=item_id)
    return redirect(inbox_line(item).url)


@require_POST
def inbox_read(request: HttpRequest) -> HttpResponse:
    """Mark one (`item`) or all as read."""
    text = request.POST.get("item", "")
    one = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
    if one is not None or not text:
        mark_read(access_to(request), now=timezone.now(), item_id=one)
    return redirect("kpis:inbox")


@require_POST
def inbox_delivery(request: HttpRequest) -> HttpResponse:
    choose_delivery(access_to(request), request.POST.get("delivery", ""))
    messages.success(request, _("Kept."))
    return redirect("kpis:inbox")
