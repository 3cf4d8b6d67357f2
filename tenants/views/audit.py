"""Who changed what at this client."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tenants.queries import audit_of
from tenants.views.door import access_to


@require_GET
def audit_list(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    access.check("see_audit")
    page = Paginator(audit_of(access.client), 50).get_page(request.GET.get("page"))
    return render(request, "tenants/audit.html", {"page": page})
