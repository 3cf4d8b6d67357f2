"""Reading a page as its reader does."""

from __future__ import annotations

import re

RANDOM = re.compile(r'nonce="[^"]*"|[A-Za-z0-9]{40,}')


def without_random(page: str) -> str:
    """A page without the nonces and tokens that are other letters each time."""
    return RANDOM.sub("", page)
