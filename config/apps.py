"""An app for its commands, and so that tasks are sent by its Celery app."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config.celery import app

        app.set_default()
