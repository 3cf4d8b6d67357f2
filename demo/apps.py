from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The sample client stands on top of the house: it has no tables of its own."""

    name = "demo"
