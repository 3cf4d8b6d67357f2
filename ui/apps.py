"""The face: components, number formats, chart figures, period arithmetic and the gallery."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "ui"
    verbose_name = "Face"
