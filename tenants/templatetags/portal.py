"""Links out of a client, to the portal around it."""

from __future__ import annotations

from typing import Any

from django import template

from tenants.context import portal_url as address

register = template.Library()


@register.simple_tag(takes_context=True)
def portal_url(context: dict[str, Any], name: str, *args: object) -> str:
    """The address of a portal page such as `tenants:clients`, from inside a client too."""
    return address(context["request"], name, *args)
