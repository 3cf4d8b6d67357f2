"""The API of markets."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from problems.errors import NotFound
from tenants.models import Market
from tenants.models.client import MARKET_CODE
from tenants.services import MarketDraft, add_market, change_market
from tenants.views.door import access_to


class MarketSerializer(serializers.Serializer[Any]):
    """A market; `code` is how rows, targets and board values name it."""

    code = serializers.CharField(max_length=12, validators=[MARKET_CODE])
    name_ko = serializers.CharField(max_length=60)
    name_en = serializers.CharField(max_length=60)
    country = serializers.RegexField(r"^[A-Z]{2}$")
    currency = serializers.RegexField(r"^[A-Z]{3}$")
    time_zone = serializers.CharField(max_length=50)
    language = serializers.CharField(max_length=5, default="en")


class Markets(APIView):
    """The markets that this token may see."""

    @extend_schema(responses=MarketSerializer(many=True), tags=["markets"])
    def get(self, request: Request) -> Response:
        return Response(MarketSerializer(access_to(request._request).markets, many=True).data)

    @extend_schema(request=MarketSerializer, responses={201: MarketSerializer}, tags=["markets"])
    def post(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("manage_markets")
        sent = MarketSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        market = add_market(access, MarketDraft(**sent.validated_data))
        return Response(MarketSerializer(market).data, status=status.HTTP_201_CREATED)


class MarketDetail(APIView):
    """One market."""

    @extend_schema(responses=MarketSerializer, tags=["markets"])
    def get(self, request: Request, code: str) -> Response:
        return Response(MarketSerializer(_market(request, code)).data)

    @extend_schema(request=MarketSerializer, responses=MarketSerializer, tags=["markets"])
    def patch(self, request: Request, code: str) -> Response:
        market = _market(request, code)
        access = access_to(request._request)
        sent = MarketSerializer(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        names = ("code", "name_ko", "name_en", "country", "currency", "time_zone", "language")
        draft = MarketDraft(**{**{name: getattr(market, name) for name in names}, **sent.validated_data})
        changed = change_market(access, market, draft)
        return Response(MarketSerializer(changed).data)


def _market(request: Request, code: str) -> Market:
    access = access_to(request._request)
    market = next((m for m in access.markets if m.code == code), None)
    if market is None:
        raise NotFound(
            _("There is no market “%(code)s” that you may see.") % {"code": code}, known=list(access.market_codes)
        )
    return market
