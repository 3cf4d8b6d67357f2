"""The app of audiences: it has its place in the import order; its first models come with identities."""

from django.apps import AppConfig


class AudiencesConfig(AppConfig):
    name = "audiences"
    default_auto_field = "django.db.models.BigAutoField"
