"""Setting targets: a whole batch or none of it, with who, when and how kept for every change."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.catalogue import Better, Kpi
from kpis.catalogue.formula import Pacing
from kpis.errors import BadTargets
from kpis.models import How, Target, TargetChange, Version
from kpis.queries.definitions import known_kpi
from kpis.services.approvals import LONGEST_REASON, note_changes
from kpis.services.revisions import next_revision
from kpis.services.tables import table_of_file, table_of_text
from kpis.services.target_tables import BadCell, TargetCell, read_targets
from problems.errors import Conflict
from tenants.access import Access

Place = tuple[str, str, dt.date]
MOST_CELLS = 50_000
LARGEST = Decimal(10) ** 15
STEP = Decimal(1).scaleb(-8)


@dataclass(frozen=True, slots=True)
class Saved:
    """What a batch did; `batch` names it for undoing."""

    changed: int
    unchanged: int
    batch: uuid.UUID


def is_in_money(key: str) -> bool:
    """Whether the targets of this KPI are amounts of the market's own currency."""
    kpi = known_kpi(key)
    return kpi is not None and kpi.is_money


def takes_targets(kpi: Kpi) -> bool:
    """Pacing always aims at 100 %, and a KPI that is only watched has no better side."""
    return kpi.is_measurable and not isinstance(kpi.formula, Pacing) and kpi.better is not Better.WATCH


class Given(TypedDict):
    """What `set_targets` is told of a batch besides its cells."""

    how: How
    now: dt.datetime
    version: NotRequired[str]
    reason: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Batch:
    """How a batch comes in: which version of targets it is for, by which way, when, and why."""

    how: How
    now: dt.datetime
    version: str
    reason: str


def set_targets(
    access: Access,
    cells: Sequence[TargetCell],
    *,
    how: How,
    now: dt.datetime,
    version: str = Version.BUDGET.value,
    reason: str = "",
) -> Saved:
    """Keep a batch of targets of one version, all or none. `reason` is needed where a month was approved.

    Errors: NotYourJob; BadTargets, which lists every cell that can't be kept; Conflict when a cell has changed since
    the editor saw it; LockedMonths for approved months without a reason.
    """
    access.check("set_targets")
    _check(access, cells)
    wanted = {(cell.kpi, cell.market, cell.month): replace(cell, value=_stored(cell.value)) for cell in cells}
    with transaction.atomic():
        # One batch at a time: the revision's row is the lock, taken before anything is read.
        next_revision("targets")
        return _keep(access, wanted, Batch(how, now, version, reason.strip()[:LONGEST_REASON]))


def _keep(access: Access, wanted: dict[Place, TargetCell], batch: Batch) -> Saved:
    known = _known(wanted, batch.version)
    _check_unmoved(wanted, known)
    currencies = {market.code: market.currency for market in access.markets}
    changed = {place: cell for place, cell in wanted.items() if _value(known.get(place)) != cell.value}
    approved = note_changes(access, batch.version, {place[1:] for place in changed}, batch.reason)
    number, changes, gone = uuid.uuid4(), [], []
    keep: list[Target] = []
    for place, cell in changed.items():
        old = known.get(place)
        kpi, market, month = place
        currency = currencies[market] if is_in_money(kpi) else ""
        changes.append(TargetChange(
            kpi=kpi, market=market, month=month, version=batch.version, old=_value(old), new=cell.value,
            currency=currency, how=batch.how, who=str(access.user), user_id=access.user.pk, at=batch.now,
            batch=number, reason=batch.reason, after_approval=(market, month) in approved,
        ))  # fmt: skip
        if cell.value is None and old is not None:
            gone.append(old.pk)
        elif cell.value is not None:
            keep.append(Target(
                kpi=kpi, market=market, month=month, version=batch.version, value=cell.value, currency=currency,
                updated_by=str(access.user), updated_at=batch.now,
            ))  # fmt: skip
    Target.objects.filter(pk__in=gone).delete()
    Target.objects.bulk_create(
        keep, batch_size=2000, update_conflicts=True, unique_fields=["kpi", "market", "month", "version"],
        update_fields=["value", "currency", "updated_by", "updated_at"],
    )  # fmt: skip
    TargetChange.objects.bulk_create(changes, batch_size=2000)
    return Saved(changed=len(changes), unchanged=len(wanted) - len(changes), batch=number)


def _value(target: Target | None) -> Decimal | None:
    return target.value if target is not None else None


def _stored(value: Decimal | None) -> Decimal | None:
    """The value as the database keeps it, so that what is answered is what the next editor compares with."""
    return None if value is None else value.quantize(STEP)


