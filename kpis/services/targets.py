"""Setting targets: a whole batch or none of it, with who, when and how kept for every change."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.catalogue import Better, Kpi
from kpis.catalogue.formula import Pacing
from kpis.errors import BadTargets
from kpis.models import How, Target, TargetChange
from kpis.queries.definitions import known_kpi
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


def set_targets(access: Access, cells: Sequence[TargetCell], *, how: How, now: dt.datetime) -> Saved:
    """Keep a batch of targets, all or none.

    Errors: NotYourJob; BadTargets, which lists every cell that can't be kept; Conflict when a cell has changed since
    the editor saw it.
    """
    access.check("set_targets")
    _check(access, cells)
    wanted = {(cell.kpi, cell.market, cell.month): replace(cell, value=_stored(cell.value)) for cell in cells}
    with transaction.atomic():
        # One batch at a time: the revision's row is the lock, taken before anything is read.
        next_revision("targets")
        return _keep(access, wanted, how, now)


def _keep(access: Access, wanted: dict[Place, TargetCell], how: How, now: dt.datetime) -> Saved:
    known = _known(wanted)
    _check_unmoved(wanted, known)
    currencies = {market.code: market.currency for market in access.markets}
    batch, changes, gone = uuid.uuid4(), [], []
    keep: list[Target] = []
    for place, cell in wanted.items():
        old = known.get(place)
        if (old.value if old else None) == cell.value:
            continue
        kpi, market, month = place
        currency = currencies[market] if is_in_money(kpi) else ""
        changes.append(TargetChange(
            kpi=kpi, market=market, month=month, old=old.value if old else None, new=cell.value, currency=currency,
            how=how, who=str(access.user), user_id=access.user.pk, at=now, batch=batch,
        ))  # fmt: skip
        if cell.value is None and old is not None:
            gone.append(old.pk)
        elif cell.value is not None:
            keep.append(Target(
                kpi=kpi, market=market, month=month, value=cell.value, currency=currency,
                updated_by=str(access.user), updated_at=now,
            ))  # fmt: skip
    Target.objects.filter(pk__in=gone).delete()
    Target.objects.bulk_create(
        keep, batch_size=2000, update_conflicts=True, unique_fields=["kpi", "market", "month"],
        update_fields=["value", "currency", "updated_by", "updated_at"],
    )  # fmt: skip
    TargetChange.objects.bulk_create(changes, batch_size=2000)
    return Saved(changed=len(changes), unchanged=len(wanted) - len(changes), batch=batch)


def _stored(value: Decimal | None) -> Decimal | None:
    """The value as the database keeps it, so that what is answered is what the next editor compares with."""
    return None if value is None else value.quantize(STEP)


def _known(wanted: Iterable[Place]) -> dict[Place, Target]:
    places = set(wanted)
    found = Target.objects.filter(
        kpi__in={place[0] for place in places}, market__in={place[1] for place in places},
        month__in={place[2] for place in places},
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
    return BadCell(cell.row, where, "" if cell.value is None else str(cell.value), why) if why else None


def refused(bad: Sequence[BadCell]) -> BadTargets:
    """The problem that lists what can't be kept."""
    first = bad[0]
    place = f"{first.column}: {first.text}".strip(": ")
    where = _("row %(row)d, %(place)s") % {"row": first.row, "place": place} if first.row else place
    return BadTargets(
        ngettext(
            "%(number)d target can't be kept: %(where)s. %(why)s",
            "%(number)d targets can't be kept. The first: %(where)s. %(why)s",
            len(bad),
        ) % {"number": len(bad), "where": where, "why": first.why},
        fix=_("Nothing was saved. Correct it and try again."),
        cells=[cell.as_json() for cell in bad[:200]],
    )  # fmt: skip


def import_targets(access: Access, *, text: str = "", path: Path | None = None, how: How, now: dt.datetime) -> Saved:
    """Keep the targets of a pasted block or a file, long or wide.

    Errors: NotYourJob, UnreadableTable, BadTargets; nothing is kept when one cell can't be.
    """
    access.check("set_targets")
    table = table_of_file(path) if path is not None else table_of_text(text)
    found = read_targets(table, access.markets)
    if found.bad:
        raise refused(found.bad)
    if not found.cells:
        raise BadTargets(_("There is no target in this table."), fix=_("Fill in at least one value."))
    return set_targets(access, found.cells, how=how, now=now)


def undo_targets(access: Access, batch: uuid.UUID, *, now: dt.datetime) -> Saved:
    """Put back what stood there before a batch; what has been changed since by others is a Conflict."""
    changes = TargetChange.objects.filter(batch=batch, market__in=access.market_codes)
    cells = [TargetCell(c.kpi, c.market, c.month, c.old, was=c.new, check_was=True) for c in changes]
    return set_targets(access, cells, how=How.TYPED, now=now)
