"""Static files: hashed names and compressed forms, made when the portal is prepared."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Rooms of our own; the scripts of others import files that their packages don't ship.
OURS = ("ui/", "tenants/", "sources/", "kpis/", "journeys/", "audiences/")


class Storage(CompressedManifestStaticFilesStorage):
    """Hashed names, so that a browser may keep them for ever; our own modules import each other by them."""

    support_js_module_import_aggregation = True
    manifest_strict = False

    def url_converter(
        self, name: str, hashed_files: dict[str, str], template: str | None = None
    ) -> Callable[[re.Match[str]], str]:
        if not name.startswith(OURS):
            return lambda match: match[0]
        convert: Callable[[re.Match[str]], str] = super().url_converter(name, hashed_files, template)
        return convert


def collect_if_changed() -> None:
    """Collect and compress the static files, unless nothing has changed since the last time: it takes seconds."""
    mark = settings.STATIC_ROOT / ".collected"
    state = _state()
    if mark.exists() and mark.read_text() == state:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(state)


def _state() -> str:
    """Every source file's name, size and time, as one hash."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            digest.update(f"{name} {storage.size(name)} {storage.get_modified_time(name)}\n".encode())
    return digest.hexdigest()
