"""The app of KPIs."""

from django.apps import AppConfig


class KpisConfig(AppConfig):
    name = "kpis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kpis.listening import on_lake_changed
        from sources.signals import lake_changed

        lake_changed.connect(on_lake_changed, dispatch_uid="kpis.restatements")
