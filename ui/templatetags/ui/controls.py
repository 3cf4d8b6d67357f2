"""Icons, buttons, menus, pills, tabs, steps, pages of a list."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from ui.components import Step, Tab
from ui.templatetags.ui.rendering import attributes, rendered, unique_id

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 16, *, label: str = "", **more: str) -> SafeString:
    """A lucide icon; without a label it is decoration and hidden from screen readers. `class` is its CSS class."""
    return _icon(str(name), size, str(label), str(more.get("class", "")))


@lru_cache(maxsize=512)
def _icon(name: str, size: int, label: str, css: str) -> SafeString:
    import lucide

    shown = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    if css:
        shown["class"] = css
    # The package's only public door is its template tag; the function behind it is what that tag calls.
    return mark_safe(lucide._render_icon(name, size, **shown))  # noqa: S308 — our own icon name, attributes escaped by ElementTree


@register.inclusion_tag("ui/button.html")
def button(label: str, variant: str = "", *, icon: str = "", reason: str = "", **attrs: Any) -> dict[str, Any]:
    """A button; `variant` is primary, danger, quiet, small or several; a `reason` disables it and says why."""
    kind = _type_of(attrs)
    return {"type": kind, **_button(label, variant, icon, reason, attrs)}


@register.inclusion_tag("ui/link_button.html")
def link_button(
    label: str, url: str, variant: str = "", *, icon: str = "", reason: str = "", **attrs: Any
) -> dict[str, Any]:
    """A link that looks like a button; a `reason` takes the address away and says why."""
    return {"url": url, **_button(label, variant, icon, reason, attrs)}


def _type_of(attrs: dict[str, Any]) -> str:
    """The given type; a named button sends its form, any other does what a script binds to it."""
    return str(attrs.pop("type", "submit" if "name" in attrs else "button"))


def _button(label: str, variant: str, icon: str, reason: str, attrs: dict[str, Any]) -> dict[str, Any]:
    if attrs.pop("icon_only", False):
        variant = f"{variant} only-icon".strip()
        attrs = {"aria_label": label, "title": label, **attrs}
        label = ""
    return {
        "label": label,
        "variant": variant,
        "icon_name": icon,
        "reason": reason,
        "reason_id": unique_id("reason") if reason else "",
        "attributes": attributes(attrs),
    }


@register.simple_block_tag(takes_context=True)
def menu(context: Context, content: str, label: str, **options: Any) -> str:
    """A dropdown; its content is menu_item tags. Options: icon, variant, align ("end"), icon_only."""
    usual = {"icon": "", "variant": "", "align": "", "icon_only": False}
    return rendered(context, "menu", {"content": content, "label": label, **usual, **options})


@register.inclusion_tag("ui/menu_item.html")
def menu_item(label: str, url: str = "", *, icon: str = "", danger: bool = False, **attrs: Any) -> dict[str, Any]:
    """One line of a menu: a link with `url`, else a button."""
    kind = _type_of(attrs)
    return {
        "label": label,
        "url": url,
        "icon_name": icon,
        "danger": danger,
        "type": kind,
        "attributes": attributes(attrs),
    }


@register.inclusion_tag("ui/pill.html")
def pill(label: str, tone: str = "", *, icon: str = "", url: str = "") -> dict[str, Any]:
    """A word in a capsule; `tone` is good, warn, bad, accent or nothing."""
    return {"label": label, "tone": tone, "icon_name": icon, "url": url}


@register.inclusion_tag("ui/tabs.html")
def tabs(items: Iterable[Tab], label: str = "") -> dict[str, Any]:
    """Pages beside each other; each tab is a link."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/steps.html")
def steps(items: Iterable[Step], label: str = "") -> dict[str, Any]:
    """The header of a wizard: what is done, where we are, what comes."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], name: str = "page") -> dict[str, Any]:
    """Pages of a Django paginator as links that keep the rest of the address."""
    request = context.get("request")
    query = request.GET.copy() if request else None

    def address(number: int) -> str:
        if query is None:
            return f"?{name}={number}"
        query[name] = str(number)
        return f"?{query.urlencode()}"

    numbers = [
        (number, address(number) if isinstance(number, int) else "")
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]
    return {
        "page": page,
        "numbers": numbers,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "following": address(page.next_page_number()) if page.has_next() else "",
    }
