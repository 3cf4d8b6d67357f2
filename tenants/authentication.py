"""Who calls the API: a token of one membership, or the session of the page."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from tenants.access import access_of
from tenants.current import open_schema
from tenants.models import ApiToken, Client, User
from tenants.queries import token_membership

if TYPE_CHECKING:
    from rest_framework.views import APIView

USED_AT_GRAIN = dt.timedelta(minutes=5)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token <token>`; opens the client of the path, which must be the token's own."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if len(words) != 2 or words[0].lower() not in ("token", "bearer"):
            return None
        token = token_membership(words[1])
        if token is None or token.membership.client.slug != getattr(request._request, "client_slug", None):
            raise AuthenticationFailed(_("This token isn't known for this client."))
        membership = token.membership
        if membership.client.state != Client.State.READY:
            raise AuthenticationFailed(_("This client is still being prepared."))
        open_schema(membership.client)
        request._request.access = access_of(membership)  # type: ignore[attr-defined]
        now = timezone.now()
        if token.used_at is None or now - token.used_at > USED_AT_GRAIN:
            ApiToken.objects.filter(pk=token.pk).update(used_at=now)
        return membership.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class HasAccess(BasePermission):
    """Every API view wants an opened client."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return getattr(request._request, "access", None) is not None
