"""The page of exchange rates: a grid of each kind, what is missing, and the policy that pages open with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from kpis.models import Policy, PolicyChoice, RateChange, RateKind
from kpis.pages.board import language
from kpis.pages.plans import GridCell, GridRow, entry_of, from_to, shown_number, why_not
from kpis.queries.asked import WHOLE_TIME, DataState, remembered, state_of_data
from kpis.queries.money import Conversion, in_ranges
from kpis.queries.rates import KeptRate, Place, currencies_known, days_with_money, missing_rates, rates_kept
from kpis.spans import days_in, month_start
from problems.errors import Problem, Sentence
from sources.scope import scope_for
from tenants.access import Access
from ui import formats
from ui.components import Tab, TimelineEntry
from ui.periods import add_months, fiscal_year_of
from ui.scope_bar import ScopeChoice

YEARS_SHOWN = 4  # of budget rates: the year, the one after and two before
MOST_MISSING = 40
KINDS = (RateKind.MONTHLY.value, RateKind.DAILY.value, RateKind.BUDGET.value)


@dataclass(frozen=True, slots=True)
class MissingRate:
    """A rate that amounts wait for, and where it is entered."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class RatesPage:
    """What `kpis/rates.html` prints; `heads` and `rows` are the grid's."""

    kind: str
    sentence: str
    heads: Sequence[str]
    rows: Sequence[GridRow]
    tabs: Sequence[Tab]
    kept: Sequence[tuple[str, str]]
    earlier: str
    later: str
    shown: str
    missing: Sequence[MissingRate]
    more_missing: int
    policies: Sequence[ScopeChoice]
    may_change: bool
    why_not: Sentence
    home_currency: str
    example: str
    problem: Problem | None = None
    pasted: str = ""


@dataclass(frozen=True, slots=True)
class _Window:
    """The dates that a grid shows, and how to leave it."""

    dates: Sequence[dt.date]
    heads: Sequence[str]
    name: str
    shown: str
    here: str
    earlier: str
    later: str


def rates_page(access: Access, query: QueryDict, problem: Problem | None = None, pasted: str = "") -> RatesPage:
    """One kind of rates: units of the home currency for one unit; holes that values wait for are marked."""
    state = state_of_data(access)
    kind = kind_asked(query)
    home = access.client.home_currency
    needed = days_needed(access, state)
    missing = missing_rates(needed, home, access.client.fiscal_year_start)
    window = _window(access, query, kind, state)
    waiting = list(_named(kind, missing[kind], access.client.fiscal_year_start))
    return RatesPage(
        kind=kind,
        sentence=_sentence(kind, home),
        heads=window.heads,
        rows=_rows(access, query, kind, window.dates, set(missing[kind]), needed),
        tabs=[
            Tab(str(RateKind(one).label), _address(kind=one), one == kind, len(missing[one]) or None) for one in KINDS
        ],
        kept=[("kind", kind), (window.name, window.here)] if window.here else [("kind", kind)],
        earlier=_address(**{"kind": kind, window.name: window.earlier}),
        later=_address(**{"kind": kind, window.name: window.later}),
        shown=window.shown,
        missing=waiting[:MOST_MISSING],
        more_missing=max(0, len(waiting) - MOST_MISSING),
        policies=[ScopeChoice(one.value, one.label, one.value == state.policy) for one in Policy],
        may_change=access.can("set_rates"),
        why_not=why_not(access, "set_rates"),
        home_currency=home,
        example=_example(kind),
        problem=problem,
        pasted=pasted,
    )


def kind_asked(query: Mapping[str, str]) -> str:
    """Which kind of rates an address names; the monthly averages without one."""
    kind = query.get("kind", "")
    return kind if kind in KINDS else KINDS[0]


def days_needed(access: Access, state: DataState) -> Mapping[str, Sequence[dt.date]]:
    """On which days each currency was booked in this person's markets; remembered by the lake's version."""
    if not access.market_codes:
        return {}
    scope = scope_for(access, period=WHOLE_TIME)
    own = {market.code: market.currency for market in access.markets}
    key = ("money-days", access.client.schema_name, state.version, tuple(own.items()))
    found: Mapping[str, Sequence[dt.date]] = remembered(key, lambda: days_with_money(scope, own))
    return found


def currencies_in_use(access: Access) -> tuple[str, ...]:
    """Currencies of the markets, of what was booked and of the rates that are kept, without the home currency."""
    state = state_of_data(access)
    codes = dict.fromkeys(market.currency for market in access.markets)
    codes |= dict.fromkeys((*sorted(days_needed(access, state)), *currencies_known()))
    codes.pop(access.client.home_currency, None)
    return tuple(codes)


def _sentence(kind: str, home: str) -> str:
    if kind == RateKind.DAILY.value:
        text = _(
            "The close of each day: %(home)s for one unit of the currency. On a day without one the last close of the"
            " seven days before holds; after that the value stays empty."
        )
    elif kind == RateKind.BUDGET.value:
        text = _(
            "The rate that a fiscal year was planned with: %(home)s for one unit of the currency. A year without a"
            " rate stays empty on the board, it is never guessed."
        )
    else:
        text = _(
            "The average of each month: %(home)s for one unit of the currency. A month without a rate stays empty on"
            " the board, it is never guessed."
        )
    return text % {"home": home}


