"""Setting exchange rates: a whole batch or none of it, with their history; and the policy that a client opens with."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.errors import BadRates
from kpis.models import How, Policy, PolicyChoice, RateChange, RateKind
from kpis.services.rate_kinds import SHELVES, Shelf
from kpis.services.rate_tables import RateCell, read_rates
from kpis.services.revisions import next_revision
from kpis.services.tables import table_of_file, table_of_text
from kpis.services.target_tables import BadCell
from kpis.services.targets import Saved
from tenants.access import Access
from tenants.services import known_currencies, record

HIGHEST = Decimal(10) ** 9
LOWEST = Decimal(1).scaleb(-9)
STEP = Decimal(1).scaleb(-10)
MOST_CELLS = 100_000
Place = tuple[str, dt.date]


@dataclass(frozen=True, slots=True)
class Origin:
    """How a batch came in, when, and where its rates come from."""

    how: How
    now: dt.datetime
    source: str = ""


def set_rates(
    access: Access,
    cells: Sequence[RateCell],
    *,
    how: How,
    now: dt.datetime,
    source: str = "",
    kind: str = RateKind.MONTHLY.value,
) -> Saved:
    """Keep a batch of exchange rates of one kind, all or none. Errors: NotYourJob, BadRates."""
    access.check("set_rates")
    shelf = SHELVES[kind]
    bad = _all_that_is_wrong(access, cells, shelf, now)
    if bad:
        raise refused(bad)
    return _set(access, cells, shelf, Origin(how, now, source[:120]))


def _set(access: Access, cells: Sequence[RateCell], shelf: Shelf, origin: Origin) -> Saved:
    wanted = {(cell.currency, cell.on): None if cell.rate is None else cell.rate.quantize(STEP) for cell in cells}
    with transaction.atomic():
        # One batch at a time: the revision's row is the lock, taken before anything is read.
        next_revision("rates")
        saved = _keep(access, wanted, shelf, origin)
        if saved.changed:
            record(
                access, "rates.saved", str(shelf.kind), changed=saved.changed, how=str(origin.how),
                source=origin.source, batch=str(saved.batch),
            )  # fmt: skip
        return saved


def _keep(access: Access, wanted: dict[Place, Decimal | None], shelf: Shelf, origin: Origin) -> Saved:
    known = _known(wanted, shelf)
    batch, changes, keep, gone = uuid.uuid4(), [], [], []
    for (currency, when), rate in wanted.items():
        old = known.get((currency, when))
        if (old.rate if old else None) == rate:
            continue
        changes.append(RateChange(
            kind=shelf.kind, currency=currency, month=when, old=old.rate if old else None, new=rate,
            source=origin.source, how=origin.how, who=str(access.user), user_id=access.user.pk, at=origin.now,
            batch=batch,
        ))  # fmt: skip
        if rate is not None:
            keep.append(shelf.model(
                currency=currency, rate=rate, source=origin.source, updated_by=str(access.user),
                updated_at=origin.now, **{shelf.field: shelf.kept(when)},
            ))  # fmt: skip
        elif old is not None:
            gone.append(old.pk)
    shelf.model.objects.filter(pk__in=gone).delete()
    shelf.model.objects.bulk_create(
        keep, batch_size=2000, update_conflicts=True, unique_fields=["currency", shelf.field],
        update_fields=["rate", "source", "updated_by", "updated_at"],
    )  # fmt: skip
    RateChange.objects.bulk_create(changes, batch_size=2000)
    return Saved(changed=len(changes), unchanged=len(wanted) - len(changes), batch=batch)


def _known(wanted: Iterable[Place], shelf: Shelf) -> dict[Place, Any]:
    places = list(wanted)
    if not places:
        return {}
    days = [shelf.kept(when) for _currency, when in places]
    found = shelf.model.objects.filter(
        currency__in={currency for currency, _when in places}, **{f"{shelf.field}__range": (min(days), max(days))}
    )
    return {(rate.currency, shelf.when(getattr(rate, shelf.field))): rate for rate in found}


def today_of(access: Access, now: dt.datetime) -> dt.date:
    """The client's own calendar day."""
    return now.astimezone(ZoneInfo(access.client.time_zone)).date()


