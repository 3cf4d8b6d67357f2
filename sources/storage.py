"""Where uploaded files lie: a folder an import, named by us; the person's file name is never used as a path."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from sources.errors import TooBig
from sources.models import FileImport
from tenants.current import open_client

ORIGINAL = "original"
REJECTS = "rejects.csv"


def folder_of(file_import: FileImport) -> Path:
    """The import's own folder under the open client's schema."""
    root: Path = Path(settings.UPLOAD_ROOT)
    return root / str(open_client().schema_name) / str(file_import.pk)


def original_of(file_import: FileImport) -> Path:
    """The bytes as they were uploaded."""
    return folder_of(file_import) / ORIGINAL


def rejects_of(file_import: FileImport) -> Path:
    """The rejected rows of a finished load."""
    return folder_of(file_import) / REJECTS


def keep_upload(file_import: FileImport, chunks: Iterable[bytes]) -> tuple[int, str]:
    """Write an upload to disk as it arrives and return its size and SHA-256. Errors: TooBig (and nothing is kept)."""
    folder = folder_of(file_import)
    folder.mkdir(parents=True, mode=0o700)
    digest, size, most = hashlib.sha256(), 0, int(settings.UPLOAD_MAX_BYTES)
    try:
        with (folder / ORIGINAL).open("wb") as sink:
            for chunk in chunks:
                size += len(chunk)
                if size > most:
                    raise TooBig(limit_mb=most >> 20)
                digest.update(chunk)
                sink.write(chunk)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return size, digest.hexdigest()


def drop_working_copies(file_import: FileImport) -> None:
    """Remove what was only needed to load; the original and the rejects stay."""
    folder = folder_of(file_import)
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name not in (ORIGINAL, REJECTS):
            path.unlink(missing_ok=True)


def drop_files(file_import: FileImport, *, keep_rejects: bool) -> None:
    """Remove an import's files, all of them or all but its rejected rows."""
    folder = folder_of(file_import)
    if not keep_rejects:
        shutil.rmtree(folder, ignore_errors=True)
    elif folder.is_dir():
        for path in folder.iterdir():
            if path.name != REJECTS:
                path.unlink(missing_ok=True)
