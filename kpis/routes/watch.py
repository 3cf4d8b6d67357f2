"""Alerts, annotations, comments and actions."""

from __future__ import annotations

from django.urls import URLPattern

pages: list[URLPattern] = []
api: list[URLPattern] = []
