"""Imports whose worker died: nobody is at work on them, so they are handed out again."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from sources.models import FileImport, ImportState
from sources.services.holding import is_held
from sources.services.work import mark

TASKS = {
    ImportState.READING: "read_file",
    ImportState.CHECKING: "check_file",
    ImportState.LOADING: "load_file",
    ImportState.UNDOING: "undo_file",
}


def resume_stalled(silent_for: dt.timedelta, now: dt.datetime) -> int:
    """Hand out again what says it is worked on and hasn't been heard of for so long; returns how many.

    An import that only waits in the queue is handed out twice then, which does no harm: the second task finds it done.
    """
    from sources import tasks

    count = 0
    for file_import in FileImport.objects.filter(state__in=TASKS, changed_at__lte=now - silent_for).only("id", "state"):
        if is_held(mark(file_import.pk)):
            continue
        if FileImport.objects.filter(pk=file_import.pk, state=file_import.state).update(changed_at=timezone.now()):
            getattr(tasks, TASKS[ImportState(file_import.state)]).delay(str(file_import.pk))
            count += 1
    return count
