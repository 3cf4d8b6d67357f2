"""Imports that a person may see."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from sources.errors import NoSuchImport
from sources.models import FileImport, ImportState
from tenants.access import Access

WAITING = (ImportState.READING, ImportState.MAPPING, ImportState.CHECKING, ImportState.READY)
HEAVY = ("columns", "shape", "value_counts", "proposal", "staged")


def imports_seen_by(access: Access) -> QuerySet[FileImport]:
    """Newest first; who is limited to some markets sees their own imports and those that touch only these markets."""
    found = FileImport.objects.select_related("source").order_by("-created_at")
    if access.all_markets:
        return found
    theirs = Q(markets__contained_by=list(access.market_codes)) & ~Q(markets=[])
    return found.filter(Q(person_id=access.user.pk) | theirs)


def import_seen_by(access: Access, import_id: uuid.UUID | str) -> FileImport:
    """One import. Errors: NoSuchImport, the same for one that doesn't exist and one that isn't theirs to see."""
    found = imports_seen_by(access).filter(pk=import_id).first()
    if found is None:
        raise NoSuchImport
    return found


def waiting_for(access: Access) -> QuerySet[FileImport]:
    """This person's own imports that aren't loaded yet."""
    return imports_seen_by(access).filter(person_id=access.user.pk, state__in=WAITING).defer(*HEAVY)


def loaded_before(access: Access, file_import: FileImport) -> FileImport | None:
    """The last finished import of exactly these bytes."""
    same = imports_seen_by(access).filter(sha256=file_import.sha256, state=ImportState.DONE).exclude(pk=file_import.pk)
    return same.first() if file_import.sha256 else None
