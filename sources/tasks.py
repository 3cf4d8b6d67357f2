"""Background work on imports: thin, in the client's schema, safe to run twice."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from celery import Task, shared_task
from django.conf import settings
from django.utils import timezone

from problems.errors import Problem, Retryable
from sources import services
from sources.errors import Stopped
from sources.models import FileImport, ImportState, Sync
from sources.pages_kept import drop_older
from sources.services import syncs, work
from sources.services.holding import held
from sources.signals import lake_changed
from tenants.access import Access
from tenants.current import open_client
from warehouse.upkeep import keep_up

log = logging.getLogger(__name__)
ABANDONED_AFTER = dt.timedelta(days=30)
RETRY_AFTER_S = 5


@shared_task(name="sources.read_file", bind=True, max_retries=work.MOST_ATTEMPTS)
def read_file(self: Task, import_id: str) -> None:
    """Find out what an uploaded file is, propose its mapping, and have its rows checked when nothing is left to ask."""
    open_client()
    _at_work(self, import_id, ImportState.READING, _read_then_check)


def _read_then_check(file_import: FileImport, access: Access) -> None:
    if services.read_upload(file_import, access):
        services.request_check(access, file_import)


@shared_task(name="sources.check_file", bind=True, max_retries=work.MOST_ATTEMPTS)
def check_file(self: Task, import_id: str) -> None:
    """Check an import's rows with its mapping."""
    open_client()
    _at_work(self, import_id, ImportState.CHECKING, services.check_import)


@shared_task(name="sources.load_file", bind=True, max_retries=work.MOST_ATTEMPTS)
def load_file(self: Task, import_id: str) -> None:
    """Load a confirmed import."""
    open_client()
    _at_work(self, import_id, ImportState.LOADING, _load_then_tell)


def _load_then_tell(file_import: FileImport, access: Access) -> None:
    services.load_import(file_import, access)
    lake_changed.send_robust(sender=FileImport, load_id=str(file_import.pk), undone=False)


@shared_task(name="sources.undo_file", bind=True, max_retries=work.MOST_ATTEMPTS)
def undo_file(self: Task, import_id: str) -> None:
    """Take a load back."""
    open_client()
    _at_work(self, import_id, ImportState.UNDOING, _undo_then_tell)


def _undo_then_tell(file_import: FileImport, access: Access) -> None:
    services.take_back(file_import, access)
    lake_changed.send_robust(sender=FileImport, load_id=str(file_import.pk), undone=True)


@shared_task(name="sources.resume_stalled")
def resume_stalled(silent_for_s: int) -> None:
    """Hand out again what a killed worker left behind."""
    client = open_client()
    silent_for, now = dt.timedelta(seconds=silent_for_s), timezone.now()
    count = services.resume_stalled(silent_for, now) + syncs.resume_syncs(silent_for, now)
    if count:
        log.warning("%s: %s imports and syncs handed out again", client.slug, count)


@shared_task(name="sources.start_due_syncs")
def start_due_syncs() -> None:
    """Begin what is due, each connection in a task of its own: a long one doesn't hold up the short."""
    open_client()
    syncs.plan_due(timezone.now())


@shared_task(name="sources.run_sync", bind=True, max_retries=None)
def run_sync(self: Task, sync_id: str) -> None:
    """Go on with a sync. When the vendor is busy or down it comes again, from the page that it had reached."""
    client = open_client()
    with held(syncs.mark(sync_id)) as ours:
        if not ours:
            return
        try:
            syncs.run_sync(client, sync_id, _tell)
        except Problem as problem:
            wait_s = int(problem.details.get("wait_s") or RETRY_AFTER_S * 2 ** min(self.request.retries, 6))
            raise self.retry(exc=problem, countdown=wait_s) from problem
        except Exception as error:
            syncs.give_up(sync_id, work.broke(error))
            raise


def _tell(load_id: str) -> None:
    lake_changed.send_robust(sender=Sync, load_id=load_id, undone=False)


@shared_task(name="sources.nightly_upkeep")
def nightly_upkeep() -> None:
    """Remove the files of imports that nobody came back to and vendors' old pages, and compact the lake."""
    client = open_client()
    dropped = services.drop_abandoned(older_than=ABANDONED_AFTER, now=timezone.now())
    pages = drop_older((timezone.now() - dt.timedelta(days=settings.PAGES_KEPT_DAYS)).timestamp())
    removed = keep_up(client.schema_name)
    log.info(
        "%s: files of %s imports, %s pages of vendors and %s files of the lake removed",
        client.slug, dropped, pages, removed,
    )  # fmt: skip


def _at_work(task: Task, import_id: str, state: ImportState, do: Callable[[FileImport, Access], object]) -> None:
    """One attempt at one import. What a person can mend is stored with it; what nobody foresaw is stored and raised."""
    with held(work.mark(import_id)) as ours:
        file_import = work.claim(import_id, state) if ours else None
        if file_import is not None:
            _attempt(task, file_import, state, do)


def _attempt(
    task: Task, file_import: FileImport, state: ImportState, do: Callable[[FileImport, Access], object]
) -> None:
    try:
        do(file_import, work.access_of_person(file_import))
    except Stopped:
        work.stopped(file_import)
    except Problem as problem:
        if isinstance(problem, Retryable) and file_import.attempts < work.MOST_ATTEMPTS:
            raise task.retry(exc=problem, countdown=RETRY_AFTER_S * file_import.attempts) from problem
        log.info("import %s stopped in %s: %s", file_import.pk, state, problem.code)
        work.stop_with(file_import, state, problem)
    except Exception as error:
        work.stop_with(file_import, state, work.broke(error))
        raise
