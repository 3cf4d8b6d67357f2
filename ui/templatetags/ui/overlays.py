"""What opens over the page: popovers, tooltips, dialogs, drawers, questions before a deed."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from ui.components import HowToRead
from ui.templatetags.ui.rendering import attributes, rendered, unique_id

register = template.Library()


@register.simple_block_tag(takes_context=True)
def popover(context: Context, content: str, label: str, icon: str = "info", text: str = "") -> str:
    """A small button that opens an explanation; `label` is what a screen reader says, `text` is shown."""
    values = {"content": content, "label": label, "icon_name": icon, "text": text, "id": unique_id("pop")}
    return rendered(context, "popover", values)


@register.simple_block_tag(takes_context=True)
def tooltip(context: Context, content: str, text: str) -> str:
    """A word or two with a sentence that shows on hover and focus."""
    return rendered(context, "tooltip", {"content": content, "text": text, "id": unique_id("tip")})


@register.inclusion_tag("ui/how_to_read.html")
def how_to_read(how: HowToRead, title: str = "") -> dict[str, Any]:
    """The ⓘ with its four sentences."""
    return {"how": how, "title": title, "id": unique_id("how")}


@register.simple_block_tag(takes_context=True)
def dialog(context: Context, content: str, id: str, title: str, wide: bool = False) -> str:
    """A dialog that a button with data-dialog-open="id" opens."""
    return rendered(context, "dialog", {"content": content, "id": id, "title": title, "wide": wide})


@register.inclusion_tag("ui/drawer_link.html")
def drawer_link(label: str, url: str, variant: str = "", **attrs: Any) -> dict[str, Any]:
    """A link whose page opens in the drawer at the side; without JavaScript it is a link."""
    return {"label": label, "url": url, "variant": variant, "attributes": attributes(attrs)}


@register.inclusion_tag("ui/confirm.html", takes_context=True)
def confirm(
    context: Context, label: str, action: str, question: str, confirm_label: str = "", **options: Any
) -> dict[str, Any]:
    """A deed that asks in place first, naming what goes. Options: icon, variant, name, value, and hx_… attributes."""
    known = {key: options.pop(key, "") for key in ("icon", "variant", "name", "value")}
    return {
        "label": label,
        "action": action,
        "question": question,
        "confirm_label": confirm_label or label,
        "icon_name": known["icon"],
        "variant": known["variant"] or "danger",
        "name": known["name"],
        "value": known["value"],
        "attributes": attributes(options),
        "csrf_token": context.get("csrf_token"),
        "id": unique_id("confirm"),
    }
