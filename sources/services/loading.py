"""Loading a checked file, and taking a load back."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sources.errors import NotReady, WrongState
from sources.models import FileImport, ImportState, RememberedMapping, Source
from sources.planning import fingerprint, plan_of, shape_fingerprint
from sources.scope import tenancy_for
from sources.services.mapping import columns_of, staged_of
from sources.services.work import Telling
from sources.signals import lake_changed
from sources.storage import drop_working_copies, rejects_of
from tenants.access import Access
from tenants.services import record
from warehouse.plan import Loaded


def confirm_import(access: Access, file_import: FileImport, *, source_name: str = "") -> FileImport:
    """Have a checked import loaded in the background.

    Errors: WrongState when it isn't ready, NotReady when its mapping changed since it was checked.
    """
    access.check("load_data")
    with transaction.atomic():
        locked = FileImport.objects.select_for_update().get(pk=file_import.pk)
        if locked.state != ImportState.READY:
            raise WrongState(locked.state)
        plan = plan_of(locked.plan or {})
        if locked.checked_plan != fingerprint(plan) or not (locked.check_result or {}).get("loadable"):
            raise NotReady()
        locked.source = _source(plan.source, source_name)
        locked.state, locked.attempts, locked.progress = ImportState.LOADING, 0, 0.0
        locked.step, locked.stop_asked, locked.problem = "waiting", False, None
        locked.save()
        record(access, "import.confirmed", locked.name, id=str(locked.pk), table=plan.table, source=plan.source)
        transaction.on_commit(lambda: _load_later(locked.pk))
    return locked


def _source(key: str, name: str) -> Source:
    source, _made = Source.objects.get_or_create(key=key, defaults={"name": name[:80] or key})
    return source


def _load_later(import_id: uuid.UUID) -> None:
    from sources.tasks import load_file

    load_file.delay(str(import_id))


def load_import(file_import: FileImport, access: Access) -> Loaded:
    """Load a confirmed import in one lake transaction; done twice it changes nothing, because its id is the load's.

    Errors: what the warehouse says; Stopped when a person cancelled (then nothing is loaded).
    """
    from warehouse.loading import load

    access.check("load_data")
    plan = plan_of(file_import.plan or {})
    told = Telling(file_import, ImportState.LOADING).step("loading", 0.02, 0.99)
    result = load(
        staged_of(file_import),
        plan,
        tenancy_for(access),
        load_id=str(file_import.pk),
        progress=told,
        rejects_path=str(rejects_of(file_import)),
    )
    with transaction.atomic():
        FileImport.objects.filter(pk=file_import.pk, state=ImportState.LOADING).update(
            state=ImportState.DONE,
            loaded=loaded_json(result),
            progress=1.0,
            step="",
            attempts=0,
            finished_at=timezone.now(),
            changed_at=timezone.now(),
        )
        remember(file_import)
        record(
            access,
            "import.loaded",
            file_import.name,
            id=str(file_import.pk),
            **{name: getattr(result, name) for name in ("read", "new", "updated", "unchanged", "rejected")},
        )
    drop_working_copies(file_import)
    lake_changed.send_robust(FileImport)
    return result


def loaded_json(result: Loaded) -> dict[str, Any]:
    """A load's result as it is stored; where the rejects lie is our own affair."""
    raw = asdict(result)
    raw.pop("rejects_path")
    return raw


def remember(file_import: FileImport) -> None:
    """Keep a confirmed mapping for the next file with these columns."""
    mark = shape_fingerprint(columns_of(file_import))
    known, made = RememberedMapping.objects.get_or_create(fingerprint=mark, defaults={"plan": file_import.plan})
    if not made:
        RememberedMapping.objects.filter(pk=known.pk).update(
            plan=file_import.plan,
            times_used=F("times_used") + 1,
            changed_at=timezone.now(),
        )


def can_undo(access: Access, file_import: FileImport) -> bool:
    """Whether this person may take this load back: their own, or anybody's with the rule for it."""
    own = file_import.person_id == access.user.pk and access.can("load_data")
    return file_import.state == ImportState.DONE and (own or access.can("undo_any_import"))


def undo_import(access: Access, file_import: FileImport) -> FileImport:
    """Have everything that an import wrote taken back, and what it replaced put in place again.

    Errors: NotAllowed, WrongState.
    """
    own = file_import.person_id == access.user.pk and access.can("load_data")
    if not own:
        access.check("undo_any_import")
    with transaction.atomic():
        locked = FileImport.objects.select_for_update().get(pk=file_import.pk)
        if locked.state != ImportState.DONE:
            raise WrongState(locked.state)
        locked.state, locked.attempts, locked.progress = ImportState.UNDOING, 0, 0.0
        locked.undone_by_email = access.user.email
        locked.save()
        record(access, "import.undone", locked.name, id=str(locked.pk))
        transaction.on_commit(lambda: _undo_later(locked.pk))
    return locked


def _undo_later(import_id: uuid.UUID) -> None:
    from sources.tasks import undo_file

    undo_file.delay(str(import_id))


def take_back(file_import: FileImport, access: Access) -> int:
    """Take a load back; done twice it changes nothing. *Shape*: rows taken back."""
    from warehouse.loading import undo

    taken = undo(tenancy_for(access), str(file_import.pk))
    FileImport.objects.filter(pk=file_import.pk, state=ImportState.UNDOING).update(
        state=ImportState.UNDONE,
        undone_at=timezone.now(),
        changed_at=timezone.now(),
        progress=1.0,
        step="",
        attempts=0,
    )
    lake_changed.send_robust(FileImport)
    return taken
