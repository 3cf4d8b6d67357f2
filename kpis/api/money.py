"""The API of exchange rates: monthly averages, daily closes, budget rates, and the policy that pages open with."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from kpis.api.parameters import plain_number, rows_of, saved_answer, text_parameter
from kpis.errors import BadRates
from kpis.models import How, Policy, PolicyChoice, RateKind
from kpis.serializers.money import BudgetRateSerializer, DailyRateSerializer, PolicySerializer, RateSerializer
from kpis.serializers.plans import SavedSerializer
from kpis.services.rate_kinds import SHELVES
from kpis.services.rate_tables import RateCell
from kpis.services.rates import choose_policy, set_rates
from tenants.views.door import access_to

CURRENCY = text_parameter("currency", "ISO code", many=True)
KEEPS = "Keeps all of them, or none when one can't be kept. Rates that aren't named stay as they are."
FIRST_DAY = [
    text_parameter("from", "first day, 2026-01-01"),
    text_parameter("to", "last day, 2026-12-31"),
]


class _RatesOfAKind(APIView):
    """Rates of one kind: reading all or some currencies, keeping a batch."""

    kind: RateKind
    serializer: type[Serializer[Any]]

    def answer(self, request: Request) -> Response:
        access_to(request._request)
        shelf = SHELVES[self.kind.value]
        found = shelf.model.objects.order_by(shelf.field, "currency")
        query = request.query_params
        if query.getlist("currency"):
            found = found.filter(currency__in=query.getlist("currency"))
        for name, lookup in (("from", "gte"), ("to", "lte")):
            if query.get(name):
                when = shelf.typed(query[name])
                if when is None:
                    raise BadRates(shelf.no_place(), fix=shelf.no_place(), parameter=name)
                found = found.filter(**{f"{shelf.field}__{lookup}": shelf.kept(when)})
        return Response([self.rate_answer(rate) for rate in found])

    def keep(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("set_rates")
        shelf = SHELVES[self.kind.value]
        sent = self.serializer(data=request.data, many=True)
        sent.is_valid(raise_exception=True)
        rows = rows_of(sent.validated_data)
        cells = []
        for place, one in enumerate(rows, start=1):
            when = shelf.typed(str(one[shelf.field]))
            if when is None:
                raise BadRates(shelf.no_place(), fix=shelf.no_place(), row=place)
            cells.append(RateCell(one["currency"], when, one["rate"], row=place))
        source = next((one["source"] for one in rows if one.get("source")), "")
        saved = set_rates(access, cells, how=How.API, now=timezone.now(), source=source, kind=self.kind.value)
        return Response(saved_answer(saved))

    def rate_answer(self, rate: Any) -> dict[str, Any]:
        shelf = SHELVES[self.kind.value]
        kept = getattr(rate, shelf.field)
        return {
            "currency": rate.currency,
            shelf.field: kept if isinstance(kept, int) else shelf.written(kept),
            "rate": plain_number(rate.rate),
            "source": rate.source,
            "updated_by": rate.updated_by,
            "updated_at": rate.updated_at,
        }


class Rates(_RatesOfAKind):
    """Average rates by currency and month."""

    kind = RateKind.MONTHLY
    serializer = RateSerializer

    @extend_schema(
        responses=RateSerializer(many=True),
        tags=["rates"],
        operation_id="rates_list",
        parameters=[CURRENCY, text_parameter("from", "first month, 2026-01"), text_parameter("to", "last, 2026-12")],
    )
    def get(self, request: Request) -> Response:
        return self.answer(request)

    @extend_schema(
        request=RateSerializer(many=True),
        responses=SavedSerializer,
        tags=["rates"],
        operation_id="rates_set",
        description=KEEPS,
    )
    def put(self, request: Request) -> Response:
        return self.keep(request)


class DailyRates(_RatesOfAKind):
    """Closing rates by currency and day."""

    kind = RateKind.DAILY
    serializer = DailyRateSerializer

    @extend_schema(
        responses=DailyRateSerializer(many=True),
        tags=["rates"],
        operation_id="rates_daily_list",
        parameters=[CURRENCY, *FIRST_DAY],
    )
    def get(self, request: Request) -> Response:
        return self.answer(request)

    @extend_schema(
        request=DailyRateSerializer(many=True),
        responses=SavedSerializer,
        tags=["rates"],
        operation_id="rates_daily_set",
        description=KEEPS,
    )
    def put(self, request: Request) -> Response:
        return self.keep(request)


class BudgetRates(_RatesOfAKind):
    """Budget rates by currency and fiscal year."""

    kind = RateKind.BUDGET
    serializer = BudgetRateSerializer

    @extend_schema(
        responses=BudgetRateSerializer(many=True),
        tags=["rates"],
        operation_id="rates_budget_list",
        parameters=[CURRENCY, text_parameter("from", "first year, 2026"), text_parameter("to", "last year, 2027")],
    )
    def get(self, request: Request) -> Response:
        return self.answer(request)

    @extend_schema(
        request=BudgetRateSerializer(many=True),
        responses=SavedSerializer,
        tags=["rates"],
        operation_id="rates_budget_set",
        description=KEEPS,
    )
    def put(self, request: Request) -> Response:
        return self.keep(request)


class DefaultPolicy(APIView):
    """The policy by which money is converted where an address names none."""

    @extend_schema(responses=PolicySerializer, tags=["rates"], operation_id="rates_policy")
    def get(self, request: Request) -> Response:
        access_to(request._request)
        return Response(_policy_answer())

    @extend_schema(
        request=PolicySerializer, responses=PolicySerializer, tags=["rates"], operation_id="rates_policy_choose"
    )
    def put(self, request: Request) -> Response:
        access = access_to(request._request)
        access.check("set_rates")
        sent = PolicySerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        choose_policy(access, sent.validated_data["policy"], now=timezone.now())
        return Response(_policy_answer())


def _policy_answer() -> dict[str, Any]:
    chosen = PolicyChoice.objects.first()
    return {
        "policy": chosen.policy if chosen else Policy.MONTHLY.value,
        "chosen_by": chosen.who if chosen else None,
        "chosen_at": chosen.at if chosen else None,
    }
