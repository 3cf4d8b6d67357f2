"""Reference rates of the European Central Bank: per one euro in the file, in the client's home currency when kept.

*Source*: ECB, "Euro foreign exchange reference rates": `eurofxref-hist.csv` (a row a day, newest first, N/A where a
currency had none) and `eurofxref-daily.xml`, `-hist-90d.xml`, `-hist.xml` (a Cube a day). A rate there is units of the
currency for one euro; of a currency in home money it is the day's home rate divided by the day's rate of the currency.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from kpis.errors import BadRates, UnreadableTable
from kpis.models import How, RateKind
from kpis.services.rate_tables import RateCell
from kpis.services.rates import HIGHEST, refused, set_rates, today_of
from kpis.services.tables import Table, table_of_file, table_of_text
from kpis.services.target_tables import BadCell
from kpis.services.targets import Saved
from kpis.services.typed import typed_day, typed_number
from tenants.access import Access
from tenants.services import known_currencies

SOURCE = "ECB eurofxref"
EURO = "EUR"
LARGEST_XML = 40 * 1024 * 1024
_DIVISION = Context(prec=28)


@dataclass(frozen=True, slots=True)
class EuroDay:
    """One day of the file: units of each currency for one euro; `row` is its line, or its place among the days."""

    day: dt.date
    rates: Mapping[str, Decimal]
    row: int


@dataclass(frozen=True, slots=True)
class EuroFile:
    """A file as it was read: its days, currencies, cells that are no rates, and how many said that there is none."""

    days: tuple[EuroDay, ...]
    currencies: tuple[str, ...]
    bad: tuple[BadCell, ...] = ()
    without: int = 0


@dataclass(frozen=True, slots=True)
class Use:
    """Of which currencies the client has a use for rates, and from which day on."""

    currencies: Collection[str]
    since: dt.date


@dataclass(frozen=True, slots=True)
class Taken:
    """What an ECB file gave: kept currencies and days, and what was left out with its reason."""

    saved: Saved
    currencies: tuple[str, ...]
    days: int
    first: dt.date
    last: dt.date
    unused: tuple[str, ...]
    earlier_days: int
    days_without_home: int
    without: int


def import_ecb(
    access: Access,
    *,
    text: str = "",
    path: Path | None = None,
    how: How,
    now: dt.datetime,
    use: Use,
) -> Taken:
    """Keep the daily closes of the currencies in use, all or none.

    Errors: NotYourJob; UnreadableTable for what is no such file; BadRates with every cell that can't be kept.
    """
    access.check("set_rates")
    found = _read(text, path)
    home = access.client.home_currency
    if home != EURO and home not in found.currencies:
        raise UnreadableTable(
            _("The file has no column of %(currency)s, the client's own currency.") % {"currency": home},
            fix=_("Without it nothing can be converted; import rates in the home currency instead."),
        )
    bad = [*found.bad, *_wrong_days(found.days, today_of(access, now))]
    if bad:
        raise refused(sorted(bad, key=lambda cell: cell.row))
    wanted = {code for code in (*found.currencies, EURO) if code in use.currencies and code != home}
    recent = [day for day in found.days if day.day >= use.since]
    cells = list(_in_home_money(recent, home, wanted))
    if not cells:
        raise BadRates(
            _("The file has no rate of a currency that this client uses, from %(day)s on.") % {"day": use.since},
            fix=_("Choose a newer file, or add the currency's market first."),
        )
    saved = set_rates(access, cells, how=how, now=now, source=SOURCE, kind=RateKind.DAILY.value)
    kept_days = {cell.on for cell in cells}
    return Taken(
        saved=saved,
        currencies=tuple(sorted({cell.currency for cell in cells})),
        days=len(kept_days),
        first=min(kept_days),
        last=max(kept_days),
        unused=tuple(code for code in found.currencies if code not in wanted and code != home),
        earlier_days=len(found.days) - len(recent),
        days_without_home=sum(1 for day in recent if home != EURO and home not in day.rates),
        without=found.without,
    )


def _in_home_money(days: Iterable[EuroDay], home: str, wanted: Collection[str]) -> Iterable[RateCell]:
    for day in days:
        home_rate = Decimal(1) if home == EURO else day.rates.get(home)
        if home_rate is None:
            continue
        for code in wanted:
            rate = Decimal(1) if code == EURO else day.rates.get(code)
            if rate is not None:
                yield RateCell(code, day.day, _DIVISION.divide(home_rate, rate), day.row)


def _wrong_days(days: Iterable[EuroDay], today: dt.date) -> list[BadCell]:
    """Days of the future, and days that stand twice with different rates."""
    bad: list[BadCell] = []
    seen: dict[dt.date, EuroDay] = {}
    for day in days:
        first = seen.setdefault(day.day, day)
        if day.day > today:
            why = _("This lies in the future: its rate isn't known yet.")
            bad.append(BadCell(day.row, day.day.isoformat(), "", why))
            continue
        for code, rate in day.rates.items():
            if first.rates.get(code, rate) != rate:
                why = _("Row %(row)d gives another rate for it: %(rate)s.") % {
                    "row": first.row, "rate": f"{first.rates[code]:f}",
                }  # fmt: skip
                bad.append(BadCell(day.row, f"{code} {day.day}", f"{rate:f}", why))
    return bad


def _read(text: str, path: Path | None) -> EuroFile:
    if path is None:
        markup = text.lstrip("\ufeff \t\r\n").encode()
        return _of_xml(markup) if markup.startswith(b"<") else _of_table(table_of_text(text))
    with path.open("rb") as file:
        start = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"<"):
        return _of_table(table_of_file(path))
    if path.stat().st_size > LARGEST_XML:
        raise _not_ecb()
    return _of_xml(path.read_bytes())


def _of_table(table: Table) -> EuroFile:
    head = table[0]
    if head.cell(0).casefold() != "date" or len(head.cells) < 2:
        raise _not_ecb()
    codes = {i: cell.upper() for i, cell in enumerate(head.cells) if i and cell}
    bad = [
        BadCell(head.number, code, code, _("There is no such currency; use the three letters of ISO 4217."))
        for code in codes.values()
        if code not in known_currencies()
    ]
    twice = len(codes) - len(set(codes.values()))
    if twice:
        raise UnreadableTable(_("A currency has two columns."), fix=_("Keep one column for each currency."))
    days, without = [], 0
    for line in table[1:]:
        day = typed_day(line.cell(0))
        if day is None:
            bad.append(BadCell(line.number, line.cell(0), "", _("This is no day; write it as 2026-10-30.")))
            continue
        rates: dict[str, Decimal] = {}
        for index, code in codes.items():
            without += _take(rates, bad, (line.number, code, day), line.cell(index))
        days.append(EuroDay(day, rates, line.number))
    return EuroFile(tuple(days), tuple(codes.values()), tuple(bad), without)


def _take(rates: dict[str, Decimal], bad: list[BadCell], place: tuple[int, str, dt.date], text: str) -> int:
    """Put one cell's rate among the day's, or tell what is wrong with it; 1 where it says that there is none."""
    row, code, day = place
    if text.strip().casefold() in ("", "n/a"):
        return 1
    rate = typed_number(text)
    if rate is None:
        bad.append(BadCell(row, f"{code} {day}", text, _("This is no number.")))
    elif not 0 < rate <= HIGHEST:
        bad.append(BadCell(row, f"{code} {day}", text, _("A rate is more than 0 and at most a billion.")))
    else:
        rates[code] = rate
    return 0


def _of_xml(markup: bytes) -> EuroFile:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException, ElementTree

    try:
        root: Any = ElementTree.fromstring(markup, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise _not_ecb() from error
    days: list[EuroDay] = []
    bad: list[BadCell] = []
    for place, cube in enumerate((one for one in root.iter() if _is_cube(one) and one.get("time")), start=1):
        day = typed_day(cube.get("time"))
        if day is None:
            bad.append(BadCell(place, cube.get("time")[:40], "", _("This is no day; write it as 2026-10-30.")))
            continue
        rates: dict[str, Decimal] = {}
        for one in cube:
            code = str(one.get("currency", "")).upper()
            if code not in known_currencies():
                why = _("There is no such currency; use the three letters of ISO 4217.")
                bad.append(BadCell(place, f"{code} {day}", code, why))
            else:
                _take(rates, bad, (place, code, day), str(one.get("rate", "")))
        days.append(EuroDay(day, rates, place))
    if not days and not bad:
        raise _not_ecb()
    return EuroFile(tuple(days), tuple(dict.fromkeys(code for day in days for code in day.rates)), tuple(bad))


def _is_cube(element: Any) -> bool:
    return isinstance(element.tag, str) and element.tag.rpartition("}")[2] == "Cube"


def _not_ecb() -> UnreadableTable:
    return UnreadableTable(
        _("This is no file of the European Central Bank's reference rates."),
        fix=_("Choose eurofxref-hist.csv, or an eurofxref XML file: a Date column and one column a currency."),
    )
