"""Setting exchange rates: a whole batch or none of it, with their history."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.errors import BadRates, UnreadableTable
from kpis.models import ExchangeRate, How, RateChange
from kpis.services.revisions import next_revision
from kpis.services.tables import Line, Table, table_of_file, table_of_text
from kpis.services.target_tables import BadCell
from kpis.services.targets import Saved
from kpis.services.typed import typed_month, typed_number
from tenants.access import Access
from tenants.services import known_currencies

HIGHEST = Decimal(10) ** 9
LOWEST = Decimal(1).scaleb(-9)
STEP = Decimal(1).scaleb(-10)
CURRENCY_HEADS = ("currency", "통화", "화폐")
MONTH_HEADS = ("month", "월", "기간", "연월", "년월", "date")
RATE_HEADS = ("rate", "환율", "평균환율", "average", "value")


@dataclass(frozen=True, slots=True)
class RateCell:
    """The average of a month: units of the home currency for one unit; None takes it away."""

    currency: str
    month: dt.date
    rate: Decimal | None
    row: int = 0


def set_rates(access: Access, cells: Sequence[RateCell], *, how: How, now: dt.datetime, source: str = "") -> Saved:
    """Keep a batch of exchange rates, all or none. Errors: NotYourJob, BadRates."""
    access.check("set_rates")
    bad = [found for cell in cells if (found := _what_is_wrong(access, cell)) is not None]
    if bad:
        raise _refused(bad)
    wanted = {(cell.currency, cell.month): None if cell.rate is None else cell.rate.quantize(STEP) for cell in cells}
    with transaction.atomic():
        next_revision("rates")
        return _keep(access, wanted, how=how, now=now, source=source[:120])


def _keep(
    access: Access, wanted: dict[tuple[str, dt.date], Decimal | None], *, how: How, now: dt.datetime, source: str
) -> Saved:
    found = ExchangeRate.objects.filter(currency__in={c for c, _m in wanted}, month__in={m for _c, m in wanted})
    known = {(rate.currency, rate.month): rate for rate in found}
    batch, changes, keep, gone = uuid.uuid4(), [], [], []
    for (currency, month), rate in wanted.items():
        old = known.get((currency, month))
        if (old.rate if old else None) == rate:
            continue
        changes.append(RateChange(
            currency=currency, month=month, old=old.rate if old else None, new=rate, source=source, how=how,
            who=str(access.user), user_id=access.user.pk, at=now, batch=batch,
        ))  # fmt: skip
        if rate is not None:
            keep.append(ExchangeRate(
                currency=currency, month=month, rate=rate, source=source, updated_by=str(access.user), updated_at=now,
            ))  # fmt: skip
        elif old is not None:
            gone.append(old.pk)
    ExchangeRate.objects.filter(pk__in=gone).delete()
    ExchangeRate.objects.bulk_create(
        keep, update_conflicts=True, unique_fields=["currency", "month"],
        update_fields=["rate", "source", "updated_by", "updated_at"],
    )  # fmt: skip
    RateChange.objects.bulk_create(changes)
    return Saved(changed=len(changes), unchanged=len(wanted) - len(changes), batch=batch)


def _what_is_wrong(access: Access, cell: RateCell) -> BadCell | None:
    why = ""
    if cell.currency not in known_currencies():
        why = _("There is no such currency; use the three letters of ISO 4217.")
    elif cell.currency == access.client.home_currency:
        why = _("This is the client's own currency; it needs no rate.")
    elif cell.month.day != 1:
        why = _("A rate is of a whole month: give its first day.")
    elif cell.rate is not None and not cell.rate.is_finite():
        why = _("This is no number.")
    elif cell.rate is not None and not LOWEST <= cell.rate <= HIGHEST:
        why = _("A rate is more than 0 and at most a billion.")
    text = "" if cell.rate is None else str(cell.rate)
    return BadCell(cell.row, f"{cell.currency} {cell.month:%Y-%m}", text, why) if why else None


def _refused(bad: Sequence[BadCell]) -> BadRates:
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


def import_rates(
    access: Access, *, text: str = "", path: Path | None = None, how: How, now: dt.datetime, source: str = ""
) -> Saved:
    """Keep the rates of a pasted block or a file: long (currency, month, rate), or months or currencies across.

    Errors: NotYourJob, UnreadableTable, BadRates.
    """
    access.check("set_rates")
    cells, bad = read_rates(table_of_file(path) if path is not None else table_of_text(text))
    if bad:
        raise _refused(bad)
    if not cells:
        raise BadRates(_("There is no rate in this table."), fix=_("Fill in at least one value."))
    return set_rates(access, cells, how=how, now=now, source=source)


def read_rates(table: Table) -> tuple[list[RateCell], list[BadCell]]:
    """The rates of a table, whichever way round it is. Errors: UnreadableTable."""
    for position, line in enumerate(table[:30]):
        heads = [cell.casefold() for cell in line.cells]
        currency = next((i for i, head in enumerate(heads) if head in CURRENCY_HEADS), None)
        month = next((i for i, head in enumerate(heads) if head in MONTH_HEADS), None)
        rate = next((i for i, head in enumerate(heads) if head in RATE_HEADS), None)
        months = {i: found for i, cell in enumerate(line.cells) if (found := typed_month(cell))}
        codes = {i: cell.upper() for i, cell in enumerate(line.cells) if cell.upper() in known_currencies()}
        body = table[position + 1 :]
        if currency is not None and month is not None and rate is not None:
            return _read([(row, row.cell(currency), row.cell(month), rate) for row in body])
        if months:
            first = currency if currency is not None else 0
            return _read([(row, row.cell(first), f"{m:%Y-%m}", i) for row in body for i, m in months.items()])
        if codes:
            first = month if month is not None else 0
            return _read([(row, code, row.cell(first), i) for row in body for i, code in codes.items()])
    raise UnreadableTable(
        _("No head row with currency and month was found."),
        fix=_("Give the columns currency, month, rate; or currencies down and months across."),
    )


def _read(places: Sequence[tuple[Line, str, str, int]]) -> tuple[list[RateCell], list[BadCell]]:
    cells: list[RateCell] = []
    bad: list[BadCell] = []
    for line, currency, month_text, index in places:
        text = line.cell(index)
        if not text:
            continue
        month, rate = typed_month(month_text), typed_number(text)
        if month is None:
            bad.append(BadCell(line.number, month_text, text, _("This is no month; write it as 2026-10.")))
        elif rate is None:
            bad.append(BadCell(line.number, f"{currency} {month:%Y-%m}", text, _("This is no number.")))
        else:
            cells.append(RateCell(currency.strip().upper(), month, rate, line.number))
    return cells, bad
