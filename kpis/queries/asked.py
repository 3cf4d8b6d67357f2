"""From a person's question to a board: access, address and choice become an ask; what was computed is remembered.

A board is kept under everything that it depends on (the lake's version, the revision of targets and rates, markets,
period, currency, KPIs), so that a change of any of them asks anew and nothing is ever stale.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.utils import timezone

from kpis.errors import NoSuchMarket
from kpis.models import Policy
from kpis.queries.board import board_values
from kpis.queries.cells import Board, BoardAsk, MarketColumn
from kpis.queries.choices import standing_of
from kpis.queries.definitions import BUILT_IN, Definitions, definitions_of
from kpis.queries.known import end_of_day
from kpis.queries.measured import default_month
from kpis.queries.money import OWN, Conversion, usual_base
from kpis.queries.settling import Settling
from kpis.queries.survey import Survey, survey_of
from kpis.spans import span_of
from sources.scope import scope_for
from tenants.access import Access
from ui.periods import ReportingPeriod
from warehouse.engine import data_version
from warehouse.scope import Period, Scope

KEPT_FOR_S = 24 * 3600
NOTED = "kpis.state"
WHOLE_TIME = Period(dt.date(1990, 1, 1), dt.date(2100, 1, 1))


@dataclass(frozen=True, slots=True)
class DataState:
    """What everything stands on right now.

    The lake's version with what this person's markets have in it, the revisions of targets and rates,
    the KPIs of this person's board, the client's active version of targets, and when sources are settled. `now` is the
    full hour: what settles within an hour is said to be settled at its end, so that what was computed may be kept until
    then.
    """

    version: str
    revisions: tuple[tuple[str, int], ...]
    kpis: tuple[str, ...]
    survey: Survey
    today: dt.date
    policy: str = Policy.MONTHLY.value
    definitions: Definitions = BUILT_IN
    target_version: str = ""
    now: dt.datetime | None = None
    settling: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def span(self) -> tuple[dt.date, dt.date] | None:
        return self.survey.span

    @property
    def first_month(self) -> dt.date:
        return (self.span[0] if self.span else self.today).replace(day=1)

    @property
    def default_month(self) -> dt.date:
        return default_month(self.span, self.today)

    @property
    def latest_month(self) -> dt.date:
        return min(self.span[1], self.today).replace(day=1) if self.span else self.default_month


@dataclass(frozen=True, slots=True)
class BoardQuestion:
    """What the address asks for; `markets` are codes that this person may see.

    `version` is one of targets; empty: the one that is active at the client. `known_on`: as reported at the end of that
    day, in the client's time zone; None: as known now.
    """

    period: ReportingPeriod
    markets: tuple[str, ...]
    currency: str
    kpis: tuple[str, ...]
    channels: tuple[str, ...] = ()
    policy: str = Policy.MONTHLY.value
    base: dt.date | None = None
    version: str = ""
    known_on: dt.date | None = None

    @property
    def conversion(self) -> Conversion:
        """How money is converted; constant currency has a base month always, other policies never."""
        constant = self.policy == Policy.CONSTANT.value
        base = (self.base or usual_base(self.period)) if constant else None
        return Conversion(self.policy, base, self.period.fiscal_start)


def state_of_data(access: Access) -> DataState:
    """The lake's version and what this person's markets have in it, remembered by version."""
    client = access.client
    version = data_version(client.schema_name)
    standing = standing_of(access)
    changes = tuple(pair for pair in standing.revisions if pair[0] != "choices")
    moment = timezone.now()
    state = DataState(
        version=version,
        revisions=changes,
        kpis=standing.kpis,
        survey=survey_at(access, version),
        today=moment.astimezone(ZoneInfo(client.time_zone)).date(),
        policy=standing.policy,
        definitions=standing.definitions,
        target_version=standing.target_version,
        now=moment.replace(minute=0, second=0, microsecond=0),
        settling=standing.settling,
    )
    access.noted[NOTED] = state
    return state


def state_in_request(access: Access) -> DataState:
    """The state that the page of this request was made from; looked up where it needed none."""
    noted: DataState | None = access.noted.get(NOTED)
    return noted or state_of_data(access)


def survey_at(access: Access, version: str) -> Survey:
    """What this person's markets have at all; read once for each version of the lake."""
    if not access.market_codes:
        return Survey()
    scope = scope_for(access, period=WHOLE_TIME)
    key = ("survey", access.client.schema_name, version, access.market_codes)
    found: Survey = remembered(key, lambda: survey_of(scope))
    return found


