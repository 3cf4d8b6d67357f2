"""Every component as a template tag: {% load ui %}. Signatures and examples: docs/ui.md."""

from __future__ import annotations

from django import template

from ui.templatetags.ui import controls, feedback, forms, frame, numbers, overlays, structure

register = template.Library()
for _part in (controls, feedback, forms, frame, numbers, overlays, structure):
    register.tags.update(_part.register.tags)
    register.filters.update(_part.register.filters)
