"""Secrets at rest: vendors' credentials and the pages that vendors sent, encrypted with keys of the environment.

`CONNECTION_KEYS` are one or more words: the first encrypts, all decrypt, so that a key is replaced by putting a new
one in front, running `manage.py rotate_keys`, and taking the old one out. What is kept of a vendor's pages is encrypted
with a key of the connection's own, which lies among its secrets: rotating rewrites credentials only.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from sources.errors_connections import SecretsUnreadable

PAGES_KEY = "pages_key"
NONCE = 12


def _ring() -> MultiFernet:
    return MultiFernet([Fernet(_key(word)) for word in settings.CONNECTION_KEYS])


def _key(word: str) -> bytes:
    derived = HKDF(SHA256(), 32, salt=None, info=b"yeojeong connections").derive(word.encode())
    return base64.urlsafe_b64encode(derived)


def seal(secrets: Mapping[str, str]) -> str:
    """Secrets as a text that only the environment's keys open; a new connection gets a key for its pages."""
    whole = {PAGES_KEY: base64.b64encode(AESGCM.generate_key(256)).decode(), **secrets}
    return _ring().encrypt(json.dumps(whole).encode()).decode()


def unseal(text: str) -> dict[str, str]:
    """Errors: SecretsUnreadable when no key of the environment opens it."""
    try:
        found: dict[str, str] = json.loads(_ring().decrypt(text.encode()))
    except InvalidToken as error:
        raise SecretsUnreadable() from error
    return found


def sealed_anew(text: str) -> str:
    """The same secrets under the first key. Errors: SecretsUnreadable."""
    try:
        return _ring().rotate(text.encode()).decode()
    except InvalidToken as error:
        raise SecretsUnreadable() from error


def seal_page(body: bytes, secrets: Mapping[str, str], place: str) -> bytes:
    """A page's bytes, bound to its place so that one can't stand for another."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(base64.b64decode(secrets[PAGES_KEY])).encrypt(nonce, body, place.encode())


def unseal_page(sealed: bytes, secrets: Mapping[str, str], place: str) -> bytes:
    """Errors: SecretsUnreadable for a page that was changed, moved, or sealed with another key."""
    try:
        return AESGCM(base64.b64decode(secrets[PAGES_KEY])).decrypt(sealed[:NONCE], sealed[NONCE:], place.encode())
    except InvalidTag as error:
        raise SecretsUnreadable() from error
