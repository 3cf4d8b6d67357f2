"""Taking an export through the import, step by step as a person does it, with the tasks run in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from celery import current_app

from demo.errors import SampleFileStopped
from demo.feeds import Feed, corrected
from sources import services
from sources.models import FileImport, ImportState
from tenants.access import Access
from warehouse.plan import Plan

_CHUNK = 1 << 20
_OVER = (ImportState.CANCELLED, ImportState.UNDONE, ImportState.FAILED)


@contextmanager
def tasks_in_process() -> Iterator[None]:
    """Run background work at once, here: the samples are loaded before any worker is up."""
    conf = current_app.conf
    before = conf.task_always_eager, conf.task_eager_propagates
    conf.task_always_eager, conf.task_eager_propagates = True, True
    try:
        yield
    finally:
        conf.task_always_eager, conf.task_eager_propagates = before


def load_export(access: Access, path: Path, feed: Feed) -> FileImport:
    """Upload a file, correct its mapping, confirm it; a file that has been loaded by this name stays as it is.

    Errors: SampleFileStopped.
    """
    known = FileImport.objects.filter(name=path.name).exclude(state__in=_OVER).first()
    if known and known.state == ImportState.LOADING:
        return _finished(_taken_up(known))
    if known and known.state == ImportState.DONE:
        return known
    if known:
        services.cancel_import(access, known)
    file_import = services.receive_upload(access, name=path.name, chunks=_chunks(path))
    file_import.refresh_from_db()
    if file_import.plan is None:
        return _finished(file_import)
    proposed = Plan.from_json(file_import.plan)
    plan = corrected(proposed, feed)
    if plan != proposed or file_import.state == ImportState.MAPPING:
        services.change_mapping(access, file_import, plan)
        file_import.refresh_from_db()
    if file_import.state == ImportState.READY:
        services.confirm_import(access, file_import, source_name=feed.name)
    return _finished(file_import)


def _taken_up(file_import: FileImport) -> FileImport:
    """A load whose process died: its task can run again."""
    from sources.tasks import load_file

    load_file.delay(str(file_import.pk))
    return file_import


def _finished(file_import: FileImport) -> FileImport:
    file_import.refresh_from_db()
    if file_import.state == ImportState.DONE:
        return file_import
    reason = (file_import.problem or {}).get("sentence") or str((file_import.check_result or {}).get("reasons", ""))
    raise SampleFileStopped(file_import.name, file_import.get_state_display(), reason)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
