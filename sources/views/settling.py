"""When each source's numbers are settled: the rules, and an admin's changes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sources.queries.freshness import source_rows
from sources.queries.settling import SettlingLine, rules_offered, settling_lines
from sources.services.settling import choose_settling
from sources.settling import SettlingRule
from tenants.access import Access
from tenants.views.door import access_to


@dataclass(frozen=True)
class SettlingPage:
    """Everything that `sources/settling.html` prints."""

    lines: Sequence[SettlingLine]
    offered: Sequence[SettlingRule]
    may_change: bool


@require_http_methods(["GET", "POST"])
def settling(request: HttpRequest) -> HttpResponse:
    """The rules of the sources that this person may know of."""
    access = access_to(request)
    if request.method == "POST":
        source = choose_settling(access, request.POST.get("source", ""), request.POST.dict())
        messages.success(request, _("%(source)s: saved when its numbers are settled.") % {"source": source.name})
        return redirect("sources:settling")
    return render(request, "sources/settling.html", {"page": _page(access)})


def _page(access: Access) -> SettlingPage:
    shown = [row.source for row in source_rows(access, timezone.localdate())]
    return SettlingPage(settling_lines(access, shown), rules_offered(), access.can("set_settling"))