def _known(wanted: Iterable[Place], version: str) -> dict[Place, Target]:
    places = set(wanted)
    found = Target.objects.filter(
        kpi__in={place[0] for place in places}, market__in={place[1] for place in places},
        month__in={place[2] for place in places}, version=version,
    )  # fmt: skip
    return {(t.kpi, t.market, t.month): t for t in found if (t.kpi, t.market, t.month) in places}


def _check_unmoved(wanted: dict[Place, TargetCell], known: dict[Place, Target]) -> None:
    for place, cell in wanted.items():
        now = known.get(place)
        if cell.check_was and (now.value if now else None) != cell.was:
            by = now.updated_by if now else _("somebody")
            raise Conflict(
                _("%(who)s has changed this target in the meantime.") % {"who": by},
                fix=_("Look at the new value and type yours again."),
                kpi=cell.kpi, market=cell.market, month=f"{cell.month:%Y-%m}", value=str(now.value) if now else None,
            )  # fmt: skip


def _check(access: Access, cells: Sequence[TargetCell]) -> None:
    bad = [found for cell in cells if (found := _what_is_wrong(access, cell)) is not None]
    if len(cells) > MOST_CELLS:
        raise BadTargets(
            _("These are %(number)d targets, more than %(most)d at once.") % {"number": len(cells), "most": MOST_CELLS},
            fix=_("Split them into parts."),
        )
    if bad:
        raise refused(bad)


def _what_is_wrong(access: Access, cell: TargetCell) -> BadCell | None:
    kpi = known_kpi(cell.kpi)
    where = f"{cell.kpi} {cell.market} {cell.month:%Y-%m}"
    why = ""
    if kpi is None:
        why = _("There is no such KPI.")
    elif not takes_targets(kpi):
        why = _("This KPI takes no target.")
    elif cell.market not in access.market_codes:
        why = _("There is no such market that you can see.")
    elif cell.month.day != 1:
        why = _("A target is of a whole month: give its first day.")
    elif cell.value is not None and not cell.value.is_finite():
        why = _("This is no number.")
    elif cell.value is not None and not 0 <= cell.value < LARGEST:
        why = _("A target is 0 or more, and below a quadrillion.")
    text = "" if cell.value is None else str(cell.value)
    return BadCell(cell.row, where, text, why, cell.at) if why else None


def refused(bad: Sequence[BadCell]) -> BadTargets:
    """The problem that lists what can't be kept."""
    first = bad[0]
    place = f"{first.column}: {first.text}".strip(": ")
    where = _("row %(row)d, %(place)s") % {"row": first.row, "place": place} if first.row else place
    if first.at:
        where = _("%(cell)s (%(place)s)") % {"cell": first.at, "place": place}
    return BadTargets(
        ngettext(
            "%(number)d target can't be kept: %(where)s. %(why)s",
            "%(number)d targets can't be kept. The first: %(where)s. %(why)s",
            len(bad),
        ) % {"number": len(bad), "where": where, "why": first.why},
        fix=_("Nothing was saved. Correct it and try again."),
        cells=[cell.as_json() for cell in bad[:200]],
    )  # fmt: skip


def import_targets(access: Access, *, text: str = "", path: Path | None = None, **given: Unpack[Given]) -> Saved:
    """Keep the targets of a pasted block or a file, long or wide.

    Errors: NotYourJob, UnreadableTable, BadTargets; those of `set_targets`; nothing is kept when one cell can't be.
    """
    access.check("set_targets")
    table = table_of_file(path) if path is not None else table_of_text(text)
    found = read_targets(table, access.markets)
    if found.bad:
        raise refused(found.bad)
    if not found.cells:
        raise BadTargets(_("There is no target in this table."), fix=_("Fill in at least one value."))
    return set_targets(access, found.cells, **given)


def undo_targets(access: Access, batch: uuid.UUID, *, now: dt.datetime) -> Saved:
    """Put back what stood there before a batch; what has been changed since by others is a Conflict.

    Taking back a change that had a reason needs no other one. Errors: LockedMonths when it had none and the month has
    been approved since.
    """
    changes = list(TargetChange.objects.filter(batch=batch, market__in=access.market_codes))
    version = changes[0].version if changes else Version.BUDGET.value
    given = changes[0].reason if changes else ""
    reason = _("Undone: %(reason)s") % {"reason": given} if given else ""
    cells = [TargetCell(c.kpi, c.market, c.month, c.old, was=c.new, check_was=True) for c in changes]
    return set_targets(access, cells, how=How.TYPED, now=now, version=version, reason=reason)
