"""A task at work on an import: claimed once, counted, told of as it goes, stopped when a person asks."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from problems.errors import Problem
from sources.errors import Broke, PersonGone, Stopped, TaskDied
from sources.models import FileImport, ImportState
from sources.storage import drop_files
from tenants.access import Access, access_of
from tenants.current import open_client
from tenants.models import Membership

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
TELL_EVERY_S = 0.4


def claim(import_id: str, state: str) -> FileImport | None:
    """Take an import for one attempt; None when it isn't in that state (done before, cancelled, or gone).

    A task whose process died three times isn't tried again: the import fails with TaskDied.
    """
    with transaction.atomic():
        file_import = FileImport.objects.select_for_update().filter(pk=import_id, state=state).first()
        if file_import is None:
            return None
        if file_import.attempts >= MOST_ATTEMPTS:
            stop_with(file_import, state, TaskDied(attempts=file_import.attempts))
            return None
        FileImport.objects.filter(pk=import_id).update(attempts=F("attempts") + 1, progress=0.0)
        file_import.attempts += 1
        return file_import


def mark(import_id: str | uuid.UUID) -> str:
    """The name under which an import is held by whoever works on it."""
    return f"import:{import_id}"


class Telling:
    """Writes progress to the import, at most a few times a second, and raises Stopped when a person cancelled."""

    def __init__(self, file_import: FileImport, state: str) -> None:
        self.file_import, self.state = file_import, state
        self.told_at = 0.0

    def step(self, step: str, start: float, end: float) -> Callable[[float], None]:
        """A progress function (0 to 1) for one step, which takes the bar from `start` to `end`."""
        self._write(step, start)

        def told(share: float) -> None:
            if time.monotonic() - self.told_at >= TELL_EVERY_S:
                self._write(step, start + (end - start) * min(max(share, 0.0), 1.0))

        return told

    def _write(self, step: str, progress: float) -> None:
        self.told_at = time.monotonic()
        current = FileImport.objects.filter(pk=self.file_import.pk, state=self.state, stop_asked=False)
        if not current.update(step=step, progress=progress, changed_at=timezone.now()):
            raise Stopped


def access_of_person(file_import: FileImport) -> Access:
    """What the person who imports may do now, not when they uploaded. Errors: PersonGone."""
    membership = (
        Membership.objects.filter(user_id=file_import.person_id or 0, client=open_client(), user__is_active=True)
        .select_related("user", "client")
        .first()
    )
    if membership is None:
        raise PersonGone(email=file_import.person_email)
    return access_of(membership)


def stop_with(file_import: FileImport, state: str, problem: Problem) -> None:
    """Store why work stopped: a check goes back to its mapping, an undo leaves the load as it was, the rest fails."""
    after = {ImportState.CHECKING: ImportState.MAPPING, ImportState.UNDOING: ImportState.DONE}.get(
        ImportState(state), ImportState.FAILED
    )
    now = timezone.now()
    FileImport.objects.filter(pk=file_import.pk, state=state).update(
        state=after,
        problem=problem.as_json(),
        step="",
        changed_at=now,
        finished_at=now if after == ImportState.FAILED else file_import.finished_at,
    )


def stopped(file_import: FileImport) -> None:
    """Put an import down that a person cancelled while a task was at work, with its files."""
    now = timezone.now()
    FileImport.objects.filter(pk=file_import.pk, stop_asked=True).update(
        state=ImportState.CANCELLED,
        step="",
        finished_at=now,
        changed_at=now,
    )
    if FileImport.objects.filter(pk=file_import.pk, state=ImportState.CANCELLED).exists():
        drop_files(file_import, keep_rejects=False)


def broke(error: Exception) -> Broke:
    """What a person is told of an error that nobody foresaw; the log has the rest under the same number."""
    reference = uuid.uuid4().hex[:8]
    log.exception("import work failed, reference %s", reference, exc_info=error)
    return Broke(reference=reference)
