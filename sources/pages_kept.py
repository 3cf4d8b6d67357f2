"""Pages as a vendor sent them: compressed, encrypted, one file each, kept for as long as the operator says."""

from __future__ import annotations

import os
import shutil
import uuid
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.conf import settings

from sources.secrets import seal_page, unseal_page
from tenants.current import open_client

FAST = 1  # of zlib: pages are text, and read again at once


def folder_of(portion_id: uuid.UUID) -> Path:
    """A portion's folder under the open client's schema."""
    return Path(settings.UPLOAD_ROOT) / str(open_client().schema_name) / "pages" / str(portion_id)


def keep(portion_id: uuid.UUID, number: int, body: bytes, secrets: Mapping[str, str]) -> None:
    """Write a page so that it is whole or not there; the same number again replaces it."""
    folder = folder_of(portion_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f"{number:06}.draft"
    with draft.open("wb") as sink:
        sink.write(seal_page(zlib.compress(body, FAST), secrets, f"{portion_id}/{number}"))
        sink.flush()
        os.fsync(sink.fileno())
    draft.replace(folder / f"{number:06}.page")


def kept(portion_id: uuid.UUID, count: int, secrets: Mapping[str, str]) -> Iterator[bytes]:
    """The first `count` pages in order. Errors: SecretsUnreadable, FileNotFoundError for one that is gone."""
    folder = folder_of(portion_id)
    for number in range(count):
        sealed = (folder / f"{number:06}.page").read_bytes()
        yield zlib.decompress(unseal_page(sealed, secrets, f"{portion_id}/{number}"))


def drop(portion_id: uuid.UUID) -> None:
    """Forget a portion's pages."""
    shutil.rmtree(folder_of(portion_id), ignore_errors=True)


def are_kept(portion_id: uuid.UUID, count: int) -> bool:
    """Whether the first `count` pages are all there."""
    folder = folder_of(portion_id)
    return all((folder / f"{number:06}.page").is_file() for number in range(count))


def drop_older(moment: float) -> int:
    """Forget the open client's pages that were written before a moment (seconds since 1970); answers how many.

    The list of rejected rows, which lies beside them, goes with the last page.
    """
    count = 0
    for folder in (Path(settings.UPLOAD_ROOT) / str(open_client().schema_name) / "pages").glob("*"):
        kept = [path for path in folder.glob("*.page") if path.stat().st_mtime >= moment]
        old = [path for path in folder.glob("*.page") if path.stat().st_mtime < moment]
        if old and not kept:
            shutil.rmtree(folder, ignore_errors=True)
            count += len(old)
    return count
