"""What the frame's own templates use."""

from __future__ import annotations

from html import unescape
from typing import Any

from django import template
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import strip_tags

register = template.Library()

SCRIPTS = (
    "preferences",
    "menu",
    "popover",
    "dialog",
    "toast",
    "table",
    "board",
    "scope",
    "dropzone",
    "filter",
    "copy",
    "search",
    "charts",
)


@register.inclusion_tag("ui/scripts.html", takes_context=True)
def ui_scripts(context: Context) -> dict[str, Any]:
    """The behaviours of the components, one small module each."""
    return {"scripts": [f"ui/js/{name}.js" for name in SCRIPTS], "csp_nonce": context.get("csp_nonce")}


@register.inclusion_tag("ui/brand_mark.html")
def brand_mark(size: int = 24) -> dict[str, Any]:
    """The portal's sign."""
    return {"size": size}


@register.simple_tag(takes_context=True)
def text_of_block(context: Context, name: str, ending: str = " · ") -> str:
    """The words of a block that stands elsewhere on the page: the <title> repeats the <h1>."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    if block is None:
        return ""
    text = " ".join(unescape(strip_tags(block.nodelist.render(context))).split())
    return text + ending if text else ""
