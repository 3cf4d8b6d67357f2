"""How a page asks for its client."""

from __future__ import annotations

from django.http import HttpRequest

from tenants.access import Access
from tenants.errors import NoSuchClient


def access_to(request: HttpRequest) -> Access:
    """What the door set; every page inside a client begins with it."""
    access: Access | None = getattr(request, "access", None)
    if access is None:
        raise NoSuchClient
    return access
