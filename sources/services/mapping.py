"""Changing a mapping, and checking the rows of a file with it."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from sources.errors import FileGone, WrongState
from sources.models import FileImport, ImportState
from sources.planning import check_answered, check_plan, fingerprint, open_questions, plan_of
from sources.reading.profile import ColumnProfile, sample_rows
from sources.reading.proposal import Proposal, propose
from sources.reading.shape import Shape
from sources.scope import tenancy_for
from sources.services.reading import proposed_columns, surroundings, with_all_market_values
from sources.services.work import Telling
from sources.storage import folder_of
from tenants.access import Access
from warehouse.plan import Check, Plan, Staged

CHANGEABLE = (ImportState.MAPPING, ImportState.CHECKING, ImportState.READY)
PREVIEW_ROWS = 50


def propose_mapping(access: Access, file_import: FileImport, *, table: str) -> Proposal:
    """The best mapping of a file that has been read, for a table that the person picked. Nothing is stored."""
    shape = Shape.from_json(file_import.shape or {})
    profiles = [ColumnProfile.from_json(raw) for raw in file_import.columns]
    rows = sample_rows(staged_of(file_import), most=2_000)
    return propose(shape, profiles, rows, surroundings(file_import, access), table=table)


def change_table(access: Access, file_import: FileImport, table: str) -> FileImport:
    """Map a file as another table, from a new proposal. Errors: TableUnknown, WrongState."""
    plan = plan_of(file_import.plan or {})
    check_plan(Plan(table=table, source=plan.source, columns=()), columns_of(file_import), access)
    proposal = propose_mapping(access, file_import, table=table)
    raw = proposal.as_json()
    raw.pop("plan")
    raw["proposed"] = proposed_columns(proposal.plan)
    FileImport.objects.filter(pk=file_import.pk).update(proposal=raw)
    return change_mapping(access, file_import, proposal.plan)


def change_mapping(access: Access, file_import: FileImport, plan: Plan) -> FileImport:
    """Store a corrected mapping and have the rows checked with it; with something left to answer it only waits.

    Errors: every MappingProblem but TargetMissing; WrongState once it is being loaded.
    """
    access.check("load_data")
    check_plan(plan, columns_of(file_import), access)
    counts, complete = with_all_market_values(plan, staged_of(file_import), access, file_import.value_counts)
    complete_enough = not open_questions(complete)
    with transaction.atomic():
        locked = FileImport.objects.select_for_update().get(pk=file_import.pk)
        if locked.state not in CHANGEABLE:
            raise WrongState(locked.state)
        unchanged = locked.checked_plan == fingerprint(complete) and locked.check_result is not None
        locked.plan, locked.value_counts, locked.problem, locked.attempts = complete.as_json(), counts, None, 0
        if not complete_enough:
            locked.state, locked.check_result, locked.checked_plan = ImportState.MAPPING, None, ""
        elif not unchanged:
            locked.state = ImportState.CHECKING
        locked.save()
        if complete_enough and not unchanged:
            transaction.on_commit(lambda: _check_later(file_import.pk))
    return locked


def _check_later(import_id: uuid.UUID) -> None:
    from sources.tasks import check_file

    check_file.delay(str(import_id))


def request_check(access: Access, file_import: FileImport) -> FileImport:
    """Check an import's rows once more with the mapping that it has. Errors: TargetMissing, WrongState."""
    access.check("load_data")
    plan = plan_of(file_import.plan or {})
    check_answered(plan)
    with transaction.atomic():
        changed = FileImport.objects.filter(pk=file_import.pk, state__in=CHANGEABLE).update(
            state=ImportState.CHECKING,
            attempts=0,
            changed_at=timezone.now(),
        )
        if not changed:
            raise WrongState(file_import.state)
        transaction.on_commit(lambda: _check_later(file_import.pk))
    file_import.refresh_from_db()
    return file_import


def columns_of(file_import: FileImport) -> list[str]:
    """The names of the file's columns; none before it has been read."""
    return list((file_import.shape or {}).get("columns", ()))


def check_import(file_import: FileImport, access: Access) -> Check:
    """What loading would do, stored with the import; it becomes ready when at least one row can be loaded.

    Errors: what the warehouse says of the plan or the file; FileGone.
    """
    from warehouse.loading import check

    plan = plan_of(file_import.plan or {})
    check_answered(plan)
    Telling(file_import, ImportState.CHECKING).step("checking", 0.1, 0.9)
    result = check(staged_of(file_import), plan, tenancy_for(access), preview=PREVIEW_ROWS)
    asked_again = FileImport.objects.filter(pk=file_import.pk).values_list("plan", flat=True).get()
    if fingerprint(plan_of(asked_again or {})) == fingerprint(plan):
        FileImport.objects.filter(pk=file_import.pk, state=ImportState.CHECKING).update(
            state=ImportState.READY if result.loadable else ImportState.MAPPING,
            check_result=check_json(result),
            checked_plan=fingerprint(plan),
            attempts=0,
            step="",
            progress=0.0,
            changed_at=timezone.now(),
            markets=touched_markets(plan, file_import.value_counts),
        )
    return result


def touched_markets(plan: Plan, counts: dict[str, dict[str, int]]) -> list[str]:
    """Codes of the markets whose rows a file holds, whether or not they may be loaded."""
    market = next((column for column in plan.columns if column.target == "market"), None)
    if market is None:
        return []
    if market.column is None:
        return [market.constant] if market.constant else []
    present = counts.get(market.column, {})
    return sorted({code for value, code in market.cast.values.items() if value in present})


def check_json(result: Check) -> dict[str, Any]:
    """A check as it is stored: preview cells as text."""
    raw = asdict(result)
    raw["preview"] = [{name: "" if cell is None else str(cell) for name, cell in row.items()} for row in result.preview]
    return raw


def staged_of(file_import: FileImport) -> Staged:
    """The import's readable copy, found by its name in the import's own folder. Errors: FileGone."""
    raw = file_import.staged
    if not raw:
        raise FileGone()
    path = folder_of(file_import) / str(raw["path"]).rsplit("/", 1)[-1]
    if not path.is_file():
        raise FileGone()
    return Staged(**{**raw, "path": str(path), "columns": tuple(raw["columns"])})
