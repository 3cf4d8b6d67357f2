"""How a component's template is rendered inside the page that uses it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.forms.utils import flatatt
from django.template import Context
from django.utils.safestring import SafeString

PASSED_ON = ("csrf_token", "request", "csp_nonce")


def rendered(context: Context, name: str, values: Mapping[str, Any]) -> SafeString:
    """The component's template with `values` and nothing else of the page but the request and its tokens."""
    engine = context.template.engine  # type: ignore[union-attr]
    inner = context.new(dict(values))
    for key in PASSED_ON:
        if key in context:
            inner[key] = context[key]
    return engine.get_template(f"ui/{name}.html").render(inner)


def attributes(given: Mapping[str, Any]) -> SafeString:
    """Tag arguments as HTML attributes: hx_post="…" is hx-post, True stands bare, False and None are left out."""
    return flatatt({name.rstrip("_").replace("_", "-"): value for name, value in given.items() if value is not None})


def unique_id(prefix: str) -> str:
    """An id that no other fragment on the page has, whichever process rendered it."""
    return f"{prefix}-{secrets.token_hex(4)}"
