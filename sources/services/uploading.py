"""Receiving a file, reading it again after a correction, giving up on it, and cleaning up what was left."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone

from sources import storage
from sources.errors import FileGone, WrongState
from sources.models import FileImport, ImportState
from sources.reading.shape import Choices
from tenants.access import Access
from tenants.services import record

OPEN_STATES = (ImportState.READING, ImportState.MAPPING, ImportState.CHECKING, ImportState.READY)


def receive_upload(access: Access, *, name: str, chunks: Iterable[bytes]) -> FileImport:
    """Keep an uploaded file and have it read in the background.

    Errors: NotAllowed for who may not load, TooBig; in both cases nothing is kept.
    """
    access.check("load_data")
    file_import = FileImport(
        id=uuid.uuid4(),
        name=shown_name(name),
        person_id=access.user.pk,
        person_email=access.user.email,
        markets=sorted(access.may_load) if not access.all_markets else [],
    )
    file_import.size, file_import.sha256 = storage.keep_upload(file_import, chunks)
    with transaction.atomic():
        file_import.save(force_insert=True)
        record(access, "import.uploaded", file_import.name, size=file_import.size, id=str(file_import.pk))
        transaction.on_commit(lambda: _read_later(file_import.pk))
    return file_import


def shown_name(name: str) -> str:
    """A file's name for people: without folders and control characters, never used as a path."""
    bare = PurePath(name.replace("\\", "/")).name
    return "".join(character for character in bare if character.isprintable())[:255] or "file"


def _read_later(import_id: uuid.UUID) -> None:
    from sources.tasks import read_file

    read_file.delay(str(import_id))


def read_again(access: Access, file_import: FileImport, choices: Choices) -> None:
    """Read an import's file with a person's corrections (encoding, delimiter, sheet, header line).

    Errors: WrongState once it is being loaded, FileGone.
    """
    access.check("load_data")
    _check_file_is_kept(file_import)
    with transaction.atomic():
        changed = FileImport.objects.filter(
            pk=file_import.pk,
            state__in=(ImportState.MAPPING, ImportState.READY, ImportState.FAILED),
            loaded__isnull=True,
        ).update(
            state=ImportState.READING,
            choices=asdict(choices),
            attempts=0,
            progress=0.0,
            problem=None,
            stop_asked=False,
            value_counts={},
            changed_at=timezone.now(),
        )
        if not changed:
            raise WrongState(file_import.state)
        transaction.on_commit(lambda: _read_later(file_import.pk))


def _check_file_is_kept(file_import: FileImport) -> None:
    if not storage.original_of(file_import).is_file():
        raise FileGone()


def retry(access: Access, file_import: FileImport) -> None:
    """Take up a failed import where it stopped: reading, checking or loading.

    Errors: WrongState, FileGone.
    """
    if file_import.state != ImportState.FAILED:
        raise WrongState(file_import.state)
    if file_import.plan is None:
        read_again(access, file_import, Choices.from_json(file_import.choices))
        return
    access.check("load_data")
    _check_file_is_kept(file_import)
    staged = file_import.staged or {}
    if (
        not PurePath(staged.get("path", "")).name
        or not storage.folder_of(file_import).joinpath(PurePath(staged["path"]).name).is_file()
    ):
        read_again(access, file_import, Choices.from_json(file_import.choices))
        return
    with transaction.atomic():
        FileImport.objects.filter(pk=file_import.pk, state=ImportState.FAILED).update(
            state=ImportState.CHECKING,
            attempts=0,
            problem=None,
            stop_asked=False,
            changed_at=timezone.now(),
        )
        transaction.on_commit(lambda: _check_later(file_import.pk))


def _check_later(import_id: uuid.UUID) -> None:
    from sources.tasks import check_file

    check_file.delay(str(import_id))


def cancel_import(access: Access, file_import: FileImport) -> None:
    """Give up on an import: at once before it is loaded, at the task's next step while it is being loaded.

    Errors: WrongState when it is over already.
    """
    access.check("load_data")
    with transaction.atomic():
        stopped = FileImport.objects.filter(pk=file_import.pk, state__in=OPEN_STATES).update(
            state=ImportState.CANCELLED,
            stop_asked=True,
            finished_at=timezone.now(),
            changed_at=timezone.now(),
        )
        asked = 0
        if not stopped:
            asked = FileImport.objects.filter(pk=file_import.pk, state=ImportState.LOADING).update(
                stop_asked=True,
                changed_at=timezone.now(),
            )
        if not stopped and not asked:
            raise WrongState(file_import.state)
        record(access, "import.cancelled", file_import.name, id=str(file_import.pk))
    if stopped:
        storage.drop_files(file_import, keep_rejects=False)


def drop_abandoned(*, older_than: dt.timedelta, now: dt.datetime) -> int:
    """Remove the files of imports that nobody has touched for so long; those never loaded are cancelled.

    *Shape*: how many imports lost their files. Rejected rows of finished imports stay downloadable.
    """
    stale = FileImport.objects.filter(changed_at__lt=now - older_than).exclude(
        state__in=(ImportState.LOADING, ImportState.UNDOING)
    )
    dropped = 0
    for file_import in stale.iterator():
        finished = file_import.loaded is not None
        if storage.folder_of(file_import).is_dir():
            storage.drop_files(file_import, keep_rejects=finished)
            dropped += 1
        if file_import.state in OPEN_STATES:
            FileImport.objects.filter(pk=file_import.pk, state=file_import.state).update(
                state=ImportState.CANCELLED,
                finished_at=now,
                changed_at=now,
            )
    return dropped
