"""Reading an uploaded file: its shape, its columns, and a proposed mapping."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sources.models import FileImport, ImportState, RememberedMapping
from sources.planning import again, open_questions, plan_of, shape_fingerprint
from sources.reading.casting import rewrite_for
from sources.reading.markets import MarketNames, match_markets
from sources.reading.profile import ColumnProfile, count_values, profile_columns, sample_rows
from sources.reading.proposal import Proposal, Surroundings, Why, market_column, propose
from sources.reading.shape import Choices, Note, Shape
from sources.reading.staging import rewrite_columns, stage
from sources.reading.table import shape_of
from sources.services.work import Telling
from sources.storage import folder_of, original_of
from tenants.access import Access
from warehouse.plan import ColumnPlan, Plan, Staged

REWRITTEN = "rewritten.csv"
KEPT_VALUES = 40


def read_upload(file_import: FileImport, access: Access) -> bool:
    """Find out what a file is and propose its mapping; True when nothing is left to ask, so that it can be checked.

    Errors: every UnreadableFile.
    """
    telling = Telling(file_import, ImportState.READING)
    path, folder = original_of(file_import), folder_of(file_import)
    with override(access.user.language or None):
        shape = shape_of(
            path,
            folder,
            choices=Choices.from_json(file_import.choices),
            fallback_name=str(_("Column {position}")),
            progress=telling.step("unpacking", 0.0, 0.3),
        )
    staged = stage(path, folder, shape, progress=telling.step("staging", 0.3, 0.7))
    telling.step("profiling", 0.7, 0.8)(0.0)
    rows = sample_rows(staged)
    profiles = profile_columns(staged.columns, rows)
    staged = _rewritten(staged, folder, profiles)
    proposal = propose(shape, profiles, rows, surroundings(file_import, access))
    proposal = _remembered(proposal, shape, profiles, access)
    telling.step("counting", 0.85, 1.0)(0.0)
    counts, plan = with_all_market_values(proposal.plan, staged, access, file_import.value_counts)
    _save(file_import, shape, staged, profiles, replace(proposal, plan=plan))
    FileImport.objects.filter(pk=file_import.pk).update(value_counts=counts)
    return not open_questions(plan)


def surroundings(file_import: FileImport, access: Access) -> Surroundings:
    """What is known beside the file."""
    markets = tuple(
        MarketNames(market.code, market.country, (market.name_ko, market.name_en))
        for market in access.client.markets.all()
    )
    return Surroundings(file_name=file_import.name, markets=markets, loadable=frozenset(access.may_load))


def _rewritten(staged: Staged, folder: Path, profiles: list[ColumnProfile]) -> Staged:
    rewrites = {profile.name: rewrite_for(profile.date) for profile in profiles if profile.date.share > 0.3}
    wanted = {name: rewrite for name, rewrite in rewrites.items() if rewrite}
    return rewrite_columns(staged, folder / REWRITTEN, wanted) if wanted else staged


def _remembered(proposal: Proposal, shape: Shape, profiles: list[ColumnProfile], access: Access) -> Proposal:
    found = RememberedMapping.objects.filter(fingerprint=shape_fingerprint(shape.columns)).first()
    if found is None:
        return proposal
    plan = again(plan_of(found.plan), proposal.plan, profiles, access)
    why = {column.target: proposal.why.get(column.target, Why("remembered", 0.95)) for column in plan.columns}
    for column in plan.columns:
        if column not in proposal.plan.columns:
            why[column.target] = Why("remembered", 0.95)
    notes = [note for note in proposal.notes if note.code != "breakdown"]
    return replace(proposal, plan=plan, why=why, confidence=0.99, notes=(*notes, Note("remembered")))


def with_all_market_values(
    plan: Plan,
    staged: Staged,
    access: Access,
    known: dict[str, dict[str, int]],
) -> tuple[dict[str, dict[str, int]], Plan]:
    """The plan with every value of its market column that names a market of the client, and the rows of each value.

    What a person matched (or left out, as an empty code) stays.
    """
    market = next((column for column in plan.columns if column.target == "market" and column.column), None)
    if market is None or market.column not in staged.columns:
        return known, plan
    name = str(market.column)
    counts = known.get(name) or count_values(staged, name)
    names = [MarketNames(m.code, m.country, (m.name_ko, m.name_en)) for m in access.client.markets.all()]
    matched = (
        {**match_markets(counts, names), **market.cast.values} if not known.get(name) else dict(market.cast.values)
    )
    column: ColumnPlan = market_column(name, {value: code for value, code in matched.items() if code})
    columns = tuple(column if one.target == "market" else one for one in plan.columns)
    return {**known, name: counts}, replace(plan, columns=columns)


def proposed_columns(plan: Plan) -> dict[str, str]:
    """What each target was proposed to be, so that the page can tell a person's own choice from it."""
    return {column.target: column.column or f"={column.constant}" for column in plan.columns}


def _save(
    file_import: FileImport,
    shape: Shape,
    staged: Staged,
    profiles: list[ColumnProfile],
    proposal: Proposal,
) -> None:
    kept = [replace(profile, values=profile.values[:KEPT_VALUES]) for profile in profiles]
    raw = proposal.as_json()
    plan = raw.pop("plan")
    raw["proposed"] = proposed_columns(proposal.plan)
    updated = FileImport.objects.filter(pk=file_import.pk, state=ImportState.READING).update(
        shape=shape.as_json(),
        staged=asdict(staged),
        columns=[profile.as_json() for profile in kept],
        proposal=raw,
        plan=plan,
        state=ImportState.MAPPING,
        attempts=0,
        progress=0.0,
        step="",
        check_result=None,
        checked_plan="",
        problem=None,
        changed_at=timezone.now(),
    )
    if updated:
        file_import.refresh_from_db()
