"""What the frame of every page needs: the rail, the clients to switch between, who is signed in."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, resolve, reverse, set_script_prefix
from django.utils.functional import SimpleLazyObject

from tenants.access import Access, Rule
from tenants.models import User
from tenants.queries import clients_of
from ui.frame import ClientChoice, FrameLinks, FramePerson, RailGroup, RailItem


def portal_url(request: HttpRequest, name: str, *args: object) -> str:
    """The address of a page outside any client, from wherever the reader is."""
    inside = get_script_prefix()
    set_script_prefix(getattr(request, "portal_prefix", "/"))
    try:
        return reverse(name, urlconf=settings.ROOT_URLCONF, args=args)
    finally:
        set_script_prefix(inside)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: everything is lazy, so that a fragment without a frame asks nothing of the database."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    access: Access | None = getattr(request, "access", None)
    links = FrameLinks(
        clients=portal_url(request, "tenants:clients"),
        account=portal_url(request, "tenants:account"),
        sign_out=portal_url(request, "account_logout"),
        home=get_script_prefix(),
        search=_url("search") if access else "",
    )
    context: dict[str, Any] = {
        "person": FramePerson(user.name, user.email),
        "links": links,
        "clients": SimpleLazyObject(lambda: _choices(request, access)),
    }
    if access:
        context |= {
            "access": access,
            "client_name": str(access.client),
            "sample_notice": access.client.is_sample,
            "inbox_url": _url("kpis:inbox"),
            "bell_url": _url("kpis:inbox-bell"),
            "rail": SimpleLazyObject(lambda: rail_of(request, access)),
        }
    return context


def _choices(request: HttpRequest, access: Access | None) -> list[ClientChoice]:
    prefix = getattr(request, "portal_prefix", "/")
    here = access.client.pk if access else None
    return [
        ClientChoice(
            str(m.client), f"{prefix}c/{m.client.slug}/", is_sample=m.client.is_sample, active=m.client_id == here
        )
        for m in getattr(request, "memberships", None) or clients_of(cast("User", request.user))
    ]


def rail_of(request: HttpRequest, access: Access) -> list[RailGroup]:
    """The rail of a client as this person may open it."""
    match = request.resolver_match or resolve(request.path_info, getattr(request, "urlconf", None))
    groups = []
    for label, entries in settings.RAIL:
        items = [
            RailItem(e.label, url, e.icon, active=match.view_name == e.name, primary=e.primary)
            for e in entries
            if (not e.rule or access.can(cast("Rule", e.rule))) and (url := _url(e.name))
        ]
        if items:
            groups.append(RailGroup(label, items))
    return groups


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
