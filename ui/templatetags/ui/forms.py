"""Form fields with label, help and error in place; the drop zone for files."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.defaultfilters import filesizeformat

from problems.errors import Sentence
from ui.templatetags.ui.rendering import unique_id

register = template.Library()
MEGABYTE = 1024 * 1024


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, label: Sentence = "", help: Sentence = "", hide_label: bool = False) -> dict[str, Any]:
    """One field of a form: label, widget, help, error."""
    widget = bound.field.widget
    many = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    kind = "group" if many else "check" if isinstance(widget, CheckboxInput) else "line"
    return {
        "field": bound,
        "label": label or bound.label,
        "help": help or bound.help_text,
        "hide_label": hide_label,
        "kind": kind,
    }


@register.inclusion_tag("ui/fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    """Every field of a form in order, and its hidden ones."""
    return {"form": form}


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What is wrong with the form on top of it, each leading to its field."""
    return {
        "form": form,
        "wrong": [(form[name], errors) for name, errors in form.errors.items() if name in form.fields],
        "general": form.non_field_errors(),
    }


@register.inclusion_tag("ui/dropzone.html")
def dropzone(name: str = "file", label: Sentence = "", *, help: Sentence = "", **options: Any) -> dict[str, Any]:
    """A file input that files can be dropped on; in its form it shows a bar while it sends.

    Options: accept, multiple, max_mb, required (True).
    """
    return {
        "name": name,
        "label": label,
        "help": help,
        "accept": options.get("accept", ""),
        "multiple": options.get("multiple", False),
        "max_mb": options.get("max_mb", 0),
        "limit": filesizeformat(options.get("max_mb", 0) * MEGABYTE),
        "required": options.get("required", True),
        "id": unique_id("drop"),
    }
