"""Why a KPI changed, which market does best, and what closing the gap is worth."""

from __future__ import annotations

from django.urls import URLPattern

pages: list[URLPattern] = []
api: list[URLPattern] = []