def _example(kind: str) -> str:
    return {
        RateKind.MONTHLY.value: "currency · 2026-01 · 2026-02 …",
        RateKind.DAILY.value: "date · USD · EUR …",
        RateKind.BUDGET.value: "currency · 2026 · 2027 …",
    }[kind]


def _window(access: Access, query: QueryDict, kind: str, state: DataState) -> _Window:
    if kind == RateKind.DAILY.value:
        return _days(query, state)
    fiscal = access.client.fiscal_year_start
    this_year = fiscal_year_of(state.today, fiscal)
    text = query.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and 1990 <= int(text) <= 2100 else this_year
    if kind == RateKind.BUDGET.value:
        years = [dt.date(year + step, 1, 1) for step in range(2 - YEARS_SHOWN, 2)]
        heads = [_year_words(one.year, fiscal) for one in years]
        shown = f"{heads[0]} – {heads[-1]}"
        return _Window(years, heads, "year", shown, str(year), str(year - 1), str(year + 1))
    months = [add_months(dt.date(year, fiscal, 1), index) for index in range(12)]
    heads = [formats.format_month_short(month, language=language()) for month in months]
    first, last = (formats.format_month(month, language=language()) for month in (months[0], months[-1]))
    return _Window(months, heads, "year", f"{first} – {last}", str(year), str(year - 1), str(year + 1))


def _year_words(year: int, fiscal_start: int) -> str:
    return str(year) if fiscal_start == 1 else _("FY%(year)d") % {"year": year}


def _days(query: QueryDict, state: DataState) -> _Window:
    from kpis.services.typed import typed_month

    month = typed_month(query.get("month", "")) or state.latest_month
    days = [month + dt.timedelta(days=index) for index in range(days_in(month))]
    heads = [formats.format_day_short(day, language=language()) for day in days]
    shown = formats.format_month(month, language=language())
    earlier, later = (f"{add_months(month, step):%Y-%m}" for step in (-1, 1))
    return _Window(days, heads, "month", shown, f"{month:%Y-%m}", earlier, later)


def _rows(
    access: Access,
    query: QueryDict,
    kind: str,
    dates: Sequence[dt.date],
    missing: set[Place],
    needed: Mapping[str, Sequence[dt.date]],
) -> list[GridRow]:
    home = access.client.home_currency
    added = query.get("add", "").upper()[:3]
    codes = dict.fromkeys(market.currency for market in access.markets)
    codes |= dict.fromkeys((*sorted(needed), *currencies_known(), *([added] if added else [])))
    codes.pop(home, None)
    known = rates_kept(kind, dates)
    return [
        GridRow(
            name=code,
            second=currency_name(code),
            unit=home,
            stage=0,
            history=f"kind={kind}&currency={code}",
            cells=[_cell(kind, code, day, known.get((code, day)), (code, day) in missing) for day in dates],
        )
        for code in codes
    ]


def _cell(kind: str, currency: str, when: dt.date, rate: KeptRate | None, needed: bool) -> GridCell:
    value = rate.rate if rate else None
    written = Conversion(kind).written(when)
    was = "" if value is None else f"{value.normalize():f}"
    return GridCell(f"{currency}|{written}", shown_number(value, ""), was, f"{currency} {written}", needed)


def _named(kind: str, places: Sequence[Place], fiscal_start: int) -> Iterable[MissingRate]:
    """What is missing, days that follow each other as one, each with the grid in which it is entered."""
    conversion = Conversion(kind, fiscal_start=fiscal_start)
    if kind == RateKind.DAILY.value:
        by_month: dict[tuple[str, dt.date], list[str]] = {}
        for currency, day in places:
            by_month.setdefault((currency, month_start(day)), []).append(f"{currency} {day.isoformat()}")
        for (_currency, month), facts in by_month.items():
            for text in in_ranges(facts):
                yield MissingRate(text, _address(kind=kind, month=f"{month:%Y-%m}"))
        return
    for currency, when in places:
        year = when.year if kind == RateKind.BUDGET.value else fiscal_year_of(when, fiscal_start)
        yield MissingRate(f"{currency} {conversion.written(when)}", _address(kind=kind, year=str(year)))


def _address(**named: str) -> str:
    changed = QueryDict(mutable=True)
    changed.update({name: value for name, value in named.items() if value})
    return "?" + changed.urlencode()


def currency_name(code: str) -> str:
    """The currency's name in the reader's language."""
    from babel import Locale

    return str(Locale.parse(language()).currencies.get(code, ""))


def rate_entries(changes: Iterable[RateChange], home: str) -> list[TimelineEntry]:
    """Changes of exchange rates as a timeline."""
    entries = []
    for change in changes:
        body = from_to(shown_number(change.old, ""), shown_number(change.new, ""), " " + home)
        if change.source:
            body += f" ({change.source})"
        when = Conversion(change.kind).written(change.month)
        entries.append(entry_of(f"{change.currency} · {when} · {RateKind(change.kind).label}", body, change))
    return entries


def policy_entries(choices: Iterable[PolicyChoice]) -> list[TimelineEntry]:
    """Choices of the policy as a timeline."""
    return [
        TimelineEntry(_("Rates that pages open with"), one.at, str(Policy(one.policy).label), one.who, "coins")
        for one in choices
    ]
