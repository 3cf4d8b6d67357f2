"""The app of KPIs."""

from django.apps import AppConfig


class KpisConfig(AppConfig):
    name = "kpis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kpis.listening import check_alerts_later, name_unlocked, on_lake_changed
        from sources.signals import lake_changed, unlocked_by

        # In this order: an alert may be about a restatement.
        lake_changed.connect(on_lake_changed, dispatch_uid="kpis.restatements")
        lake_changed.connect(check_alerts_later, dispatch_uid="kpis.check_alerts")
        unlocked_by.connect(name_unlocked, dispatch_uid="kpis.unlocked")