def _all_that_is_wrong(access: Access, cells: Sequence[RateCell], shelf: Shelf, now: dt.datetime) -> list[BadCell]:
    if len(cells) > MOST_CELLS:
        raise BadRates(
            _("These are %(number)d rates, more than %(most)d at once.") % {"number": len(cells), "most": MOST_CELLS},
            fix=_("Split them into parts."),
        )
    today = today_of(access, now)
    bad, seen = [], dict[Place, RateCell]()
    for cell in cells:
        why = _what_is_wrong(access, cell, shelf, today) or _said_before(cell, seen)
        if why:
            text = "" if cell.rate is None else f"{cell.rate:f}" if cell.rate.is_finite() else str(cell.rate)
            bad.append(BadCell(cell.row, f"{cell.currency} {shelf.written(cell.on)}", text, why))
    return bad


def _what_is_wrong(access: Access, cell: RateCell, shelf: Shelf, today: dt.date) -> str:
    if cell.currency not in known_currencies():
        return _("There is no such currency; use the three letters of ISO 4217.")
    if cell.currency == access.client.home_currency:
        return _("This is the client's own currency; it needs no rate.")
    wrong_place = shelf.wrong_place(cell.on, today)
    if wrong_place:
        return wrong_place
    if cell.rate is not None and not cell.rate.is_finite():
        return _("This is no number.")
    if cell.rate is not None and not LOWEST <= cell.rate <= HIGHEST:
        return _("A rate is more than 0 and at most a billion.")
    return ""


def _said_before(cell: RateCell, seen: dict[Place, RateCell]) -> str:
    """Why a second rate of one currency and day can't be kept; the same rate twice says nothing new."""
    first = seen.setdefault((cell.currency, cell.on), cell)
    if first.rate == cell.rate:
        return ""
    return _("Row %(row)d gives another rate for it: %(rate)s.") % {
        "row": first.row, "rate": _("none") if first.rate is None else f"{first.rate:f}",
    }  # fmt: skip


def refused(bad: Sequence[BadCell]) -> BadRates:
    """The problem that lists what can't be kept."""
    first = bad[0]
    where = f"{first.column} {first.text}".strip()
    if first.row:
        where = _("row %(row)d, %(place)s") % {"row": first.row, "place": where}
    return BadRates(
        ngettext(
            "%(number)d rate can't be kept: %(where)s. %(why)s",
            "%(number)d rates can't be kept. The first: %(where)s. %(why)s",
            len(bad),
        ) % {"number": len(bad), "where": where, "why": first.why},
        fix=_("Nothing was saved. Correct it and try again."),
        cells=[cell.as_json() for cell in bad[:200]],
    )  # fmt: skip


def import_rates(  # noqa: PLR0913 - a text or a file, and everything that is kept with each change
    access: Access,
    *,
    text: str = "",
    path: Path | None = None,
    how: How,
    now: dt.datetime,
    source: str = "",
    kind: str = RateKind.MONTHLY.value,
) -> Saved:
    """Keep the rates of a pasted block or a file: long (currency, month, rate), or months or currencies across.

    Errors: NotYourJob, UnreadableTable; BadRates, which lists every cell that can't be kept.
    """
    access.check("set_rates")
    shelf = SHELVES[kind]
    cells, bad = read_rates(table_of_file(path) if path is not None else table_of_text(text), shelf)
    if not cells and not bad:
        raise BadRates(_("There is no rate in this table."), fix=_("Fill in at least one value."))
    bad = sorted([*bad, *_all_that_is_wrong(access, cells, shelf, now)], key=lambda cell: cell.row)
    if bad:
        raise refused(bad)
    return _set(access, cells, shelf, Origin(how, now, source[:120]))


def choose_policy(access: Access, policy: str, *, now: dt.datetime) -> bool:
    """Make a policy the one that the client's pages open with; False when it was so already.

    Errors: NotYourJob, BadRates for a policy that doesn't exist.
    """
    access.check("set_rates")
    if policy not in Policy.values:
        raise BadRates(
            _("There is no conversion policy “%(policy)s”.") % {"policy": policy[:40]},
            fix=_("Choose one of: %(allowed)s.") % {"allowed": ", ".join(Policy.values)},
        )
    with transaction.atomic():
        next_revision("rates")
        before = PolicyChoice.objects.first()
        was = before.policy if before else Policy.MONTHLY.value
        if was == policy:
            return False
        PolicyChoice.objects.create(policy=policy, who=str(access.user), user_id=access.user.pk, at=now)
        record(access, "rates.policy_chosen", policy, before=was)
    return True
