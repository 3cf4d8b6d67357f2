"""The one page of the composition itself."""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse


def health(request: HttpRequest) -> JsonResponse:
    """Whether the database and the cache answer, for supervisors and load balancers."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    cache.set("health", 1, 5)
    return JsonResponse({"status": "ok"})
