"""Tables, documents and pictures to take away."""

from __future__ import annotations

from django.urls import URLPattern

pages: list[URLPattern] = []
api: list[URLPattern] = []
