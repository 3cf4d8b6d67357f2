"""The API of pacing."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.api.parameters import VERSION, text_parameter
from kpis.errors import CantBePaced
from kpis.pages.answers import value_answer
from kpis.pages.plans import asked_version
from kpis.queries.asked import columns_of, state_of_data
from kpis.queries.landing import BackTest
from kpis.queries.pacing import Pace, can_be_paced, paces_of
from kpis.serializers.pacing import PaceSerializer
from tenants.views.door import access_to


class PacingValues(APIView):
    """Pacing of the running month: where a market should be, where it is, where it lands."""

    @extend_schema(
        responses=PaceSerializer(many=True),
        tags=["targets"],
        operation_id="pacing",
        parameters=[
            text_parameter("kpi", "KPI key; revenue without it"),
            text_parameter("market", "market code; repeated for several; without it all that you may see", many=True),
            VERSION,
        ],
    )
    def get(self, request: Request) -> Response:
        access, query = access_to(request._request), request.query_params
        state = state_of_data(access)
        kpi = state.definitions.kpi(query.get("kpi") or "revenue")
        if not can_be_paced(kpi):
            raise CantBePaced(str(kpi.name))
        markets = [column.code for column in columns_of(access, query.getlist("market") or access.market_codes)]
        if not markets:
            return Response([])
        found = paces_of(access, kpi, state, markets, version=asked_version(query, access))
        return Response([_answer(pace) for pace in found])


def _answer(pace: Pace) -> dict[str, Any]:
    test = pace.test
    tried: dict[str, Any] = {"months": [], "error": None, "held": 0}
    if isinstance(test, BackTest):
        tried = {"months": [f"{month:%Y-%m}" for month in test.months], "error": test.error, "held": test.held}
    else:
        tried["reason"] = test.code
    return {
        "kpi": pace.kpi.key,
        "market": pace.market,
        "currency": pace.currency or None,
        "month": f"{pace.month:%Y-%m}",
        "through": pace.through,
        "state": pace.state,
        "actual": value_answer(pace.actual),
        "target": value_answer(pace.target),
        "expected": value_answer(pace.expected),
        "gap": value_answer(pace.gap),
        "needed": value_answer(pace.needed),
        "landing": value_answer(pace.landing),
        "low": pace.low,
        "high": pace.high,
        "chance": value_answer(pace.chance),
        "back_test": tried,
    }