def columns_of(access: Access, codes: Sequence[str]) -> tuple[MarketColumn, ...]:
    """Markets as columns, in the client's order. Errors: NoSuchMarket for one that isn't this person's."""
    strange = [code for code in codes if code not in access.market_codes]
    if strange:
        raise NoSuchMarket(strange[0])
    return tuple(
        MarketColumn(market.code, market.name_ko, market.name_en, market.currency, market.time_zone)
        for market in access.markets
        if market.code in codes
    )


def board_of(access: Access, question: BoardQuestion, state: DataState) -> Board:
    """The board of a question, computed once for every state of data, targets and rates."""
    question = replace(question, version=question.version or state.target_version)
    ask = ask_of(access, question, state)
    key = board_key(access, question, state)
    found: Board = remembered(key, lambda: board_values(scope_of(access, question), ask))
    return found


def board_key(access: Access, question: BoardQuestion, state: DataState) -> tuple[Any, ...]:
    """Everything that the values of a board depend on."""
    client = access.client
    columns = columns_of(access, question.markets)
    rules = (state.now if question.known_on is None else None, sorted(state.settling.items()))
    return ("board", client.schema_name, client.home_currency, state.version, state.revisions, question, columns, rules)


def ask_of(access: Access, question: BoardQuestion, state: DataState | None = None) -> BoardAsk:
    """The question with its KPIs, columns and months looked up; with the state of data, also what is settled."""
    columns = columns_of(access, question.markets)
    moment = _moment(access, question)
    now = moment or (state.now if state is not None else None)
    settling = None
    if state is not None and now is not None:
        settling = Settling(now, state.settling, {market.code: market.time_zone for market in columns})
    known = definitions_of(access) if state is None else state.definitions
    return BoardAsk(
        span=span_of(question.period),
        kpis=known.in_order(question.kpis),
        markets=columns,
        currency=question.currency,
        home_currency=access.client.home_currency,
        channels=question.channels,
        channel_names=survey_at(access, _version(access, state)).channels_by_place if question.channels else {},
        conversion=question.conversion,
        version=question.version,
        known_on=moment,
        known_day=question.known_on,
        settling=settling,
    )


def _version(access: Access, state: DataState | None) -> str:
    return data_version(access.client.schema_name) if state is None else state.version


def _moment(access: Access, question: BoardQuestion) -> dt.datetime | None:
    return end_of_day(question.known_on, access.client.time_zone) if question.known_on is not None else None


def scope_of(access: Access, question: BoardQuestion) -> Scope:
    """The scope in which the lake is read."""
    period = Period(question.period.start, question.period.end)
    currency = None if question.currency == OWN else question.currency
    scope = scope_for(access, period=period, markets=question.markets, currency=currency)
    return replace(scope, channels=question.channels, known_on=_moment(access, question))


def remembered(key: tuple[Any, ...], compute: Callable[[], Any]) -> Any:
    """What was computed for this key before, or computed now."""
    name = "kpis:" + hashlib.sha256(repr((_release(), key)).encode()).hexdigest()
    found = cache.get(name)
    if found is None:
        found = (compute(),)
        cache.set(name, found, KEPT_FOR_S)
    return found[0]


@lru_cache
def _release() -> int:
    """When the code, templates and words that make an answer last changed: a new release computes anew."""
    base = Path(__file__).resolve().parent.parent.parent
    folders = ("kpis", "journeys", "ui", "warehouse", "templates", "locale")
    paths = (
        path for folder in folders for path in (base / folder).rglob("*") if path.suffix in (".py", ".html", ".mo")
    )
    return max((path.stat().st_mtime_ns for path in paths), default=0)
