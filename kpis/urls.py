"""Pages of KPIs inside a client."""

from kpis.routes import board, definitions, exports, known, money, targets, watch, why

app_name = "kpis"
urlpatterns = [
    *board.pages,
    *definitions.pages,
    *targets.pages,
    *money.pages,
    *known.pages,
    *why.pages,
    *watch.pages,
    *exports.pages,
]
