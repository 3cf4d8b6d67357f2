"""The door of a client: the path says which one, the membership says whether, once a request."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, set_script_prefix

from problems.edge import answer
from tenants.access import Access, access_of
from tenants.current import close_schema, open_schema
from tenants.errors import ClientNotReady, NoSuchClient
from tenants.models import Client, Membership
from tenants.queries import clients_of, slug_of_host

CLIENT_PATH = re.compile(r"^/c/([a-z][a-z0-9-]{1,24})(?=/|$)")
Respond = Callable[[Any], HttpResponse]


class PortalRequest(HttpRequest):
    """A request on its way through the door, for the type checker: what the two middlewares set on it."""

    user: Any
    urlconf: str
    portal_prefix: str
    client_slug: str | None
    access: Access | None
    memberships: list[Membership]


def mount_client(respond: Respond) -> Respond:
    """Move `/c/<client>` from the path to SCRIPT_NAME, as a WSGI server mounts an application.

    `reverse()` then prefixes by itself. The script prefix is set on every request: a thread keeps the last one's.
    """

    def middleware(request: PortalRequest) -> HttpResponse:
        close_schema()
        outer = request.META.get("SCRIPT_NAME", "")
        request.portal_prefix = outer + "/"
        request.access = None
        request.client_slug = None
        match = CLIENT_PATH.match(request.path_info)
        if match:
            _mount(request, slug=match[1], prefix=outer + match[0], inner=request.path_info[match.end() :] or "/")
        elif (slug := _slug_of_own_host(request)) and not _is_portal_path(request.path_info):
            _mount(request, slug=slug, prefix=outer, inner=request.path_info)
        else:
            set_script_prefix(outer + "/")
        try:
            return respond(request)
        finally:
            set_script_prefix(outer + "/")
            close_schema()

    return middleware


def _mount(request: PortalRequest, *, slug: str, prefix: str, inner: str) -> None:
    request.client_slug = slug
    request.path_info = request.META["PATH_INFO"] = inner
    request.META["SCRIPT_NAME"] = prefix
    request.path = prefix + inner
    request.urlconf = settings.CLIENT_URLCONF
    set_script_prefix(prefix + "/")


def _slug_of_own_host(request: PortalRequest) -> str | None:
    """The client of this host name, if it is one's own; remembered for a minute."""
    host = request.get_host().partition(":")[0]
    if host in ("127.0.0.1", "localhost", "testserver"):
        return None
    key = f"host:{host}"
    known = cache.get(key)
    if known is None:
        known = slug_of_host(host) or ""
        cache.set(key, known, 60)
    return known or None


def _is_portal_path(path: str) -> bool:
    return path.startswith(("/accounts/", "/health/", "/clients/"))


def open_door(respond: Respond) -> Respond:
    """Check membership, open the client's schema and set `request.access`.

    Anonymous people are sent to sign in; others get the same 404 for a client that isn't theirs and for one that
    doesn't exist. An API request without a session goes on: its token is checked by the API's authentication.
    """

    def middleware(request: PortalRequest) -> HttpResponse:
        slug = request.client_slug
        if slug is None:
            return respond(request)
        is_api = request.path_info.startswith("/api/")
        if not request.user.is_authenticated:
            if is_api:
                return respond(request)
            sign_in = reverse(settings.LOGIN_URL, urlconf=settings.ROOT_URLCONF).removeprefix(
                request.META["SCRIPT_NAME"]
            )
            return redirect_to_login(request.get_full_path(), request.portal_prefix + sign_in.lstrip("/"))
        if is_api and request.headers.get("Authorization"):
            return respond(request)  # a token that was sent counts, not the session beside it
        # One query for the door and for the switcher of the frame.
        request.memberships = list(clients_of(request.user))
        membership = next((m for m in request.memberships if m.client.slug == slug), None)
        if membership is None:
            return answer(request, NoSuchClient())
        if membership.client.state != Client.State.READY:
            return answer(request, ClientNotReady())
        open_schema(membership.client)
        request.access = access_of(membership)
        return respond(request)

    return middleware
