"""The API of exchange rates."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.api.parameters import month_of, plain_number, rows_of, saved_answer, text_parameter
from kpis.models import ExchangeRate, How
from kpis.serializers.plans import RateSerializer, SavedSerializer
from kpis.services.rates import RateCell, set_rates
from tenants.views.door import access_to


class Rates(APIView):
    """Exchange rates by currency and month."""

    @extend_schema(
        responses=RateSerializer(many=True),
        tags=["rates"],
        operation_id="rates_list",
        parameters=[text_parameter("currency", "ISO code", many=True)],
    )
    def get(self, request: Request) -> Response:
        access_to(request._request)
        found = ExchangeRate.objects.order_by("month", "currency")
        if request.query_params.getlist("currency"):
            found = found.filter(currency__in=request.query_params.getlist("currency"))
        return Response([_rate_answer(rate) for rate in found])

    @extend_schema(
        request=RateSerializer(many=True), responses=SavedSerializer, tags=["rates"], operation_id="rates_set"
    )
    def put(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("set_rates")
        sent = RateSerializer(data=request.data, many=True)
        sent.is_valid(raise_exception=True)
        rows = rows_of(sent.validated_data)
        cells = [RateCell(one["currency"], month_of(one["month"]), one["rate"], row=i) for i, one in enumerate(rows, 1)]
        source = next((one["source"] for one in rows if one.get("source")), "")
        return Response(saved_answer(set_rates(access, cells, how=How.API, now=timezone.now(), source=source)))


def _rate_answer(rate: ExchangeRate) -> dict[str, Any]:
    return {
        "currency": rate.currency,
        "month": f"{rate.month:%Y-%m}",
        "rate": plain_number(rate.rate),
        "source": rate.source,
        "updated_by": rate.updated_by,
        "updated_at": rate.updated_at,
    }
