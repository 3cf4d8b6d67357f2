"""The API of KPIs, under api/v1/."""

from kpis.routes import board, definitions, exports, known, money, targets, watch, why

urlpatterns = [
    *board.api,
    *definitions.api,
    *targets.api,
    *money.api,
    *known.api,
    *why.api,
    *watch.api,
    *exports.api,
]
