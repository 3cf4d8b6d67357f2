"""The pages of the composition itself: health, and the search of everything."""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.search import found
from tenants.views.door import access_to


def health(request: HttpRequest) -> JsonResponse:
    """Whether the database and the cache answer, for supervisors and load balancers."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    cache.set("health", 1, 5)
    return JsonResponse({"status": "ok"})


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What the search box shows under itself."""
    text = request.GET.get("q", "")
    groups = found(request, access_to(request), text)
    return render(request, "frame/_found.html", {"groups": groups, "asked": text.strip()})
