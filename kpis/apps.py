"""The app of KPIs."""

from typing import Any

from django.apps import AppConfig


class KpisConfig(AppConfig):
    name = "kpis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sources.signals import lake_changed

        lake_changed.connect(_check_alerts, dispatch_uid="kpis.check_alerts")


def _check_alerts(**_sent: Any) -> None:
    """Rows came or went: alerts are checked once that is certain."""
    from django.db import transaction

    from kpis.tasks import check_alerts

    transaction.on_commit(check_alerts.delay, robust=True)
