"""The app's configuration."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "Clients and people"

    def ready(self) -> None:
        from tenants import openapi  # noqa: F401 - registers the token's description
